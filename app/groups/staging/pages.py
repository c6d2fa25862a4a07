"""What the workbench shows, worked out from staged rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.core.messages import Message
from app.groups.sheets.columns import COLUMNS, Column
from app.groups.sheets.marks import Mark, MarkKind, Marks, Reason, Texts
from app.groups.staging.states import GOOD, RowState
from app.registration.status import Tag

ROWS_ON_A_PAGE = 50

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
    RowState.REPAIRED: (Tag.INFO, _l("修正過")),
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

_SENTENCES: Mapping[Reason, object] = {
    Reason.SPELLING: _l("去掉多餘的空白、換行或全形字"),
    Reason.LEADING_ZERO: _l("補回試算表吃掉的開頭 0"),
    Reason.AREA_CODE: _l("補回區碼的 0，請對照原號碼"),
    Reason.DATE_SPELLING: _l("把日期整理成「年/月/日」"),
    Reason.SERIAL_DATE: _l("把試算表的日期數字換回日期"),
    Reason.EXCEL_CENTURY: _l("出生日期可能把民國年當成了西元年"),
    Reason.FUTURE_DATE: _l("出生日期在今天以後，應是民國年"),
    Reason.ADDRESS: _l("整理地址與郵遞區號"),
    Reason.OTHER_WORD: _l("換成選單的用字"),
    Reason.NEAR_MISS: _l("跟選單的用字很像"),
    Reason.ID_LETTER: _l("證號裡的英文字母應是數字"),
    Reason.FOR_ALL: _l("檔案沒有這一欄，照您選的填"),
}


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of the sheet on the page; `mark` is "" for a cell of which nothing is to be said."""

    column: Column
    text: str
    mark: str

    @property
    def heading(self) -> object:
        return HEADINGS[self.column.key]


@dataclass(frozen=True, slots=True)
class RemarkView:
    """What is said about a cell, and what can be answered.

    :ivar answers: (number of the suggestion, its text)
    """

    column: Column
    kind: MarkKind
    message: Message
    written: str
    answers: Sequence[tuple[int, str]]

    @property
    def heading(self) -> object:
        return HEADINGS[self.column.key]


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """Where the sheet and the list of members say different things of one person (R232)."""

    column: Column
    present: str
    sheet: str

    @property
    def heading(self) -> object:
        return HEADINGS[self.column.key]


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of the leader's sheet as it stands now."""

    number: int
    version: int
    state: RowState
    tag: Tag
    word: object
    name: str
    cells: Sequence[CellView]
    remarks: Sequence[RemarkView]
    reason: Message | None
    differences: Sequence[DifferenceView]

    @property
    def can_edit(self) -> bool:
        return self.state is not RowState.IN

    @property
    def is_left_out(self) -> bool:
        return self.state is RowState.LEFT_OUT


@dataclass(frozen=True, slots=True)
class ReasonView:
    """Marks of one reason, to be answered all at once.

    :ivar example: what stood there and what stands or would stand there now
    :ivar choices: what can be answered for all of them: (suggestion number, its words)
    """

    reason: Reason
    kind: MarkKind
    sentence: object
    count: int
    example: tuple[str, str] | None
    choices: Sequence[tuple[int, object]]


def row_view(
    number: int,
    version: int,
    state: RowState,
    texts: Texts,
    marks: Marks,
    reason: Message | None = None,
    present: Texts | None = None,
    different: Sequence[str] = (),
) -> RowView:
    """Return what the page shows of a row.

    :param present: what the list of members says of the same person
    :param different: the keys of the columns in which the two differ
    """
    tag, word = STATE_WORDS[state]
    return RowView(
        number=number,
        version=version,
        state=state,
        tag=tag,
        word=word,
        name=texts.get("chinese_name", ""),
        cells=[
            CellView(column, texts.get(column.key, ""), _mark_of(marks.get(column.key))) for column in SHOWN
        ],
        remarks=[_remark(column, marks[column.key]) for column in COLUMNS if column.key in marks],
        reason=reason,
        differences=[
            DifferenceView(column, (present or {}).get(column.key, ""), texts.get(column.key, ""))
            for column in SHOWN
            if column.key in different
        ],
    )


def filter_counts(states: Mapping[RowState, int]) -> list[tuple[str, object, int]]:
    """Return the filters that have rows, with their words and counts; "all" comes last."""
    counts = [
        (name, FILTER_WORDS[name], sum(states.get(state, 0) for state in found))
        for name, found in FILTERS.items()
    ]
    return [each for each in counts if each[2] or each[0] in ("fix", "all")]


def usual_filter(states: Mapping[RowState, int]) -> str:
    """Return the filter a page opens with: what waits for the leader, else everything."""
    return next((name for name in ("fix", "differs") if any(states.get(s) for s in FILTERS[name])), "all")


def _mark_of(mark: Mark | None) -> str:
    return mark.kind.value if mark else ""


def _remark(column: Column, mark: Mark) -> RemarkView:
    return RemarkView(column, mark.kind, mark.message, mark.written, list(enumerate(mark.suggestions)))
