"""Finding the row of headings of a sheet, over titles, groups of headings and merged cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.cells import cell_text
from app.core.spreadsheets import Merged, Row, Sheet
from app.groups.sheets.synonyms import IGNORED, PHONE, Likeness, column_of_heading, heading_key

_SEARCHED_ROWS = 60
_FEWEST_COLUMNS = 2
_WIDEST_GROUP = 0.7  # of the columns: what is merged over more is a title
_LONGEST_HEADING = 60
Remembered = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading.

    :ivar text: as written, behind the heading of its group if it stands in one
    :ivar key: the column it stands for; IGNORED; PHONE; None if it says nothing
    """

    text: str
    key: str | None
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet with the row of its headings.

    :ivar row: its number; 0 if the list has no headings
    """

    sheet: Sheet
    row: int
    headings: tuple[Heading, ...]

    @property
    def count(self) -> int:
        """Return how many different columns the headings name."""
        return len({heading.key for heading in self.headings if heading.key})

    @property
    def lists_people(self) -> bool:
        """Return whether this can be a list of people: there are names or numbers, and something else."""
        keys = {heading.key for heading in self.headings}
        return self.count >= _FEWEST_COLUMNS and bool(keys & {"chinese_name", "id_number"})


def find_layout(sheet: Sheet, remembered: Remembered) -> Layout | None:
    """Return the sheet with the row that names most of our columns, or None if none lists people."""
    best: Layout | None = None
    rows = sheet.rows[:_SEARCHED_ROWS]
    for above, row in zip((None, *rows), rows, strict=False):
        layout = Layout(sheet, row.number, headings_of(sheet, row, above, remembered))
        if layout.lists_people and (best is None or layout.count > best.count):
            best = layout
    return best


def headings_at(sheet: Sheet, number: int, remembered: Remembered) -> tuple[Heading, ...]:
    """Return the headings in a row; none if there is no such row."""
    above: Row | None = None
    for row in sheet.rows[: _SEARCHED_ROWS + 1]:
        if row.number == number:
            return headings_of(sheet, row, above, remembered)
        above = row
    return ()


def headings_of(sheet: Sheet, row: Row, above: Row | None, remembered: Remembered) -> tuple[Heading, ...]:
    """Return the headings of a row, each with what stands over it where cells are merged."""
    top = above if above is not None and above.number == row.number - 1 else None
    merged = [each for each in sheet.merged if each.top <= row.number and each.bottom >= row.number - 1]
    width = max(len(row.cells), len(top.cells) if top else 0)
    return tuple(_heading(position, row, top, merged, width, remembered) for position in range(width))


def _heading(
    position: int, row: Row, top: Row | None, merged: list[Merged], width: int, remembered: Remembered
) -> Heading:
    own = _text(row, position)
    if top is None:
        return _known(own, remembered)
    for each in merged:
        if not each.left <= position <= each.right or each.top != top.number:
            continue
        over = _text(top, each.left)
        if each.bottom >= row.number and not own:
            return _known(over, remembered)  # one heading over both rows
        if own and over and each.left < each.right and each.right - each.left + 1 <= width * _WIDEST_GROUP:
            whole = _known(f"{over} {own}", remembered)
            alone = _known(own, remembered)
            # 家長資料 over 姓名 is not the pupil's name; 學生資料 over 姓名 adds nothing.
            return whole if whole.key is not None else Heading(whole.text, alone.key, alone.likeness)
    return _known(own, remembered)


def _known(text: str, remembered: Remembered) -> Heading:
    known = remembered.get(heading_key(text)) if text else None
    if known is not None:
        return Heading(text, known, Likeness.SAME)
    key, likeness = column_of_heading(text)
    return Heading(text, key, likeness)


def _text(row: Row, position: int) -> str:
    text = cell_text(row.cells[position]) if position < len(row.cells) else ""
    return text if len(text) <= _LONGEST_HEADING else ""


__all__ = ["IGNORED", "PHONE", "Heading", "Layout", "find_layout", "headings_at"]
