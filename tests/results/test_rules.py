"""When results are graded, published and seen: both sides of each boundary."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app.config import ROOT
from app.exams.choices import Level
from app.exams.queries import get_round
from app.results.rules import (
    check_can_publish,
    check_certificate_open,
    check_marks_set,
    check_result_open,
)
from app.tickets.rules import check_ticket_open
from tests.conftest import taipei

BOTH = (Level.BASIC, Level.ELEMENTARY)
OPENS = taipei("2023-11-17 09:00:00")  # Friday
SET = check_marks_set(BOTH, set(BOTH))


@pytest.mark.requirement("R058", "Q14")
@pytest.mark.parametrize(
    ("levels", "marked", "allowed"),
    [
        (BOTH, set(BOTH), True),
        (BOTH, {Level.ELEMENTARY}, False),
        (BOTH, set(), False),
        ((Level.ELEMENTARY,), {Level.ELEMENTARY}, True),
        ((Level.ELEMENTARY,), {Level.BASIC}, False),
    ],
)
def test_nothing_is_graded_before_every_level_has_its_marks(levels, marked, allowed: bool) -> None:
    assert bool(check_marks_set(levels, marked)) is allowed


def test_the_refusal_names_the_level_without_marks() -> None:
    assert "基礎級" in str(check_marks_set(BOTH, {Level.ELEMENTARY}).reason)


@pytest.mark.parametrize(
    ("today", "seated", "entered", "allowed"),
    [
        (date(2023, 9, 2), 3, 3, False),  # the day of the test
        (date(2023, 9, 3), 3, 3, True),
        (date(2023, 9, 3), 3, 2, False),
        (date(2023, 9, 3), 0, 0, False),
    ],
)
def test_a_round_is_published_when_it_is_over_and_nobody_is_missing(
    today: date, seated: int, entered: int, allowed: bool
) -> None:
    decision = check_can_publish(SET, test_on=date(2023, 9, 2), seated=seated, entered=entered, today=today)

    assert bool(decision) is allowed


@pytest.mark.requirement("R151")
@pytest.mark.parametrize(
    ("now", "published", "allowed"),
    [
        ("2023-11-17 08:59:59", True, False),
        ("2023-11-17 09:00:00", True, True),
        ("2023-11-17 09:00:00", False, False),
        ("2023-11-16 23:59:59", False, False),
    ],
)
def test_results_open_at_nine_if_they_are_published(now: str, published: bool, allowed: bool) -> None:
    assert bool(check_result_open(published=published, opens_at=OPENS, now=taipei(now))) is allowed


@pytest.mark.parametrize(
    ("now", "passed", "in_force", "allowed"),
    [
        ("2023-12-07 23:59:59", True, True, False),
        ("2023-12-08 00:00:00", True, True, True),
        ("2023-12-08 00:00:00", True, False, False),  # revoked
        ("2023-12-08 00:00:00", False, False, False),
    ],
)
def test_a_certificate_is_had_from_its_day_by_whoever_passed(
    now: str, passed: bool, in_force: bool, allowed: bool
) -> None:
    result = check_result_open(published=True, opens_at=OPENS, now=taipei(now))

    decision = check_certificate_open(
        result, passed=passed, in_force=in_force, opens_on=date(2023, 12, 8), now=taipei(now)
    )

    assert bool(decision) is allowed


MULTI = [
    each
    for each in json.loads((ROOT / "data" / "brochure_112.json").read_text(encoding="utf-8"))["rounds"]
    if each["kind"] == "multi"
]


@pytest.mark.requirement("R034", "R134", "Q7")
@pytest.mark.parametrize("printed", MULTI, ids=lambda printed: printed["id"])
def test_what_a_multi_round_hands_out_opens_on_the_tables_days(app: Flask, printed: dict[str, Any]) -> None:
    each = get_round(printed["id"])
    certificate = {"passed": True, "in_force": True, "opens_on": each.certificate_from}
    opened = check_result_open(published=True, opens_at=each.score_opens_at, now=each.score_opens_at)

    def is_open(what: str, now: str) -> bool:
        if what == "ticket":
            return bool(check_ticket_open(each.ticket_opens_at, taipei(now)))
        if what == "score":
            return bool(check_result_open(published=True, opens_at=each.score_opens_at, now=taipei(now)))
        return bool(check_certificate_open(opened, now=taipei(now), **certificate))

    days = {"ticket": printed["ticket"]["from"], "score": printed["score"]["from"]}
    for what, day in days.items():
        assert [is_open(what, f"{day} {time}") for time in ("08:59:59", "09:00:00")] == [False, True], what
    day = date.fromisoformat(printed["certificate_from"])
    assert not is_open("certificate", f"{day - timedelta(days=1)} 23:59:59")
    assert is_open("certificate", f"{day} 00:00")
