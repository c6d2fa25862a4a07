"""Two who press at the same moment, on real connections with real commits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from app.core.errors import DomainError, Refused
from app.examday import services
from app.examday.documents import IdDocument
from app.examday.models import Attendance, FollowUp
from app.registration.models import CarryOver, Registration
from app.registration.services import grant_carry_over, submit_registration
from tests.conftest import taipei
from tests.factories.examday import BELL, NATIONAL_113, make_next_year
from tests.factories.registrations import make_candidate, make_draft, make_paid
from tests.factories.results import make_seated, number_of


def at_once(app: Flask, at: str, calls: list[Callable[[], object]]) -> list[object]:
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        with app.app_context():
            start.wait()
            try:
                return call()
            except DomainError as refusal:
                return refusal

    with clock.fixed(taipei(at)), ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_one_person_checked_in_by_two_is_there_once(live_app: Flask) -> None:
    with live_app.app_context():
        [candidate] = make_seated("徐玉蘭")
        number = number_of(candidate)

    def press() -> object:
        return services.check_in(number, None, has_ticket=False, actor=SYSTEM).state

    states = at_once(live_app, BELL, [press] * 4)

    with live_app.app_context():
        assert states == ["present"] * 4
        assert db.session.scalar(sa.select(sa.func.count(Attendance.id))) == 1
        assert db.session.scalar(sa.select(sa.func.count(FollowUp.id))) == 2


def test_a_check_in_and_a_closing_at_once_agree(live_app: Flask) -> None:
    with live_app.app_context():
        [candidate] = make_seated("徐玉蘭")
        number = number_of(candidate)
        where = db.session.execute(sa.text("SELECT slot_id, room_id FROM seats")).one()

    def come() -> object:
        return services.check_in(number, IdDocument.PASSPORT, has_ticket=True, actor=SYSTEM).state

    def close() -> object:
        return services.close_room(*where, actor=SYSTEM)

    came, absent = at_once(live_app, "2023-09-02 09:10:01", [come, close])

    with live_app.app_context():
        assert absent == 1
        assert db.session.scalar(sa.select(sa.func.count(Attendance.id))) == 1
        assert came == "late" or isinstance(came, Refused)


def test_a_right_kept_from_last_year_makes_one_registration_free(live_app: Flask) -> None:
    with live_app.app_context():
        paid = make_paid()
        grant_carry_over(paid, actor=SYSTEM)
        make_next_year()
        with clock.fixed(taipei("2024-05-01 09:00")):
            person = make_candidate(id_number=paid.id_number)
            drafts = [
                (each.public_id, each.account_id)
                for each in (make_draft(candidate=person, round_code=NATIONAL_113) for _ in range(3))
            ]

    def submit(public_id: str, account_id: int) -> Callable[[], object]:
        def call() -> object:
            return submit_registration(public_id, account_id, actor=SYSTEM).fee_twd

        return call

    outcomes = at_once(live_app, "2024-05-01 09:00", [submit(*each) for each in drafts])

    with live_app.app_context():
        assert outcomes.count(0) == 1
        assert db.session.scalars(sa.select(CarryOver.used_by_id)).one() is not None
        free = sa.select(sa.func.count(Registration.id)).where(Registration.fee_twd == 0)
        assert db.session.scalar(free) == 1
