"""Whose machine failed sits again, or keeps the right to sit until next year (拾肆、三; R175)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import IllegalTransition
from app.core.messages import Message
from app.examday import mails, queries, rules
from app.examday.models import IncidentReport, Resit
from app.examday.states import IncidentKind
from app.registration.services import grant_carry_over
from app.tickets.models import ExamRoom, Seat, Slot
from app.tickets.services import move_seat, open_slot


def assign_resit(public_id: str, slot_id: int, room_id: int, *, actor: Actor) -> Resit:
    """Let somebody sit again in another session, on a new version of the ticket, and tell them.

    :raises NotFound: when there is no such report, session or room
    :raises Refused: when the session has begun
    :raises IllegalTransition: when it is not a machine's failure, or has been dealt with
    :raises SeatTaken: when the room is full
    """
    with transaction() as session:
        report, seat = _machine_failure(session, public_id)
        slot, room = queries.get_place(slot_id, room_id)
        return _assign(session, report, seat, slot, room, actor=actor)


def assign_resit_at(public_id: str, entry_at: datetime, *, actor: Actor) -> Resit:
    """Let somebody sit again in the same room at another time, for which a session is opened.

    Raises as `assign_resit`.
    """
    with transaction() as session:
        report, seat = _machine_failure(session, public_id)
        rules.check_resit_time(entry_at, clock.now()).raise_if_refused()
        slot = open_slot(seat.slot, entry_at, actor=actor)
        return _assign(session, report, seat, slot, seat.room, actor=actor)


def carry_over(public_id: str, *, actor: Actor) -> Resit:
    """Let somebody who cannot sit again keep the right to sit until next year, without another fee.

    :raises NotFound: when there is no such report
    :raises IllegalTransition: when it is not a machine's failure, or has been dealt with
    """
    with transaction() as session:
        report, seat = _machine_failure(session, public_id)
        grant_carry_over(seat.registration, actor=actor)
        return _dealt_with(session, report, Resit(decided_at=clock.now()))


def _assign(
    session: Session, report: IncidentReport, seat: Seat, slot: Slot, room: ExamRoom, *, actor: Actor
) -> Resit:
    rules.check_resit_time(slot.entry_at, clock.now()).raise_if_refused()
    if slot.round_id != seat.slot.round_id:
        raise IllegalTransition(Message("補考要在同一個梯次，請重新選擇場次"))
    move_seat(seat, slot, room, actor=actor)
    resit = Resit(slot=slot, room=room, number=seat.number, decided_at=clock.now())
    mails.tell_resit(seat)
    audit.record("examday.resit", seat.registration, actor, slot=slot.id, room=room.id, number=seat.number)
    return _dealt_with(session, report, resit)


def _machine_failure(session: Session, public_id: str) -> tuple[IncidentReport, Seat]:
    report = queries.get_incident_for_update(session, public_id)
    if report.kind != IncidentKind.MACHINE or report.withdrawn_at is not None:
        raise IllegalTransition(Message("這筆紀錄不是設備故障，不能安排補考"))
    if report.resit is not None:
        raise IllegalTransition(Message("已經安排過了，請重新整理頁面查看"))
    seat = queries.find_seat_of(report.registration_id)
    if seat is None:
        raise IllegalTransition(Message("這位考生沒有座位，請先排座位"))
    return report, seat


def _dealt_with(session: Session, report: IncidentReport, resit: Resit) -> Resit:
    resit.incident = report
    session.add(resit)
    session.flush()
    return resit
