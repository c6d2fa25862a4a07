"""What happened on the day: who came, what is still to be done, incidents, re-sits, errors on tickets."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.crypto import Sealed
from app.core.db import Base, WithPublicId, choice_column
from app.examday.documents import IdDocument
from app.examday.states import AttendanceState, IncidentKind, ReportItem, ReportState, TaskKind
from app.registration.models import Registration
from app.tickets.models import ExamRoom, Slot


class Attendance(Base):
    """Whether one candidate came to one session; after a re-sit there is one for each session."""

    __tablename__ = "attendances"
    __table_args__ = (
        sa.UniqueConstraint("registration_id", "slot_id"),
        sa.CheckConstraint("document IS NULL OR state = 'present'", name="document"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"))
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slots.id"), index=True)
    state: Mapped[AttendanceState] = choice_column(AttendanceState)
    document: Mapped[IdDocument | None] = choice_column(IdDocument)  # NULL: none was shown, or not present
    recorded_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship()
    slot: Mapped[Slot] = relationship()
    tasks: Mapped[list[FollowUp]] = relationship(back_populates="attendance", order_by="FollowUp.id")


class FollowUp(WithPublicId, Base):
    """Something to be done after the session; open at the end of the day it costs the score (R182)."""

    __tablename__ = "follow_ups"
    __table_args__ = (sa.UniqueConstraint("attendance_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attendance_id: Mapped[int] = mapped_column(sa.ForeignKey("attendances.id"))
    kind: Mapped[TaskKind] = choice_column(TaskKind)
    opened_at: Mapped[datetime]
    done_at: Mapped[datetime | None]  # NULL: still to be done

    attendance: Mapped[Attendance] = relationship(back_populates="tasks")


class RoomClosing(Base):
    """The attendance of one room in one session is complete: who is not present is absent."""

    __tablename__ = "room_closings"
    __table_args__ = (sa.UniqueConstraint("slot_id", "room_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slots.id"))
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("exam_rooms.id"), index=True)
    closed_at: Mapped[datetime]


class IncidentReport(WithPublicId, Base):
    """What invigilators or staff put on record about one candidate (R175, R181-R189)."""

    __tablename__ = "incident_reports"
    __table_args__ = (
        sa.CheckConstraint("kind <> 'rule' OR code IS NOT NULL", name="rule_code"),
        sa.CheckConstraint("kind <> 'machine' OR code IS NULL", name="machine_code"),
        sa.CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="decided"),
        sa.Index(None, "registration_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"))
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slots.id"), index=True)
    kind: Mapped[IncidentKind] = choice_column(IncidentKind)
    code: Mapped[str | None] = mapped_column(
        sa.String(4)
    )  # NULL: the committee has not decided, or a machine
    text_sealed: Mapped[bytes]
    reported_at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(sa.String(200))  # of the committee; NULL: none
    decided_at: Mapped[datetime | None]  # NULL: as above
    withdrawn_at: Mapped[datetime | None]  # NULL: stands

    registration: Mapped[Registration] = relationship()
    slot: Mapped[Slot] = relationship()
    resit: Mapped[Resit | None] = relationship(back_populates="incident")

    text = Sealed("text_sealed")

    @property
    def is_undecided(self) -> bool:
        return self.kind == IncidentKind.COMMITTEE and self.decided_at is None


class Resit(Base):
    """How somebody whose machine failed goes on: at another time, or next year (R175)."""

    __tablename__ = "resits"

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(sa.ForeignKey("incident_reports.id"), unique=True)
    slot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("slots.id"), index=True)  # NULL: next year
    room_id: Mapped[int | None] = mapped_column(sa.ForeignKey("exam_rooms.id"), index=True)  # NULL: as above
    number: Mapped[int | None]  # NULL: as above
    decided_at: Mapped[datetime]

    incident: Mapped[IncidentReport] = relationship(back_populates="resit")
    slot: Mapped[Slot | None] = relationship()
    room: Mapped[ExamRoom | None] = relationship()


class TicketReport(WithPublicId, Base):
    """An error on a ticket, as the candidate or the leader told it (R137)."""

    __tablename__ = "ticket_reports"
    __table_args__ = (
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        sa.Index(None, "state", "id"),
        sa.Index(
            "uq_ticket_reports_open",
            "registration_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    item: Mapped[ReportItem] = choice_column(ReportItem)
    text_sealed: Mapped[bytes]
    reported_at: Mapped[datetime]
    state: Mapped[ReportState] = choice_column(ReportState, default=ReportState.OPEN)
    decided_at: Mapped[datetime | None]  # NULL: open
    reply: Mapped[str | None] = mapped_column(sa.String(200))  # NULL: open, or nothing to add

    registration: Mapped[Registration] = relationship()

    text = Sealed("text_sealed")
