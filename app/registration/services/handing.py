"""A registration goes over to another account: by itself out of a group, or with its group to a new leader.

The groups room decides who may do this, and when; it calls from inside its own transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.core import audit
from app.core.actors import Actor
from app.core.db import transaction
from app.exams.models import PlaceHold
from app.registration import queries
from app.registration.choices import MailTo
from app.registration.models import Registration
from app.registration.services import persons
from app.registration.states import FormState


def make_individual(
    registration: Registration,
    account: Account,
    *,
    hold: PlaceHold | None,
    email: str | None,
    on_bill: bool,
    actor: Actor,
) -> None:
    """Let a group's member go on alone, of an account of their own; state, review and seat stay.

    Post that went to the leader goes to the own address from now on (R244).

    :param hold: the place, as it leaves the group with its member; None: the group held none
    :param email: where mail goes instead of the leader's address; None: the member has an own address
    :param on_bill: whether a fee was paid with the group's bill; otherwise the bill is none of theirs
    :raises AlreadyRegistered: when the account has made a draft of this person at the same moment
    """
    with transaction() as session:
        registration.in_group = False
        registration.account_id = account.id
        registration.hold = hold
        registration.materials_to = registration.ticket_to = registration.score_to = MailTo.SELF
        if email is not None:
            registration.email = email
        if not on_bill:
            registration.order = None
        persons.write_changes(session)
        audit.record("registration.leave_group", registration, actor, on_bill=on_bill)


def hand_over(
    registrations: Sequence[Registration],
    account_id: int,
    changes: Mapping[int, Mapping[str, Any]],
    *,
    actor: Actor,
) -> None:
    """Let registrations be another account's, and bring up to date what they have from the old one's owner.

    :param changes: new values by the registration's id; who is not there keeps all
    :raises AlreadyRegistered: when the account has made a draft of one of them at the same moment
    """
    with transaction() as session:
        for registration in registrations:
            registration.account_id = account_id
            changed = changes.get(registration.id, {})
            for name, value in changed.items():
                setattr(registration, name, value)
            if changed:
                audit.record("registration.follow_leader", registration, actor, fields=sorted(changed))
        persons.write_changes(session)


def count_own_drafts(
    session: Session, registrations: Sequence[Registration], account_id: int, *, now: datetime
) -> int:
    """Return of how many of these persons an account has a live draft that excludes them; drafts that have
    lapsed are ended first.
    """
    if not registrations:
        return 0
    exam_round = registrations[0].exam_round
    asking = {each.id for each in registrations}
    blinds = [each.id_blind for each in registrations]
    others = queries.list_live_of_persons(
        session, blinds, exam_round, national_year=persons.national_year_of(exam_round), account_id=account_id
    )
    own = [
        other
        for other in others
        if other.id not in asking
        and other.account_id == account_id
        and other.form_state == FormState.DRAFT
        and not persons.end_if_lapsed(other, now)
    ]
    session.flush()
    return len({other.id_blind for other in own})
