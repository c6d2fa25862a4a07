"""The rows of a sheet, kept as the child process wrote them and decoded when somebody looks.

Fifty thousand rows of decoded cells would be hundreds of megabytes; as JSON they are twenty.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import overload

from app.core.spreadsheets.workbook import Cell, MinguoDate, Row, Unknown

_SPECIAL: dict[str, Callable[[str], Cell]] = {
    "unknown": lambda _: Unknown.NO_RESULT,
    "day": date.fromisoformat,
    "at": datetime.fromisoformat,
    "minguo": MinguoDate.fromisoformat,
}


class KeptRows(Sequence[Row]):
    """Rows in encoded lines of some hundred each; see `child` for what a line looks like."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._lines = lines
        # The first list of a line are the rows' numbers.
        counts = (line.count(b",", 0, line.index(b"]")) + 1 for line in lines)
        self._ends = list(accumulate(counts))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Row]:
        for line in self._lines:
            yield from _decode(line)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        if isinstance(index, slice):
            return tuple(self._slice(*index.indices(len(self))))
        wanted = range(len(self))[index]
        return next(self._slice(wanted, wanted + 1, 1))

    def _slice(self, start: int, stop: int, step: int) -> Iterator[Row]:
        if step < 1:
            yield from list(self)[start : stop if stop >= 0 else None : step]
            return
        first = 0
        for line, end in zip(self._lines, self._ends, strict=True):
            if first >= stop:
                return
            if end > start:
                rows = _decode(line)
                yield from (
                    rows[place - first] for place in range(start, min(stop, end), step) if place >= first
                )
            first = end


def _decode(line: bytes) -> list[Row]:
    numbers, rows, specials = json.loads(line)
    for place, column, kind, text in specials:
        rows[place][column] = _SPECIAL[kind](text)
    return [Row(number, tuple(cells)) for number, cells in zip(numbers, rows, strict=True)]
