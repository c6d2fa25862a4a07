"""The three bars of a store bill 超商三段式條碼 and their two check characters (payments.md 3)."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_FIRST: Final = re.compile(r"[0-9]{6}[0-9A-Z]{3}")
_SECOND: Final = re.compile(r"[0-9A-Z]{16}")
_THIRD: Final = re.compile(r"([0-9]{4})([0-9A-Z]{2})([0-9]{9})")
_PREFIX: Final = re.compile(r"[0-9]{4}")

# Digits count as they are; A–I and J–R as 1–9; S–Z as 2–9.
_VALUES: Final = {
    character: int(value)
    for character, value in zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "012345678912345678912345678923456789", strict=True
    )
}


def first_segment(last_day: date, collector: str) -> str:
    """Return the first bar: the deadline as ROC ``YYMMDD`` (the year's last two digits) and the collector.

    :param last_day: the last Taipei day on which the store takes the money
    :param collector: the collecting company's three characters, e.g. ``6EA``
    """
    segment = f"{(last_day.year - 1911) % 100:02d}{last_day:%m%d}{collector}"
    return _checked(_FIRST, segment)


def third_segment(first: str, second: str, prefix: str, amount_twd: int) -> str:
    """Return the third bar: four digits of date, the two check characters, the amount in nine digits.

    :raises ValueError: if a part does not have its form or the amount more than nine digits
    """
    amount = f"{amount_twd:09d}"
    segment = prefix + check_characters(first, second, prefix, amount) + amount
    return _checked(_THIRD, segment)


def check_characters(first: str, second: str, prefix: str, amount: str) -> str:
    """Return the two check characters over all three segments, each counted from position 1.

    The odd positions give the first, the even ones the second, modulo 11; a remainder of 0 or 10
    is written ``A`` or ``B`` in the first place and ``X`` or ``Y`` in the second.

    :raises ValueError: if a part does not have its form
    """
    parts = (_checked(_FIRST, first), _checked(_SECOND, second), _checked(_PREFIX, prefix) + amount)
    odd = sum(_VALUES[character] for part in parts for character in part[0::2])
    even = sum(_VALUES[character] for part in parts for character in part[1::2])
    return _remainder(odd, zero="A", ten="B") + _remainder(even, zero="X", ten="Y")


def is_valid(segments: tuple[str, str, str]) -> bool:
    """Return whether the three bars have their form and the check characters agree."""
    first, second, third = segments
    match = _THIRD.fullmatch(third)
    if not (match and _FIRST.fullmatch(first) and _SECOND.fullmatch(second)):
        return False
    prefix, check, amount = match.groups()
    return check == check_characters(first, second, prefix, amount)


def _remainder(total: int, *, zero: str, ten: str) -> str:
    return {0: zero, 10: ten}.get(total % 11, str(total % 11))


def _checked(form: re.Pattern[str], segment: str) -> str:
    if not form.fullmatch(segment):
        raise ValueError(f"not a bar of the form {form.pattern}: {segment}")
    return segment
