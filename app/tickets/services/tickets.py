"""A ticket changes: what stands on it was corrected, or its owner sits elsewhere; its number stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction, violated_constraint
from app.core.messages import Message
from app.tickets import queries
from app.tickets.models import ExamRoom, Seat, Slot, Ticket
from app.tickets.services.seats import SeatTaken


def renew_ticket(ticket: Ticket, *, actor: Actor) -> None:
    """Give a ticket a new version, because something on it has changed (Q6)."""
    with transaction():
        ticket.version += 1
        ticket.issued_at = clock.now()
        audit.record("ticket.renew", ticket.seat.registration, actor, version=ticket.version)


def move_seat(seat: Seat, slot: Slot, room: ExamRoom, *, actor: Actor) -> None:
    """Move somebody to the first free machine of a room in another session, on a new version of the ticket.

    :raises SeatTaken: when the room is full, or another request took the machine at the same moment
    """
    with transaction() as session:
        taken = queries.taken_numbers(slot.id, room.id)
        number = next((each for each in range(1, room.capacity + 1) if each not in taken), None)
        if number is None:
            raise SeatTaken(Message("這個試場在這一場已經沒有空機，請選其他試場"))
        before = [seat.slot_id, seat.room_id, seat.number]
        seat.slot, seat.room, seat.number = slot, room, number
        try:
            session.flush()
        except IntegrityError as error:
            if violated_constraint(error) == "uq_seats_slot_id_room_id_number":
                raise SeatTaken(Message("這台機器剛剛有人排了，請再送出一次")) from None
            raise
        audit.record("seat.move", seat.registration, actor, before=before, after=[slot.id, room.id, number])
        renew_ticket(seat.ticket, actor=actor)


def open_slot(like: Slot, entry_at: datetime, *, actor: Actor) -> Slot:
    """Return the session of a venue that begins at an instant, opened unless there is one (R175).

    :param like: a session of the same round and venue, whose length it has
    """
    with transaction() as session:
        found = queries.find_slot_at(like.round_id, like.venue_id, entry_at)
        if found is None:
            found = Slot(
                exam_round=like.exam_round,
                venue=like.venue,
                number=queries.last_slot_number(like.round_id, like.venue_id) + 1,
                entry_at=entry_at,
                starts_at=entry_at + (like.starts_at - like.entry_at),
            )
            session.add(found)
            session.flush()
            audit.record("slot.open", found, actor, round=like.exam_round.code, number=found.number)
    return found
