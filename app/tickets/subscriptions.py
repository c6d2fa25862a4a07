"""What tickets do when another room announces something."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.exams.models import Round
from app.registration.models import Registration
from app.registration.signals import identity_amended, test_day_moved
from app.tickets import queries
from app.tickets.models import Seat, Slot, Ticket
from app.tickets.services import renew_ticket


def connect() -> None:
    """Listen to registration; connecting twice is the same as once."""
    identity_amended.connect(_renew_ticket)
    test_day_moved.connect(_move_sessions)


def _renew_ticket(registration: Registration, *, actor: Actor) -> None:
    """Give a ticket a new version when the identity data on it were corrected; its number stays (Q6)."""
    with transaction():
        seat = queries.find_valid_seat(registration)
        if seat is not None:
            renew_ticket(seat.ticket, actor=actor)


def _move_sessions(exam_round: Round, *, days: int, actor: Actor) -> None:
    """Let the sessions follow the day of the test at the same hour; tickets get a new version (R009, Q6)."""
    with transaction() as session:
        for slot in session.scalars(sa.select(Slot).where(Slot.round_id == exam_round.id)):
            slot.entry_at += timedelta(days=days)
            slot.starts_at += timedelta(days=days)
        seats = sa.select(Seat.id).join(Seat.slot).where(Slot.round_id == exam_round.id)
        renewed = session.execute(
            sa.update(Ticket)
            .where(Ticket.seat_id.in_(seats))
            .values(version=Ticket.version + 1, issued_at=clock.now())
            .execution_options(synchronize_session="fetch")
        )
        audit.record("seating.move_day", exam_round, actor, days=days, tickets=renewed.rowcount)
