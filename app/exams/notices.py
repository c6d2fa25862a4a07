"""Postponement notices of a round: a test put off, broken off or kept from people by a disaster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, WithPublicId, WordedType, choice_column, db
from app.exams.models import Round
from app.exams.words import name_wording


class NoticeCause(StrEnum):
    POSTPONED = "postponed"  # 認證延期: the test is held on another day (拾肆、四)
    DISASTER = "disaster"  # 天然災害: people of an area cannot take part


class PostponementNotice(WithPublicId, Base):
    __tablename__ = "postponement_notices"
    __table_args__ = (
        # A test that is put off is put off to some day and place (R176).
        sa.CheckConstraint(
            "cause <> 'postponed' OR (new_test_on IS NOT NULL AND new_place IS NOT NULL)", name="new_test"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    area: Mapped[str | None] = mapped_column(WordedType(10, name_wording))  # NULL: all areas of the round
    cause: Mapped[NoticeCause] = choice_column(NoticeCause)
    reason: Mapped[str] = mapped_column(sa.String(200))  # what has happened, as it is published
    event_on: Mapped[date | None]  # the day it happened during the test; NULL: put off before
    new_test_on: Mapped[date | None]  # NULL: a disaster without another test day
    new_place: Mapped[str | None] = mapped_column(sa.String(200))  # NULL: as above
    mass_pay_by: Mapped[date | None]  # later payday of a mass refund; NULL: the usual one (玖、四)
    published_at: Mapped[datetime]

    exam_round: Mapped[Round] = relationship()


def list_notices(round_id: int, area: str | None = None) -> Sequence[PostponementNotice]:
    """Return a round's notices, the newest first.

    :param area: only those that concern this area; None: all
    """
    query = sa.select(PostponementNotice).where(PostponementNotice.round_id == round_id)
    if area is not None:
        query = query.where(sa.or_(PostponementNotice.area.is_(None), PostponementNotice.area == area))
    return db.session.scalars(query.order_by(PostponementNotice.id.desc())).all()
