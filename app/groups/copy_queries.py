"""Reads for copying an earlier group: which groups there are to copy from, and the people in them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.groups.models import Group, GroupMember
from app.registration.models import Registration
from app.registration.states import CancelReason, FormState

# Also of a group that has ended: one that was not submitted on the day is the first to be begun anew.
# Whom the leader took out is not meant to come back, and who left the account is not the leader's any more.
_PEOPLE = sa.and_(
    Registration.account_id == Group.account_id,
    sa.or_(
        Registration.form_state != FormState.CANCELLED,
        Registration.cancel_reason != CancelReason.REMOVED.value,
    ),
)


def list_sources(account_id: int, *, besides: Group | None = None) -> Sequence[tuple[Group, int]]:
    """Return a leader's groups that have people in them, and how many; the newest first.

    :param besides: the group that is to be filled
    """
    counts = (
        sa.select(GroupMember.group_id, sa.func.count(sa.distinct(Registration.id_blind)).label("people"))
        .join(Group, GroupMember.group_id == Group.id)
        .join(Registration, sa.and_(GroupMember.registration_id == Registration.id, _PEOPLE))
        .where(Group.account_id == account_id)
        .group_by(GroupMember.group_id)
        .subquery()
    )
    query = (
        sa.select(Group, counts.c.people)
        .join(counts, counts.c.group_id == Group.id)
        .options(joinedload(Group.exam_round), joinedload(Group.offering))
        .order_by(Group.id.desc())
    )
    if besides is not None:
        query = query.where(Group.id != besides.id)
    return [(group, people) for group, people in db.session.execute(query)]


def has_sources(group: Group) -> bool:
    """Return whether the leader has another group with people in it."""
    query = (
        sa.select(GroupMember.registration_id)
        .join(Group, GroupMember.group_id == Group.id)
        .join(Registration, sa.and_(GroupMember.registration_id == Registration.id, _PEOPLE))
        .where(Group.account_id == group.account_id, Group.id != group.id)
    )
    return db.session.scalars(query.limit(1)).first() is not None


def list_people(source: Group) -> list[Registration]:
    """Return the people of a group in their order, each once, as last written."""
    query = (
        sa.select(Registration)
        .join(GroupMember, GroupMember.registration_id == Registration.id)
        .join(Group, GroupMember.group_id == Group.id)
        .where(Group.id == source.id, _PEOPLE)
        .order_by(Registration.id)
    )
    return list({each.id_blind: each for each in db.session.scalars(query)}.values())
