"""The exam year as rows: rounds with their dates and rules, offerings with their places."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, WordedType, choice_column
from app.exams.choices import OfferingOrigin, Track
from app.exams.words import name_wording, round_wording


class ExamYear(Base):
    __tablename__ = "exam_years"

    id: Mapped[int] = mapped_column(primary_key=True)
    roc_year: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(sa.String(100))
    published_from: Mapped[date]
    # What the brochure says once for all rounds: organiser, contacts, areas by region, exam parts,
    # group minimums, refund and deduction tables; in the words of its file.
    facts: Mapped[dict[str, Any]]

    rounds: Mapped[list[Round]] = relationship(back_populates="exam_year", order_by="Round.position")


class Round(Base):
    """One round (梯次). ``_on`` and ``_until`` are inclusive Taipei days, ``_at`` is an instant."""

    __tablename__ = "rounds"
    __table_args__ = (
        sa.UniqueConstraint("exam_year_id", "track", "number"),
        sa.CheckConstraint("registration_opens_on <= registration_closes_on", name="registration_period"),
        sa.CheckConstraint("payment_days > 0", name="payment_days"),
        sa.CheckConstraint("fee_twd >= 0", name="fee"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)  # as in the brochure file: nat-112-01
    exam_year_id: Mapped[int] = mapped_column(sa.ForeignKey("exam_years.id"))
    position: Mapped[int]  # order in the brochure
    track: Mapped[Track] = choice_column(Track)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(WordedType(40, round_wording))
    levels: Mapped[list[str]]  # values of Level
    test_on: Mapped[date]
    registration_opens_on: Mapped[date]
    registration_closes_on: Mapped[date]
    materials_from: Mapped[date]
    ticket_from: Mapped[date]
    ticket_opens_at: Mapped[datetime]
    ticket_correction_until: Mapped[date]
    score_from: Mapped[date]
    score_opens_at: Mapped[datetime]
    recheck_from: Mapped[date]
    recheck_until: Mapped[date]
    certificate_from: Mapped[date]
    certificate_chase_after: Mapped[date]
    refund_apply_by: Mapped[date]
    refund_pay_by: Mapped[date]
    question_dispute_by: Mapped[date]
    fee_twd: Mapped[int]
    free_up_to_age: Mapped[int]
    # The day on which age is taken: the first round's date for both national rounds (R076, Q19),
    # the test date for a multi round (R077).
    fee_reference_on: Mapped[date]
    payment_days: Mapped[int]  # the day of submission is day 1
    payment_methods: Mapped[list[str]]  # values of payments' Method

    exam_year: Mapped[ExamYear] = relationship(back_populates="rounds")
    offerings: Mapped[list[Offering]] = relationship(
        back_populates="exam_round", order_by="Offering.position"
    )

    @property
    def same_day_submission(self) -> bool:
        """Whether the form must be submitted on the day the round was chosen (R064)."""
        return self.track == Track.MULTI

    def offerings_for(self, account_id: int | None) -> list[Offering]:
        """Return what an account may choose: what is open to all, and what is held for it alone (R039, R040).

        :param account_id: None: a visitor
        """
        return [
            each
            for each in self.offerings
            if each.origin == OfferingOrigin.REGULAR or (account_id and each.reserved_for == account_id)
        ]


class Offering(Base):
    """One area of one round, with its places; a site is shown when it is already known (Q10)."""

    __tablename__ = "offerings"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "area", "origin"),
        sa.CheckConstraint("capacity >= 0", name="capacity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    position: Mapped[int]
    area: Mapped[str] = mapped_column(WordedType(10, name_wording))
    site: Mapped[str | None] = mapped_column(sa.String(60))  # NULL: announced with the ticket (R037)
    capacity: Mapped[int | None]  # NULL: the office has set no limit
    origin: Mapped[OfferingOrigin] = choice_column(OfferingOrigin, default=OfferingOrigin.REGULAR)
    # The leader's account that an additional session is held for. NULL: a regular one, open to all.
    reserved_for: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts.id", name="fk_offerings_reserved_for")
    )

    exam_round: Mapped[Round] = relationship(back_populates="offerings")


class PlaceHold(Base):
    """Places taken from an offering, for one registration or one group.

    A hold that has run out gives its places back by the clock alone: nothing needs to run.
    """

    __tablename__ = "place_holds"
    __table_args__ = (
        sa.CheckConstraint("places > 0", name="places"),
        sa.Index(None, "offering_id", "until_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offerings.id"))
    places: Mapped[int]
    taken_at: Mapped[datetime]
    until_at: Mapped[datetime | None]  # exclusive; NULL: kept for good

    offering: Mapped[Offering] = relationship()
