"""Counting working days and month ends, with the government office calendar of Taiwan."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The office calendar: weekdays without public holidays and bridge days off.

    :ivar count_makeup_saturdays: whether a Saturday worked in exchange for a bridge day is a working
        day; by default it is not, which gives candidates the later date (Q3)
    """

    count_makeup_saturdays: bool = False

    def is_working_day(self, day: date) -> bool:
        """Return whether offices work on a day; local typhoon days are not known here."""
        days_off, makeup_days = _office_year(day.year)
        if day.weekday() >= _SATURDAY:
            return self.count_makeup_saturdays and day in makeup_days
        return day not in days_off

    def nth_working_day_after(self, day: date, count: int) -> date:
        """Return the count-th working day after a day, which itself is never counted.

        Results of Friday 2023-05-12 can be rechecked until the 7th, Tuesday 2023-05-23 (R156).

        :raises ValueError: if count is less than 1
        """
        if count < 1:
            raise ValueError(f"count from the first working day on, not {count}")
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day


def month_end(day: date) -> date:
    """Return the last day of the day's month, as for refund requests and question disputes (R106)."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def end_of_next_month(day: date) -> date:
    """Return the last day of the month after the day's, as for repayments (R109)."""
    return month_end(month_end(day) + timedelta(days=1))


@lru_cache(maxsize=32)
def _office_year(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days off and the make-up Saturdays of a year.

    The library fills its calendar on first access to a year, marked as filled before it is; another
    thread would read an empty year. Hence one complete, frozen year at a time.
    """
    office = holidays.country_holidays("TW", years=year, expand=False)
    return frozenset(office), frozenset(office.weekend_workdays)
