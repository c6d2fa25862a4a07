"""The verbs of venues, seats and tickets; each is one transaction."""

from app.tickets.services.seats import SeatingResult, SeatTaken, assign_round
from app.tickets.services.venues import load_venues

__all__ = ["SeatTaken", "SeatingResult", "assign_round", "load_venues"]
