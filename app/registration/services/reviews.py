"""Eligibility review by the exam centre (資格審查)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.messages import Message
from app.registration import mails, queries, rules
from app.registration.correction_models import Correction
from app.registration.models import Registration
from app.registration.states import ReviewEvent, ReviewState, next_review_state


def approve_registrations(public_ids: Collection[str], *, actor: Actor) -> int:
    """Approve complete registrations, all or none, and return how many were not approved before (R213).

    :raises NotFound: when one of them does not exist
    :raises Refused: when one of them is cancelled, or form or payment is not done
    """
    approved = 0
    with transaction() as session:
        registrations = queries.list_for_update(session, public_ids)
        if len(registrations) < len(set(public_ids)):
            raise NotFound(Message("有些報名找不到，請重新整理列表再選一次"))
        for registration in registrations:
            _check_can_review(registration)
            if registration.review_state == ReviewState.APPROVED:
                continue
            registration.review_state = next_review_state(registration.review_state, ReviewEvent.APPROVE)
            audit.record("registration.approve", registration, actor)
            approved += 1
    return approved


def return_registration(public_id: str, missing: Sequence[str], *, actor: Actor) -> Registration:
    """Return a registration for correction and tell the candidate, and a member's group leader, all that is
    missing at once (R068, S003).

    What is missing has to be made good within a week, or the registration is void.

    :param missing: what to send or correct, one sentence each; at least one
    :raises NotFound: when there is no such registration
    :raises Refused: when it is cancelled or not complete
    :raises IllegalTransition: when it is approved or returned already
    """
    _check_any(missing)
    with transaction() as session:
        found = queries.list_for_update(session, [public_id])
        if not found:
            raise NotFound(Message("找不到這份報名，請重新整理列表"))
        [registration] = found
        correction = _return(session, registration, missing, actor)
        leader = session.get_one(Account, registration.account_id) if registration.in_group else None
        mails.tell_returned(registration, correction, leader_email=leader.email if leader else None)
    return registration


def return_registrations(
    public_ids: Collection[str], missing: Sequence[str], *, actor: Actor
) -> list[Correction]:
    """Return several registrations for the same corrections, all or none, and return what was asked of each.

    Who has been asked already is left alone, so that a second press asks nobody twice. Nobody is told: that
    is the caller's, who knows to whom one letter is enough.

    :param missing: as in `return_registration`
    :raises NotFound: when one of them does not exist
    :raises Refused: when one of them is cancelled or not complete
    :raises IllegalTransition: when one of them is approved already
    """
    _check_any(missing)
    with transaction() as session:
        registrations = queries.list_for_update(session, public_ids)
        if len(registrations) < len(set(public_ids)):
            raise NotFound(Message("有些報名找不到，請重新整理列表再選一次"))
        return [
            _return(session, registration, missing, actor)
            for registration in registrations
            if registration.review_state != ReviewState.RETURNED
        ]


def _check_any(missing: Sequence[str]) -> None:
    if not missing:
        raise ValueError("a registration is returned for a reason")


def _return(session: Session, registration: Registration, missing: Sequence[str], actor: Actor) -> Correction:
    _check_can_review(registration)
    registration.review_state = next_review_state(registration.review_state, ReviewEvent.RETURN)
    now = clock.now()
    correction = Correction(
        registration=registration,
        missing=list(missing),
        asked_at=now,
        last_day=rules.correction_deadline(clock.taipei_day(now), registration.exam_round.test_on),
    )
    session.add(correction)
    audit.record("registration.return", registration, actor, missing=list(missing))
    return correction


def _check_can_review(registration: Registration) -> None:
    rules.check_can_review(registration.form_state, complete=registration.is_complete).raise_if_refused()
