"""How a certificate is numbered: year, level, serial; pure."""

from __future__ import annotations

from app.exams.choices import Level

_LETTERS = {Level.BASIC: "B", Level.ELEMENTARY: "E"}
_SERIAL_DIGITS = 6


def level_letter(level: Level) -> str:
    """Return the letter that stands for a level in numbers and codes."""
    return _LETTERS[level]


def certificate_prefix(roc_year: int, level: Level) -> str:
    """Return what all certificates of a year and level begin with: ``112E`` for 初級 of 112."""
    return f"{roc_year:03}{level_letter(level)}"


def certificate_number(prefix: str, serial: int) -> str:
    """Return the number as it is stored and signed, e.g. ``112E000001``; raises ValueError past the last."""
    if not 1 <= serial < 10**_SERIAL_DIGITS:
        raise ValueError(f"no certificate number is left after {prefix}")
    return f"{prefix}{serial:0{_SERIAL_DIGITS}}"


def serial_of(number: str) -> int:
    """Return the serial in a number."""
    return int(number[-_SERIAL_DIGITS:])


def format_certificate_number(number: str) -> str:
    """Return the number as it is printed: ``112客初字第000001號``."""
    word = "初" if number[3] == _LETTERS[Level.ELEMENTARY] else "基"
    return f"{number[:3]}客{word}字第{number[4:]}號"
