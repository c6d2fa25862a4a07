"""Valid national ID numbers that belong to nobody in particular."""

from __future__ import annotations

import itertools

_serial = itertools.count(1)
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1)


def make_national_id() -> str:
    """Return a valid number, a different one at each call."""
    body = f"2{next(_serial):07d}"
    total = sum(int(d) * w for d, w in zip("10" + body, _WEIGHTS, strict=True))
    return f"A{body}{(10 - total % 10) % 10}"
