"""Points of the exam: whole tenths inside, ``83.5`` on paper; pure."""

from __future__ import annotations

import re

from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.text import compact

FULL_SCORE = 1000
_WRITTEN = re.compile(r"([0-9]{1,3})(?:\.([0-9])0*)?", re.ASCII)


def parse_points(text: str) -> int:
    """Return points in tenths: ``83.5``, ``８３.5`` and ``83.50`` are 835; raises InvalidValue."""
    match = _WRITTEN.fullmatch(compact(text).removesuffix("分"))
    if match is None:
        raise InvalidValue(Message("請填 0 到 100 的分數，最多一位小數，例如 28.5"))
    return int(match[1]) * 10 + int(match[2] or 0)


def format_points(tenths: int) -> str:
    """Return ``83.5``, or ``83`` for whole points."""
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)
