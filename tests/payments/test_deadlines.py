from datetime import UTC, date, datetime, timedelta

import pytest

from app.core.clock import TAIPEI
from app.payments.deadlines import (
    PaymentDeadline,
    days_left,
    passes_close,
    payment_deadline,
    same_day_limit,
)
from tests.vectors import TAIWAN

NATIONAL, MULTI = 7, 3


def days_allowed(kind: str) -> int:
    return NATIONAL if kind.startswith("national") else MULTI


@pytest.mark.requirement("R085", "R086", "Q5")
@pytest.mark.parametrize(
    ("submitted_on", "days", "last_day"),
    [
        pytest.param(date(2023, 5, 1), NATIONAL, date(2023, 5, 7), id="brochure: national"),
        pytest.param(date(2023, 5, 1), MULTI, date(2023, 5, 3), id="brochure: multi"),
        pytest.param(date(2023, 5, 1), 1, date(2023, 5, 1), id="one day is the day itself"),
        *(
            pytest.param(
                date.fromisoformat(case["day_one"]),
                days_allowed(case["kind"]),
                date.fromisoformat(case["deadline"][:10]),
                id=f"{case['kind']} {case['day_one']}",
            )
            for case in TAIWAN["payment_deadline"]["cases"]
        ),
    ],
)
def test_day_of_submission_is_day_one_and_holidays_count(submitted_on, days, last_day):
    deadline = payment_deadline(submitted_on, days)

    assert deadline == PaymentDeadline(last_day, "捌、二、(四)5")


@pytest.mark.parametrize("days", [0, -1])
def test_a_term_without_days_is_a_mistake_of_the_caller(days):
    with pytest.raises(ValueError, match="at least one day"):
        payment_deadline(date(2023, 5, 1), days)


@pytest.mark.requirement("R085", "R086")
@pytest.mark.parametrize("case", TAIWAN["payment_deadline"]["edge_instants"], ids=lambda case: case["paid"])
def test_payment_is_in_time_until_the_last_day_is_over_in_taipei(case):
    submitted = datetime.fromisoformat(case["submitted"])
    deadline = payment_deadline(submitted.astimezone(TAIPEI).date(), days_allowed(case["kind"]))

    assert deadline.is_open_at(datetime.fromisoformat(case["paid"])) is case["in_time"]


def test_last_microsecond_is_in_time_and_the_next_is_late():
    deadline = payment_deadline(date(2023, 5, 1), NATIONAL)
    late = datetime(2023, 5, 7, 16, tzinfo=UTC)

    assert deadline.ends_at == late
    assert deadline.is_open_at(late - timedelta(microseconds=1))
    assert not deadline.is_open_at(late)


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2023, 5, 4), 3),
        (date(2023, 5, 6), 1),
        (date(2023, 5, 7), 0),
        (date(2023, 5, 8), -1),
    ],
)
def test_days_left_are_counted_after_today(today, left):
    assert days_left(payment_deadline(date(2023, 5, 1), NATIONAL), today) == left


@pytest.mark.requirement("Q8")
@pytest.mark.parametrize(
    ("submitted_on", "passes"),
    [
        (date(2023, 6, 3), False),  # payable until 9 June, the day registration closes
        (date(2023, 6, 4), True),
        (date(2023, 6, 9), True),
    ],
)
def test_deadline_is_not_cut_by_the_close_of_registration_but_can_be_told_apart(submitted_on, passes):
    closes_on = date(2023, 6, 9)

    deadline = payment_deadline(submitted_on, NATIONAL)

    assert deadline.last_day == submitted_on + timedelta(days=6)
    assert passes_close(deadline, closes_on) is passes


@pytest.mark.parametrize("case", TAIWAN["same_day_submission"]["cases"], ids=lambda case: case["chosen"])
def test_a_chosen_round_is_kept_until_the_end_of_the_taipei_day(case):
    limit = same_day_limit(datetime.fromisoformat(case["chosen"]))

    assert (datetime.fromisoformat(case["submitted"]) < limit) is case["kept"]
