"""Which column of a leader's sheet is which of ours, and the rows below the headings (R228, R229)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.cells import cell_text
from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.spreadsheets import Cell, Row, Sheet, Workbook
from app.core.text import compact
from app.groups.sheets.columns import COLUMNS, Column, is_blank
from app.groups.sheets.rows import SheetRow
from app.groups.sheets.template_facts import TemplateFacts, check_mark, parse_mark
from app.groups.sheets.template_layout import MARK_SHEET, MEMBERS_SHEET

# Rows of a second sheet of the same file are numbered on from here, of a third from twice as much.
SHEET_STRIDE = 100_000
_SAMPLES = 3
_ENOUGH_HEADINGS = 2
_KEYS = {compact(column.heading): column.key for column in COLUMNS}


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

    :param remembered: what headings of this leader's own sheets stand for: a column's key by the
        compacted heading, "" for none of ours
    :raises InvalidValue: if there is no list of people in the workbook
    """
    sheets = sorted(workbook.sheets, key=lambda sheet: (sheet.name != MEMBERS_SHEET, not sheet.visible))
    found = ((sheet, row) for sheet in sheets for row in sheet.rows[:20])
    for sheet, row in found:
        columns = _positions(row, remembered or {})
        if len(columns) >= _ENOUGH_HEADINGS:
            headings = tuple(map(cell_text, row.cells))
            return Matching(sheet.name, row.number, headings, columns, certain=len(columns) == len(COLUMNS))
    raise InvalidValue(
        Message("找不到有姓名、出生日期等標題的名單。請確認檔案裡有標題列，或改用匯入範例填寫")
    )


def check_mark_of(workbook: Workbook, expected: TemplateFacts) -> None:
    """Raise `InvalidValue` when the file is a template of another year, round or area (R229).

    A sheet of a leader's own carries no mark and passes.
    """
    sheet = workbook.find_sheet(MARK_SHEET)
    if sheet is None or not sheet.rows:
        return
    check_mark(parse_mark(cell_text(sheet.rows[0].cells[0])), expected)


def table_rows(workbook: Workbook, matching: Matching) -> Iterator[SheetRow]:
    """Return the rows of people below the headings, in order; what we filled in ourselves does not count."""
    sheet = _sheet(workbook, matching.sheet)
    counting = [position for key, position in matching.columns.items() if key not in ("round_name", "area")]
    for row in sheet.rows:
        filled = any(not is_blank(_cell_at(row, position)) for position in counting)
        if filled and row.number > matching.heading_row:
            written, length = row.cells, len(row.cells)
            cells = {key: written[at] if at < length else None for key, at in matching.columns.items()}
            yield SheetRow(row.number, cells)


def heading_samples(workbook: Workbook, matching: Matching) -> list[tuple[str, tuple[str, ...]]]:
    """Return every heading from column A on with the first values that stand below it."""
    below = [row for row in _sheet(workbook, matching.sheet).rows if row.number > matching.heading_row]
    samples = []
    for position, heading in enumerate(matching.headings):
        texts = (cell_text(_cell_at(row, position)) for row in below)
        samples.append((heading, tuple([text for text in texts if text][:_SAMPLES])))
    return samples


def table_notes(workbook: Workbook, matching: Matching) -> tuple[Message, ...]:
    """Return what the leader should know about the file as a whole: what was not read, and why."""
    del workbook, matching
    return ()


def _sheet(workbook: Workbook, name: str) -> Sheet:
    sheet = workbook.find_sheet(name)
    if sheet is None:
        raise InvalidValue(Message("檔案裡沒有工作表「%(name)s」，請重新上傳", {"name": name}))
    return sheet


def _positions(row: Row, remembered: Mapping[str, str]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for position, cell in enumerate(row.cells):
        heading = compact(cell_text(cell)).removesuffix("(必填)").strip("*")
        key = remembered.get(heading, _KEYS.get(heading))
        if key:
            positions.setdefault(key, position)
    return positions


def _cell_at(row: Row, position: int) -> Cell:
    return row.cells[position] if position < len(row.cells) else None
