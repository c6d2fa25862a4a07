"""From marks and sheets to published results and certificates, against a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import InvalidValue, NotFound, Refused
from app.exams.choices import Level
from app.exams.queries import get_round
from app.registration.models import Absence, Registration
from app.registration.states import CancelReason, FormState
from app.results import queries, services
from app.results.grading import Outcome
from app.results.models import Certificate, Result, Score
from tests.factories.registrations import NATIONAL_1, NATIONAL_2
from tests.factories.results import (
    ABSENT,
    AFTER_TEST,
    BASIC_ONLY,
    FAILS,
    PASSES,
    PLAN,
    enter_scores,
    filled_sheet,
    make_published,
    make_seated,
    set_marks,
)

At = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("app")


def result_of(registration: Registration) -> Result:
    return db.session.get_one(Result, registration.id)


def certificates() -> list[tuple[str, Level, bool]]:
    rows = db.session.scalars(sa.select(Certificate).order_by(Certificate.number))
    return [(row.number, row.level, row.revoked_at is None) for row in rows]


@pytest.mark.requirement("R058", "Q14")
def test_a_round_without_marks_takes_no_scores_and_is_not_published(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(AFTER_TEST)

    with pytest.raises(Refused, match="請先設定"):
        enter_scores({candidate: PASSES})
    with pytest.raises(Refused, match="還沒有設定"):
        services.publish_results(NATIONAL_1, actor=SYSTEM)


def test_the_basic_level_alone_without_marks_keeps_the_round_from_being_published(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    set_marks(plan=replace(PLAN, marks={Level.ELEMENTARY: PLAN.marks[Level.ELEMENTARY]}))
    at(AFTER_TEST)
    enter_scores({candidate: PASSES})

    with pytest.raises(Refused, match="基礎級"):
        services.publish_results(NATIONAL_1, actor=SYSTEM)


def test_each_row_of_a_sheet_becomes_scores(at: At) -> None:
    first, second, third = make_seated("徐玉蘭", "黃𠊎堃", "彭秀英")
    set_marks()
    at(AFTER_TEST)

    stored = enter_scores({first: PASSES, second: ABSENT})

    report = stored.report
    assert (report["new"], report["blank"], report["refused"]) == (2, 1, [])
    assert db.session.get_one(Score, first.id).parts.total == 805
    assert db.session.get_one(Score, second.id).attended is False
    assert db.session.get(Score, third.id) is None


def test_the_same_sheet_once_more_changes_nothing(at: At) -> None:
    first, second = make_seated("徐玉蘭", "黃𠊎堃")
    set_marks()
    at(AFTER_TEST)
    enter_scores({first: PASSES, second: ABSENT})

    report = enter_scores({first: PASSES, second: ABSENT}).report

    assert (report["new"], report["changed"], report["unchanged"]) == (0, 0, 2)


def test_a_changed_score_is_on_record_with_what_it_replaces(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    set_marks()
    at(AFTER_TEST)
    enter_scores({candidate: PASSES})

    enter_scores({candidate: ("到考", 30, 35, 15, "D11")})

    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "score.change")).one()
    assert entry.details == {"old": [300, 355, 150, []], "new": [300, 350, 150, ["D11"]]}


@pytest.mark.requirement("R043")
def test_an_absence_is_recorded_for_the_rule_and_taken_back_when_it_was_a_mistake(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    set_marks()
    at(AFTER_TEST)

    enter_scores({candidate: ABSENT})
    assert db.session.scalars(sa.select(Absence)).one().registration_id == candidate.id

    enter_scores({candidate: PASSES})
    assert db.session.scalars(sa.select(Absence)).all() == []


def test_the_sheet_of_another_round_is_not_taken(at: At) -> None:
    make_seated("徐玉蘭")
    set_marks()
    at(AFTER_TEST)

    with pytest.raises(InvalidValue, match="另一個梯次"):
        services.import_scores(NATIONAL_1, "x.xlsx", filled_sheet({}, round_code=NATIONAL_2), actor=SYSTEM)


def test_publishing_waits_until_nobody_is_missing(at: At) -> None:
    first, second = make_seated("徐玉蘭", "黃𠊎堃")
    set_marks()
    at(AFTER_TEST)
    enter_scores({first: PASSES})

    with pytest.raises(Refused, match="還有 1 位考生沒有成績"):
        services.publish_results(NATIONAL_1, actor=SYSTEM)

    with transaction():
        second.form_state, second.cancel_reason = FormState.CANCELLED, CancelReason.WITHDRAWN
    services.publish_results(NATIONAL_1, actor=SYSTEM)

    assert result_of(first).level == Level.ELEMENTARY


@pytest.mark.requirement("R060")
def test_everybody_is_graded_and_the_higher_level_is_certified_once() -> None:
    people = make_published({"徐玉蘭": PASSES, "黃𠊎堃": BASIC_ONLY, "彭秀英": FAILS, "鍾美珍": ABSENT})

    assert [(result_of(each).outcome, result_of(each).level) for each in people] == [
        (Outcome.PASSED, Level.ELEMENTARY),
        (Outcome.PASSED, Level.BASIC),
        (Outcome.NOT_PASSED, None),
        (Outcome.ABSENT, None),
    ]
    assert certificates() == [
        ("112B000001", Level.BASIC, True),
        ("112E000001", Level.ELEMENTARY, True),
    ]


def test_the_preview_counts_what_publishing_then_does(at: At) -> None:
    first, second = make_seated("徐玉蘭", "黃𠊎堃")
    set_marks()
    at(AFTER_TEST)
    enter_scores({first: PASSES, second: ABSENT})

    before = services.preview(get_round(NATIONAL_1))
    published = services.publish_results(NATIONAL_1, actor=SYSTEM)

    assert before == published
    assert (published.passed[Level.ELEMENTARY], published.absent, published.new) == (1, 1, 2)


def test_publishing_twice_makes_nothing_new(at: At) -> None:
    make_published({"徐玉蘭": PASSES})
    at(AFTER_TEST)

    counts = services.publish_results(NATIONAL_1, actor=SYSTEM)

    assert (counts.new, counts.corrected) == (0, 0)
    assert certificates() == [("112E000001", Level.ELEMENTARY, True)]


def test_once_published_the_marks_stand() -> None:
    make_published({"徐玉蘭": PASSES})

    with pytest.raises(Refused, match="通過標準不能再改"):
        set_marks()


def test_a_corrected_score_shows_as_a_new_version_when_it_is_published_again(at: At) -> None:
    first, second = make_published({"徐玉蘭": BASIC_ONLY, "黃𠊎堃": PASSES})
    at("2023-11-20 10:00")
    enter_scores({first: PASSES})
    assert (result_of(first).version, result_of(first).level) == (1, Level.BASIC)

    counts = services.publish_results(NATIONAL_1, actor=SYSTEM)

    assert (counts.new, counts.corrected) == (0, 1)
    assert (result_of(first).version, result_of(first).level) == (2, Level.ELEMENTARY)
    assert result_of(second).version == 1
    assert certificates() == [
        ("112B000001", Level.BASIC, False),
        ("112E000001", Level.ELEMENTARY, True),
        ("112E000002", Level.ELEMENTARY, True),
    ]


def test_whoever_has_not_passed_after_all_loses_the_certificate(at: At) -> None:
    [candidate] = make_published({"徐玉蘭": PASSES})
    at("2023-11-20 10:00")
    enter_scores({candidate: FAILS})

    services.publish_results(NATIONAL_1, actor=SYSTEM)

    assert certificates() == [("112E000001", Level.ELEMENTARY, False)]


def test_a_certificate_that_the_office_revoked_is_not_issued_again(at: At) -> None:
    make_published({"徐玉蘭": PASSES})
    at("2023-12-10 10:00")

    services.revoke_certificate("112E000001", reason="冒名頂替", actor=SYSTEM)
    services.publish_results(NATIONAL_1, actor=SYSTEM)

    assert certificates() == [("112E000001", Level.ELEMENTARY, False)]
    with pytest.raises(Refused, match="已經撤銷"):
        services.revoke_certificate("112E000001", reason="再一次", actor=SYSTEM)
    with pytest.raises(NotFound):
        services.revoke_certificate("112E999999", reason="沒有", actor=SYSTEM)


def test_the_desk_counts_per_area() -> None:
    make_published({"徐玉蘭": PASSES, "黃𠊎堃": ABSENT})

    [area] = queries.area_scores(get_round(NATIONAL_1))

    assert (area.area, area.seated, area.entered, area.absent, area.passed) == ("苗栗", 2, 2, 1, 1)
