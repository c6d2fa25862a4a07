"""A spreadsheet as values: sheets of filled rows that keep the numbers the reader saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum


class Unknown(Enum):
    """What stands in a cell that we cannot know; prints as spreadsheets show it."""

    NO_RESULT = "#N/A"  # a formula that failed, or that was never worked out

    def __str__(self) -> str:
        return self.value


class MinguoDate(date):
    """A date that its cell shows in Minguo years: whoever typed it has seen the right year."""


Cell = str | int | float | bool | date | datetime | Unknown | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row with something in it.

    :ivar number: as the spreadsheet shows it, from 1; blank rows are skipped but counted
    :ivar cells: from column A on; None where nothing stands
    """

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """A range of cells shown as one; rows from 1, columns from 0, all inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    :ivar rows: those with something in them, in order
    :ivar hidden: the numbers of rows that are not shown; for .xls they are not known
    :ivar merged: what is merged, in order of the top left cells
    """

    name: str
    visible: bool
    rows: Sequence[Row]
    hidden: frozenset[int] = frozenset()
    merged: tuple[Merged, ...] = ()


@dataclass(frozen=True, slots=True)
class Workbook:
    sheets: tuple[Sheet, ...]

    def find_sheet(self, name: str) -> Sheet | None:
        """Return the sheet of that name, or None."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a spreadsheet we are willing to read.

    :ivar file_bytes: the uploaded file
    :ivar unpacked_bytes: all parts of a ZIP based file together
    :ivar sheets: also counts hidden ones
    :ivar physical_rows: the highest row number that may hold anything
    :ivar output_bytes: what the reading process may hand back
    """

    file_bytes: int = 5 << 20
    unpacked_bytes: int = 60 << 20
    unpacked_ratio: int = 200
    members: int = 200
    sheets: int = 10
    columns: int = 64
    physical_rows: int = 20_000
    filled_rows: int = 3_000
    cell_characters: int = 2_000
    output_bytes: int = 32 << 20
    memory_bytes: int = 512 << 20
    cpu_seconds: int = 20
    wall_seconds: int = 30
    open_files: int = 64

    @classmethod
    def for_size(cls, people: int, megabytes: int) -> Limits:
        """Return limits for sheets of so many filled rows and files of so many MiB.

        The rest grows with the rows: up to 1,000 bytes of cells a row, and the memory to parse them.
        """
        usual = cls()
        return cls(
            file_bytes=megabytes << 20,
            unpacked_bytes=max(usual.unpacked_bytes, people * 4_000),
            physical_rows=max(usual.physical_rows, people + 5_000),
            filled_rows=people,
            output_bytes=max(usual.output_bytes, people * 1_000),
            memory_bytes=max(usual.memory_bytes, (256 << 20) + people * 16_000),
        )
