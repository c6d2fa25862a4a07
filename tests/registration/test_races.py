"""Two requests at the same moment, on two connections with real commits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import NoneType
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from app.core.errors import Refused
from app.exams import queries as exams
from app.exams.models import Offering
from app.exams.places import OfferingFull
from app.groups.services import add_member, submit_group
from app.payments.models import Order
from app.payments.services import record_message
from app.payments.states import NoticeOutcome
from app.registration.models import Registration
from app.registration.services import (
    AlreadyRegistered,
    add_members,
    cancel_registration,
    save_draft,
    submit_registration,
)
from app.registration.states import FormState
from tests.factories.accounts import make_account, make_leader
from tests.factories.groups import make_group
from tests.factories.ids import make_national_id
from tests.factories.orders import make_attempt, paid_message
from tests.factories.registrations import FREE, NATIONAL_1, make_candidate, make_draft, make_submitted


def at_once(app: Flask, *calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; return what each returned or raised."""
    start, now = Barrier(len(calls)), clock.now()

    def run(call: Callable[[], Any]) -> Any:
        with app.app_context(), clock.fixed(now):
            start.wait()
            try:
                return call()
            except Exception as error:
                return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def count(condition: Any) -> int | None:
    return db.session.scalar(sa.select(sa.func.count(Registration.id)).where(condition))


@pytest.mark.requirement("R036")
def test_one_person_registered_by_two_accounts_at_once_is_registered_once(live_app: Flask) -> None:
    number = make_national_id()
    with live_app.app_context():
        drafts = [make_draft(candidate=make_candidate(id_number=number)) for _ in range(4)]
        asked = [(draft.public_id, draft.account_id) for draft in drafts]

    outcomes = at_once(
        live_app, *[lambda own=own: submit_registration(*own, actor=SYSTEM).id for own in asked]
    )

    assert sum(isinstance(outcome, AlreadyRegistered) for outcome in outcomes) == 3
    with live_app.app_context():
        assert count(Registration.form_state == FormState.SUBMITTED) == 1


def test_pressing_twice_at_once_makes_one_draft(live_app: Flask) -> None:
    with live_app.app_context():
        account_id, candidate = make_account().id, make_candidate()

    def save() -> int:
        return save_draft(account_id, NATIONAL_1, "苗栗", candidate, actor=SYSTEM).id

    outcomes = at_once(live_app, *[save] * 4)

    assert [each.same_account for each in outcomes if isinstance(each, AlreadyRegistered)] == [True] * 3
    with live_app.app_context():
        assert count(Registration.form_state == FormState.DRAFT) == 1


def test_two_groups_that_share_pupils_are_submitted_at_once_and_one_of_them_stands(live_app: Flask) -> None:
    shared = [make_candidate(birth_on=FREE) for _ in range(4)]
    with live_app.app_context():
        groups = [make_group(area=area) for area in ("臺北", "苗栗")]
        for group, pupils in zip(groups, (shared, shared[::-1]), strict=True):
            for pupil in pupils:
                add_member(group.public_id, group.account_id, pupil, actor=SYSTEM)
        asked = [(group.public_id, group.account_id) for group in groups]

    outcomes = at_once(live_app, *[lambda own=own: submit_group(*own, actor=SYSTEM).id for own in asked])

    assert {type(outcome) for outcome in outcomes} == {AlreadyRegistered, int}
    with live_app.app_context():
        assert count(Registration.form_state == FormState.SUBMITTED) == 4


def test_the_last_place_is_given_once(live_app: Flask) -> None:
    with live_app.app_context():
        db.session.execute(sa.update(Offering).where(Offering.area == "苗栗").values(capacity=1))
        db.session.commit()
        drafts = [(d.public_id, d.account_id) for d in (make_draft() for _ in range(4))]

    outcomes = at_once(
        live_app, *[lambda d=draft: submit_registration(*d, actor=SYSTEM).id for draft in drafts]
    )

    assert sum(isinstance(outcome, OfferingFull) for outcome in outcomes) == 3
    with live_app.app_context():
        assert count(Registration.form_state == FormState.SUBMITTED) == 1


def test_submitting_twice_at_once_opens_one_order(live_app: Flask) -> None:
    with live_app.app_context():
        draft = make_draft()
        public_id, account_id = draft.public_id, draft.account_id

    outcomes = at_once(
        live_app, *[lambda: submit_registration(public_id, account_id, actor=SYSTEM).order_id] * 4
    )

    assert len(set(outcomes)) == 1
    with live_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Order.id))) == 1


def test_two_sheets_of_one_leader_with_the_same_pupil_at_once_both_keep_their_others(live_app: Flask) -> None:
    shared = make_national_id()
    with live_app.app_context():
        leader = make_leader().id

    def bring_in() -> list[bool]:
        exam_round = exams.get_round(NATIONAL_1)
        offering = exams.get_offering(exam_round.id, "苗栗")
        candidates = [make_candidate(), make_candidate(id_number=shared), make_candidate()]
        outcomes = add_members(leader, exam_round, offering, candidates, actor=SYSTEM)
        return [isinstance(outcome, Registration) for outcome in outcomes]

    outcomes = at_once(live_app, bring_in, bring_in)

    assert sorted(outcomes) == [[True, False, True], [True, True, True]]
    with live_app.app_context():
        assert count(sa.true()) == 5


def test_money_that_comes_while_the_candidate_withdraws_is_never_lost(live_app: Flask) -> None:
    with live_app.app_context():
        waiting = [make_submitted() for _ in range(4)]
        asked = [(each.public_id, each.account_id) for each in waiting]
        reports = [paid_message(make_attempt(each.order)) for each in waiting]

    outcomes = at_once(
        live_app,
        *[lambda own=own: cancel_registration(*own, actor=SYSTEM) and None for own in asked],
        *[lambda body=body: record_message("ecpay", body, address=None, actor=SYSTEM) for body in reports],
    )

    assert {type(each) for each in outcomes[:4]} <= {NoneType, Refused}
    assert outcomes[4:] == [NoticeOutcome.APPLIED] * 4
    with live_app.app_context():
        for registration in db.session.scalars(sa.select(Registration)):
            order = registration.order
            assert (registration.form_state == FormState.SUBMITTED) == order.is_paid
            assert order.refundable_twd == (0 if order.is_paid else order.amount_twd)
