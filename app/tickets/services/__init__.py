"""The verbs of venues, seats and tickets; each is one transaction."""

from app.tickets.services.seats import SeatingResult, SeatTaken, assign_round
from app.tickets.services.tickets import move_seat, open_slot, renew_ticket
from app.tickets.services.venues import load_venues

__all__ = [
    "SeatTaken",
    "SeatingResult",
    "assign_round",
    "load_venues",
    "move_seat",
    "open_slot",
    "renew_ticket",
]
