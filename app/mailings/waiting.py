"""Who is to be sent what: the facts come from the database, the decision from the rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager

from app.core.db import db
from app.exams.models import Offering, Round
from app.groups.models import Group, GroupMember
from app.mailings.kinds import MailingKind
from app.mailings.models import MailingBatch, MailingItem, MailingParcel, MailingResend
from app.mailings.rules import Person, check_gets
from app.mailings.states import ResendState
from app.registration.models import Registration
from app.registration.queries import is_complete
from app.results.models import Certificate, Publication, Result
from app.tickets.models import Seat, Ticket


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who is to be sent something: for the first time, or again.

    :ivar group: None: not in one
    :ivar resend_id: the request that was granted; None: for the first time
    """

    registration: Registration
    group: Group | None
    resend_id: int | None


def lock_round(session: Session, round_id: int) -> None:
    """Lock a round against a second batch until the transaction ends."""
    session.execute(sa.select(Round.id).where(Round.id == round_id).with_for_update(key_share=True))


def count_waiting(exam_round: Round) -> dict[MailingKind, dict[str, int]]:
    """Count who waits for each kind in each area of a round, granted re-sendings included.

    Two queries, however many people: they are counted by their facts, and the rule decides for each set.
    """
    counts: dict[MailingKind, dict[str, int]] = {kind: Counter() for kind in MailingKind}
    sent = [_sent(kind).label(f"sent_{kind.value}") for kind in MailingKind]
    people = _people(Offering.area, *sent).where(Registration.round_id == exam_round.id).subquery()
    grouped = sa.select(*people.c, sa.func.count()).group_by(*people.c)
    for area, *rest, number in db.session.execute(grouped):
        flags, facts = rest[: len(sent)], rest[len(sent) :]
        for kind, is_sent in zip(MailingKind, flags, strict=True):
            if not is_sent and check_gets(kind, Person(True, *facts)):
                counts[kind][area] += number
    again = _again(exam_round.id, Offering.area, MailingItem.kind).subquery()
    for area, kind, *facts, number in db.session.execute(
        sa.select(*again.c, sa.func.count()).group_by(*again.c)
    ):
        if check_gets(kind, Person(True, *facts)):
            counts[kind][area] += number
    return {kind: dict(by_area) for kind, by_area in counts.items()}


def list_waiting(session: Session, round_id: int, kind: MailingKind, area: str | None) -> list[Waiting]:
    """Return who is to be sent a kind now, in the order of the registrations.

    :param area: None: of all areas
    """
    first = _people(Registration, Group).where(Registration.round_id == round_id, ~_sent(kind))
    again = _again(round_id, Registration, Group, MailingResend.id).where(MailingItem.kind == kind)
    found = [(*row[:2], None, row[2:]) for row in session.execute(_within(first, area))]
    found += [(*row[:3], row[3:]) for row in session.execute(_within(again, area))]
    return [
        Waiting(registration, group, resend_id)
        for registration, group, resend_id, facts in found
        if check_gets(kind, Person(True, *facts))
    ]


def list_dropped(batch: MailingBatch) -> list[MailingItem]:
    """Return what must be taken out of a batch: of people who are no longer to be sent it, or who have left
    the group to whose leader it would go.
    """
    inside = sa.select(MailingItem.registration_id).join(MailingItem.parcel)
    people = _people(Registration.id, GroupMember.group_id).where(
        Registration.id.in_(inside.where(MailingParcel.batch_id == batch.id))
    )
    keep = {
        (registration_id, group)
        for registration_id, group_id, *facts in db.session.execute(people)
        if check_gets(batch.kind, Person(True, *facts))
        for group in (group_id, None)  # to the leader, or to the own address
    }
    items = (
        sa.select(MailingItem)
        .join(MailingItem.parcel)
        .where(MailingParcel.batch_id == batch.id)
        .options(contains_eager(MailingItem.parcel).selectinload(MailingParcel.items))
        .order_by(MailingParcel.position, MailingItem.id)
    )
    return [
        item for item in db.session.scalars(items) if (item.registration_id, item.parcel.group_id) not in keep
    ]


def find_person(registration: Registration) -> Person:
    """Return the facts that decide which post somebody gets."""
    facts = db.session.execute(_people().where(Registration.id == registration.id)).one_or_none()
    if facts is None:
        return Person(False, registration.review_state, registration.ticket_by_post, False, False, False)
    return Person(True, *facts)


def group_people(group_id: int) -> list[tuple[Registration, Person]]:
    """Return the members of a group that count, with the facts that decide which post they get."""
    people = _people(Registration).where(GroupMember.group_id == group_id).order_by(Registration.id)
    return [(registration, Person(True, *facts)) for registration, *facts in db.session.execute(people)]


def _people(*columns: Any) -> sa.Select[Any]:
    """Return the query for whoever is complete: these columns, then the facts of `Person` after the first."""
    return (
        sa.select(
            *columns,
            Registration.review_state,
            Registration.ticket_by_post,
            Ticket.id.is_not(None).label("ticketed"),
            sa.and_(Result.registration_id.is_not(None), Publication.round_id.is_not(None)).label(
                "published"
            ),
            sa.and_(Certificate.id.is_not(None), Publication.round_id.is_not(None)).label("certified"),
        )
        .select_from(Registration)
        .join(Registration.offering)
        .outerjoin(Registration.order)
        .outerjoin(GroupMember, GroupMember.registration_id == Registration.id)
        .outerjoin(Group, Group.id == GroupMember.group_id)
        .outerjoin(Seat, Seat.registration_id == Registration.id)
        .outerjoin(Ticket, Ticket.seat_id == Seat.id)
        .outerjoin(Result, Result.registration_id == Registration.id)
        .outerjoin(Publication, Publication.round_id == Registration.round_id)
        .outerjoin(
            Certificate,
            sa.and_(Certificate.registration_id == Registration.id, Certificate.revoked_at.is_(None)),
        )
        .where(is_complete())
    )


def _again(round_id: int, *columns: Any) -> sa.Select[Any]:
    """Return the query for whoever has something in a parcel that is to go again and is in no batch yet."""
    batched = aliased(MailingItem)
    return (
        _people(*columns)
        .join(MailingItem, MailingItem.registration_id == Registration.id)
        .join(MailingResend, MailingResend.parcel_id == MailingItem.parcel_id)
        .where(
            Registration.round_id == round_id,
            MailingResend.state == ResendState.READY,
            ~sa.exists().where(batched.resend_id == MailingResend.id),
        )
    )


def _within(query: sa.Select[Any], area: str | None) -> sa.Select[Any]:
    query = query.order_by(Registration.id)
    return query if area is None else query.where(Offering.area == area)


def _sent(kind: MailingKind) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        MailingItem.registration_id == Registration.id,
        MailingItem.kind == kind,
        MailingItem.resend_id.is_(None),
    )
