"""What a leader types about a group, read into values; pure."""

from __future__ import annotations

import re

from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.text import compact, fold_width, strip_invisible
from app.groups.rules import LARGEST_GROUP

LONGEST_GROUP_NAME = 60


def read_group_name(text: str) -> str:
    """Return a group's name in one line; raises InvalidValue when it is too long."""
    name = " ".join(strip_invisible(fold_width(text)).split())
    if not name:
        raise InvalidValue(Message("請填寫團體名稱"))
    if len(name) > LONGEST_GROUP_NAME:
        values = {"longest": LONGEST_GROUP_NAME, "length": len(name)}
        raise InvalidValue(Message("團體名稱最多 %(longest)s 個字，您填了 %(length)s 個字", values))
    return name


def read_places(text: str) -> int:
    """Return a number of people, full-width digits too (R218); raises InvalidValue."""
    digits = compact(text).removesuffix("人")
    # Bounded before it is counted: int() raises for thousands of digits.
    if not re.fullmatch(r"[0-9]{1,9}", digits) or not 1 <= int(digits) <= LARGEST_GROUP:
        raise InvalidValue(Message("請填 1 到 %(most)s 的數字", {"most": LARGEST_GROUP}))
    return int(digits)
