"""A group gets another leader, by the office: the teacher has changed (decision 21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.emails import EmailAddress
from app.accounts.models import Account, AccountKind
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.exams.models import Offering
from app.groups import handing_mails, handing_rules, queries
from app.groups.leader import Leader
from app.groups.models import Group
from app.groups.services.carrying import taken_over
from app.groups.services.moving import find_receiver
from app.groups.states import GroupState
from app.payments.services import hand_over_order
from app.registration.models import Registration
from app.registration.services import count_own_drafts, hand_over
from app.registration.states import FormState


@dataclass(frozen=True, slots=True)
class ReassignPlan:
    """What will happen when a group gets another leader.

    :ivar members: how many candidates go over with it
    :ivar following: how many of them have something from the old leader, and get the new one's
    """

    account: Account
    members: int
    following: int


def check_can_reassign(group: Group) -> None:
    """Raise Refused unless the group can get another leader now."""
    lapse = queries.find_lapse_of(group, clock.now())
    handing_rules.check_can_reassign(group.state, lapse).raise_if_refused()


def plan_reassignment(public_id: str, email: EmailAddress, leader: Leader) -> ReassignPlan:
    """Return what giving a group to the account of an address would do; nothing is changed.

    :raises NotFound: when there is no such group
    :raises Refused: when the group has ended, or the account cannot have it
    """
    with transaction() as session:
        group = queries.lock_group(session, public_id)
        check_can_reassign(group)
        account = _receiver(session, group, email, clock.now())
        members = queries.list_members(group)
        changes = _changes(members, group.leader, leader)
        return ReassignPlan(account, len(members), len(changes))


def reassign_leader(
    public_id: str,
    email: EmailAddress,
    leader: Leader,
    *,
    evidence: str,
    reason: str,
    actor: Actor,
) -> Group:
    """Give a group with members, order and place in the session to another leader's account; tell both.

    Members who had something from the old leader get the new one's (R241-R243). The old leader keeps
    nothing of it, not even who was removed. Giving it to who has it already changes nothing.

    :param leader: the new leader's data, as groups have them (R216)
    :param evidence: how the office knows that it is wanted, as the log keeps it
    :param reason: in words of the trade, never personal data
    :raises NotFound: when there is no such group
    :raises Refused: as `plan_reassignment`
    """
    with transaction() as session:
        group = queries.lock_group(session, public_id)
        receiver = find_receiver(group.exam_round.track, email)
        if receiver is not None and receiver.id == group.account_id and group.leader == leader:
            return group
        check_can_reassign(group)
        account = _receiver(session, group, email, clock.now())
        old, before = session.get_one(Account, group.account_id), group.leader
        registrations = queries.list_ever_members(session, group)
        live = [each for each in registrations if each.form_state != FormState.CANCELLED]
        changes = _changes(live, before, leader)
        hand_over(registrations, account.id, changes, actor=actor)
        if group.order is not None:
            hand_over_order(group.order, account.id, actor=actor)
        _hand_over_session(session, group, old, account)
        group.account_id = account.id
        for key, value in asdict(leader).items():
            setattr(group, f"leader_{key}", value)
        audit.record(
            "group.reassign",
            group,
            actor,
            before=old.public_id,
            after=account.public_id,
            members=len(live),
            following=len(changes),
            evidence=evidence,
            reason=reason,
        )
        session.flush()
        handing_mails.tell_reassigned(group, old, before)
    return group


def _receiver(session: Session, group: Group, email: EmailAddress, now: datetime) -> Account:
    account = find_receiver(group.exam_round.track, email)
    same = account is not None and account.id == group.account_id
    known = 0
    # What is sent keeps its place whatever lies in somebody's drafts.
    if account is not None and not same and group.state == GroupState.OPEN:
        known = count_own_drafts(session, queries.list_members(group), account.id, now=now)
    handing_rules.check_new_leader(
        found=account is not None,
        leader=account is not None and account.kind == AccountKind.GROUP,
        same=same,
        known_members=known,
    ).raise_if_refused()
    assert account is not None  # noqa: S101 - the rule has refused otherwise
    return account


def _changes(members: Sequence[Registration], before: Leader, after: Leader) -> dict[int, dict[str, Any]]:
    """Return the new values of members who have something in common with the old leader."""
    changes = {}
    for member in members:
        new = taken_over(member, before, after)
        changed = {name: value for name, value in new.items() if getattr(member, name) != value}
        if changed:
            changes[member.id] = changed
    return changes


def _hand_over_session(session: Session, group: Group, old: Account, new: Account) -> None:
    """Let a session that is held for the old leader be the new one's, unless other groups stay in it."""
    others = sa.select(Group.id).where(
        Group.offering_id == group.offering_id,
        Group.account_id == old.id,
        Group.id != group.id,
        Group.state != GroupState.CANCELLED,
    )
    offering: Offering = group.offering
    if offering.reserved_for == old.id and session.scalars(others.limit(1)).first() is None:
        offering.reserved_for = new.id
