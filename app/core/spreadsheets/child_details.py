"""What the native parser does not tell about a sheet, gathered in the child process."""

from __future__ import annotations

_MOST_MERGED = 5_000


class Problem(Exception):
    """Why we stop reading: a code that the parent turns into a sentence, and where it happened."""

    def __init__(self, code: str, **place: object) -> None:
        super().__init__(code)
        self.line = {"problem": code, **place}


class Details:
    """Rows are counted from 1, columns from 0.

    :ivar by_row: by row and column, what is special about a cell: ``unknown``, a formula without a
        result; ``minguo``, a date that is shown in Minguo years; or the count of a day before 1900,
        ``-656458``, which the parser loses
    :ivar hidden: the rows that are not shown
    :ivar merged: top row, left column, bottom row, right column
    :ivar julian: whether days before 1582 were typed by the Julian calendar: see `child_days`
    """

    # No dataclass: to import them takes longer than to read a small sheet.
    def __init__(self) -> None:
        self.by_row: dict[int, dict[int, str]] = {}
        self.hidden: set[int] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        self.julian = False

    def mark(self, row: int, column: int, kind: str) -> None:
        """Note what is special about a cell."""
        self.by_row.setdefault(row, {})[column] = kind

    def largest_merged(self) -> list[tuple[int, int, int, int]]:
        """Return the merged ranges, in order; of very many the first."""
        return sorted(self.merged)[:_MOST_MERGED]


NO_DETAILS = Details()
