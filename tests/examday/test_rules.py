"""Who is let in until when, and what follows; a session whose bell rings at 09:00 on Saturday 112-09-02."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.examday.incidents import committee_code, missing_codes
from app.examday.rules import (
    check_can_close,
    check_can_record,
    check_can_reissue,
    check_can_report,
    check_entry_begun,
    check_resit_time,
    is_too_late,
    task_costs_score,
)
from app.examday.states import AttendanceState
from tests.conftest import taipei

BELL = taipei("2023-09-02 09:00")


@pytest.mark.requirement("R180")
@pytest.mark.parametrize(
    ("now", "begun", "late"),
    [
        ("2023-09-02 08:59:59", False, False),
        ("2023-09-02 09:00:00", True, False),
        ("2023-09-02 09:10:00", True, False),
        ("2023-09-02 09:10:01", True, True),
    ],
)
def test_people_come_in_from_the_bell_until_ten_minutes_after_it(now: str, begun: bool, late: bool) -> None:
    assert bool(check_entry_begun(BELL, taipei(now))) is begun
    assert is_too_late(BELL, taipei(now)) is late
    assert bool(check_can_close(BELL, taipei(now))) is late


@pytest.mark.requirement("R182")
@pytest.mark.parametrize(("now", "zero"), [("2023-09-02 23:59:59", False), ("2023-09-03 00:00:00", True)])
def test_an_open_task_costs_the_score_when_its_day_is_over(now: str, zero: bool) -> None:
    assert task_costs_score(date(2023, 9, 2), taipei(now)) is zero


@pytest.mark.requirement("R138", "R139", "R182")
@pytest.mark.parametrize(
    ("now", "owed", "allowed"),
    [
        ("2023-09-01 23:59:59", False, False),
        ("2023-09-02 00:00:00", False, True),
        ("2023-09-02 08:59:59", False, True),
        ("2023-09-02 09:00:00", False, False),
        ("2023-09-02 09:45:00", True, True),
        ("2023-09-02 23:59:59", True, True),
        ("2023-09-03 00:00:00", True, False),
    ],
)
def test_a_ticket_is_issued_again_on_the_day_before_the_entry_time(
    now: str, owed: bool, allowed: bool
) -> None:
    assert bool(check_can_reissue(BELL, taipei(now), owed=owed)) is allowed


@pytest.mark.requirement("R137")
@pytest.mark.parametrize(
    ("now", "seated", "allowed"),
    [
        ("2023-08-11 08:59:59", True, False),
        ("2023-08-11 09:00:00", True, True),
        ("2023-08-11 09:00:00", False, False),
        ("2023-08-18 23:59:59", True, True),
        ("2023-08-19 00:00:00", True, False),
    ],
)
def test_an_error_is_reported_within_seven_days_of_the_tickets(now: str, seated: bool, allowed: bool) -> None:
    decision = check_can_report(
        opens_at=taipei("2023-08-11 09:00"), last_day=date(2023, 8, 18), seated=seated, now=taipei(now)
    )

    assert bool(decision) is allowed


@pytest.mark.parametrize(
    ("minutes", "state", "allowed"),
    [
        (-1, None, False),
        (0, None, True),
        (20, AttendanceState.PRESENT, True),
        (20, AttendanceState.ABSENT, False),
        (20, AttendanceState.LATE, False),
    ],
)
def test_an_incident_is_about_somebody_who_may_have_been_in_the_room(
    minutes: int, state: AttendanceState | None, allowed: bool
) -> None:
    assert bool(check_can_record(BELL, BELL + timedelta(minutes=minutes), state)) is allowed


@pytest.mark.requirement("R175")
def test_somebody_sits_again_in_a_session_that_has_not_begun() -> None:
    assert check_resit_time(BELL, BELL - timedelta(seconds=1))
    assert not check_resit_time(BELL, BELL)


@pytest.mark.requirement("R189")
@pytest.mark.parametrize(("points", "code"), [(0, "C0"), (2, "C2"), (100, "C100"), (None, "CZ")])
def test_what_the_committee_decides_is_a_code(points: int | None, code: str) -> None:
    assert committee_code(points) == code


@pytest.mark.parametrize("points", [-1, 101])
def test_more_points_than_there_are_cannot_be_taken(points: int) -> None:
    with pytest.raises(ValueError, match="no such number"):
        committee_code(points)


def test_a_code_that_happened_twice_stands_twice() -> None:
    assert missing_codes(["D11", "D11", "Z2"], ["D11"]) == ("D11", "Z2")
