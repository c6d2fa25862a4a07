"""The words of the workbench: of its filters, of the states of rows, and of what is said about cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l

from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.marks import MarkKind, Reason
from app.groups.staging.states import GOOD, RowState
from app.registration.status import Tag

#: The columns of the sheet on the page; round and area are the group's own and stand above it.
SHOWN = tuple(column for column in COLUMNS if not column.locked)

#: The headings in the reader's language; the sheet itself has them in Chinese.
HEADINGS: Mapping[str, object] = {
    "round_name": _l("報名梯次"),
    "area": _l("應考考區"),
    "chinese_name": _l("中文姓名"),
    "english_name": _l("英文姓名"),
    "birth_on": _l("出生日期"),
    "foreign": _l("國籍"),
    "id_number": _l("身分證統一編號"),
    "phone_home": _l("聯絡電話（市話）"),
    "phone_mobile": _l("聯絡電話（手機）"),
    "emergency_name": _l("緊急聯絡人姓名"),
    "emergency_relation": _l("與考生關係"),
    "emergency_phone": _l("緊急聯絡人電話"),
    "email": _l("E-mail"),
    "zip_code": _l("郵遞區號"),
    "address": _l("地址"),
    "dialect": _l("報考腔調別"),
    "background": _l("考生身分"),
    "occupation": _l("考生職業"),
    "education": _l("教育程度"),
    "ticket_by_post": _l("是否寄發准考證"),
    "materials_to_leader": _l("教材寄至"),
    "ticket_to_leader": _l("准考證寄至"),
    "score_to_leader": _l("成績單及證書寄至"),
    "accommodation": _l("特殊需求說明"),
}

STATE_WORDS: Mapping[RowState, tuple[Tag, object]] = {
    RowState.TO_FIX: (Tag.OVERDUE, _l("待修正")),
    RowState.REPAIRED: (Tag.WAITING, _l("修正過")),
    RowState.READY: (Tag.DONE, _l("可加入")),
    RowState.DIFFERS: (Tag.ATTENTION, _l("資料不同")),
    RowState.KNOWN: (Tag.NEUTRAL, _l("已在名單")),
    RowState.DUPLICATE: (Tag.NEUTRAL, _l("重複")),
    RowState.TAKEN: (Tag.ATTENTION, _l("不能加入")),
    RowState.LEFT_OUT: (Tag.NEUTRAL, _l("不匯入")),
    RowState.IN: (Tag.DONE, _l("已加入")),
}

#: The filters, by the word that stands in the address; "all" is every row.
FILTERS: Mapping[str, tuple[RowState, ...]] = {
    "fix": (RowState.TO_FIX,),
    "good": GOOD,
    "repaired": (RowState.REPAIRED,),
    "differs": (RowState.DIFFERS,),
    "known": (RowState.KNOWN,),
    "duplicate": (RowState.DUPLICATE,),
    "taken": (RowState.TAKEN,),
    "out": (RowState.LEFT_OUT,),
    "in": (RowState.IN,),
    "all": tuple(RowState),
}

FILTER_WORDS: Mapping[str, object] = {
    "fix": _l("待修正"),
    "good": _l("可加入"),
    "repaired": _l("系統修正過"),
    "differs": _l("資料不同"),
    "known": _l("已在名單"),
    "duplicate": _l("重複"),
    "taken": _l("不能加入"),
    "out": _l("不匯入"),
    "in": _l("已加入"),
    "all": _l("全部"),
}

EMPTY_WORDS: Mapping[str, object] = {
    "fix": _l("沒有要修正的列了。"),
    "good": _l("沒有可以加入的列。"),
}

ORDER = {MarkKind.DOUBTFUL: 0, MarkKind.WRONG: 1, MarkKind.REPAIRED: 2}

FIELD_GROUPS: Sequence[tuple[object, tuple[str, ...]]] = (
    (_l("考生"), ("chinese_name", "english_name", "birth_on", "foreign", "id_number", "dialect")),
    (_l("聯絡方式"), ("phone_mobile", "phone_home", "email", "zip_code", "address")),
    (_l("緊急聯絡人"), ("emergency_name", "emergency_relation", "emergency_phone")),
    (_l("統計資料"), ("background", "occupation", "education")),
    (
        _l("寄件與特殊需求"),
        ("ticket_by_post", "materials_to_leader", "ticket_to_leader", "score_to_leader", "accommodation"),
    ),
)

SENTENCES: Mapping[Reason, object] = {
    Reason.SPELLING: _l("去掉多餘的空白、換行或全形字"),
    Reason.LEADING_ZERO: _l("補回試算表吃掉的開頭 0"),
    Reason.AREA_CODE: _l("補回區碼的 0，請對照原號碼"),
    Reason.DATE_SPELLING: _l("把日期整理成「年/月/日」"),
    Reason.SERIAL_DATE: _l("把試算表的日期數字換回日期"),
    Reason.EXCEL_CENTURY: _l("出生日期可能把民國年當成了西元年"),
    Reason.FUTURE_DATE: _l("出生日期在今天以後，應是民國年"),
    Reason.TOO_YOUNG: _l("出生日期不到三年，可能填成了報名日期"),
    Reason.ADDRESS: _l("整理地址與郵遞區號"),
    Reason.OTHER_WORD: _l("換成選單的用字"),
    Reason.NEAR_MISS: _l("可能打錯了，有建議的寫法"),
    Reason.ID_LETTER: _l("證號裡的英文字母應是數字"),
    Reason.FOR_ALL: _l("檔案沒有這一欄，由同一列的其他資料帶入"),
}
