"""Who came: checked in at the door, corrected where that was wrong, closed room by room (R179-R182)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import SYSTEM, Actor
from app.core.db import transaction
from app.core.errors import InvalidValue, Refused
from app.core.messages import Message
from app.examday import queries, rules
from app.examday.documents import IdDocument, accepted_documents
from app.examday.models import Attendance, FollowUp, RoomClosing
from app.examday.states import AttendanceState, TaskKind
from app.exams.models import Round
from app.registration.services import record_absence, withdraw_absence
from app.registration.states import FormState
from app.tickets.models import Seat


def check_in(number: str, document: IdDocument | None, *, has_ticket: bool, actor: Actor) -> Attendance:
    """Let somebody in and return that they came; pressed twice it changes nothing.

    Who has no identity document or no ticket sits first and has something to do afterwards (R182). Who
    comes later than ten minutes after the bell is not let in: the attendance says so (R180).

    :param document: which original was shown; None: none
    :raises NotFound: when there is no such ticket
    :raises Refused: before the bell, after the room was closed, or when the registration was cancelled
    :raises InvalidValue: when this person cannot use that document (R179)
    """
    with transaction() as session:
        seat = queries.get_seat_for_update(session, number)
        found = queries.find_attendance(seat)
        if found is not None and found.state == AttendanceState.PRESENT:
            return found
        now = clock.now()
        _check_open(seat)
        rules.check_entry_begun(seat.slot.entry_at, now).raise_if_refused()
        if rules.is_too_late(seat.slot.entry_at, now):
            return _write(session, seat, found, AttendanceState.LATE, None, actor=actor)
        _check_document(seat, document)
        attendance = _write(session, seat, found, AttendanceState.PRESENT, document, actor=actor)
        _open_tasks(attendance, document, has_ticket=has_ticket, now=now)
    return attendance


def correct_attendance(
    number: str, *, present: bool, document: IdDocument | None = None, reason: str, actor: Actor
) -> Attendance:
    """Correct what was recorded of somebody by mistake; the absence follows (R043).

    :param document: which original was shown, of somebody who was there; None: none
    :raises NotFound: when there is no such ticket
    :raises Refused: before the session's bell, or when the registration was cancelled
    :raises InvalidValue: when this person cannot use that document
    """
    with transaction() as session:
        seat = queries.get_seat_for_update(session, number)
        _check_live(seat)
        now = clock.now()
        rules.check_entry_begun(seat.slot.entry_at, now).raise_if_refused()
        found = queries.find_attendance(seat)
        if present:
            _check_document(seat, document)
            found = _write(
                session, seat, found, AttendanceState.PRESENT, document, actor=actor, reason=reason
            )
            _open_tasks(found, document, has_ticket=True, now=now)
            withdraw_absence(seat.registration, actor=actor)
        else:
            found = _write(session, seat, found, AttendanceState.ABSENT, None, actor=actor, reason=reason)
            if queries.is_closed(seat.slot_id, seat.room_id):
                record_absence(seat.registration, actor=actor)
    return found


def close_room(slot_id: int, room_id: int, *, actor: Actor) -> int:
    """Close the attendance of a room and return how many did not come; they are absent from then on (R043).

    Closing what is closed changes nothing.

    :raises NotFound: when there is no such room or session
    :raises Refused: while somebody may still come in
    """
    with transaction() as session:
        slot, room = queries.get_place(slot_id, room_id)
        queries.lock_room(session, slot_id, room_id)
        lines = queries.list_seat_lines(slot_id, room_id)
        if not queries.is_closed(slot_id, room_id):
            now = clock.now()
            rules.check_can_close(slot.entry_at, now).raise_if_refused()
            session.add(RoomClosing(slot_id=slot_id, room_id=room_id, closed_at=now))
            for line in lines:
                _count_absent(session, line.seat, line.attendance, actor=actor)
            audit.record("examday.close_room", slot, actor, room=room.id, people=len(lines))
    return sum(not _is_present(line.attendance) for line in lines)


def close_ended_rooms() -> int:
    """Close the rooms of ended sessions in which people were checked in, and return how many.

    A room in which nobody was checked in has not used the screen: it stays as it is, and nobody in it is
    absent because of that.
    """
    closed = 0
    for slot_id, room_id in queries.list_ended_rooms(_last_start(clock.now())):
        close_room(slot_id, room_id, actor=SYSTEM)
        closed += 1
    return closed


def _last_start(now: datetime) -> datetime:
    """Return until when a session must have begun to be over now; the longest test of all years counts."""
    minutes = max(queries.list_test_minutes(), default=0)
    return now - timedelta(minutes=minutes)


def _write(
    session: Session,
    seat: Seat,
    found: Attendance | None,
    state: AttendanceState,
    document: IdDocument | None,
    *,
    actor: Actor,
    reason: str | None = None,
) -> Attendance:
    before = found.state.value if found else None
    if found is None:
        found = Attendance(registration=seat.registration, slot=seat.slot, tasks=[])
        session.add(found)
    found.state, found.document, found.recorded_at = state, document, clock.now()
    session.flush()
    audit.record(
        "examday.attendance",
        seat.registration,
        actor,
        before=before,
        state=state.value,
        document=document.value if document else None,
        reason=reason,
    )
    return found


def _open_tasks(
    attendance: Attendance, document: IdDocument | None, *, has_ticket: bool, now: datetime
) -> None:
    wanted = {TaskKind.AFFIDAVIT: document is None, TaskKind.TICKET: not has_ticket}
    known = {task.kind: task for task in attendance.tasks}
    for kind, needed in wanted.items():
        if needed and kind not in known:
            attendance.tasks.append(FollowUp(kind=kind, opened_at=now))
        elif not needed and kind in known and known[kind].done_at is None:
            known[kind].done_at = now


def _count_absent(session: Session, seat: Seat, found: Attendance | None, *, actor: Actor) -> None:
    if found is None:
        _write(session, seat, None, AttendanceState.ABSENT, None, actor=actor)
    if not _is_present(found):
        record_absence(seat.registration, actor=actor)


def _is_present(attendance: Attendance | None) -> bool:
    return attendance is not None and attendance.state == AttendanceState.PRESENT


def _check_open(seat: Seat) -> None:
    _check_live(seat)
    if queries.is_closed(seat.slot_id, seat.room_id):
        raise Refused(Message("這個試場已經結束點名；點名有誤，請打開這位考生，用「更正點名」修正"))


def _check_live(seat: Seat) -> None:
    if seat.registration.form_state == FormState.CANCELLED:
        raise Refused(Message("這份報名已經取消，不能應試"))


def _check_document(seat: Seat, document: IdDocument | None) -> None:
    if document is not None and document not in documents_of(seat):
        raise InvalidValue(Message("學生證只有國民中小學考生可以使用，請改用其他證件"), field="document")


def documents_of(seat: Seat) -> tuple[IdDocument, ...]:
    """Return the identity documents that the person of a seat may show (R179)."""
    exam_round: Round = seat.slot.exam_round
    registration = seat.registration
    return accepted_documents(registration.education, registration.birth_on, exam_round.test_on)
