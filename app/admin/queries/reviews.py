"""The review queue: complete registrations by state, round, area and kind; one case with its history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.models import Account
from app.admin.paging import SIZE, Page
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.models import Offering, Round
from app.groups.models import Group, GroupMember
from app.registration.models import Registration
from app.registration.queries import SHOWN, is_complete
from app.registration.states import ReviewState


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What of the queue is looked at; None: all of it.

    :ivar state: a value of ReviewState
    :ivar round: a round's code
    :ivar kind: ``individual`` or ``group``
    """

    state: str | None = ReviewState.PENDING.value
    round: str | None = None
    area: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewCount:
    """So many complete registrations of one state, round, area and kind, each as in `ReviewFilter`."""

    state: str
    round: str
    round_name: str
    area: str
    kind: str
    registrations: int


def count_reviews() -> list[ReviewCount]:
    """Count the complete registrations by state, round, area and kind, in the brochure's order.

    One query answers for every chip of the desk.
    """
    kind = sa.case((Registration.in_group, "group"), else_="individual")
    keys = (Registration.review_state, Round.code, Round.name, Offering.area, kind)
    query = (
        sa.select(*keys, sa.func.count(Registration.id))
        .join(Registration.exam_round)
        .join(Registration.offering)
        .outerjoin(Registration.order)
        .where(is_complete())
        .group_by(Registration.review_state, Round.code, Round.name, Offering.area, Registration.in_group)
        .order_by(
            sa.func.min(Round.position), sa.func.min(Offering.position), Offering.area, Registration.in_group
        )
    )
    return [ReviewCount(*row) for row in db.session.execute(query)]


def list_reviews(wanted: ReviewFilter, *, page: Page) -> Sequence[Registration]:
    """Return one page of the queue, first submitted first."""
    query = _queue(wanted).order_by(Registration.submitted_at, Registration.id)
    return db.session.scalars(query.options(*SHOWN).limit(SIZE).offset(page.offset)).all()


def list_around(
    wanted: ReviewFilter, case: Registration, *, before: int = 4, after: int = 12
) -> tuple[Sequence[Registration], Sequence[Registration]]:
    """Return the registrations of a queue that come before and after a case, whether or not it is in it."""
    key = sa.tuple_(Registration.submitted_at, Registration.id)
    here = sa.tuple_(sa.literal(case.submitted_at, Registration.submitted_at.type), sa.literal(case.id))
    queue = _queue(wanted).options(joinedload(Registration.exam_round), joinedload(Registration.offering))
    earlier = queue.where(key < here).order_by(Registration.submitted_at.desc(), Registration.id.desc())
    later = queue.where(key > here).order_by(Registration.submitted_at, Registration.id)
    return (
        db.session.scalars(earlier.limit(before)).all()[::-1],
        db.session.scalars(later.limit(after)).all(),
    )


def find_next(wanted: ReviewFilter, case: Registration) -> Registration | None:
    """Return what to look at after a case: the next in the queue, else the first one left, else None."""
    _, after = list_around(wanted, case, before=0, after=1)
    if after:
        return after[0]
    first = _queue(wanted).where(Registration.id != case.id)
    return db.session.scalars(
        first.order_by(Registration.submitted_at, Registration.id).limit(1)
    ).one_or_none()


def get_case(public_id: str) -> Registration:
    """Return any registration for the staff; raises NotFound."""
    query = sa.select(Registration).where(Registration.public_id == public_id).options(*SHOWN)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(Message("沒有這份報名，請從審查列表重新選擇"))
    return found


def list_picked(public_ids: Collection[str]) -> Sequence[Registration]:
    """Return the registrations chosen from the queue, first submitted first; unknown ones are left out."""
    query = sa.select(Registration).where(Registration.public_id.in_(public_ids)).options(*SHOWN)
    return db.session.scalars(query.order_by(Registration.submitted_at, Registration.id)).all()


def groups_of(registrations: Collection[Registration]) -> dict[int, Group]:
    """Return the group of each group member, by the registration's id."""
    members = [each.id for each in registrations if each.in_group]
    query = (
        sa.select(GroupMember.registration_id, Group)
        .join(GroupMember.group)
        .where(GroupMember.registration_id.in_(members))
    )
    return dict(db.session.execute(query).all()) if members else {}


def list_history(case: Registration, *, limit: int = 50) -> Sequence[tuple[AuditEntry, str | None]]:
    """Return what was done with a registration, the newest first, with the e-mail of who was signed in."""
    query = (
        sa.select(AuditEntry, Account.email)
        .outerjoin(Account, Account.id == AuditEntry.actor_account_id)
        .where(AuditEntry.subject_type == Registration.__tablename__, AuditEntry.subject_id == case.public_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return db.session.execute(query).all()


def _queue(wanted: ReviewFilter) -> sa.Select[tuple[Registration]]:
    query = sa.select(Registration).outerjoin(Registration.order).where(is_complete())
    if wanted.state is not None:
        query = query.where(Registration.review_state == wanted.state)
    if wanted.round is not None:
        query = query.join(Registration.exam_round).where(Round.code == wanted.round)
    if wanted.area is not None:
        query = query.join(Registration.offering).where(Offering.area == wanted.area)
    if wanted.kind is not None:
        query = query.where(Registration.in_group.is_(wanted.kind == "group"))
    return query
