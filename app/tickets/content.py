"""What a seat says when it is printed as a ticket (R136, R181)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from app.core.clock import TAIPEI, taipei_day
from app.core.identity import mask_id
from app.core.messages import Message, Wording
from app.core.roc_dates import date_message, format_roc_long
from app.core.signing import Statement, verification_url
from app.exams.words import exam_wording, level_words, name_wording, with_area, with_dialect
from app.tickets.models import Seat
from app.tickets.ticket_pdf import TicketContent

# The letter by which a signed statement names a ticket.
TICKET = "T"


def ticket_contents(seats: Iterable[Seat], *, base_url: str, language: str = "zh") -> Iterator[TicketContent]:
    """Yield the content of one ticket after the other, so that a large group is never held as text."""
    return (ticket_content(seat, base_url=base_url, language=language) for seat in seats)


def ticket_content(seat: Seat, *, base_url: str, language: str = "zh") -> TicketContent:
    """Return everything that the ticket of a seat says, as finished text.

    :param base_url: where people reach the portal, without a slash at the end; the QR code leads there
    """
    candidate, slot, ticket, venue = seat.registration, seat.slot, seat.ticket, seat.room.venue
    exam_round = slot.exam_round
    facts = exam_round.exam_year.facts
    contacts, implementer = facts["contacts"], facts["implementer"]
    entry_at, starts_at = slot.entry_at.astimezone(TAIPEI), slot.starts_at.astimezone(TAIPEI)
    ends_at = starts_at + timedelta(minutes=facts["exam"]["test_minutes"])
    statement = Statement(TICKET, ticket.number, ticket.version, taipei_day(ticket.issued_at))
    levels = level_words(exam_round.levels)
    return TicketContent(
        organiser=name_wording(facts["organiser"]["name"]),
        implementer=name_wording(implementer["name"]),
        office_name=name_wording(implementer["office"]),
        office_address=name_wording(contacts["address"]),
        office_phones=tuple(contacts["phones"]),
        exam_title=exam_wording(exam_round.exam_year.title),
        round_name=exam_round.name,
        levels=Wording(str(levels), levels),
        dialect=with_dialect(candidate.dialect),
        # Where the seat is, whatever was chosen: the candidate sits according to the ticket (R010).
        area=with_area(venue.area),
        ticket_number=ticket.number,
        name=candidate.chinese_name,
        masked_id_number=mask_id(candidate.id_number),
        birth_date=date_message(candidate.birth_on),
        # Of a re-sit it is another day than the round's (R175).
        test_date=format_roc_long(taipei_day(slot.entry_at)),
        venue_name=venue.name,
        venue_address=venue.address,
        exam_room=seat.room.name,
        slot=Wording(str(Message("第 %(number)s 場", {"number": slot.number})), str(slot.number)),
        seat_number=str(seat.number),
        entry_time=f"{entry_at:%H:%M}",
        test_time=f"{starts_at:%H:%M}–{ends_at:%H:%M}",
        arrangement=candidate.arrangement.on_the_day if candidate.arrangement else None,
        version=ticket.version,
        issued_at=ticket.issued_at,
        verification_url=verification_url(base_url, statement),
        language=language,
    )
