"""Numbers of registered letters (掛號號碼): read, checked, counted up over a batch; pure."""

from __future__ import annotations

import re

from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.text import compact

# A serial of six digits, and after it the post office's code and the kind of mail, the same for a batch.
_SERIAL_DIGITS = 6
_NUMBER = re.compile(r"[0-9]{6}(?:[0-9]{8})?")


def read_registered_number(text: str) -> str:
    """Return a number of 6 or 14 digits; raises InvalidValue for anything else."""
    number = re.sub(r"[-－–]", "", compact(text))
    if not _NUMBER.fullmatch(number):
        raise InvalidValue(Message("掛號號碼是 6 碼或 14 碼數字，請照執據再輸入一次"))
    return number


def count_up(first: str, count: int) -> list[str]:
    """Return so many numbers from the first on: the six leading digits count, the rest stays.

    :raises InvalidValue: when the six digits do not last
    """
    serial, rest = int(first[:_SERIAL_DIGITS]), first[_SERIAL_DIGITS:]
    if serial + count > 10**_SERIAL_DIGITS:
        raise InvalidValue(
            Message("從這個號碼起不夠 %(count)s 件，請確認起始號碼", {"count": count}), field="first_number"
        )
    return [f"{serial + step:0{_SERIAL_DIGITS}d}{rest}" for step in range(count)]
