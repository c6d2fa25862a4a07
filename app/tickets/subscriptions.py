"""What tickets do when another room announces something."""

from __future__ import annotations

from app.core.actors import Actor
from app.core.db import transaction
from app.registration.models import Registration
from app.registration.signals import identity_amended
from app.tickets import queries
from app.tickets.services import renew_ticket


def connect() -> None:
    """Listen to registration; connecting twice is the same as once."""
    identity_amended.connect(_renew_ticket)


def _renew_ticket(registration: Registration, *, actor: Actor) -> None:
    """Give a ticket a new version when the identity data on it were corrected; its number stays (Q6)."""
    with transaction():
        seat = queries.find_valid_seat(registration)
        if seat is not None:
            renew_ticket(seat.ticket, actor=actor)
