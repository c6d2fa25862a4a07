"""Groups of all leaders: how large and how far along each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.models import Account
from app.admin.paging import SIZE, Page
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.models import Round
from app.groups.models import Group, GroupMember
from app.groups.queries import SHOWN
from app.groups.states import GroupState
from app.registration.models import Registration
from app.registration.queries import is_complete
from app.registration.states import FormState, ReviewState


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group with its numbers; cancelled members do not count.

    :ivar paying: members who pay a fee; known once the group is submitted
    :ivar waiting: complete members who wait for eligibility review
    """

    group: Group
    members: int
    paying: int
    waiting: int


def count_groups() -> dict[tuple[str, str, str], int]:
    """Count the groups by (state, round code, round name), in the brochure's order."""
    keys = (Group.state, Round.code, Round.name)
    query = (
        sa.select(*keys, sa.func.count(Group.id))
        .join(Group.exam_round)
        .group_by(*keys)
        .order_by(sa.func.min(Round.position))
    )
    return {(state, code, name): number for state, code, name, number in db.session.execute(query)}


def list_groups(state: GroupState | None, round_code: str | None, *, page: Page) -> list[GroupLine]:
    """Return a page of groups with their numbers, the last submitted first; None: of any state or round."""
    query = sa.select(Group).options(*SHOWN)
    if state is not None:
        query = query.where(Group.state == state)
    if round_code is not None:
        query = query.join(Group.exam_round).where(Round.code == round_code)
    query = query.order_by(sa.func.coalesce(Group.submitted_at, Group.created_at).desc(), Group.id.desc())
    groups = db.session.scalars(query.limit(SIZE).offset(page.offset)).all()
    numbers = _numbers([group.id for group in groups])
    return [GroupLine(group, *numbers.get(group.id, (0, 0, 0))) for group in groups]


def get_group(public_id: str) -> Group:
    """Return any group for the staff; raises NotFound."""
    query = sa.select(Group).where(Group.public_id == public_id).options(*SHOWN)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(Message("沒有這個團體，請從團體列表重新選擇"))
    return found


def list_history(group: Group, *, limit: int = 50) -> Sequence[tuple[AuditEntry, str | None]]:
    """Return what was done with a group, but for looks, the newest first, with the e-mail of who did it."""
    query = (
        sa.select(AuditEntry, Account.email)
        .outerjoin(Account, Account.id == AuditEntry.actor_account_id)
        .where(
            AuditEntry.subject_type == Group.__tablename__,
            AuditEntry.subject_id == group.public_id,
            AuditEntry.action.not_in(("group.view", "group.add_member")),
        )
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return db.session.execute(query).all()


def _numbers(group_ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    waiting = sa.and_(is_complete(), Registration.review_state == ReviewState.PENDING)
    query = (
        sa.select(
            GroupMember.group_id,
            sa.func.count(Registration.id),
            _sum(Registration.fee_twd > 0),
            _sum(waiting),
        )
        .join(GroupMember.registration)
        .outerjoin(Registration.order)
        .where(GroupMember.group_id.in_(group_ids), Registration.form_state != FormState.CANCELLED)
        .group_by(GroupMember.group_id)
    )
    return {group_id: (*numbers,) for group_id, *numbers in db.session.execute(query)}


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))
