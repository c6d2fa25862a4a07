"""Finding the list of members in a workbook, and whether its headings are still ours (R229)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.cells import cell_text
from app.core.errors import InvalidValue
from app.core.messages import Listing, Message
from app.core.spreadsheets import Cell, Row, Sheet, Workbook
from app.core.text import compact
from app.groups.sheets.columns import COLUMNS, is_blank
from app.groups.sheets.member_rows import SheetRow
from app.groups.sheets.template_layout import MEMBERS_SHEET

# A title put above the headings does no harm; further down, a row is a person.
_SEARCHED_ROWS = 5
_ENOUGH_HEADINGS = 5

_KEYS = {compact(column.heading): column.key for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class MembersSheet:
    """The sheet with the members.

    :ivar headings: its row of headings
    :ivar positions: where each column stands, counted from 0, by column key
    """

    sheet: Sheet
    headings: Row
    positions: Mapping[str, int]

    def filled_rows(self) -> list[SheetRow]:
        """Return the rows in which the leader wrote something; what we filled in ourselves does not count."""
        rows = []
        for row in self.sheet.rows:
            if row.number > self.headings.number:
                cells = {key: _cell_at(row, position) for key, position in self.positions.items()}
                if not all(
                    is_blank(cells[column.key])
                    for column in COLUMNS
                    if column.key in cells and not column.locked
                ):
                    rows.append(SheetRow(row.number, cells))
        return rows

    def check_headings(self) -> None:
        """Raise `InvalidValue` naming the columns that were renamed, removed or doubled."""
        changed = [
            (position, column.label)
            for position, column in enumerate(COLUMNS)
            if column.key not in self.positions
        ]
        if changed:
            raise InvalidValue(self._describe(changed))
        keys = [key for cell in self.headings.cells if (key := _key_of(cell))]
        doubled = next((column for column in COLUMNS if keys.count(column.key) > 1), None)
        if doubled:
            raise InvalidValue(
                Message("欄位「%(name)s」出現兩次。請刪除多的一欄再上傳", {"name": doubled.label})
            )

    def _describe(self, changed: list[tuple[int, str]]) -> Message:
        position, label = changed[0]
        written = cell_text(_cell_at(self.headings, position))
        if len(changed) == 1 and written and _key_of(written) is None:
            return Message(
                "%(column)s 欄的標題應為「%(heading)s」，現在是「%(written)s」。請改回來再上傳",
                {"column": column_letters(position), "heading": label, "written": written[:20]},
            )
        names = Listing(
            Message("%(label)s（%(column)s）", {"label": label, "column": column_letters(position)})
            for position, label in changed
        )
        return Message("標題列少了這些欄位：%(names)s。請改回來再上傳", {"names": names})


def find_members_sheet(workbook: Workbook) -> MembersSheet:
    """Return the sheet whose headings look most like ours; the one of our name comes first.

    :raises InvalidValue: if there is none
    """
    sheets = sorted(workbook.sheets, key=lambda sheet: (sheet.name != MEMBERS_SHEET, not sheet.visible))
    found = (
        MembersSheet(sheet, row, _positions(row)) for sheet in sheets for row in sheet.rows[:_SEARCHED_ROWS]
    )
    likely = [candidate for candidate in found if len(candidate.positions) >= _ENOUGH_HEADINGS]
    if not likely:
        raise InvalidValue(
            Message(
                "找不到「%(sheet)s」的標題列。請重新下載匯入範例，把資料貼進去再上傳",
                {"sheet": MEMBERS_SHEET},
            )
        )
    return likely[0]


def column_letters(position: int) -> str:
    """Return the letters over a column, counted from 0: A, …, Z, AA."""
    first, last = divmod(position, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + last)


def _positions(row: Row) -> dict[str, int]:
    positions: dict[str, int] = {}
    for position, cell in enumerate(row.cells):
        key = _key_of(cell)
        if key:
            positions.setdefault(key, position)
    return positions


def _key_of(cell: Cell) -> str | None:
    heading = compact(cell_text(cell)).removesuffix("(必填)").strip("*")
    return _KEYS.get(heading)


def _cell_at(row: Row, position: int) -> Cell:
    return row.cells[position] if position < len(row.cells) else None
