"""Giving seats, and with each seat its ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction, violated_constraint
from app.core.errors import DomainError
from app.core.messages import N_, Message
from app.exams.choices import Track
from app.exams.models import Round
from app.exams.queries import get_round
from app.registration.models import Registration
from app.tickets import queries
from app.tickets.models import Seat, Ticket
from app.tickets.seating import Assignment, NotEnoughSeats, SeatSeeker, assign_seats
from app.tickets.ticket_numbers import LAST_SERIAL, area_number, number_prefix, serial_of, ticket_number

_SEAT_CONSTRAINTS = {"uq_seats_registration_id", "uq_seats_slot_id_room_id_number", "uq_tickets_number"}


class SeatTaken(DomainError):
    """Somebody else was giving seats at the same moment; nothing was changed by this request."""


@dataclass(frozen=True, slots=True)
class SeatingResult:
    """What came of seating one area of a round.

    :ivar assigned: candidates who were given a seat and a ticket now
    :ivar already: candidates who had one before
    :ivar missing_reason: why nobody was seated although people wait; None: everybody has a seat
    """

    assigned: int
    already: int
    missing_reason: Message | None = None


def assign_round(round_code: str, area: str, *, actor: Actor) -> SeatingResult:
    """Seat every approved candidate of an area who has no seat yet, and issue the tickets (R048, R136).

    Seats given before stay as they are, so that pressing twice seats nobody twice. Either everybody is
    seated or, when the machines do not suffice, nobody.

    :raises NotFound: when there is no such round, or the round has no such area
    :raises DomainError: when the area has used up its ticket numbers
    :raises SeatTaken: when another request was giving the same seats
    """
    with transaction() as session:
        exam_round = get_round(round_code)
        queries.lock_area(session, exam_round.id, area)
        already = queries.count_seated(exam_round.id, area)
        waiting = queries.list_unseated_for_update(session, exam_round.id, area)
        groups = queries.group_ids_of(exam_round.id, area)
        seekers = [SeatSeeker(each.id, each.dialect.value, groups.get(each.id)) for each in waiting]
        try:
            places = assign_seats(seekers, queries.list_room_spaces(exam_round.id, area, groups))
        except NotEnoughSeats as shortage:
            return SeatingResult(0, already, shortage.message)
        _seat_all(session, exam_round, area, waiting, places, actor=actor)
        if places:
            audit.record("seating.assign", exam_round, actor, area=area, assigned=len(places))
    return SeatingResult(len(places), already)


def _seat_all(
    session: Session,
    exam_round: Round,
    area: str,
    waiting: Sequence[Registration],
    places: Sequence[Assignment],
    *,
    actor: Actor,
) -> None:
    """Write seats and tickets, the numbers in the order of the room lists."""
    now = clock.now()
    by_id = {each.id: each for each in waiting}
    prefix = _prefix(exam_round, area)
    last = queries.find_last_number(prefix)
    given = serial_of(last) if last else 0
    _check_numbers_left(area, given + len(places))
    for serial, place in enumerate(places, start=given + 1):
        registration = by_id[place.registration_id]
        number = ticket_number(prefix, serial)
        session.add(_new_ticket(place, registration, number, now))
        audit.record("ticket.issue", registration, actor, number=number)
    try:
        session.flush()
    except IntegrityError as error:
        if violated_constraint(error) in _SEAT_CONSTRAINTS:
            raise SeatTaken(Message("有人正在排同一個考區的座位，請重新整理後再排一次")) from None
        raise


def _new_ticket(place: Assignment, registration: Registration, number: str, now: datetime) -> Ticket:
    seat = Seat(
        registration=registration,
        slot_id=place.slot_id,
        room_id=place.room_id,
        number=place.number,
        assigned_at=now,
    )
    return Ticket(seat=seat, number=number, version=1, issued_at=now)


def _prefix(exam_round: Round, area: str) -> str:
    year = exam_round.exam_year
    return number_prefix(
        roc_year=year.roc_year,
        is_multi=exam_round.track == Track.MULTI,
        round_number=exam_round.number,
        area_number=area_number(
            year.facts["areas_by_region"],
            area,
            more_areas=[each.area for each in sorted(exam_round.offerings, key=lambda each: each.id)],
        ),
    )


def _check_numbers_left(area: str, highest: int) -> None:
    if highest > LAST_SERIAL:
        text = N_("%(area)s考區的准考證號碼已用完，請與系統維護人員聯絡")
        raise DomainError(Message(text, {"area": area}), field="area")
