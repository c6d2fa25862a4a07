"""The columns of a leader's sheet; each knows its heading, its help and how to read a cell (R234–R250)."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.cells import CellValue, cell_text
from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.spreadsheets import Cell, Unknown
from app.core.text import strip_invisible
from app.groups.sheets import cell_readers as readers
from app.groups.sheets import options
from app.groups.sheets.cell_readers import Reader, RowContext
from app.groups.sheets.options import Choice
from app.registration.readers import LONGEST_RELATION, LONGEST_REQUEST


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the template.

    :ivar help: how to fill it in, for the instructions and the prompt beside the cell
    :ivar required: whether every row needs it (必填)
    :ivar locked: filled in by us, blue, and not to be changed (R229)
    :ivar choice: the drop-down, or None
    :ivar plain_text: formatted as text, so that zeros and 民國 dates stay as typed
    :ivar width: in characters, as spreadsheets count them
    """

    key: str
    heading: str
    help: str
    example: str
    read: Reader
    required: bool = False
    locked: bool = False
    choice: Choice | None = None
    plain_text: bool = False
    width: int = 12

    @property
    def label(self) -> str:
        """Return the heading as printed: required columns end with an asterisk."""
        return f"{self.heading}*" if self.required else self.heading

    @property
    def options(self) -> tuple[str, ...]:
        return self.choice.labels if self.choice else ()

    def clean(self, cell: Cell, *, context: RowContext) -> CellValue[object]:
        """Return the cell's value, None for a blank cell that may be blank.

        :raises InvalidValue: with a sentence that says what to write
        """
        if isinstance(cell, Unknown):
            raise InvalidValue(Message("這一格的公式沒有結果，請改成直接填寫"), field=self.key)
        if is_blank(cell):
            if self.required:
                message = Message("請填寫%(heading)s", {"heading": Message(self.heading)})
                raise InvalidValue(message, field=self.key)
            return CellValue(None)
        return self.read(cell, context)


def is_blank(cell: Cell) -> bool:
    """Return whether nothing can be seen in a cell; a formula's error counts as blank."""
    return not strip_invisible(cell_text(cell)).strip()


def _drop_down(
    key: str,
    heading: str,
    help: str,
    choice: Choice,
    *,
    example: str,
    required: bool = False,
    width: int = 12,
) -> Column:
    return Column(
        key,
        heading,
        help,
        example,
        readers.read_choice(choice),
        required=required,
        choice=choice,
        width=width,
    )


_OWN_OR_LEADER = "留白就寄給團報負責人。"

COLUMNS: tuple[Column, ...] = (
    Column(
        "round_name", "報名梯次", "由系統填好，請勿更改。", "", readers.read_text(100), locked=True, width=18
    ),
    Column("area", "應考考區", "由系統填好，請勿更改。", "", readers.read_text(100), locked=True, width=10),
    Column(
        "chinese_name",
        "中文姓名",
        "與身分證相同；外籍人士填護照或居留證上的英文姓名。罕用字直接輸入，不要用自造字。",
        "黃𠊎堃",
        readers.read_name,
        required=True,
        width=14,
    ),
    Column(
        "english_name",
        "英文姓名",
        "建議與護照或居留證相同，可留白。",
        "Huang, Ngai-Kun",
        readers.read_english_name,
        width=20,
    ),
    Column(
        "birth_on",
        "出生日期",
        "民國年/月/日，例如 100/9/2；也可填西元 2011/9/2。西元年 = 民國年 + 1911。",
        "100/9/2",
        readers.read_birth_date,
        required=True,
        plain_text=True,
    ),
    _drop_down(
        "foreign", "國籍", "從選單選擇。", options.NATIONALITY, example="本國", required=True, width=10
    ),
    Column(
        "id_number",
        "身分證統一編號",
        "外籍人士填居留證統一證號或護照號碼。",
        "A123456789",
        readers.read_id_number,
        required=True,
        plain_text=True,
        width=18,
    ),
    Column(
        "phone_home",
        "聯絡電話（市話）",
        "含區碼，例如 02-2345-6789。市話與手機至少填一個。",
        "02-2503-1234",
        readers.read_phone,
        plain_text=True,
        width=18,
    ),
    Column(
        "phone_mobile",
        "聯絡電話（手機）",
        "例如 0912-345-678。市話與手機至少填一個。",
        "0912-345-678",
        readers.read_phone,
        plain_text=True,
        width=18,
    ),
    Column(
        "emergency_name",
        "緊急聯絡人姓名",
        "緊急聯絡人三欄都留白，就帶入團報負責人的資料。",
        "黃大宏",
        readers.read_name,
        width=16,
    ),
    Column(
        "emergency_relation",
        "與考生關係",
        "例如 父、母、導師。填了緊急聯絡人姓名就要填。",
        "父",
        readers.read_text(LONGEST_RELATION),
    ),
    Column(
        "emergency_phone",
        "緊急聯絡人電話",
        "市話含區碼，或手機。填了緊急聯絡人姓名就要填。",
        "0922-333-444",
        readers.read_phone,
        plain_text=True,
        width=18,
    ),
    Column(
        "email",
        "E-mail",
        "留白就帶入團報負責人的 E-mail。",
        "huang@example.com",
        readers.read_email,
        width=26,
    ),
    Column(
        "zip_code",
        "郵遞區號",
        "3、5 或 6 碼；可留白，由地址判斷。",
        "104",
        readers.read_zip_code,
        plain_text=True,
        width=10,
    ),
    Column(
        "address",
        "地址",
        "含縣市、鄉鎮市區，12 月底前可收到信的地址。留白就帶入團報負責人的地址。",
        "臺北市中山區長安東路二段 15 號",
        readers.read_address,
        width=36,
    ),
    _drop_down("dialect", "報考腔調別", "從選單選擇。", options.DIALECT, example="四縣", required=True),
    _drop_down(
        "background",
        "考生身分",
        "從選單選擇，只供統計。",
        options.BACKGROUND,
        example="父或母為客家人",
        required=True,
        width=16,
    ),
    _drop_down("occupation", "考生職業", "從選單選擇。", options.OCCUPATION, example="學生", required=True),
    _drop_down(
        "education",
        "教育程度",
        "從選單選擇，在學者填目前就讀的學校。",
        options.EDUCATION,
        example="小學(含)以下",
        required=True,
        width=16,
    ),
    _drop_down(
        "ticket_by_post",
        "是否寄發准考證",
        "留白就是「否，自行下載列印」。",
        options.TICKET_BY_POST,
        example="否，自行下載列印",
        width=22,
    ),
    _drop_down(
        "materials_to_leader",
        "教材寄至",
        _OWN_OR_LEADER,
        options.TO_LEADER,
        example="團報負責人地址",
        width=18,
    ),
    _drop_down(
        "ticket_to_leader",
        "准考證寄至",
        _OWN_OR_LEADER,
        options.TO_LEADER,
        example="團報負責人地址",
        width=18,
    ),
    _drop_down(
        "score_to_leader",
        "成績單及證書寄至",
        _OWN_OR_LEADER,
        options.TO_LEADER,
        example="團報負責人地址",
        width=20,
    ),
    Column(
        "accommodation",
        "特殊需求說明",
        "申請身心障礙及特殊需求考生服務：寫明需要的協助與自備的輔具，證明文件另外上傳。沒有就留白。",
        "聽覺障礙，自備助聽器，請安排第一排座位",
        readers.read_text(LONGEST_REQUEST),
        width=30,
    ),
)

COLUMN_OF = {column.key: column for column in COLUMNS}
