"""Reads of seats and tickets for pages, documents and the service that seats people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.models import Offering, Round
from app.groups.models import GroupMember
from app.registration.models import Registration
from app.registration.queries import is_complete
from app.registration.states import FormState, ReviewState
from app.tickets.models import ExamRoom, Seat, Slot, Ticket, Venue
from app.tickets.seating import RoomSpace

# All that a ticket or a room list shows of a seat, in one query.
SHOWN = (
    joinedload(Seat.ticket),
    joinedload(Seat.room).joinedload(ExamRoom.venue),
    joinedload(Seat.slot).joinedload(Slot.exam_round).joinedload(Round.exam_year),
    joinedload(Seat.registration).options(
        joinedload(Registration.offering), joinedload(Registration.arrangement)
    ),
)


@dataclass(frozen=True, slots=True)
class AreaSeating:
    """How far seating has come in one area of a round.

    :ivar approved: candidates to be seated: approved and complete
    :ivar machines: of all rooms in all slots
    :ivar occupied: machines given away, those of people who have left since included
    """

    area: str
    approved: int
    seated: int
    machines: int
    occupied: int

    @property
    def unseated(self) -> int:
        return self.approved - self.seated

    @property
    def free(self) -> int:
        return self.machines - self.occupied


@dataclass(frozen=True, slots=True)
class RoomList:
    """Who sits in one room in one slot, by machine."""

    slot: Slot
    room: ExamRoom
    seats: tuple[Seat, ...]


def find_valid_seat(registration: Registration) -> Seat | None:
    """Return a registration's seat with all that its ticket shows; None when it has none or was cancelled."""
    if registration.form_state == FormState.CANCELLED:
        return None
    query = sa.select(Seat).where(Seat.registration_id == registration.id).options(*SHOWN)
    return db.session.scalars(query).one_or_none()


def find_ticket(number: str) -> Ticket | None:
    """Return a ticket by its number with its round, area and candidate, or None."""
    query = sa.select(Ticket).join(Ticket.seat).where(Ticket.number == number)
    return db.session.scalars(query.options(joinedload(Ticket.seat).options(*SHOWN))).one_or_none()


def taken_numbers(slot_id: int, room_id: int) -> set[int]:
    """Return the machines of a room that are given away in a session."""
    query = sa.select(Seat.number).where(Seat.slot_id == slot_id, Seat.room_id == room_id)
    return set(db.session.scalars(query))


def find_slot_at(round_id: int, venue_id: int, entry_at: datetime) -> Slot | None:
    """Return the session of a round that begins at an instant at a venue, or None."""
    query = sa.select(Slot).where(
        Slot.round_id == round_id, Slot.venue_id == venue_id, Slot.entry_at == entry_at
    )
    return db.session.scalars(query.order_by(Slot.id).limit(1)).one_or_none()


def last_slot_number(round_id: int, venue_id: int) -> int:
    """Return the highest number of a round's sessions at a venue; 0 when it has none."""
    query = sa.select(sa.func.max(Slot.number)).where(Slot.round_id == round_id, Slot.venue_id == venue_id)
    return db.session.scalars(query).one() or 0


def list_group_seats(group_id: int) -> Sequence[Seat]:
    """Return the seats of a group's members in the order in which they came in; who has none is not there."""
    query = (
        sa.select(Seat)
        .join(GroupMember, GroupMember.registration_id == Seat.registration_id)
        .join(Seat.registration)
        .where(GroupMember.group_id == group_id, Registration.form_state != FormState.CANCELLED)
    )
    return db.session.scalars(query.options(*SHOWN).order_by(Seat.registration_id)).all()


def list_seats(round_id: int, area: str) -> Sequence[Seat]:
    """Return the seats of one area of a round by venue, slot, room and machine, for the room lists.

    Who has left since still stands there, because the machine is theirs: the page marks them.
    """
    query = (
        sa.select(Seat)
        .join(Seat.slot)
        .join(Seat.room)
        .join(ExamRoom.venue)
        .where(Slot.round_id == round_id, Venue.area == area)
        .order_by(Venue.id, Slot.number, ExamRoom.position, ExamRoom.id, Seat.number)
    )
    return db.session.scalars(query.options(*SHOWN)).all()


def list_room_lists(round_id: int, area: str) -> list[RoomList]:
    """Return one list per slot and room that somebody sits in, in the order of `list_seats`."""
    grouped = groupby(list_seats(round_id, area), key=lambda seat: (seat.slot, seat.room))
    return [RoomList(slot, room, tuple(seats)) for (slot, room), seats in grouped]


def count_seated(round_id: int, area: str | None = None) -> int:
    """Count the approved candidates of an area who have a seat."""
    return _count(_to_be_seated(round_id, area).where(_has_seat()))


def count_unseated(round_id: int, area: str) -> int:
    """Count the approved candidates of an area who wait for a seat."""
    return _count(_to_be_seated(round_id, area).where(~_has_seat()))


def area_seating(exam_round: Round) -> list[AreaSeating]:
    """Return how far seating has come in each area of a round, in the brochure's order.

    The number of queries does not depend on the number of areas.
    """
    by_area = _to_be_seated(exam_round.id).group_by(Offering.area)
    people = sa.func.count(Registration.id)
    approved = _counts(by_area.with_only_columns(Offering.area, people))
    seated = _counts(by_area.where(_has_seat()).with_only_columns(Offering.area, people))
    machines = _counts(
        sa.select(Venue.area, sa.func.sum(ExamRoom.capacity))
        .join(Venue.rooms)
        .join(Slot, Slot.venue_id == Venue.id)
        .where(Slot.round_id == exam_round.id)
        .group_by(Venue.area)
    )
    occupied = _counts(
        sa.select(Venue.area, sa.func.count(Seat.id))
        .join(Seat.slot)
        .join(Slot.venue)
        .where(Slot.round_id == exam_round.id)
        .group_by(Venue.area)
    )
    areas = dict.fromkeys(offering.area for offering in exam_round.offerings)
    return [
        AreaSeating(
            area, approved.get(area, 0), seated.get(area, 0), machines.get(area, 0), occupied.get(area, 0)
        )
        for area in areas
    ]


def lock_area(session: Session, round_id: int, area: str) -> None:
    """Lock an area of a round against a second seating until the transaction ends; raises NotFound."""
    query = sa.select(Offering).where(Offering.round_id == round_id, Offering.area == area)
    if not session.scalars(query.order_by(Offering.id).with_for_update(key_share=True)).all():
        raise NotFound(Message("這個梯次沒有%(area)s考區，請重新選擇", {"area": area}), field="area")


def list_unseated_for_update(session: Session, round_id: int, area: str) -> Sequence[Registration]:
    """Return the approved candidates of an area who have no seat, locked, by the number of their row."""
    query = (
        _to_be_seated(round_id, area)
        .where(~_has_seat())
        .order_by(Registration.id)
        .with_for_update(of=Registration, key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def group_ids_of(round_id: int, area: str) -> dict[int, int]:
    """Return the group per registration id, for the members of groups in an area of a round."""
    query = (
        sa.select(GroupMember.registration_id, GroupMember.group_id)
        .join(GroupMember.registration)
        .join(Registration.offering)
        .where(Registration.round_id == round_id, Offering.area == area)
    )
    return dict(db.session.execute(query).all())


def list_room_spaces(round_id: int, area: str, groups: Mapping[int, int]) -> list[RoomSpace]:
    """Return what is free in each room of each slot: slots by time, rooms of a slot by their doors.

    :param groups: group per registration id, to tell where a group sits already
    """
    places = (
        sa.select(Slot.id, ExamRoom.id, ExamRoom.capacity, Slot.venue_id)
        .join(ExamRoom, ExamRoom.venue_id == Slot.venue_id)
        .join(Slot.venue)
        .where(Slot.round_id == round_id, Venue.area == area)
        .order_by(Slot.entry_at, Slot.venue_id, Slot.number, ExamRoom.position, ExamRoom.id)
    )
    taken = _taken_seats(round_id)
    return [
        _space(slot_id, room_id, capacity, venue_id, taken[slot_id, room_id], groups)
        for slot_id, room_id, capacity, venue_id in db.session.execute(places)
    ]


def find_last_number(prefix: str) -> str | None:
    """Return the highest ticket number that begins with a prefix, or None."""
    query = sa.select(sa.func.max(Ticket.number)).where(Ticket.number.startswith(prefix))
    return db.session.scalars(query).one()


def _taken_seats(round_id: int) -> Mapping[tuple[int, int], list[tuple[int, int, str]]]:
    """Return (machine, registration id, dialect) of whoever sits in each slot and room of a round."""
    query = (
        sa.select(Seat.slot_id, Seat.room_id, Seat.number, Seat.registration_id, Registration.dialect)
        .join(Seat.registration)
        .join(Seat.slot)
        .where(Slot.round_id == round_id)
        .order_by(Seat.id)
    )
    taken: dict[tuple[int, int], list[tuple[int, int, str]]] = defaultdict(list)
    for slot_id, room_id, number, registration_id, dialect in db.session.execute(query):
        taken[slot_id, room_id].append((number, registration_id, dialect.value))
    return taken


def _space(
    slot_id: int,
    room_id: int,
    capacity: int,
    venue_id: int,
    taken: Sequence[tuple[int, int, str]],
    groups: Mapping[int, int],
) -> RoomSpace:
    numbers = {number for number, _, _ in taken}
    return RoomSpace(
        slot_id=slot_id,
        room_id=room_id,
        free_numbers=tuple(number for number in range(1, capacity + 1) if number not in numbers),
        dialect=taken[0][2] if taken else None,
        venue_id=venue_id,
        group_ids=frozenset(groups[each] for _, each, _ in taken if each in groups),
    )


def _to_be_seated(round_id: int, area: str | None = None) -> sa.Select[Registration]:
    """Return the query for whoever is complete and approved (R212, R213), by area or in all areas."""
    query = (
        sa.select(Registration)
        .join(Registration.offering)
        .outerjoin(Registration.order)
        .where(
            Registration.round_id == round_id,
            Registration.review_state == ReviewState.APPROVED,
            is_complete(),
        )
    )
    return query if area is None else query.where(Offering.area == area)


def _has_seat() -> sa.ColumnElement[bool]:
    return sa.exists().where(Seat.registration_id == Registration.id)


def _count(people: sa.Select[Registration]) -> int:
    return db.session.scalars(people.with_only_columns(sa.func.count(Registration.id))).one()


def _counts(query: sa.Select[str, int]) -> dict[str, int]:
    return dict(db.session.execute(query).all())
