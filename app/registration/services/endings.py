"""How a registration ends: withdrawn by the candidate, or by the clock because it was left lying."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime

from app.accounts.models import Account
from app.core import audit, clock
from app.core.actors import SYSTEM, Actor
from app.core.db import db, transaction
from app.core.decisions import Decision
from app.core.errors import Refused
from app.exams.places import release_places
from app.exams.rules import check_registration_open
from app.payments.services import cancel_order
from app.registration import mails, queries, rules
from app.registration.models import Registration
from app.registration.states import BY_THE_CLOCK, CancelReason, FormEvent, FormState, next_form_state


def cancel_registration(public_id: str, account_id: int, *, actor: Actor) -> Registration:
    """Withdraw a registration at the candidate's wish; its place goes back at once.

    Cancelling what is cancelled already changes nothing.

    :raises NotFound: when the account has no such registration
    :raises Refused: when it is paid (refund procedure, 玖), a group member's, or free and registration closed
    """
    with transaction() as session:
        registration = queries.get_registration_for_update(session, public_id, account_id)
        if registration.form_state == FormState.CANCELLED:
            return registration
        now = clock.now()
        check_can_cancel(registration, now).raise_if_refused()
        end_registration(registration, CancelReason.WITHDRAWN, now=now, actor=actor)
    return registration


def cancel_lapsed_registrations() -> int:
    """End the individual registrations whose time has run out and return how many (R064, R088).

    The candidates are told by mail. Nothing depends on it being run: what has lapsed holds no place
    and keeps nobody out.
    """
    now = clock.now()
    ended = 0
    for public_id, account_id in queries.list_lapse_candidates(now):
        # One that was paid at this very moment stays, and must not keep the others waiting.
        with contextlib.suppress(Refused):
            ended += _cancel_if_lapsed(public_id, account_id, now=now)
    return ended


def end_refunded(public_ids: Sequence[str], *, actor: Actor) -> None:
    """End the registrations whose fee goes back, inside the transaction that grants it (玖).

    The order stays: it has been paid. A group keeps its places, which belong to all of it.
    """
    with transaction() as session:
        now = clock.now()
        for registration in queries.list_for_update(session, public_ids):
            if registration.form_state != FormState.CANCELLED:
                end_registration(registration, CancelReason.REFUNDED, now=now, actor=actor)


def check_can_cancel(registration: Registration, now: datetime) -> Decision:
    """Decide whether the candidate can withdraw now."""
    exam_round, order = registration.exam_round, registration.order
    is_open = check_registration_open(
        exam_round.registration_opens_on, exam_round.registration_closes_on, clock.taipei_day(now)
    )
    return rules.check_can_cancel(
        registration.form_state,
        in_group=registration.in_group,
        has_receipts=order is not None and order.applied_twd > 0,
        owes=registration.unpaid_last_day is not None,
        registration_open=is_open.allowed,
    )


def end_registration(
    registration: Registration, reason: CancelReason, *, now: datetime, actor: Actor
) -> None:
    """Cancel inside the open unit of work: the place and the order go with it, and it is on record.

    A group's order is the group's to cancel. Who did not do it personally is told by mail.

    :raises Refused: when it has been paid meanwhile; nothing is changed then
    """
    state = next_form_state(registration.form_state, FormEvent.CANCEL)
    # The order first: a payment that arrives now locks it, and then the place, in that order too.
    # One that was paid stays: its money is not swallowed, it is the refund procedure's (玖).
    if registration.order is not None and not registration.in_group and not registration.order.is_paid:
        cancel_order(registration.order, actor=actor)
    registration.form_state = state
    registration.cancelled_at = now
    registration.cancel_reason = reason
    if registration.hold is not None and (
        registration.hold.until_at is None or registration.hold.until_at > now
    ):
        release_places(registration.hold)
    audit.record("registration.cancel", registration, actor, reason=reason.value)
    if reason == CancelReason.NOT_CORRECTED or (reason in BY_THE_CLOCK and not registration.in_group):
        leader = db.session.get_one(Account, registration.account_id) if registration.in_group else None
        leader_email = leader.email if leader else None
        mails.tell_lapsed(registration, reason, today=clock.taipei_day(now), leader_email=leader_email)


def _cancel_if_lapsed(public_id: str, account_id: int, *, now: datetime) -> bool:
    with transaction() as session:
        registration = queries.get_registration_for_update(session, public_id, account_id)
        lapse = queries.find_lapse_of(registration, now)
        if lapse is None:
            return False
        end_registration(registration, lapse, now=now, actor=SYSTEM)
    return True
