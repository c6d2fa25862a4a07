"""Reads of groups for pages and services."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, load_only, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.core.clock import start_of_day, taipei_day
from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.choices import Track
from app.exams.models import Round
from app.groups import rules
from app.groups.models import Group, GroupMember
from app.groups.states import GroupState
from app.payments.fees import Fee, FeeTotal, total_fee
from app.payments.models import Order
from app.payments.queries import applied_twd
from app.registration.fees import fees_of
from app.registration.models import Registration
from app.registration.states import CancelReason, FormState, ReviewState

# All that a list or a group's page shows of it, in a number of queries that does not grow.
SHOWN: tuple[ORMOption, ...] = (
    joinedload(Group.exam_round).joinedload(Round.exam_year),
    joinedload(Group.offering),
    joinedload(Group.hold),
    joinedload(Group.order).options(selectinload(Order.receipts)),
)
_MOST_IN_ONE_QUERY = 500
_LIVE = Registration.form_state != FormState.CANCELLED


def get_group(public_id: str, account_id: int | None) -> Group:
    """Return a leader's group by its public id; raises NotFound, also when it is another's.

    :param account_id: None: the office asks, which sees all of them
    """
    return _found(db.session.scalars(_group(public_id, account_id).options(*SHOWN)).one_or_none())


def get_group_for_update(session: Session, public_id: str, account_id: int | None) -> Group:
    """Return a leader's group, locked and read anew; raises NotFound; as `get_group`."""
    return _found(session.scalars(_locked(_group(public_id, account_id))).one_or_none())


def lock_group(session: Session, public_id: str) -> Group:
    """Return any leader's group for the office, locked and read anew; raises NotFound."""
    query = sa.select(Group).where(Group.public_id == public_id)
    return _found(session.scalars(_locked(query)).one_or_none())


def get_group_of(registration_id: str, account_id: int) -> Group:
    """Return the group of a member by the member's public id; raises NotFound, also when it is another's."""
    query = (
        sa.select(Group)
        .join(GroupMember, GroupMember.group_id == Group.id)
        .join(GroupMember.registration)
        .where(Registration.public_id == registration_id, Group.account_id == account_id)
    )
    return _found(db.session.scalars(query).one_or_none())


def list_groups(account_id: int) -> Sequence[Group]:
    """Return a leader's groups for the management table, the newest first."""
    query = sa.select(Group).where(Group.account_id == account_id).options(*SHOWN)
    return db.session.scalars(query.order_by(Group.id.desc())).all()


def list_groups_of_order(session: Session, order_id: int) -> Sequence[Group]:
    """Return the groups that an order pays for: one, or none when the order is not a group's."""
    return session.scalars(sa.select(Group).where(Group.order_id == order_id).order_by(Group.id)).all()


def list_lapse_candidates(now: datetime, *, limit: int = 200) -> Sequence[tuple[str, int]]:
    """Return (public id, account id) of groups that may have lapsed by now, oldest first.

    The rule decides; this only keeps it from being asked about everything.
    """
    today = taipei_day(now)
    open_too_long = sa.and_(
        Group.state == GroupState.OPEN,
        sa.or_(
            sa.and_(Round.track == Track.MULTI, Group.created_at < start_of_day(today)),
            Round.registration_closes_on < today,
        ),
    )
    unpaid = sa.and_(
        Group.state == GroupState.SUBMITTED, Order.last_day < today, applied_twd() < Order.amount_twd
    )
    query = (
        sa.select(Group.public_id, Group.account_id)
        .join(Group.exam_round)
        .outerjoin(Group.order)
        .where(sa.or_(open_too_long, unpaid))
    )
    return db.session.execute(query.order_by(Group.id).limit(limit)).all()


def list_members(group: Group) -> Sequence[Registration]:
    """Return a group's members in the order in which they came in; who was removed is not among them."""
    return db.session.scalars(_members_of([group.id]).order_by(Registration.id)).all()


def list_ever_members(session: Session, group: Group) -> Sequence[Registration]:
    """Return a group's members, locked, also those who were removed or have ended."""
    query = (
        sa.select(Registration)
        .join(GroupMember, GroupMember.registration_id == Registration.id)
        .where(GroupMember.group_id == group.id)
        .order_by(Registration.id)
        .with_for_update(of=Registration, key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def get_member(group: Group, public_id: str) -> Registration:
    """Return a member of a group by its public id; raises NotFound."""
    query = _members_of([group.id]).where(Registration.public_id == public_id)
    member = db.session.scalars(query).one_or_none()
    if member is None:
        raise NotFound(Message("名單中沒有這位考生，可能已經移除，請回到名單查看"))
    return member


def find_group_of(session: Session, registration: Registration) -> Group | None:
    """Return the group that a registration is a member of; None when it is in none."""
    query = sa.select(Group).join(GroupMember, GroupMember.group_id == Group.id)
    return session.scalars(query.where(GroupMember.registration_id == registration.id)).one_or_none()


def list_groups_of(session: Session, registrations: Collection[Registration]) -> dict[int, Group]:
    """Return the groups that registrations are members of, by the registration's id."""
    ids, found = [each.id for each in registrations], dict[int, Group]()
    query = sa.select(GroupMember.registration_id, Group).join(GroupMember.group)
    for start in range(0, len(ids), _MOST_IN_ONE_QUERY):
        part = ids[start : start + _MOST_IN_ONE_QUERY]
        found.update(session.execute(query.where(GroupMember.registration_id.in_(part))).all())
    return found


def list_known_blinds(session: Session, group: Group, blinds: Collection[bytes]) -> set[bytes]:
    """Return which of these look-up keys of ID numbers belong to members of the group."""
    wanted, known = list(blinds), set[bytes]()
    for start in range(0, len(wanted), _MOST_IN_ONE_QUERY):
        part = wanted[start : start + _MOST_IN_ONE_QUERY]
        query = _members_of([group.id]).where(Registration.id_blind.in_(part))
        known.update(session.scalars(query.with_only_columns(Registration.id_blind)))
    return known


def list_member_ids(session: Session, group: Group, blinds: Collection[bytes]) -> dict[bytes, int]:
    """Return the members' registrations' ids by the look-up keys of their ID numbers, of these keys."""
    wanted, known = list(blinds), dict[bytes, int]()
    for start in range(0, len(wanted), _MOST_IN_ONE_QUERY):
        part = wanted[start : start + _MOST_IN_ONE_QUERY]
        query = _members_of([group.id]).where(Registration.id_blind.in_(part))
        columns = query.with_only_columns(Registration.id_blind, Registration.id)
        known.update(session.execute(columns).all())
    return known


def list_living_members(session: Session, group: Group, ids: Sequence[int | None]) -> set[int]:
    """Return which of these registrations' ids are members of the group."""
    living: set[int] = set()
    for start in range(0, len(ids), _MOST_IN_ONE_QUERY):
        query = _members_of([group.id]).where(Registration.id.in_(ids[start : start + _MOST_IN_ONE_QUERY]))
        living.update(session.scalars(query.with_only_columns(Registration.id)))
    return living


def load_registrations(session: Session, ids: Collection[int]) -> dict[int, Registration]:
    """Return registrations by id, with what a change of their data has to look at."""
    wanted, found = sorted(set(ids)), dict[int, Registration]()
    query = sa.select(Registration).options(selectinload(Registration.arrangement))
    for start in range(0, len(wanted), _MOST_IN_ONE_QUERY):
        part = wanted[start : start + _MOST_IN_ONE_QUERY]
        found |= {each.id: each for each in session.scalars(query.where(Registration.id.in_(part)))}
    return found


def count_members(group: Group) -> int:
    """Return how many members a group has."""
    query = _members_of([group.id]).with_only_columns(sa.func.count(Registration.id))
    return db.session.scalars(query).one()


def count_reviews(groups: Iterable[Group]) -> dict[int, dict[ReviewState, int]]:
    """Return per group id how many members stand in each state of the eligibility review."""
    counts: dict[int, dict[ReviewState, int]] = {group.id: {} for group in groups}
    query = _members_of(counts).with_only_columns(
        GroupMember.group_id, Registration.review_state, sa.func.count(Registration.id)
    )
    grouped = query.group_by(GroupMember.group_id, Registration.review_state)
    for group_id, state, count in db.session.execute(grouped):
        counts[group_id][state] = count
    return counts


def fee_totals(groups: Iterable[Group]) -> dict[int, FeeTotal]:
    """Return per group id how many members are free, how many pay, and what they pay together (R078, R220).

    One query for all groups. Before submission the fee follows from the birth dates as they are now.
    """
    by_id = {group.id: group for group in groups}
    query = (
        sa.select(GroupMember.group_id, Registration)
        .join(GroupMember.registration)
        .where(GroupMember.group_id.in_(by_id), _LIVE)
        .options(
            load_only(
                Registration.public_id,
                Registration.birth_sealed,
                Registration.id_blind,
                Registration.round_id,
            )
        )
    )
    rows = list(db.session.execute(query))
    fees: dict[int, list[Fee]] = {identifier: [] for identifier in by_id}
    for (group_id, _), fee in zip(rows, fees_of([member for _, member in rows]), strict=True):
        fees[group_id].append(fee)
    return {identifier: total_fee(each) for identifier, each in fees.items()}


def find_lapse_of(group: Group, now: datetime) -> CancelReason | None:
    """Return why a group no longer counts although it is not cancelled yet, or None."""
    return rules.find_lapse(
        state=group.state,
        same_day_submission=group.exam_round.same_day_submission,
        created_at=group.created_at,
        closes_on=group.exam_round.registration_closes_on,
        unpaid_last_day=group.unpaid_last_day,
        now=now,
    )


def minimums_of(group: Group) -> dict[str, int]:
    """Return the year's smallest numbers of members (R072, R073)."""
    minimums: dict[str, int] = group.exam_round.exam_year.facts["group_minimum"]
    return minimums


def _members_of(group_ids: Iterable[int]) -> sa.Select[Registration]:
    return (
        sa.select(Registration)
        .join(GroupMember, GroupMember.registration_id == Registration.id)
        .where(GroupMember.group_id.in_(group_ids), _LIVE)
    )


def _group(public_id: str, account_id: int | None) -> sa.Select[Group]:
    query = sa.select(Group).where(Group.public_id == public_id)
    return query if account_id is None else query.where(Group.account_id == account_id)


def _locked(query: sa.Select[Group]) -> sa.Select[Group]:
    return query.with_for_update(key_share=True).execution_options(populate_existing=True)


def _found(group: Group | None) -> Group:
    if group is None:
        raise NotFound(Message("沒有這個團體，請從「我的團體」重新選擇"))
    return group
