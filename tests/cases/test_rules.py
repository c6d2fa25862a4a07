"""The clocks of cases, beside their clauses."""

from __future__ import annotations

from datetime import date

import pytest

from app.cases.rules import (
    Window,
    appeal_window,
    check_extension,
    preliminary_due,
    remedy_last_day,
    result_due,
    result_due_in_days,
)
from app.core.working_days import WorkingCalendar

OFFICE = WorkingCalendar()


@pytest.mark.requirement("W026")
@pytest.mark.parametrize(
    ("assigned_on", "due_on"),
    [
        (date(2024, 12, 10), date(2024, 12, 12)),  # the manual's samples (W026)
        (date(2024, 12, 11), date(2024, 12, 13)),
        (date(2023, 12, 30), date(2024, 1, 1)),
    ],
)
def test_the_preliminary_report_is_due_in_three_days_the_first_included(
    assigned_on: date, due_on: date
) -> None:
    assert preliminary_due(assigned_on, 3) == due_on


@pytest.mark.requirement("W027")
@pytest.mark.parametrize(
    ("assigned_on", "due_on"),
    [
        (date(2024, 12, 10), date(2025, 1, 10)),  # the manual's samples (W027): a Friday
        (date(2024, 12, 11), date(2025, 1, 10)),  # 2025-01-11 is a Saturday
        (date(2024, 12, 12), date(2025, 1, 10)),  # a Sunday
        (date(2024, 12, 13), date(2025, 1, 13)),  # a Monday
        (date(2023, 1, 31), date(2023, 2, 24)),  # the 28th is Peace Memorial Day, the 27th bridges to it
        (date(2024, 1, 31), date(2024, 2, 29)),  # a month without a 31st, a Thursday
        (date(2023, 9, 10), date(2023, 10, 6)),  # National Day and the days before it are off
    ],
)
def test_the_result_is_due_in_a_month_or_on_the_working_day_before(assigned_on: date, due_on: date) -> None:
    assert result_due(assigned_on, 1, OFFICE) == due_on


def test_two_months_run_over_the_end_of_the_year() -> None:
    assert result_due(date(2023, 11, 15), 2, OFFICE) == date(2024, 1, 15)


@pytest.mark.requirement("P002")
@pytest.mark.parametrize(
    ("assigned_on", "due_on"),
    [
        (date(2023, 5, 1), date(2023, 5, 16)),  # Monday to Tuesday
        (date(2023, 5, 5), date(2023, 5, 19)),  # the 20th is a Saturday: Friday
        (date(2023, 5, 6), date(2023, 5, 19)),  # the 21st is a Sunday: Friday
    ],
)
def test_a_request_about_ones_data_is_answered_within_15_days(assigned_on: date, due_on: date) -> None:
    assert result_due_in_days(assigned_on, 15, OFFICE) == due_on


@pytest.mark.parametrize("count", [0, -1])
def test_a_clock_runs_at_least_once(count: int) -> None:
    with pytest.raises(ValueError, match="at least"):
        preliminary_due(date(2023, 5, 1), count)
    with pytest.raises(ValueError, match="at least"):
        result_due(date(2023, 5, 1), count, OFFICE)


@pytest.mark.requirement("R159", "Q4")
@pytest.mark.parametrize(
    ("filed_on", "in_time"),
    [
        (date(2023, 9, 1), False),
        (date(2023, 9, 2), True),  # the day of the event
        (date(2023, 9, 12), True),  # ten days, the first not counted (Q4)
        (date(2023, 9, 13), False),
    ],
)
def test_an_appeal_is_filed_within_ten_days_of_the_event(filed_on: date, in_time: bool) -> None:
    decision = appeal_window(date(2023, 9, 2)).check(filed_on)

    assert bool(decision) is in_time
    assert decision.clause == "拾貳、一"


def test_a_refusal_names_the_last_day() -> None:
    window = Window(date(2023, 5, 13), date(2023, 5, 23), "拾壹、二(一)")

    assert str(window.check(date(2023, 5, 24)).reason) == (
        "受理期間到112 年 5 月 23 日（二）為止，逾期不予受理"
    )
    assert str(window.check(date(2023, 5, 12)).reason).startswith("112 年 5 月 13 日（六）起")


@pytest.mark.parametrize(
    ("new_day", "allowed"),
    [
        (date(2025, 1, 10), False),  # the deadline itself
        (date(2025, 1, 11), True),
        (date(2025, 1, 9), False),
    ],
)
def test_an_extension_moves_the_deadline_later(new_day: date, allowed: bool) -> None:
    decision = check_extension(new_day, due_on=date(2025, 1, 10), today=date(2025, 1, 8))

    assert bool(decision) is allowed


def test_an_extension_of_an_overdue_case_lies_ahead() -> None:
    overdue, today = date(2025, 1, 10), date(2025, 1, 20)

    assert not check_extension(date(2025, 1, 19), due_on=overdue, today=today)
    assert check_extension(date(2025, 1, 20), due_on=overdue, today=today)


@pytest.mark.requirement("R158")
def test_the_remedy_runs_thirty_days_from_the_day_after_receipt() -> None:
    assert remedy_last_day(date(2023, 12, 8)) == date(2024, 1, 7)
