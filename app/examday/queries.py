"""Reads of the exam day for the site's screens, the results room and the status page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.core.clock import start_of_day, taipei_day
from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.examday.incidents import ZERO_FOR_OPEN_TASK, Incident, list_incidents
from app.examday.models import (
    Attendance,
    FollowUp,
    IncidentReport,
    Resit,
    RoomClosing,
    TicketReport,
)
from app.examday.states import AttendanceState, IncidentKind, ReportState
from app.exams.models import ExamYear, Round
from app.registration.models import CarryOver, Registration
from app.registration.states import FormState
from app.tickets.models import ExamRoom, Seat, Slot, Ticket, Venue
from app.tickets.queries import SHOWN


@dataclass(frozen=True, slots=True)
class RoomDay:
    """One room in one session: how many are expected, how many came, and whether that is complete."""

    slot: Slot
    room: ExamRoom
    expected: int
    present: int
    out: int
    closed: bool

    @property
    def waiting(self) -> int:
        return self.expected - self.present - self.out


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One seat of a check-in list; no attendance: nobody has said anything yet."""

    seat: Seat
    attendance: Attendance | None


def incidents_of(exam_round: Round) -> tuple[Incident, ...]:
    """Return the incidents that cost points in a round's year (R181-R189)."""
    return list_incidents(exam_round.exam_year.facts["device_deductions"]["table"])


def list_venues(round_id: int) -> Sequence[Venue]:
    """Return the venues in which somebody sits in a round, by area."""
    query = (
        sa.select(Venue)
        .where(
            sa.exists().where(
                Seat.slot_id == Slot.id,
                Slot.round_id == round_id,
                Seat.room_id == ExamRoom.id,
                ExamRoom.venue_id == Venue.id,
            )
        )
        .order_by(Venue.area, Venue.id)
    )
    return db.session.scalars(query).all()


def list_room_days(round_id: int, venue_id: int) -> list[RoomDay]:
    """Return the rooms of a venue session by session, with how far attendance has come."""
    state = Attendance.state
    query = (
        sa.select(
            Slot,
            ExamRoom,
            sa.func.count(Seat.id),
            sa.func.count(sa.case((state == AttendanceState.PRESENT, 1))),
            sa.func.count(sa.case((state != AttendanceState.PRESENT, 1))),
            sa.func.max(RoomClosing.id),
        )
        .select_from(Seat)
        .join(Seat.slot)
        .join(Seat.room)
        .join(Seat.registration)
        .outerjoin(Attendance, _of_seat())
        .outerjoin(RoomClosing, _of_room())
        .where(Slot.round_id == round_id, ExamRoom.venue_id == venue_id, _live())
        .group_by(Slot.id, ExamRoom.id)
        .order_by(Slot.entry_at, Slot.number, ExamRoom.position, ExamRoom.id)
    )
    return [
        RoomDay(slot, room, expected, present, out, closing is not None)
        for slot, room, expected, present, out, closing in db.session.execute(query)
    ]


def get_place(slot_id: int, room_id: int) -> tuple[Slot, ExamRoom]:
    """Return a session and one of its rooms; raises NotFound."""
    query = (
        sa.select(Slot, ExamRoom)
        .join(ExamRoom, ExamRoom.venue_id == Slot.venue_id)
        .where(Slot.id == slot_id, ExamRoom.id == room_id)
        .options(
            joinedload(Slot.exam_round).joinedload(Round.exam_year),
            joinedload(Slot.venue),
        )
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound(Message("沒有這個試場或場次，請重新選擇"))
    return found[0], found[1]


def list_seat_lines(slot_id: int, room_id: int) -> list[SeatLine]:
    """Return who sits in a room in a session, by machine, in a number of queries that does not grow."""
    query = (
        sa.select(Seat, Attendance)
        .join(Seat.registration)
        .outerjoin(Attendance, _of_seat())
        .where(Seat.slot_id == slot_id, Seat.room_id == room_id, _live())
        .options(*SHOWN, selectinload(Attendance.tasks))
        .order_by(Seat.number)
    )
    return [SeatLine(seat, attendance) for seat, attendance in db.session.execute(query)]


def lock_room(session: Session, slot_id: int, room_id: int) -> None:
    """Lock the seats of a room in a session, so that nobody is checked in while it is closed."""
    query = sa.select(Seat.id).where(Seat.slot_id == slot_id, Seat.room_id == room_id)
    session.execute(query.order_by(Seat.id).with_for_update(key_share=True)).all()


def get_seat(number: str) -> Seat:
    """Return the seat of a ticket number with all that is shown of it; raises NotFound."""
    return _found_seat(db.session.scalars(_seat(number)).one_or_none())


def get_seat_for_update(session: Session, number: str) -> Seat:
    """Return the seat of a ticket number, locked and read anew; raises NotFound."""
    query = _seat(number).with_for_update(of=Seat, key_share=True).execution_options(populate_existing=True)
    return _found_seat(session.scalars(query).one_or_none())


def find_attendance(seat: Seat) -> Attendance | None:
    """Return whether somebody came to the session of their seat, or None while nobody has said so."""
    query = sa.select(Attendance).where(
        Attendance.registration_id == seat.registration_id, Attendance.slot_id == seat.slot_id
    )
    return db.session.scalars(query.options(selectinload(Attendance.tasks))).one_or_none()


def is_closed(slot_id: int, room_id: int) -> bool:
    """Return whether the attendance of a room in a session is complete."""
    query = sa.select(sa.exists().where(RoomClosing.slot_id == slot_id, RoomClosing.room_id == room_id))
    return db.session.scalars(query).one()


def list_ended_rooms(last_start: datetime, *, limit: int = 50) -> list[tuple[int, int]]:
    """Return (slot id, room id) of rooms in which people were checked in and that nobody has closed.

    :param last_start: sessions that began later are still going on
    """
    query = (
        sa.select(Seat.slot_id, Seat.room_id)
        .join(Seat.slot)
        .join(Attendance, _of_seat())
        .outerjoin(RoomClosing, _of_room())
        .where(Slot.starts_at <= last_start, RoomClosing.id.is_(None))
        .group_by(Seat.slot_id, Seat.room_id)
        .order_by(Seat.slot_id, Seat.room_id)
        .limit(limit)
    )
    return [(slot_id, room_id) for slot_id, room_id in db.session.execute(query)]


def list_test_minutes() -> list[int]:
    """Return how long the test is in each year that is loaded."""
    return [facts["exam"]["test_minutes"] for facts in db.session.scalars(sa.select(ExamYear.facts))]


def attendance_of_round(round_id: int) -> dict[int, AttendanceState]:
    """Return per registration id whether they came to their last session, where that is on record."""
    query = (
        sa.select(Seat.registration_id, Attendance.state)
        .join(Seat.slot)
        .join(Attendance, _of_seat())
        .where(Slot.round_id == round_id)
    )
    return dict(db.session.execute(query).all())


def codes_of_round(round_id: int, now: datetime) -> dict[int, tuple[str, ...]]:
    """Return per registration id the codes that its score has to carry.

    What was put on record at the site, what the committee decided, and the zero of a task that is still
    open after its day (R182, R184-R189).
    """
    written = (
        sa.select(IncidentReport.registration_id, IncidentReport.code)
        .join(IncidentReport.slot)
        .where(
            Slot.round_id == round_id,
            IncidentReport.code.is_not(None),
            IncidentReport.withdrawn_at.is_(None),
        )
        .order_by(IncidentReport.id)
    )
    codes: dict[int, tuple[str, ...]] = {}
    for registration_id, code in db.session.execute(written):
        codes[registration_id] = (*codes.get(registration_id, ()), code)
    zero = _open_tasks(round_id).where(Slot.entry_at < start_of_day(taipei_day(now)))
    for registration_id in db.session.scalars(
        zero.with_only_columns(Attendance.registration_id).distinct().order_by(Attendance.registration_id)
    ):
        codes[registration_id] = (*codes.get(registration_id, ()), ZERO_FOR_OPEN_TASK)
    return codes


def list_open_tasks(round_id: int) -> Sequence[FollowUp]:
    """Return what is still to be done after the sessions of a round, the oldest first."""
    query = _open_tasks(round_id).options(
        joinedload(FollowUp.attendance).joinedload(Attendance.registration),
        joinedload(FollowUp.attendance).joinedload(Attendance.slot).joinedload(Slot.venue),
    )
    return db.session.scalars(query.order_by(Slot.entry_at, FollowUp.id)).all()


def get_task_for_update(session: Session, public_id: str) -> FollowUp:
    """Return a follow-up, locked; raises NotFound."""
    query = sa.select(FollowUp).where(FollowUp.public_id == public_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(Message("沒有這個待辦事項，請重新整理頁面"))
    return found


def list_incident_reports(round_id: int, *, undecided: bool = False) -> Sequence[IncidentReport]:
    """Return what was put on record in a round, the newest first.

    :param undecided: only what waits for the committee
    """
    query = sa.select(IncidentReport).join(IncidentReport.slot).where(Slot.round_id == round_id)
    if undecided:
        query = query.where(_is_undecided())
    return db.session.scalars(query.options(*_OF_INCIDENT).order_by(IncidentReport.id.desc())).all()


def list_incidents_of(registration_id: int) -> Sequence[IncidentReport]:
    """Return what was put on record about one candidate, the oldest first."""
    query = sa.select(IncidentReport).where(IncidentReport.registration_id == registration_id)
    return db.session.scalars(query.options(*_OF_INCIDENT).order_by(IncidentReport.id)).all()


def get_incident(public_id: str) -> IncidentReport:
    """Return a report; raises NotFound."""
    query = sa.select(IncidentReport).where(IncidentReport.public_id == public_id)
    return _found_incident(db.session.scalars(query.options(*_OF_INCIDENT)).one_or_none())


def get_incident_for_update(session: Session, public_id: str) -> IncidentReport:
    """Return a report, locked and read anew; raises NotFound."""
    query = (
        sa.select(IncidentReport)
        .where(IncidentReport.public_id == public_id)
        .with_for_update(of=IncidentReport)
        .execution_options(populate_existing=True)
    )
    return _found_incident(session.scalars(query.options(*_OF_INCIDENT)).one_or_none())


def count_undecided(round_id: int) -> int:
    """Count what waits for the committee in a round (R189)."""
    query = sa.select(sa.func.count(IncidentReport.id)).join(IncidentReport.slot)
    return db.session.scalars(query.where(Slot.round_id == round_id, _is_undecided())).one()


def find_resit(registration_id: int) -> Resit | None:
    """Return how somebody sits again, the last time it was arranged, or None (R175)."""
    query = (
        sa.select(Resit)
        .join(Resit.incident)
        .where(IncidentReport.registration_id == registration_id)
        .options(joinedload(Resit.slot))
        .order_by(Resit.id.desc())
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def find_seat_of(registration_id: int) -> Seat | None:
    """Return the seat of a registration with its ticket, or None."""
    query = sa.select(Seat).where(Seat.registration_id == registration_id).options(*SHOWN)
    return db.session.scalars(query).one_or_none()


def ticket_numbers_of(registration_ids: Sequence[int]) -> dict[int, str]:
    """Return the ticket number per registration id."""
    query = sa.select(Seat.registration_id, Ticket.number).join(Ticket.seat)
    return dict(db.session.execute(query.where(Seat.registration_id.in_(registration_ids))).all())


def list_free_places(seat: Seat, now: datetime) -> list[tuple[Slot, ExamRoom, int]]:
    """Return (session, room, free machines) of the same round and area that begin later, soonest first.

    Rooms in which another dialect sits are left out (R050).
    """
    taken = sa.func.count(Seat.id)
    query = (
        sa.select(Slot, ExamRoom, ExamRoom.capacity - taken)
        .select_from(Slot)
        .join(Slot.venue)
        .join(ExamRoom, ExamRoom.venue_id == Venue.id)
        .outerjoin(Seat, sa.and_(Seat.slot_id == Slot.id, Seat.room_id == ExamRoom.id))
        .outerjoin(Registration, Registration.id == Seat.registration_id)
        .where(
            Slot.round_id == seat.slot.round_id,
            Venue.area == seat.room.venue.area,
            Slot.entry_at > now,
            Slot.id != seat.slot_id,
        )
        .group_by(Slot.id, ExamRoom.id)
        .having(
            ExamRoom.capacity > taken,
            sa.func.count(sa.case((Registration.dialect != seat.registration.dialect, 1))) == 0,
        )
        .order_by(Slot.entry_at, Slot.id, ExamRoom.position, ExamRoom.id)
        # Not joined: PostgreSQL would want every column of it grouped as well.
        .options(selectinload(Slot.venue), selectinload(ExamRoom.venue))
        .limit(200)
    )
    return [(slot, room, free) for slot, room, free in db.session.execute(query)]


def list_ticket_reports(*, limit: int = 200) -> Sequence[TicketReport]:
    """Return the errors on tickets that nobody has dealt with, the oldest first."""
    shown = joinedload(TicketReport.registration)
    query = (
        sa.select(TicketReport)
        .where(TicketReport.state == ReportState.OPEN)
        .options(
            shown.options(joinedload(Registration.exam_round), joinedload(Registration.offering)),
        )
    )
    return db.session.scalars(query.order_by(TicketReport.id).limit(limit)).all()


def count_ticket_reports() -> int:
    """Count the errors on tickets that nobody has dealt with."""
    query = sa.select(sa.func.count(TicketReport.id)).where(TicketReport.state == ReportState.OPEN)
    return db.session.scalars(query).one()


def find_ticket_report(registration_id: int) -> TicketReport | None:
    """Return the last error that was reported on a ticket, or None."""
    query = sa.select(TicketReport).where(TicketReport.registration_id == registration_id)
    return db.session.scalars(query.order_by(TicketReport.id.desc()).limit(1)).one_or_none()


def get_ticket_report(public_id: str) -> TicketReport:
    """Return a reported error; raises NotFound."""
    query = sa.select(TicketReport).where(TicketReport.public_id == public_id)
    return _found_report(db.session.scalars(query).one_or_none())


def get_ticket_report_for_update(session: Session, public_id: str) -> TicketReport:
    """Return a reported error, locked and read anew; raises NotFound."""
    query = sa.select(TicketReport).where(TicketReport.public_id == public_id).with_for_update()
    return _found_report(session.scalars(query.execution_options(populate_existing=True)).one_or_none())


def list_attendances_of_account(account_id: int) -> Sequence[Attendance]:
    """Return whether an account's candidates came, the oldest first."""
    query = sa.select(Attendance).join(Attendance.registration).options(joinedload(Attendance.registration))
    return db.session.scalars(
        query.where(Registration.account_id == account_id).order_by(Attendance.id)
    ).all()


def list_incidents_of_account(account_id: int) -> Sequence[IncidentReport]:
    """Return what was put on record about an account's candidates, the oldest first."""
    query = sa.select(IncidentReport).join(IncidentReport.registration)
    query = query.where(Registration.account_id == account_id).order_by(IncidentReport.id)
    return db.session.scalars(query.options(joinedload(IncidentReport.registration))).all()


def list_ticket_reports_of_account(account_id: int) -> Sequence[TicketReport]:
    """Return the errors on tickets that an account has reported, the oldest first."""
    query = sa.select(TicketReport).join(TicketReport.registration)
    query = query.where(Registration.account_id == account_id).order_by(TicketReport.id)
    return db.session.scalars(query.options(joinedload(TicketReport.registration))).all()


def carried_over() -> sa.ColumnElement[bool]:
    """Return the condition that the right to sit was kept until next year: there is no result (R175)."""
    return sa.exists().where(CarryOver.registration_id == Registration.id)


_OF_INCIDENT: tuple[ORMOption, ...] = (
    joinedload(IncidentReport.registration).joinedload(Registration.exam_round),
    joinedload(IncidentReport.slot).joinedload(Slot.venue),
    joinedload(IncidentReport.resit).joinedload(Resit.slot),
)


def _open_tasks(round_id: int) -> sa.Select[tuple[FollowUp]]:
    return (
        sa.select(FollowUp)
        .join(FollowUp.attendance)
        .join(Attendance.slot)
        .join(Attendance.registration)
        .where(
            Slot.round_id == round_id,
            Attendance.state == AttendanceState.PRESENT,
            FollowUp.done_at.is_(None),
            _live(),
        )
    )


def _is_undecided() -> sa.ColumnElement[bool]:
    return sa.and_(
        IncidentReport.kind == IncidentKind.COMMITTEE,
        IncidentReport.decided_at.is_(None),
        IncidentReport.withdrawn_at.is_(None),
    )


def _seat(number: str) -> sa.Select[tuple[Seat]]:
    return sa.select(Seat).join(Seat.ticket).where(Ticket.number == number).options(*SHOWN)


def _of_seat() -> sa.ColumnElement[bool]:
    return sa.and_(Attendance.registration_id == Seat.registration_id, Attendance.slot_id == Seat.slot_id)


def _of_room() -> sa.ColumnElement[bool]:
    return sa.and_(RoomClosing.slot_id == Seat.slot_id, RoomClosing.room_id == Seat.room_id)


def _live() -> sa.ColumnElement[bool]:
    return Registration.form_state != FormState.CANCELLED


def _found_seat(seat: Seat | None) -> Seat:
    if seat is None:
        raise NotFound(Message("沒有這個准考證號碼，請對照准考證再輸入一次"))
    return seat


def _found_incident(report: IncidentReport | None) -> IncidentReport:
    if report is None:
        raise NotFound(Message("沒有這筆試場事件，請重新整理列表"))
    return report


def _found_report(report: TicketReport | None) -> TicketReport:
    if report is None:
        raise NotFound(Message("沒有這筆回報，請重新整理列表"))
    return report
