"""A member leaves a group and goes on as an individual registration, by the office (decision 21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.emails import EmailAddress
from app.accounts.models import Account, AccountKind, Realm
from app.accounts.queries import find_account
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.messages import Message
from app.exams.choices import Track
from app.exams.models import PlaceHold
from app.exams.places import split_hold
from app.groups import handing_mails, handing_rules, queries
from app.groups.handing_rules import MoveFacts, MoveKind
from app.groups.models import Group, GroupMember
from app.payments.queries import get_order_for_update, status_of
from app.payments.refunds.queries import list_cases
from app.payments.refunds.states import CLAIMING, SETTLED
from app.registration import queries as registrations
from app.registration.models import Registration
from app.registration.services import count_own_drafts, make_individual


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What will happen when a member leaves a group.

    :ivar outcome: what becomes of form, fee and place, as a sentence
    :ivar size_note: what it means for the group's smallest number of members; None: nothing
    :ivar account: who has it then
    :ivar email_changes: the member has the leader's e-mail address, and gets the account's
    :ivar address_stays: the member has the leader's address, and keeps it until it is changed
    """

    kind: MoveKind
    outcome: Message
    size_note: Message | None
    account: Account
    email_changes: bool
    address_stays: bool


def plan_move(public_id: str, member_id: str, email: EmailAddress) -> MovePlan:
    """Return what moving a member to the account of an address would do; nothing is changed.

    :raises NotFound: when there is no such group or member
    :raises Refused: when the member cannot leave, or the account cannot have the registration
    """
    with transaction() as session:
        group = queries.lock_group(session, public_id)
        return _plan(session, group, queries.get_member(group, member_id), email, clock.now())


def check_can_move(group: Group, member: Registration) -> None:
    """Raise Refused unless a member can leave the group now, whoever is to have the registration."""
    handing_rules.check_can_move(_facts_of(group, member, clock.now())).raise_if_refused()


def move_member(
    public_id: str, member_id: str, email: EmailAddress, *, evidence: str, reason: str, actor: Actor
) -> Registration:
    """Take a member out of a group and let them go on alone, of the account of an address; tell both.

    Moving somebody who has been moved there already changes nothing.

    :param evidence: how the office knows that the account is the candidate's, as the log keeps it
    :param reason: in words of the trade, never personal data
    :raises NotFound: when there is no such group or member
    :raises Refused: as `plan_move`
    """
    with transaction() as session:
        group = queries.lock_group(session, public_id)
        moved = _find_moved(session, group, member_id, email)
        if moved is not None:
            return moved
        queries.get_member(group, member_id)
        [member] = registrations.list_for_update(session, [member_id])
        if group.order is not None:
            get_order_for_update(session, group.order.id)  # before the place, as a payment does
        plan = _plan(session, group, member, email, clock.now())
        session.delete(session.get_one(GroupMember, member.id))
        make_individual(
            member,
            plan.account,
            hold=_take_along(group),
            email=plan.account.email if plan.email_changes else None,
            on_bill=plan.kind == MoveKind.PAID,
            actor=actor,
        )
        audit.record(
            "group.move_member",
            group,
            actor,
            member=member.public_id,
            kind=plan.kind.value,
            evidence=evidence,
            reason=reason,
        )
        handing_mails.tell_moved(group, member, plan.account, plan.kind, address_stays=plan.address_stays)
    return member


def find_receiver(track: Track, email: EmailAddress) -> Account | None:
    """Return the account of a track that can be given something: verified and not disabled; None: there is
    none.
    """
    account = find_account(Realm(track.value), email.key)
    usable = account is not None and account.verified_at is not None and account.disabled_at is None
    return account if usable else None


def _plan(
    session: Session, group: Group, member: Registration, email: EmailAddress, now: datetime
) -> MovePlan:
    facts = _facts_of(group, member, now)
    decision = handing_rules.check_can_move(facts)
    decision.raise_if_refused()
    account = find_receiver(group.exam_round.track, email)
    handing_rules.check_receiver(
        found=account is not None,
        individual=account is not None and account.kind == AccountKind.INDIVIDUAL,
        has_own=account is not None and bool(count_own_drafts(session, [member], account.id, now=now)),
    ).raise_if_refused()
    assert account is not None  # noqa: S101 - the rule has refused otherwise
    leader = group.leader
    return MovePlan(
        kind=handing_rules.move_kind(facts),
        outcome=decision.reason,
        size_note=handing_rules.note_on_size(group.kind, facts, queries.minimums_of(group)),
        account=account,
        email_changes=member.email == leader.email,
        address_stays=all(getattr(member, name) == value for name, value in leader.address.items()),
    )


def _facts_of(group: Group, member: Registration, now: datetime) -> MoveFacts:
    return MoveFacts(
        state=group.state,
        lapse=queries.find_lapse_of(group, now) or registrations.find_lapse_of(member, now),
        settled=status_of(group.order, now=now).is_settled,
        pays=bool(member.fee_twd),
        origin=group.offering.origin,
        others=queries.count_members(group) - 1,
        refund_waits=_refund_waits(group, member),
        today=clock.taipei_day(now),
        test_on=group.exam_round.test_on,
    )


def _refund_waits(group: Group, member: Registration) -> bool:
    cases = list_cases(group.order) if group.order is not None else []
    return any(case.state in CLAIMING - SETTLED and member.public_id in case.subjects for case in cases)


def _take_along(group: Group) -> PlaceHold | None:
    """Return one of the group's places, which goes with its member; None: the group holds none."""
    hold = group.hold
    if hold is None or hold.places > 1:
        return split_hold(hold, 1) if hold is not None else None
    group.hold = None
    return hold


def _find_moved(session: Session, group: Group, member_id: str, email: EmailAddress) -> Registration | None:
    account = find_receiver(group.exam_round.track, email)
    found = registrations.list_for_update(session, [member_id])
    there = [each for each in found if account is not None and each.account_id == account.id]
    return there[0] if there and not there[0].in_group else None
