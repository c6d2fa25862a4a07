"""Filters as chips: each shows how many there are with the other filters as they stand; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Chip = tuple[Any, str, int | None, bool]


def chip_row(
    counts: Mapping[str, int],
    labels: Iterable[tuple[str, Any]],
    chosen: str | None,
    url_of: Callable[[str | None], str],
    *,
    every: Any = None,
) -> Sequence[Chip]:
    """Return one row of chips in the order of the labels: (label, address, count, whether it is chosen).

    What counts nothing is left out, unless it is chosen.

    :param chosen: the value in the address; None: no filter
    :param every: the label of the chip that takes the filter away; None: one is always chosen
    """
    row: list[Chip] = []
    if every is not None:
        row.append((every, url_of(None), sum(counts.values()), chosen is None))
    for value, label in labels:
        count = counts.get(value, 0)
        if count or value == chosen:
            row.append((label, url_of(value), count, value == chosen))
    return row


def tally(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the sum per value, in the order in which the values come first."""
    sums: dict[str, int] = {}
    for value, number in rows:
        sums[value] = sums.get(value, 0) + number
    return sums
