"""Submitting: the form closes for good, the fee is decided and its order opened."""

from __future__ import annotations

from datetime import datetime

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.exams.places import hold_until, take_places
from app.exams.rules import check_registration_open
from app.payments.fees import Fee
from app.payments.models import Order
from app.payments.services import OrderLineSpec, open_order
from app.payments.words import fee_title
from app.registration import mails, queries, rules
from app.registration.fees import fee_of
from app.registration.models import Registration
from app.registration.services import persons
from app.registration.services.carry_overs import use_carry_overs
from app.registration.states import FormEvent, FormState, next_form_state


def submit_registration(public_id: str, account_id: int, *, actor: Actor) -> Registration:
    """Submit a draft; nothing in it can be changed afterwards (捌、二、(五)1; R067, R069, R208).

    The fee follows from the birth date (R080). When something is due an order is opened whose first day
    is today; when nothing is, the registration is complete (R079). The place is held until an unpaid
    order's payment could no longer be reported. Submitting what is submitted already changes nothing.

    :raises NotFound: when the account has no such registration
    :raises Refused: when registration is closed, or the draft has lapsed or been cancelled
    :raises AlreadyRegistered: when the person has been registered meanwhile; who submits first has it
    :raises OfferingFull: when the area has no place left
    """
    with persons.foreign_numbers_counted(account_id, actor=actor), transaction() as session:
        registration = queries.get_registration_for_update(session, public_id, account_id)
        if registration.form_state == FormState.SUBMITTED:
            return registration
        now = clock.now()
        _check_can_submit(registration, now)
        persons.check_submittable(session, registration, now=now)
        fee = fee_of(registration)
        mark_submitted(registration, fee, now=now)
        # Before the place is taken, as groups do: two who want the same person never deadlock.
        persons.write_changes(session)
        use_carry_overs([registration], [fee], actor=actor)
        if not fee.exempt:
            registration.order = _open_order(registration, fee, now=now, actor=actor)
        _hold_place(registration)
        audit.record(
            "registration.submit",
            registration,
            actor,
            round=registration.exam_round.code,
            area=registration.offering.area,
            fee_twd=fee.amount_twd,
            clause=fee.clause,
        )
        session.flush()
        mails.tell_submitted(registration)
    return registration


def mark_submitted(registration: Registration, fee: Fee, *, now: datetime) -> None:
    """Close the form and fix the fee, inside the open unit of work."""
    registration.form_state = next_form_state(registration.form_state, FormEvent.SUBMIT)
    registration.submitted_at = now
    registration.fee_twd = fee.amount_twd


def keep_places_of(order: Order, *, actor: Actor) -> None:
    """Keep for good the places of the individual registrations that an order has paid for.

    Called inside the payment's transaction. A payment made in time but reported late keeps its place
    even when the hold had run out meanwhile.
    """
    with transaction() as session:
        for registration in queries.list_by_order(session, order.id):
            if registration.hold is not None and not registration.in_group:
                hold_until(registration.hold, None)
                audit.record("registration.keep_place", registration, actor)


def _check_can_submit(registration: Registration, now: datetime) -> None:
    exam_round = registration.exam_round
    rules.check_can_change(
        registration.form_state, queries.find_lapse_of(registration, now)
    ).raise_if_refused()
    check_registration_open(
        exam_round.registration_opens_on, exam_round.registration_closes_on, clock.taipei_day(now)
    ).raise_if_refused()


def _open_order(registration: Registration, fee: Fee, *, now: datetime, actor: Actor) -> Order:
    exam_round = registration.exam_round
    title = fee_title(exam_round.name)
    return open_order(
        account_id=registration.account_id,
        title=title,
        page_path=f"/registrations/{registration.public_id}/pay",
        lines=[OrderLineSpec(title, 1, fee.amount_twd)],
        submitted_on=clock.taipei_day(now),
        days_allowed=exam_round.payment_days,
        methods=exam_round.payment_methods,
        actor=actor,
    )


def _hold_place(registration: Registration) -> None:
    until_at = None if registration.order is None else rules.kept_until(registration.order.last_day)
    if registration.hold is None:
        registration.hold = take_places(registration.offering.id, 1, until_at=until_at)
    else:
        hold_until(registration.hold, until_at)
