"""What the workbench shows, worked out from staged rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.messages import Message
from app.groups.models import Group
from app.groups.sheets.columns import COLUMN_OF, COLUMNS, Column
from app.groups.sheets.marks import Mark, MarkKind, Reason
from app.groups.sheets.matching import Matching, is_own_sheet
from app.groups.sheets.packing import unpack
from app.groups.staging.models import StagedChange, StagedRow, StagedSheet
from app.groups.staging.services import CommitResult, differences_of
from app.groups.staging.states import GOOD, RowState
from app.groups.staging.words import (
    FIELD_GROUPS,
    FILTER_WORDS,
    FILTERS,
    HEADINGS,
    ORDER,
    SENTENCES,
    SHOWN,
    STATE_WORDS,
)
from app.registration.status import Tag

ROWS_ON_A_PAGE = 50


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
    """A row of the leader's sheet as it stands now.

    :ivar number: by which we know it
    :ivar place: the sheet's name, "" when the file has only one, and the row as the spreadsheet shows it
    """

    number: int
    place: tuple[str, int]
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


@dataclass(frozen=True, slots=True)
class BlankView:
    """A choice that several rows lack: one answer may do for all of them."""

    column: Column
    count: int

    @property
    def heading(self) -> object:
        return HEADINGS[self.column.key]


@dataclass(frozen=True, slots=True)
class HeadView:
    """What stands above the rows.

    :ivar good: rows that can go in now
    :ivar rest: rows worth taking along as a sheet, because something is to be done about them
    :ivar filters: (name in the address, words, count)
    :ivar undo: (public id, words) of the last act that can be taken back
    """

    answer: Message
    good: int
    rest: int
    entered: int
    filters: Sequence[tuple[str, object, int]]
    reasons: Sequence[ReasonView]
    blanks: Sequence[BlankView]
    can_match_anew: bool
    undo: tuple[str, Message] | None


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a row's form."""

    column: Column
    text: str
    remark: RemarkView | None

    @property
    def heading(self) -> object:
        return HEADINGS[self.column.key]

    @property
    def is_wrong(self) -> bool:
        return self.remark is not None and self.remark.kind is not MarkKind.REPAIRED


def row_views(rows: Sequence[StagedRow], group: Group, matching: Matching) -> list[RowView]:
    """Return what the page shows of rows; of those that differ also what the list of members says."""
    differing = [row for row in rows if row.state is RowState.DIFFERS]
    differences = differences_of(differing, group) if differing else {}
    return [_row_view(row, matching, differences.get(row.number, ())) for row in rows]


def _row_view(row: StagedRow, matching: Matching, differs: Sequence[tuple[str, str, str]]) -> RowView:
    tag, word = STATE_WORDS[row.state]
    sheet_name, number = matching.place_of(row.number)
    return RowView(
        number=row.number,
        place=(sheet_name if matching.more else "", number),
        version=row.version,
        state=row.state,
        tag=tag,
        word=word,
        name=row.texts["chinese_name"],
        cells=[
            CellView(column, row.texts[column.key], _mark_of(row.marks.get(column.key))) for column in SHOWN
        ],
        remarks=[_remark(column, row.marks[column.key]) for column in COLUMNS if column.key in row.marks],
        reason=unpack(row.reason) if row.reason else None,
        differences=[DifferenceView(COLUMN_OF[key], there, here) for key, here, there in differs],
    )


def head_view(
    counts: Mapping[RowState, int],
    reasons: Sequence[ReasonView],
    blanks: Sequence[BlankView],
    undoable: StagedChange | None,
    matching: Matching,
) -> HeadView:
    """Return what stands above the rows."""
    return HeadView(
        answer=answer_of(counts),
        good=sum(counts[state] for state in GOOD),
        rest=sum(counts[state] for state in (RowState.TO_FIX, RowState.DIFFERS, RowState.TAKEN)),
        entered=counts[RowState.IN],
        filters=filter_counts(counts),
        reasons=reasons,
        blanks=blanks,
        can_match_anew=not counts[RowState.IN] and is_own_sheet(matching),
        undo=(undoable.public_id, unpack(undoable.summary)) if undoable else None,
    )


def field_groups(view: RowView) -> list[tuple[object, list[FieldView]]]:
    """Return the fields of a row's form under their headings; a group with something wrong comes first."""
    remarks = {one.column.key: one for one in view.remarks}
    texts = {cell.column.key: cell.text for cell in view.cells}
    groups = [
        (legend, [FieldView(COLUMN_OF[key], texts[key], remarks.get(key)) for key in keys])
        for legend, keys in FIELD_GROUPS
    ]
    return sorted(groups, key=lambda group: not any(one.is_wrong for one in group[1]))


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


def answer_of(states: Mapping[RowState, int]) -> Message:
    """Return the one sentence that says where the sheet stands (R231)."""
    good = sum(states.get(state, 0) for state in GOOD)
    fix, entered = states.get(RowState.TO_FIX, 0), states.get(RowState.IN, 0)
    values = {"good": good, "fix": fix, "entered": entered}
    if good and fix:
        return Message("%(good)s 位可以加入名單，%(fix)s 列還要修正。可以先加入好的，其餘慢慢改。", values)
    if good:
        return Message("%(good)s 位可以加入名單，沒有要修正的。", values)
    if fix and entered:
        return Message("已加入 %(entered)s 位，還有 %(fix)s 列要修正。", values)
    if fix:
        return Message("%(fix)s 列要修正，改好就能加入。", values)
    if entered:
        return Message("已加入 %(entered)s 位，沒有要修正的了。", values)
    return Message("檔案裡的考生都已經在名單中，或不能加入。", values)


def reason_views(
    counts: Mapping[tuple[MarkKind, Reason, str], int],
    examples: Mapping[tuple[MarkKind, Reason], tuple[Mark, str]],
) -> list[ReasonView]:
    """Return what can be answered for many cells at once: questions first, then suggestions, then repairs.

    :param examples: a mark of each kind and reason, and what stands in its cell now
    """
    totals: dict[tuple[MarkKind, Reason], int] = {}
    for (kind, reason, _key), number in counts.items():
        totals[kind, reason] = totals.get((kind, reason), 0) + number
    found = [
        _reason_view(kind, reason, number, *examples[kind, reason])
        for (kind, reason), number in totals.items()
        if reason in SENTENCES and (kind, reason) in examples
    ]
    askable = [one for one in found if one.kind is not MarkKind.WRONG or one.example]
    return sorted(askable, key=lambda one: (ORDER[one.kind], -one.count))


def blank_views(counts: Mapping[tuple[MarkKind, Reason, str], int]) -> list[BlankView]:
    """Return the choices that more than one row lacks, in the order of the columns."""
    lacking = {key: number for (_, reason, key), number in counts.items() if reason is Reason.MISSING}
    return [BlankView(column, lacking[column.key]) for column in COLUMNS if lacking.get(column.key, 0) > 1]


def _reason_view(kind: MarkKind, reason: Reason, count: int, mark: Mark, text: str) -> ReasonView:
    choices: list[tuple[int, object]] = []
    if reason is Reason.EXCEL_CENTURY:
        choices = [(0, _l("都是民國年"))]
    elif kind is MarkKind.WRONG or (kind is MarkKind.DOUBTFUL and mark.suggestions):
        choices = [(0, _l("都改成建議的"))]
    became = text if kind is MarkKind.REPAIRED else next(iter(mark.suggestions), "")
    example = (mark.written or _("（空白）"), became) if became and became != mark.written else None
    return ReasonView(reason, kind, SENTENCES[reason], count, example, choices)


def problem_of(sheet: StagedSheet) -> Message | None:
    """Return why a file cannot be used; None when nothing is wrong with it."""
    return unpack(sheet.problem) if sheet.problem else None


def notes_of(sheet: StagedSheet) -> list[Message]:
    """Return what the leader should know about the file as a whole."""
    return [unpack(note) for note in sheet.notes]


def last_page(count: int) -> int:
    """Return the number of the last page of so many rows, at least 1."""
    return max(1, -(-count // ROWS_ON_A_PAGE))


def known_filter(name: str) -> str:
    """Return a filter's name as it is when there is such a filter, else ""."""
    return name if name in FILTERS else ""


def committed_words(result: CommitResult) -> object:
    """Return what is said after good rows went into the group."""
    if not result.added:
        return _("沒有可以加入的列。")
    words = _("已把 %(count)s 位考生加入名單。", count=result.added)
    if result.taken:
        words += _("有 %(count)s 位剛才已經在別處報名，沒有加入。", count=result.taken)
    return words


def discard_facts(sheet: StagedSheet, states: Mapping[RowState, int]) -> list[tuple[object, object]]:
    """Return what is lost when a sheet is thrown away."""
    open_rows = sum(
        states.get(state, 0) for state in (*GOOD, RowState.TO_FIX, RowState.DIFFERS, RowState.TAKEN)
    )
    return [
        (_l("檔案"), sheet.file_name or _("未命名的檔案")),
        (_l("還沒加入的列"), open_rows),
        (_l("已經加入名單的考生"), states.get(RowState.IN, 0)),
    ]


def _mark_of(mark: Mark | None) -> str:
    return mark.kind.value if mark else ""


def _remark(column: Column, mark: Mark) -> RemarkView:
    return RemarkView(column, mark.kind, mark.message, mark.written, list(enumerate(mark.suggestions)))
