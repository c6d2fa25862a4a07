"""Where and when a candidate sits: venues, rooms, slots, seats; and the ticket that says so."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, WordedType
from app.exams.models import Round
from app.exams.words import name_wording
from app.registration.models import Registration


class Venue(Base):
    """試區: one school or building in an area."""

    __tablename__ = "venues"
    __table_args__ = (sa.UniqueConstraint("area", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(WordedType(10, name_wording))
    name: Mapped[str] = mapped_column(sa.String(60))
    address: Mapped[str] = mapped_column(sa.String(120))

    rooms: Mapped[list[ExamRoom]] = relationship(back_populates="venue", order_by="ExamRoom.position")


class ExamRoom(Base):
    """試場: a room with its computers."""

    __tablename__ = "exam_rooms"
    __table_args__ = (
        sa.UniqueConstraint("venue_id", "name"),
        sa.CheckConstraint("capacity > 0", name="capacity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venues.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(40))
    capacity: Mapped[int]

    venue: Mapped[Venue] = relationship(back_populates="rooms")


class Slot(Base):
    """場次: one session of a round at one venue; about 40 minutes from entry to end (R047)."""

    __tablename__ = "slots"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "venue_id", "number"),
        sa.CheckConstraint("entry_at < starts_at", name="entry_before_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venues.id"), index=True)
    number: Mapped[int]
    entry_at: Mapped[datetime]
    starts_at: Mapped[datetime]

    exam_round: Mapped[Round] = relationship()
    venue: Mapped[Venue] = relationship()


class Seat(Base):
    """One candidate at one machine: nobody twice, and no machine twice in a slot (R048, R181)."""

    __tablename__ = "seats"
    __table_args__ = (
        sa.UniqueConstraint("slot_id", "room_id", "number"),
        sa.CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), unique=True)
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slots.id"))
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("exam_rooms.id"), index=True)
    number: Mapped[int]
    assigned_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship()
    slot: Mapped[Slot] = relationship()
    room: Mapped[ExamRoom] = relationship()
    ticket: Mapped[Ticket] = relationship(back_populates="seat")


class Ticket(Base):
    """准考證: its number stays, its version counts up when something on it changes (Q6)."""

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(sa.ForeignKey("seats.id"), unique=True)
    number: Mapped[str] = mapped_column(sa.String(12), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    issued_at: Mapped[datetime]

    seat: Mapped[Seat] = relationship(back_populates="ticket")
