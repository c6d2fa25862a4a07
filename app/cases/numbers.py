"""Case numbers: Minguo year, month, day and the serial of the day (W012); pure.

They are easy to guess, so a number alone never opens anything.
"""

from __future__ import annotations

import re
from datetime import date

from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.roc_dates import roc_year
from app.core.text import compact

_SHAPE = re.compile(r"[0-9]{11,12}")


def case_number(day: date, serial: int) -> str:
    """Return ``11312100021`` for the 21st case of 2024-12-10; a serial above 9999 takes a fifth digit."""
    if serial < 1:
        raise ValueError(f"serials start at 1, not {serial}")
    return f"{roc_year(day):03}{day:%m%d}{serial:04}"


def read_case_number(text: str) -> str:
    """Return a typed case number in half width; raises InvalidValue when it cannot be one."""
    number = compact(text).replace("-", "")
    if not _SHAPE.fullmatch(number):
        raise InvalidValue(Message("案件號碼是 11 碼數字，請照收件通知再輸入一次"))
    return number
