"""The birth date line between those who pay and those who are free; pure (R074-R077)."""

from __future__ import annotations

from datetime import date, timedelta


def first_free_birth_date(reference_on: date, age: int) -> date:
    """Return the earliest birth date that is free: who turns `age` on the reference day.

    When the reference day is 29 February and the birth year has none, it is 1 March.

    :raises ValueError: if age is negative
    """
    if age < 0:
        raise ValueError(f"an age cannot be negative: {age}")
    birth_year = reference_on.year - age
    try:
        return reference_on.replace(year=birth_year)
    except ValueError:
        return date(birth_year, 3, 1)


def last_paying_birth_date(reference_on: date, age: int) -> date:
    """Return the latest birth date that pays: the day before the first free one."""
    return first_free_birth_date(reference_on, age) - timedelta(days=1)
