"""Batches, parcels and requests to send again: reads for pages and services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.models import Round
from app.groups.models import Group, GroupMember
from app.mailings.kinds import KINDS, MailingKind
from app.mailings.models import MailingBatch, MailingItem, MailingParcel, MailingResend
from app.mailings.states import OPEN
from app.mailings.waiting import count_waiting
from app.registration.models import Registration

_SHOWN = (
    joinedload(MailingParcel.batch).joinedload(MailingBatch.exam_round),
    joinedload(MailingParcel.group),
    selectinload(MailingParcel.items).joinedload(MailingItem.registration),
    selectinload(MailingParcel.resends),
)


@dataclass(frozen=True, slots=True)
class KindCounts:
    """:ivar waiting: people who are to be sent it and are in no batch
    :ivar prepared: parcels in batches that are not posted
    :ivar posted: parcels that went out; `returned` among them
    """

    waiting: int = 0
    prepared: int = 0
    posted: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class BatchLine:
    """:ivar people: copies in its parcels"""

    batch: MailingBatch
    parcels: int
    people: int
    returned: int


def first_day(exam_round: Round, kind: MailingKind) -> date:
    """Return the first day on which a kind may be posted in a round."""
    day: date = getattr(exam_round, KINDS[kind].date_field)
    return day


def list_parcels_of(registration_ids: Collection[int]) -> dict[int, list[MailingParcel]]:
    """Return the parcels that hold something for each registration, the newest first."""
    inside = sa.select(MailingItem.parcel_id).where(MailingItem.registration_id.in_(registration_ids))
    query = sa.select(MailingParcel).where(MailingParcel.id.in_(inside)).order_by(MailingParcel.id.desc())
    found: dict[int, list[MailingParcel]] = defaultdict(list)
    for parcel in db.session.scalars(query.options(*_SHOWN)):
        for item in parcel.items:
            found[item.registration_id].append(parcel)
    return found


def latest_of(parcels: Iterable[MailingParcel]) -> dict[MailingKind, MailingParcel]:
    """Return the newest parcel of each kind, of parcels with the newest first."""
    latest: dict[MailingKind, MailingParcel] = {}
    for parcel in parcels:
        latest.setdefault(parcel.batch.kind, parcel)
    return latest


def list_group_parcels(group_id: int) -> Sequence[MailingParcel]:
    """Return the parcels with something for a group's members, the newest first."""
    members = sa.select(GroupMember.registration_id).where(GroupMember.group_id == group_id)
    query = (
        sa.select(MailingParcel)
        .where(
            MailingParcel.id.in_(
                sa.select(MailingItem.parcel_id).where(MailingItem.registration_id.in_(members))
            )
        )
        .order_by(MailingParcel.id.desc())
    )
    return db.session.scalars(query.options(*_SHOWN)).all()


def get_own_parcel(public_id: str, account_id: int) -> MailingParcel:
    """Return a parcel that is an account's own; raises NotFound.

    One addressed to a group is its leader's, also when somebody has left the group since; any other is of
    the account whose registration it holds something for.
    """
    own = (
        sa.select(MailingItem.parcel_id)
        .join(MailingItem.registration)
        .where(Registration.account_id == account_id)
    )
    led = sa.select(Group.id).where(Group.account_id == account_id)
    mine = sa.or_(
        MailingParcel.group_id.in_(led),
        sa.and_(MailingParcel.group_id.is_(None), MailingParcel.id.in_(own)),
    )
    query = sa.select(MailingParcel).where(MailingParcel.public_id == public_id, mine)
    return _found(db.session.scalars(query.options(*_SHOWN)).one_or_none())


def get_parcel(public_id: str) -> MailingParcel:
    """Return a parcel with what is in it; raises NotFound."""
    query = sa.select(MailingParcel).where(MailingParcel.public_id == public_id)
    return _found(db.session.scalars(query.options(*_SHOWN)).one_or_none())


def lock_parcel(session: Session, public_id: str) -> MailingParcel:
    """Return a parcel, locked and read anew; raises NotFound."""
    query = sa.select(MailingParcel).where(MailingParcel.public_id == public_id)
    return _found(session.scalars(_locked(query)).one_or_none())


def find_parcel(text: str) -> MailingParcel | None:
    """Return the newest parcel with this code of a label or registered number, or None."""
    batch, _dash, position = text.partition("-")
    if batch.isdecimal() and position.isdecimal() and len(batch) < 10 > len(position):
        wanted = sa.and_(MailingParcel.batch_id == int(batch), MailingParcel.position == int(position))
    else:
        wanted = MailingParcel.registered_number == text
    query = sa.select(MailingParcel).where(wanted).order_by(MailingParcel.id.desc()).limit(1)
    return db.session.scalars(query).one_or_none()


def get_batch(public_id: str) -> MailingBatch:
    """Return a batch with its round; raises NotFound."""
    query = sa.select(MailingBatch).where(MailingBatch.public_id == public_id)
    return _found_batch(db.session.scalars(query.options(joinedload(MailingBatch.exam_round))).one_or_none())


def lock_batch(session: Session, public_id: str) -> MailingBatch:
    """Return a batch, locked and read anew; raises NotFound."""
    query = sa.select(MailingBatch).where(MailingBatch.public_id == public_id)
    return _found_batch(session.scalars(_locked(query)).one_or_none())


def list_parcels(
    batch: MailingBatch, *, offset: int = 0, limit: int | None = None
) -> Sequence[MailingParcel]:
    """Return the parcels of a batch with what is in them, in the order of their labels."""
    query = sa.select(MailingParcel).where(MailingParcel.batch_id == batch.id)
    query = query.order_by(MailingParcel.position).offset(offset).limit(limit)
    return db.session.scalars(query.options(*_SHOWN)).all()


def count_batch(batch: MailingBatch) -> BatchLine:
    """Return how much is in a batch."""
    return _lines(MailingBatch.id == batch.id)[0]


def count_batches(round_id: int) -> int:
    """Count the batches of a round."""
    query = sa.select(sa.func.count(MailingBatch.id)).where(MailingBatch.round_id == round_id)
    return db.session.scalars(query).one()


def list_batches(round_id: int, *, offset: int, limit: int) -> list[BatchLine]:
    """Return the batches of a round, the newest first."""
    return _lines(MailingBatch.round_id == round_id, offset=offset, limit=limit)


def count_kinds(exam_round: Round) -> dict[MailingKind, KindCounts]:
    """Return how far each kind of mailing of a round has come, however many people there are."""
    waiting = count_waiting(exam_round)
    posted = MailingBatch.posted_on.is_not(None)
    query = (
        sa.select(
            MailingBatch.kind,
            _sum(~posted),
            _sum(posted),
            _sum(MailingParcel.returned_on.is_not(None)),
        )
        .join(MailingBatch.parcels)
        .where(MailingBatch.round_id == exam_round.id)
        .group_by(MailingBatch.kind)
    )
    sums = {kind: numbers for kind, *numbers in db.session.execute(query)}
    return {kind: KindCounts(sum(waiting[kind].values()), *sums.get(kind, (0, 0, 0))) for kind in MailingKind}


def list_resends(*, offset: int, limit: int) -> Sequence[MailingResend]:
    """Return the requests that wait for the office or for postage, the oldest first."""
    parcel = joinedload(MailingResend.parcel).options(*_SHOWN)
    query = sa.select(MailingResend).where(MailingResend.state.in_(OPEN)).options(parcel)
    return db.session.scalars(query.order_by(MailingResend.id).offset(offset).limit(limit)).all()


def count_open_resends() -> int:
    """Count the requests that wait for the office or for postage."""
    return db.session.scalars(open_resends()).one()


def open_resends() -> sa.Select[tuple[int]]:
    """Return the query that counts the requests that wait."""
    return sa.select(sa.func.count(MailingResend.id)).where(MailingResend.state.in_(OPEN))


def get_resend(public_id: str) -> MailingResend:
    """Return a request with its parcel; raises NotFound."""
    query = sa.select(MailingResend).where(MailingResend.public_id == public_id)
    found = db.session.scalars(query.options(joinedload(MailingResend.parcel).options(*_SHOWN))).one_or_none()
    return _found_resend(found)


def lock_resend(session: Session, public_id: str) -> MailingResend:
    """Return a request, locked and read anew; raises NotFound."""
    query = sa.select(MailingResend).where(MailingResend.public_id == public_id)
    return _found_resend(session.scalars(_locked(query)).one_or_none())


def list_own_items(account_id: int) -> Sequence[MailingItem]:
    """Return all that was or will be mailed for an account's registrations, the oldest first."""
    query = (
        sa.select(MailingItem)
        .join(MailingItem.registration)
        .where(Registration.account_id == account_id)
        .options(
            contains_eager(MailingItem.registration),
            joinedload(MailingItem.parcel).joinedload(MailingParcel.batch),
            joinedload(MailingItem.parcel).selectinload(MailingParcel.resends),
        )
        .order_by(MailingItem.id)
    )
    return db.session.scalars(query).all()


def _lines(wanted: sa.ColumnElement[bool], *, offset: int = 0, limit: int | None = None) -> list[BatchLine]:
    query = (
        sa.select(
            MailingBatch,
            sa.func.count(sa.distinct(MailingParcel.id)),
            sa.func.count(MailingItem.id),
            sa.func.count(sa.distinct(sa.case((MailingParcel.returned_on.is_not(None), MailingParcel.id)))),
        )
        .outerjoin(MailingBatch.parcels)
        .outerjoin(MailingParcel.items)
        .where(wanted)
        .group_by(MailingBatch.id)
        .order_by(MailingBatch.id.desc())
    )
    return [BatchLine(*row) for row in db.session.execute(query.offset(offset).limit(limit))]


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _locked(query: sa.Select[Any]) -> sa.Select[Any]:
    return query.with_for_update(key_share=True).execution_options(populate_existing=True)


def _found(parcel: MailingParcel | None) -> MailingParcel:
    if parcel is None:
        raise NotFound(Message("沒有這件郵件，請回到上一頁重新選擇"))
    return parcel


def _found_batch(batch: MailingBatch | None) -> MailingBatch:
    if batch is None:
        raise NotFound(Message("沒有這一批郵件，可能已經拆掉，請回郵寄頁面查看"))
    return batch


def _found_resend(resend: MailingResend | None) -> MailingResend:
    if resend is None:
        raise NotFound(Message("沒有這件重寄申請，請回列表重新選擇"))
    return resend
