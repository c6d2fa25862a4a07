"""Money: a count of whole New Taiwan dollars, nothing smaller and never negative."""

from __future__ import annotations

from typing import TypeAlias

Twd: TypeAlias = int


def twd(amount: int) -> Twd:
    """Return an amount of whole New Taiwan dollars after checking that it can be one.

    :raises TypeError: if the amount is not an int; a float or a bool is somebody's mistake
    :raises ValueError: if it is negative
    """
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise TypeError(f"an amount is a whole number of dollars, not {amount!r}")
    if amount < 0:
        raise ValueError(f"an amount cannot be negative: {amount}")
    return amount


def format_twd(amount: Twd) -> str:
    """Return an amount as pages and letters print it: ``NT$1,250``."""
    return f"NT${twd(amount):,}"
