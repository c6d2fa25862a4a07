"""Dates that the committee has moved since the brochure was printed (R009)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.core.db import Base, db
from app.exams.models import Round


class DateChange(Base):
    """One date of a round, moved; several moved together have the same instant and reason."""

    __tablename__ = "date_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    field: Mapped[str] = mapped_column(sa.String(40))  # the column of rounds
    old: Mapped[str] = mapped_column(sa.String(40))  # ISO 8601
    new: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.String(200))  # as it is published
    changed_at: Mapped[datetime]

    exam_round: Mapped[Round] = relationship()

    @property
    def old_day(self) -> date:
        return date.fromisoformat(self.old)

    @property
    def new_day(self) -> date:
        return date.fromisoformat(self.new)


def list_date_changes(round_id: int | None = None) -> Sequence[DateChange]:
    """Return the changes of a round or, with None, of all rounds; the newest first."""
    query = sa.select(DateChange).options(joinedload(DateChange.exam_round))
    query = query.order_by(DateChange.changed_at.desc(), DateChange.id)
    if round_id is not None:
        query = query.where(DateChange.round_id == round_id)
    return db.session.scalars(query).all()
