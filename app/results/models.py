"""Marks, scores as they came in, results as they were decided, certificates; points in whole tenths."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, WithPublicId, choice_column
from app.exams.choices import Level
from app.exams.models import Round
from app.registration.models import Registration
from app.results.grading import Grade, Marks, Outcome, PartPoints

_PARTS = ("listening", "speaking", "reading")
_ALL_PARTS = " AND ".join(f"{part} IS NOT NULL" for part in _PARTS)
_NO_PART = " AND ".join(f"{part} IS NULL" for part in _PARTS)


class MarkScheme(Base):
    """What the parts of a round's exam are worth, and who decided the marks; needed before grading (Q14)."""

    __tablename__ = "mark_schemes"
    __table_args__ = (sa.CheckConstraint("listening + speaking + reading = 1000", name="full_score"),)

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), primary_key=True)
    listening: Mapped[int]
    speaking: Mapped[int]
    reading: Mapped[int]
    announced_on: Mapped[date]  # the day on which the marks were announced (R058)
    source: Mapped[str] = mapped_column(sa.String(200))  # who decided them and where it is written
    set_at: Mapped[datetime]

    @property
    def full(self) -> PartPoints:
        return PartPoints(self.listening, self.speaking, self.reading)


class PassMark(Base):
    """通過標準: what one level of a round asks for (R057, R058)."""

    __tablename__ = "pass_marks"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "level"),
        sa.CheckConstraint("listening >= 0 AND speaking >= 0 AND reading >= 0", name="parts"),
        sa.CheckConstraint("total > 0 AND total <= 1000", name="total"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    level: Mapped[Level] = choice_column(Level)
    listening: Mapped[int]
    speaking: Mapped[int]
    reading: Mapped[int]
    total: Mapped[int]

    @property
    def marks(self) -> Marks:
        return Marks(PartPoints(self.listening, self.speaking, self.reading), self.total)


class Score(Base):
    """What came of one candidate's exam before anything is taken off; the newest import counts."""

    __tablename__ = "scores"
    __table_args__ = (
        sa.CheckConstraint(f"(attended AND {_ALL_PARTS}) OR (NOT attended AND {_NO_PART})", name="attended"),
    )

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), primary_key=True)
    attended: Mapped[bool]
    listening: Mapped[int | None]  # NULL: absent, as the next two
    speaking: Mapped[int | None]
    reading: Mapped[int | None]
    incidents: Mapped[list[str]]  # codes, as incidents.read_incidents takes them
    entered_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship()

    @property
    def parts(self) -> PartPoints | None:
        if self.listening is None or self.speaking is None or self.reading is None:
            return None
        return PartPoints(self.listening, self.speaking, self.reading)


class ScoreImport(WithPublicId, Base):
    """What one uploaded score sheet did."""

    __tablename__ = "score_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(120))  # only shown
    imported_at: Mapped[datetime]
    # {"new", "changed", "unchanged", "blank": counts,
    #  "refused": [{row, number, column, written, message}]}; a sentence as groups' importing.pack leaves it.
    report: Mapped[dict[str, Any]]

    exam_round: Mapped[Round] = relationship()


class Publication(Base):
    """公布: the results of a round may be seen, from the hour of its announcement day (R151)."""

    __tablename__ = "result_publications"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), primary_key=True)
    published_at: Mapped[datetime]
    revised_at: Mapped[datetime | None]  # NULL: as first published


class Result(Base):
    """What was decided of one candidate when the round was published; a later change is a new version."""

    __tablename__ = "results"
    __table_args__ = (
        sa.CheckConstraint("version > 0", name="version"),
        sa.CheckConstraint("(outcome = 'passed') = (level IS NOT NULL)", name="passed_level"),
        sa.CheckConstraint("deducted >= 0 AND total >= 0", name="points"),
    )

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[Outcome] = choice_column(Outcome)
    level: Mapped[Level | None] = choice_column(Level)  # NULL: not passed
    listening: Mapped[int | None]  # after what was taken from the part; NULL: absent, as the next two
    speaking: Mapped[int | None]
    reading: Mapped[int | None]
    deducted: Mapped[int]  # taken from the total beyond that
    total: Mapped[int]
    incidents: Mapped[list[str]]
    decided_at: Mapped[datetime]  # of this version

    registration: Mapped[Registration] = relationship()

    @property
    def parts(self) -> PartPoints | None:
        if self.listening is None or self.speaking is None or self.reading is None:
            return None
        return PartPoints(self.listening, self.speaking, self.reading)

    @property
    def grade(self) -> Grade:
        return Grade(self.outcome, self.level, self.parts, self.deducted, self.total)


class Certificate(Base):
    """合格證書: one in force per candidate, for the higher level (R059, R060)."""

    __tablename__ = "certificates"
    __table_args__ = (
        sa.Index(
            "uq_certificates_in_force",
            "registration_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoke_reason IS NULL)", name="revoked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(12), unique=True)
    level: Mapped[Level] = choice_column(Level)
    issued_on: Mapped[date]  # as printed: the day from which certificates of the round are given out
    revoked_at: Mapped[datetime | None]  # NULL: in force
    revoke_reason: Mapped[str | None] = mapped_column(sa.String(200))  # NULL: in force

    registration: Mapped[Registration] = relationship()
