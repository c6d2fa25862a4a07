"""When registration is open (R013, R062, R063)."""

from datetime import date

import pytest

from app.exams.rules import check_registration_open

OPENS, CLOSES = date(2023, 4, 10), date(2023, 6, 9)


@pytest.mark.requirement("R062")
@pytest.mark.parametrize(
    ("today", "is_open"),
    [
        (date(2023, 4, 9), False),  # Sunday, the day before
        (date(2023, 4, 10), True),  # Monday, from 00:00
        (date(2023, 6, 9), True),  # Friday, until 23:59
        (date(2023, 6, 10), False),  # Saturday
    ],
)
def test_registration_is_open_from_the_first_day_to_the_last(today: date, is_open: bool) -> None:
    assert bool(check_registration_open(OPENS, CLOSES, today)) is is_open


def test_a_refusal_before_says_when_it_opens() -> None:
    assert "112 年 4 月 10 日" in str(check_registration_open(OPENS, CLOSES, date(2023, 4, 9)).reason)


def test_a_refusal_after_says_what_to_do() -> None:
    assert "請改選" in str(check_registration_open(OPENS, CLOSES, date(2023, 6, 10)).reason)
