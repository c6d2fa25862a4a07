"""What the site puts on record reaches the score sheet, and no result is published without it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from openpyxl import load_workbook

from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from app.core.errors import IllegalTransition, InvalidValue, Refused
from app.examday import queries, services
from app.examday.states import IncidentKind
from app.exams.queries import get_round
from app.registration.models import Registration
from app.results import queries as results
from app.results.models import Result
from app.results.score_columns import SCORES_SHEET
from app.results.score_template import build_score_sheet
from app.results.services import publish_results
from tests.factories.examday import BELL, TOO_LATE, check_in, close_room_of, record
from tests.factories.registrations import NATIONAL_1
from tests.factories.results import (
    AFTER_TEST,
    PASSES,
    enter_scores,
    make_seated,
    number_of,
    set_marks,
)

At = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("app")


def prepared(registration: Registration) -> tuple[str | None, str | None]:
    """Return what stands under attendance and codes in the row of a candidate."""
    exam_round = get_round(NATIONAL_1)
    lines = results.list_score_lines(exam_round, clock.now())
    content = build_score_sheet(NATIONAL_1, lines, results.incidents_of(exam_round))
    rows = load_workbook(io.BytesIO(content))[SCORES_SHEET].iter_rows(values_only=True)
    found = {row[0]: (row[4], row[8]) for row in rows}
    return found[number_of(registration)]


@pytest.mark.requirement("R043")
def test_who_was_absent_is_absent_in_the_prepared_sheet(at: At) -> None:
    came, missing = make_seated("徐玉蘭", "黃信雄")
    at(BELL)
    check_in(came)
    at(TOO_LATE)
    close_room_of(came)

    assert prepared(came) == (None, None)
    assert prepared(missing) == ("缺考", None)


@pytest.mark.requirement("R182")
def test_a_task_left_open_is_a_zero_once_the_day_is_over(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    check_in(candidate, None)

    at("2023-09-02 23:59:59")
    assert prepared(candidate) == (None, None)
    at("2023-09-03 00:00:00")
    assert prepared(candidate) == (None, "Z2")


@pytest.mark.requirement("R182", "R184")
def test_a_score_without_the_codes_of_the_site_is_refused_and_with_them_counts(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    set_marks()
    at(BELL)
    check_in(candidate, None)
    record(candidate, code="D11")
    at(AFTER_TEST)

    without = enter_scores({candidate: PASSES})
    entered = enter_scores({candidate: (*PASSES[:4], "D11、Z2")})
    publish_results(NATIONAL_1, actor=SYSTEM)

    assert [each["column"] for each in without.report["refused"]] == ["違規代碼"]
    assert entered.report["refused"] == []
    assert db.session.get_one(Result, candidate.id).total == 0


@pytest.mark.requirement("R189")
def test_what_the_committee_decides_after_the_scores_came_in_keeps_the_round_from_being_published(
    at: At,
) -> None:
    [candidate] = make_seated("徐玉蘭")
    set_marks()
    at(BELL)
    check_in(candidate)
    report = record(candidate, IncidentKind.COMMITTEE)
    at(AFTER_TEST)
    enter_scores({candidate: PASSES})

    services.decide_incident(report.public_id, points=5, decision="第 5 次會議", actor=SYSTEM)

    with pytest.raises(Refused, match="少了試區登錄的違規代碼"):
        publish_results(NATIONAL_1, actor=SYSTEM)
    enter_scores({candidate: (*PASSES[:4], "C5")})
    publish_results(NATIONAL_1, actor=SYSTEM)
    assert db.session.get_one(Result, candidate.id).total == 755


@pytest.mark.requirement("R189")
def test_until_the_committee_has_decided_nothing_is_taken_off_and_the_desk_counts_it(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    report = record(candidate, IncidentKind.COMMITTEE)
    round_id = candidate.round_id

    assert (prepared(candidate), queries.count_undecided(round_id)) == ((None, None), 1)
    services.decide_incident(report.public_id, points=None, decision="第 5 次會議", actor=SYSTEM)
    assert (prepared(candidate), queries.count_undecided(round_id)) == ((None, "CZ"), 0)


def test_an_incident_typed_by_mistake_is_taken_back(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    report = record(candidate, code="M1")

    services.withdraw_incident(report.public_id, reason="看錯座號", actor=SYSTEM)

    assert prepared(candidate) == (None, None)
    with pytest.raises(IllegalTransition):
        services.decide_incident(report.public_id, points=1, decision="…", actor=SYSTEM)


@pytest.mark.parametrize("code", ["Z2", "CZ", "C5", "D11、D12", "", "XX"])
def test_only_one_code_that_is_typed_at_the_site_is_taken(at: At, code: str) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)

    with pytest.raises(InvalidValue):
        record(candidate, code=code)
