"""What a leader gets from a sheet: members, wrong cells in the leader's own coordinates, repeated rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.core.errors import InvalidValue
from app.core.spreadsheets import Cell, Row, Sheet, Unknown, Workbook, read_workbook
from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.drafts import MemberDraft
from app.groups.sheets.reading import read_members
from app.groups.sheets.result import SheetResult
from app.groups.sheets.template_layout import MARK_SHEET, MEMBERS_SHEET
from app.registration.choices import Background, Education, Occupation
from scripts.make_samples import FACTS, national_id

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "data" / "samples"
SHEETS = Path(__file__).parent / "sheets"
TODAY = date(2023, 5, 1)

HONG: dict[str, Cell] = {
    "chinese_name": "黃𠊎堃",
    "birth_on": "100/9/2",
    "foreign": "本國",
    "id_number": "B231127030",
    "phone_mobile": "0912-345-678",
    "dialect": "四縣",
    "background": "父或母為客家人",
    "occupation": "學生",
    "education": "小學(含)以下",
}


def workbook_of(*members: dict[str, Cell], mark: str = FACTS.mark, **renamed: str | None) -> Workbook:
    """Return a workbook as the reader gives it, without the detour of a file."""
    labels = {column.key: column.label for column in COLUMNS} | renamed
    rows = [Row(1, tuple(labels[column.key] for column in COLUMNS))]
    for number, member in enumerate(members, start=2):
        blue = {"round_name": FACTS.round_name, "area": FACTS.area}
        rows.append(Row(number, tuple((blue | member).get(column.key) for column in COLUMNS)))
    return Workbook((Sheet(MEMBERS_SHEET, True, tuple(rows)), Sheet(MARK_SHEET, False, (Row(1, (mark,)),))))


def imported(*members: dict[str, Cell]) -> SheetResult:
    return read_members(workbook_of(*members), expected=FACTS, today=TODAY)


def errors_of(*members: dict[str, Cell]) -> list[tuple[int, str, str]]:
    return [(error.row, error.heading, str(error.message)) for error in imported(*members).errors]


def refusal(workbook: Workbook) -> str:
    with pytest.raises(InvalidValue) as caught:
        read_members(workbook, expected=FACTS, today=TODAY)
    return str(caught.value.message)


def refusal_of_file(name: str) -> str:
    return refusal(read_workbook((SHEETS / name).read_bytes()))


@pytest.mark.parametrize(
    "path",
    [SAMPLES / "group_38_pupils.xlsx", SHEETS / "group_38_pupils.ods", SHEETS / "group_38_pupils.xls"],
    ids=lambda path: path.suffix,
)
def test_a_schools_sheet_goes_in_at_the_first_try(path: Path):
    result = read_members(read_workbook(path.read_bytes()), expected=FACTS, today=TODAY)

    assert (len(result.rows), result.errors, result.duplicates_in_file, result.notes) == (38, (), (), ())
    names = [row.draft.chinese_name for row in result.rows]
    assert names[:2] == ["黃𠊎堃", "𫣆家豪"]
    assert [row.number for row in result.rows] == list(range(2, 40))
    assert len({row.draft.id_number for row in result.rows}) == 38
    adults = [row.draft for row in result.rows if row.draft.birth_on < date(2011, 1, 1)]
    assert [draft.birth_on for draft in adults] == [date(2003, 5, 20)]


def test_a_sheet_with_mistakes_says_which_cells_are_wrong():
    path = SAMPLES / "group_38_pupils_with_mistakes.xlsx"

    result = read_members(read_workbook(path.read_bytes()), expected=FACTS, today=TODAY)

    assert len(result.rows) == 33
    assert [(error.row, error.heading, error.name, error.written) for error in result.errors] == [
        (4, "身分證統一編號", "徐子涵", "F******162"),
        (9, "出生日期", "葉柏翰", "100/13/5"),
        (14, "報考腔調別", "謝睿恩", ""),
        (24, "聯絡電話（手機）", "莊恩綺", "AB"),
    ]
    assert [(twin.number, twin.first_number, twin.name) for twin in result.duplicates_in_file] == [
        (39, 7, "彭宥辰")
    ]
    assert result.refused_numbers == (4, 9, 14, 24)


def test_blank_optional_cells_take_over_the_leaders_data():
    (row,) = imported(HONG).rows

    assert row.draft == MemberDraft(
        chinese_name="黃𠊎堃",
        english_name=None,
        birth_on=date(2011, 9, 2),
        foreign=False,
        id_number="B231127030",
        phone_home=None,
        phone_mobile="0912345678",
        emergency_name=None,
        emergency_relation=None,
        emergency_phone=None,
        email=None,
        zip_code=None,
        county=None,
        district=None,
        address_rest=None,
        dialect="四縣",
        background=Background.ONE_PARENT,
        occupation=Occupation.STUDENT,
        education=Education.PRIMARY,
        ticket_by_post=False,
        materials_to_leader=True,
        ticket_to_leader=True,
        score_to_leader=True,
        accommodation=None,
    )


def test_filled_optional_cells_are_the_members_own():
    (row,) = imported(
        HONG
        | {
            "emergency_name": "黃大宏",
            "emergency_relation": "父",
            "emergency_phone": "02-2503-1234#12",
            "email": "hong@example.com",
            "zip_code": "104105",
            "address": "臺北市中山區長安東路二段15號",
            "ticket_by_post": "是，由總試務中心寄發",
            "ticket_to_leader": "個人通訊地址",
        }
    ).rows

    draft = row.draft
    assert (draft.emergency_name, draft.emergency_relation, draft.emergency_phone) == (
        "黃大宏",
        "父",
        "0225031234#12",
    )
    assert (draft.zip_code, draft.county, draft.district) == ("104105", "臺北市", "中山區")
    assert draft.address_rest == "長安東路二段15號"
    assert (draft.ticket_by_post, draft.ticket_to_leader, draft.score_to_leader) == (True, False, True)


def test_all_errors_of_all_rows_are_found_in_one_pass():
    first = HONG | {"birth_on": "93/13/2", "dialect": "國語", "phone_mobile": None}
    second = HONG | {"id_number": "B231127031", "education": None}

    found = [(row, heading) for row, heading, _ in errors_of(first, second)]

    assert found == [
        (2, "出生日期"),
        (2, "聯絡電話（手機）"),
        (2, "報考腔調別"),
        (3, "身分證統一編號"),
        (3, "教育程度"),
    ]


@pytest.mark.requirement("R234", "R240", "R241", "R243")
@pytest.mark.parametrize(
    ("changes", "heading", "sentence"),
    [
        ({"phone_mobile": None}, "聯絡電話（手機）", "市話與手機請至少填一個"),
        ({"emergency_name": "黃大宏", "emergency_phone": "0922-333-444"}, "與考生關係", "請一併填寫"),
        ({"emergency_relation": "父", "emergency_name": "黃大宏"}, "緊急聯絡人電話", "請一併填寫"),
        ({"zip_code": "104"}, "地址", "請填寫地址"),
        ({"score_to_leader": "個人通訊地址"}, "成績單及證書寄至", "請先填寫地址"),
        ({"round_name": "全國認證第二梯次"}, "報名梯次", "請改回「全國認證第一梯次」"),
        ({"area": "臺中"}, "應考考區", "請改回「臺北」"),
    ],
)
def test_cells_that_do_not_go_together_get_one_error(changes: dict[str, Cell], heading: str, sentence: str):
    ((row, found, message),) = errors_of(HONG | changes)

    assert (row, found) == (2, heading)
    assert sentence in message


def test_a_wrong_phone_is_not_called_missing():
    ((_, heading, message),) = errors_of(HONG | {"phone_mobile": None, "phone_home": "2503-1234"})

    assert heading == "聯絡電話（市話）"
    assert "區碼" in message


@pytest.mark.parametrize(
    ("second", "imported_rows", "refused"),
    [
        (HONG, [2], ()),
        (HONG | {"id_number": "b231-127-030", "chinese_name": "黃小堃"}, [2], ()),
        (HONG | {"dialect": None}, [2], ()),
    ],
    ids=["the same row", "the same number in another spelling", "a repeated row with a mistake"],
)
def test_a_repeated_number_is_left_out_and_reported(
    second: dict[str, Cell], imported_rows: list[int], refused: tuple[int, ...]
):
    result = imported(HONG, second)

    assert [row.number for row in result.rows] == imported_rows
    assert result.refused_numbers == refused
    (twin,) = result.duplicates_in_file
    assert (twin.number, twin.first_number, twin.masked_id) == (3, 2, "B******030")


def test_no_identity_number_is_written_out_in_full():
    shifted = {key: "B231127031" for key in HONG if key != "foreign"}

    result = imported(HONG | shifted, HONG | {"id_number": "B23I127030"}, HONG)

    said = " ".join(f"{error.written} {error.message}" for error in result.errors)
    shown = " ".join(value for row in result.sheet_rows for value in row.cells.values())
    assert "B******031" in said
    for number in ("B231127031", "B23I127030", "B231127030"):
        assert number not in said
        assert number not in shown


def test_rows_keep_the_sheets_numbers_and_blank_ones_are_skipped():
    untouched: dict[str, Cell] = {}  # only what we filled in ourselves
    spaces: dict[str, Cell] = {"chinese_name": "　", "email": " ", "address": Unknown.NO_RESULT}

    result = imported(untouched, HONG, spaces, HONG | {"id_number": national_id("A", 1, 3107290)})

    assert [row.number for row in result.rows] == [3, 5]
    assert [row.number for row in result.sheet_rows] == [3, 5]


def test_doubtful_date_cells_give_one_warning_for_the_file():
    day = {"birth_on": date(1993, 9, 2)}
    sure = {"birth_on": date(2011, 9, 2), "id_number": national_id("A", 1, 3107290)}

    result = imported(HONG | day, HONG | sure, HONG | day | {"id_number": national_id("A", 2, 3107290)})

    (warning,) = result.notes
    assert str(warning).startswith("第 2、4 列的出生日期")
    first = result.rows[0]
    assert first.draft.birth_on == date(1993, 9, 2)
    assert [(note.key, "93 年 9 月 2 日" in str(note.message)) for note in first.notes] == [
        ("birth_on", True)
    ]


def test_repairs_are_noted_beside_the_cell():
    (row,) = imported(HONG | {"phone_mobile": 912345678, "address": "台北縣板橋市文化路一段1號"}).rows

    assert [note.heading for note in row.notes] == ["聯絡電話（手機）", "地址"]
    assert row.draft.county == "新北市"


@pytest.mark.requirement("R229")
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("last_years_template.xlsx", "這是 111 年度的匯入範例，這次報名的是 112 年度"),
        ("empty.xlsx", "「團員名單」裡沒有考生。請從第 2 列開始填寫"),
        ("heading_changed.xlsx", "E 欄的標題應為「出生日期*」，現在是「生日」"),
    ],
)
def test_a_wrong_file_is_refused_with_its_reason(name: str, sentence: str):
    assert sentence in refusal_of_file(name)


def test_another_rounds_template_is_called_by_its_name():
    other = replace(FACTS, round_id="nat-112-02", round_name="全國認證第二梯次", area="桃園")
    workbook = workbook_of(HONG | {"round_name": other.round_name, "area": other.area}, mark=other.mark)

    assert (
        "這份檔案是「全國認證第二梯次」桃園考區的，這個團體報名的是「全國認證第一梯次」臺北考區"
        in refusal(workbook)
    )


def test_an_older_shape_of_the_template_asks_for_a_new_download():
    assert "匯入範例已改版" in refusal(workbook_of(HONG, mark=replace(FACTS, version=0).mark))


@pytest.mark.parametrize("mark", ["", "hello", "hakka-members/x|112|nat-112-01|臺北", "hakka-members/1|112"])
def test_a_sheet_without_a_readable_mark_is_not_ours(mark: str):
    assert "不是本系統的匯入範例" in refusal(workbook_of(HONG, mark=mark))


def test_a_sheet_of_somebody_elses_making_is_not_ours():
    workbook = Workbook((Sheet("工作表1", True, (Row(1, ("姓名", "生日")), Row(2, ("黃大宏", "93/9/2")))),))

    assert "不是本系統的匯入範例" in refusal(workbook)


def test_removed_columns_are_named():
    workbook = workbook_of(HONG, email=None, address="")

    assert "E-mail（M）、地址（O）" in refusal(workbook)


def test_a_doubled_column_is_named():
    (sheet, mark) = workbook_of(HONG).sheets
    headings = Row(1, (*sheet.rows[0].cells, "地址"))

    assert "欄位「地址」出現兩次" in refusal(
        Workbook((replace(sheet, rows=(headings, *sheet.rows[1:])), mark))
    )


def test_columns_may_stand_in_another_order_and_below_a_title():
    (sheet, mark) = workbook_of(HONG).sheets
    turned = tuple(Row(row.number + 1, tuple(reversed(row.cells))) for row in sheet.rows)
    title = Row(1, ("中山國小三年級",))

    result = read_members(
        Workbook((Sheet("名單", True, (title, *turned)), mark)), expected=FACTS, today=TODAY
    )

    assert [(row.number, row.draft.chinese_name) for row in result.rows] == [(3, "黃𠊎堃")]


def test_a_number_written_into_the_name_is_kept_out_of_the_report() -> None:
    [error] = imported(HONG | {"chinese_name": "黃𠊎堃 B231127030", "dialect": "客語"}).errors

    assert error.name == "黃𠊎堃 B******030"
