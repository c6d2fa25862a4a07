"""Days of the first two centuries: what a spreadsheet makes of a typed Minguo year of three digits.

LibreOffice takes 102/9/5 for a day of the year 102 and counts it as a day long before 1900. In its cell it
shows what was typed, by the Julian calendar; its files hold a count of days, or the Gregorian day, which is
one or two days less.
"""

from __future__ import annotations

import datetime

EPOCH = datetime.date(1899, 12, 30)
_EPOCH_JULIAN_DAY = 2_415_019
_LAST_YEAR = 199


def typed_day(serial: int) -> str | None:
    """Return the day of that count as it was typed, ``102/9/5``; None if it lies outside the two centuries.

    :param serial: days since 1899-12-30
    """
    # Richards, in: Explanatory Supplement to the Astronomical Almanac (2013), 15.11.3; its Julian part.
    shifted = serial + _EPOCH_JULIAN_DAY + 32_082
    years = (4 * shifted + 3) // 1461
    days = shifted - 1461 * years // 4
    months = (5 * days + 2) // 153
    year, month = years - 4800 + months // 10, months + 3 - 12 * (months // 10)
    day = days - (153 * months + 2) // 5 + 1
    return f"{year}/{month}/{day}" if 1 <= year <= _LAST_YEAR else None


def typed_day_of(day: datetime.date, *, julian: bool) -> str | None:
    """Return a day as it was typed, or None if it lies outside the two centuries.

    :param julian: whether the program that wrote the file shows such days by the Julian calendar
    """
    if julian:
        return typed_day((day - EPOCH).days)
    return f"{day.year}/{day.month}/{day.day}" if day.year <= _LAST_YEAR else None
