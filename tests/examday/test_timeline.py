"""What the candidate's status page says of the day itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.own_data import gather
from app.core import clock
from app.core.actors import SYSTEM
from app.examday import services
from app.examday.states import IncidentKind
from app.examday.timeline import facts_of
from app.registration.models import Registration
from tests.conftest import taipei
from tests.factories.examday import AFTER_SESSION, BELL, TOO_LATE, account_of, check_in, close_room_of, record
from tests.factories.results import make_seated

At = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("app")


def said(registration: Registration) -> str | None:
    with_context = facts_of(registration, clock.now())
    return next((str(fact.label) for fact in with_context if fact.key == "test"), None)


def test_the_day_is_told_once_somebody_has_said_who_came(app: Flask, at: At) -> None:
    came, missing, late, without = make_seated("徐玉蘭", "黃信雄", "鍾美珍", "彭秀英")
    at(BELL)
    check_in(came)
    assert said(missing) is None
    check_in(without, None)
    at(TOO_LATE)
    check_in(late)
    close_room_of(came)

    assert [said(each) for each in (came, missing, late)] == ["到考", "缺考", "逾時，視同放棄"]
    assert "補辦手續" in str(said(without))


@pytest.mark.requirement("R175")
def test_a_resit_and_next_year_are_told(app: Flask, at: At) -> None:
    first, second = make_seated("徐玉蘭", "黃信雄")
    at(BELL)
    reports = [record(each, IncidentKind.MACHINE) for each in (first, second)]
    at(AFTER_SESSION)

    services.assign_resit_at(reports[0].public_id, taipei("2023-09-09 14:00"), actor=SYSTEM)
    services.carry_over(reports[1].public_id, actor=SYSTEM)

    assert said(first) == "補考，請重新下載准考證"
    assert said(second) == "應試資格保留到 113 年度，報名免繳費"


def test_the_owner_takes_along_what_the_day_has_put_on_record(app: Flask, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    check_in(candidate)
    record(candidate, code="M1")

    kinds = {kind.name: kind.records for kind in gather(account_of(candidate))}

    assert [each["document"] for each in kinds["attendances"]] == ["national_id"]
    assert [(each["code"], each["text"]) for each in kinds["incidents"]] == [("M1", "測驗開始後發生")]
    assert kinds["ticket_reports"] == []
