"""Which school a pupil is likely to go to by now: last year's list says what was true last year; pure."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.registration.choices import Education, Occupation

_SCHOOL_YEAR_STARTS: Final = (8, 1)
_AGE_COUNTS_ON: Final = (9, 1)  # who is six by this day, the day itself included, starts school
_FROM_AGE: Final = ((18, Education.UNIVERSITY), (15, Education.SENIOR_HIGH), (12, Education.JUNIOR_HIGH))
# Later, being a student says nothing about the school any more.
_LAST_AGE: Final = 22
_ORDER: Final = list(Education)


def expected_education(birth_on: date, today: date) -> Education | None:
    """Return the school a pupil goes to who has never skipped or repeated a year.

    :return: None for whoever is past school age
    """
    started = today.year if (today.month, today.day) >= _SCHOOL_YEAR_STARTS else today.year - 1
    age = started - birth_on.year - ((birth_on.month, birth_on.day) > _AGE_COUNTS_ON)
    if age > _LAST_AGE:
        return None
    return next((school for least, school in _FROM_AGE if age >= least), Education.PRIMARY)


def has_outgrown(education: Education, occupation: Occupation, birth_on: date, today: date) -> bool:
    """Return whether what is on record of a student is the school before the one they should be in by now."""
    expected = expected_education(birth_on, today)
    if occupation != Occupation.STUDENT or expected is None:
        return False
    return _ORDER.index(education) < _ORDER.index(expected)
