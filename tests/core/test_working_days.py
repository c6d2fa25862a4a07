import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.core.working_days import WorkingCalendar, end_of_next_month, month_end
from tests.vectors import TAIWAN

RECHECK_DAYS = 7
OFFICE_CALENDAR = json.loads((Path(__file__).parents[1] / "data/tw_office_calendar.json").read_text("utf-8"))


@pytest.mark.requirement("R017", "R156")
@pytest.mark.parametrize("case", TAIWAN["score_recheck"]["cases"], ids=lambda case: case["case"])
@pytest.mark.parametrize(
    ("count_makeup_saturdays", "expected"),
    [(False, "deadline_ignoring_make_up_saturdays"), (True, "deadline_counting_make_up_workdays")],
)
def test_recheck_ends_on_the_seventh_working_day_after_publication(case, count_makeup_saturdays, expected):
    office = WorkingCalendar(count_makeup_saturdays=count_makeup_saturdays)

    last_day = office.nth_working_day_after(date.fromisoformat(case["published"]), RECHECK_DAYS)

    assert last_day == date.fromisoformat(case[expected])


@pytest.mark.requirement("Q3")
def test_makeup_saturdays_are_not_counted_unless_asked_for():
    friday = date(2023, 6, 16)

    assert WorkingCalendar().nth_working_day_after(friday, 1) == date(2023, 6, 19)
    assert WorkingCalendar(count_makeup_saturdays=True).nth_working_day_after(friday, 1) == date(2023, 6, 17)


@pytest.mark.parametrize("day", TAIWAN["score_recheck"]["make_up_workdays_2023"])
def test_a_makeup_saturday_is_a_working_day_only_where_it_counts(day):
    saturday = date.fromisoformat(day)

    assert not WorkingCalendar().is_working_day(saturday)
    assert WorkingCalendar(count_makeup_saturdays=True).is_working_day(saturday)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2023, 5, 1), True),  # Labour Day, a Monday: offices worked in 2023
        (date(2023, 9, 29), False),  # Mid-Autumn, a Friday
        (date(2023, 10, 9), False),  # bridge day before National Day
        (date(2023, 10, 11), True),
        (date(2023, 9, 2), False),  # an ordinary Saturday
        (date(2023, 9, 4), True),  # Monday
    ],
)
def test_holidays_bridge_days_and_weekends_are_off(day, works):
    assert WorkingCalendar().is_working_day(day) is works


@pytest.mark.parametrize("year", ["2022", "2023", "2024", "2025", "2026"])
def test_every_day_agrees_with_the_published_office_calendar(year):
    published = OFFICE_CALENDAR["years"][year]
    off = {date.fromisoformat(entry["date"]) for entry in published["weekdays_off"]}
    first = date(int(year), 1, 1)
    days = [first + timedelta(days=count) for count in range((date(int(year) + 1, 1, 1) - first).days)]

    worked = [day for day in days if WorkingCalendar().is_working_day(day)]

    assert worked == [day for day in days if day.weekday() < 5 and day not in off]


def test_counting_needs_at_least_one_day():
    with pytest.raises(ValueError, match="first working day"):
        WorkingCalendar().nth_working_day_after(date(2023, 5, 12), 0)


@pytest.mark.parametrize("case", TAIWAN["month_end_deadlines"], ids=lambda case: case["session"])
def test_requests_end_with_the_month_and_repayments_with_the_next(case):
    test_day = date.fromisoformat(case["date"])

    assert month_end(test_day) == date.fromisoformat(
        case["refund_request_and_question_dispute_postmarked_by"]
    )
    assert end_of_next_month(test_day) == date.fromisoformat(case["refund_paid_by"])


@pytest.mark.parametrize(
    ("day", "this_end", "next_end"),
    [
        (date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 31)),
        (date(2024, 1, 31), date(2024, 1, 31), date(2024, 2, 29)),
        (date(2023, 12, 31), date(2023, 12, 31), date(2024, 1, 31)),
    ],
)
def test_month_ends_know_leap_years_and_new_year(day, this_end, next_end):
    assert (month_end(day), end_of_next_month(day)) == (this_end, next_end)
