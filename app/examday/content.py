"""What a seat says when it is printed as an affidavit (R182)."""

from __future__ import annotations

from datetime import datetime

from app.core.clock import taipei_day
from app.core.messages import Message
from app.core.roc_dates import date_message, format_roc_document, format_roc_long
from app.examday.affidavit_pdf import AffidavitContent
from app.exams.words import exam_wording
from app.tickets.models import Seat


def affidavit_content(seat: Seat, now: datetime) -> AffidavitContent:
    """Return everything that the affidavit of a seat's person says, to be signed today."""
    registration, slot = seat.registration, seat.slot
    exam_round = slot.exam_round
    facts = exam_round.exam_year.facts
    place = {
        "venue": seat.room.venue.name,
        "room": seat.room.name,
        "slot": slot.number,
        "seat": seat.number,
    }
    return AffidavitContent(
        organiser=facts["organiser"]["name"],
        implementer=facts["implementer"]["name"],
        office_name=facts["implementer"]["office"],
        office_address=facts["contacts"]["address"],
        office_phones=tuple(facts["contacts"]["phones"]),
        exam_title=str(exam_wording(exam_round.exam_year.title)),
        round_name=exam_round.name,
        name=registration.chinese_name,
        birth_date=str(date_message(registration.birth_on)),
        ticket_number=seat.ticket.number,
        place=str(Message("%(venue)s　%(room)s　第 %(slot)s 場　%(seat)s 號", place)),
        test_date=format_roc_long(taipei_day(slot.entry_at)),
        signed_on=format_roc_document(taipei_day(now)),
        issued_at=now,
    )
