"""Which column of a leader's sheet is which of ours, proposed by headings and values (R228, R229)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.core.errors import InvalidValue
from app.core.messages import N_, Message
from app.core.spreadsheets import Row, Sheet, Workbook
from app.groups.sheets.columns import COLUMN_OF, COLUMNS, Column
from app.groups.sheets.guesses import guess_columns, is_mobile_column, natural_answers
from app.groups.sheets.layout import Heading, Layout, find_layout
from app.groups.sheets.synonyms import IGNORED, PHONE, Likeness, column_of_heading, heading_key
from app.groups.sheets.template_facts import TemplateFacts, check_mark, parse_mark
from app.groups.sheets.template_layout import EXAMPLE_SHEET, INSTRUCTIONS_SHEET, MARK_SHEET, MEMBERS_SHEET

# Rows of a second sheet of the same file are numbered on from here, of a third from twice as much.
SHEET_STRIDE = 100_000
_SAMPLED_ROWS = 40
_TITLE_ROWS = 5
# What a column of values without a telling heading may be; the others are told by words only.
_BY_VALUES = (
    "id_number",
    "email",
    "phone_mobile",
    "birth_on",
    "dialect",
    "background",
    "foreign",
    "education",
    "occupation",
    "address",
    "chinese_name",
)


@dataclass(frozen=True)
class Matching:
    """Which column is which.

    :ivar sheet: the name of the sheet with the people, of the first of several
    :ivar heading_row: its row of headings, as the spreadsheet numbers it
    :ivar headings: as written, from column A on
    :ivar columns: where our columns stand, counted from 0, by column key
    :ivar for_all: one answer for all rows, by key, where the sheet has no such column
    :ivar certain: our template, or every heading is exactly ours or remembered: nothing to confirm
    :ivar more: further sheets with the same headings, each with its row of headings
    """

    sheet: str
    heading_row: int
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    for_all: Mapping[str, str] = field(default_factory=dict)
    certain: bool = False
    more: tuple[tuple[str, int], ...] = ()

    def missing(self) -> tuple[Column, ...]:
        """Return the required columns with neither a place in the sheet nor an answer for all."""
        return tuple(
            column
            for column in COLUMNS
            if column.required and column.key not in self.columns and not self.for_all.get(column.key)
        )

    def place_of(self, number: int) -> tuple[str, int]:
        """Return the sheet and the row, as the spreadsheet shows it, that a row's number stands for."""
        position, row = divmod(number, SHEET_STRIDE)
        return (self.more[position - 1][0] if position else self.sheet), row

    def as_json(self) -> dict[str, Any]:
        """Return the matching as JSON; see `from_json`."""
        return {
            "sheet": self.sheet,
            "heading_row": self.heading_row,
            "headings": list(self.headings),
            "columns": dict(self.columns),
            "for_all": dict(self.for_all),
            "certain": self.certain,
            "more": [list(each) for each in self.more],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Matching:
        """Return the matching that `as_json` stored."""
        return cls(
            stored["sheet"],
            stored["heading_row"],
            tuple(stored["headings"]),
            dict(stored["columns"]),
            dict(stored["for_all"]),
            stored.get("certain", False),
            tuple((name, row) for name, row in stored.get("more", ())),
        )


def propose_matching(workbook: Workbook, *, remembered: Mapping[str, str] | None = None) -> Matching:
    """Return where the list of people is and which column is which, as far as can be told.

    Headings are matched by name, over order, extra columns, titles and groups of headings; where they say
    nothing, by what stands below them. All visible sheets whose headings say the same are read together.

    :param remembered: what headings of this leader's own sheets stand for: a column's key by the
        heading as `heading_key` gives it, "" for none of ours
    :raises InvalidValue: if there is no list of people in the workbook
    """
    layouts = list_layouts(workbook, remembered or {})
    if not layouts:
        raise InvalidValue(_nothing_found(workbook, remembered or {}))
    layout = max(layouts, key=lambda each: (each.sheet.name == MEMBERS_SHEET, each.count))
    rows = rows_below(layout.sheet, layout.row)
    columns = _columns_by_heading(layout.headings, rows)
    taken = set(columns.values())
    silent = [
        position
        for position, heading in enumerate(layout.headings)
        if heading.key is None and position not in taken
    ]
    guessed = guess_columns(rows, silent, [key for key in _BY_VALUES if key not in columns])
    headings = tuple(heading.text for heading in layout.headings)
    names = {key: headings[position] for key, position in columns.items()}
    answers = natural_answers(_words_around(layout), columns | guessed, names)
    more = tuple((each.sheet.name, each.row) for each in layouts if _agrees(each, layout, columns))
    matching = Matching(layout.sheet.name, layout.row, headings, columns | guessed, answers, more=more)
    return replace(matching, certain=_is_certain(matching, layout, guessed))


def list_layouts(workbook: Workbook, remembered: Mapping[str, str]) -> list[Layout]:
    """Return the visible sheets that list people, in their order, each with its headings.

    The instructions and the examples that our own template brings along list nobody.
    """
    is_ours = workbook.find_sheet(MARK_SHEET) is not None
    ours = (INSTRUCTIONS_SHEET, EXAMPLE_SHEET) if is_ours else ()
    sheets = [each for each in workbook.sheets if each.visible and each.name not in ours]
    found = (_layout(sheet, remembered) for sheet in sheets)
    return [layout for layout in found if layout is not None]


def rows_below(sheet: Sheet, heading_row: int) -> Sequence[Row]:
    """Return some rows below the headings, to tell what stands in their columns."""
    return [row for row in sheet.rows[: _SAMPLED_ROWS * 2] if row.number > heading_row][:_SAMPLED_ROWS]


def check_mark_of(workbook: Workbook, expected: TemplateFacts) -> None:
    """Raise `InvalidValue` when the file is a template of another year, round or area (R229).

    A sheet of a leader's own carries no mark and passes, and so does an older shape of the template,
    whose columns are matched like those of any other sheet.
    """
    sheet = workbook.find_sheet(MARK_SHEET)
    if sheet is None or not sheet.rows:
        return
    try:
        mark = parse_mark(str(sheet.rows[0].cells[0]))
    except InvalidValue:
        return  # a sheet of that name, but not ours
    check_mark(replace(mark, version=expected.version), expected, round_written=_round_written(workbook))


def _layout(sheet: Sheet, remembered: Mapping[str, str]) -> Layout | None:
    found = find_layout(sheet, remembered)
    if found is not None or not sheet.rows:
        return found
    # Without headings: names and numbers speak for themselves.
    width = max(len(row.cells) for row in sheet.rows[:_SAMPLED_ROWS])
    guessed = guess_columns(sheet.rows[:_SAMPLED_ROWS], range(width), _BY_VALUES)
    if {"id_number", "chinese_name"} <= guessed.keys():
        return Layout(sheet, 0, (Heading("", None, Likeness.NONE),) * width)
    return None


def _columns_by_heading(headings: Iterable[Heading], rows: Sequence[Row]) -> dict[str, int]:
    """Return the place of each column: the likest heading, of equals the first."""
    best: dict[str, tuple[Likeness, int]] = {}
    phones = []
    for position, heading in enumerate(headings):
        if heading.key == PHONE:
            phones.append(position)
        elif heading.key and heading.likeness > best.get(heading.key, (Likeness.NONE, 0))[0]:
            best[heading.key] = (heading.likeness, position)
    columns = {key: position for key, (_, position) in best.items()}
    for position in phones:
        wanted = ("phone_mobile", "phone_home")
        for key in wanted if is_mobile_column(rows, position) else reversed(wanted):
            if key not in columns:
                columns[key] = position
                break
    return {key: position for key, position in columns.items() if key in COLUMN_OF}


def is_own_sheet(matching: Matching) -> bool:
    """Return whether a heading is not one of ours, so that somebody had to say what it stands for."""
    return any(column_of_heading(text)[1] is not Likeness.SAME for text in matching.headings if text)


def _is_certain(matching: Matching, layout: Layout, guessed: Mapping[str, int]) -> bool:
    keys = [heading.key for heading in layout.headings if heading.key]
    return (
        not guessed
        and not matching.missing()
        and not matching.for_all
        and len(keys) == len(set(keys))
        and all(
            heading.likeness is Likeness.SAME or heading.key == IGNORED or not heading.text
            for heading in layout.headings
        )
    )


def _agrees(layout: Layout, main: Layout, columns: Mapping[str, int]) -> bool:
    """Return whether another sheet has the heading, or another word for it, of each column of the first."""
    if layout is main or not main.row or not layout.row:
        return False
    known = {heading_key(heading.text) for heading in layout.headings}
    return all(
        heading_key(main.headings[position].text) in known or place_of_key(layout.headings, key) is not None
        for key, position in columns.items()
    )


def place_of_key(headings: Sequence[Heading], key: str) -> int | None:
    """Return where the first heading stands that surely names a column, or None."""
    wanted = (key, PHONE) if key in ("phone_mobile", "phone_home") else (key,)
    return next(
        (
            position
            for position, heading in enumerate(headings)
            if heading.key in wanted and heading.likeness >= Likeness.WORD
        ),
        None,
    )


def _words_around(layout: Layout) -> str:
    """Return the sheet's name, its titles and the headings that are none of ours."""
    titles = [
        cell
        for row in layout.sheet.rows[:_TITLE_ROWS]
        if row.number < layout.row
        for cell in row.cells
        if isinstance(cell, str)
    ]
    others = [heading.text for heading in layout.headings if not heading.key]
    return " ".join((layout.sheet.name, *titles, *others))


def _round_written(workbook: Workbook) -> str:
    """Return the round's name as the sheet shows it; the mark knows only its id."""
    for layout in list_layouts(workbook, {}):
        for position, heading in enumerate(layout.headings):
            if heading.key == "round_name":
                below = rows_below(layout.sheet, layout.row)
                cells = (row.cells[position] for row in below if position < len(row.cells))
                return next((str(cell) for cell in cells if cell), "")
    return ""


def _nothing_found(workbook: Workbook, remembered: Mapping[str, str]) -> Message:
    for sheet in workbook.sheets:
        if not sheet.visible and find_layout(sheet, remembered):
            text = N_("名單在隱藏的工作表「%(sheet)s」裡。請取消隱藏，存檔後再上傳")
            return Message(text, {"sheet": sheet.name})
    return Message("找不到有姓名、出生日期等標題的名單。請確認檔案裡有標題列，或改用匯入範例填寫")
