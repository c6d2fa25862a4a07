"""Aids, proof and answer of a request for special arrangements: apart from the registration, all sealed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.crypto import Sealed, SealedBytes
from app.core.db import Base, WithPublicId, choice_column
from app.registration.arrangement_rules import GIVEN, ArrangementState
from app.registration.models import Registration


class Arrangement(WithPublicId, Base):
    """What goes with ``Registration.accommodation``, the request in the candidate's own words.

    No row: the candidate has named nothing further, and the office has not answered.
    """

    __tablename__ = "arrangements"
    __table_args__ = (sa.Index(None, "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), unique=True)
    state: Mapped[ArrangementState] = choice_column(ArrangementState, default=ArrangementState.WAITING)
    aids_sealed: Mapped[bytes | None]  # NULL: no aid is brought along
    provided_sealed: Mapped[bytes | None]  # NULL: not answered, or refused
    reply_sealed: Mapped[bytes | None]  # NULL: not answered, or granted without a word
    decided_at: Mapped[datetime | None]  # NULL: not answered

    registration: Mapped[Registration] = relationship(back_populates="arrangement")
    files: Mapped[list[ArrangementFile]] = relationship(
        back_populates="arrangement", order_by="ArrangementFile.id", cascade="all, delete-orphan"
    )

    aids = Sealed("aids_sealed")
    provided = Sealed("provided_sealed")
    reply = Sealed("reply_sealed")

    @property
    def on_the_day(self) -> str | None:
        """What is provided on the exam day, for ticket and room list: never why."""
        return self.provided if self.state in GIVEN else None


class ArrangementFile(WithPublicId, Base):
    """A proof sent with a request; kept sealed, and never under the name that it came with."""

    __tablename__ = "arrangement_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    arrangement_id: Mapped[int] = mapped_column(sa.ForeignKey("arrangements.id"), index=True)
    suffix: Mapped[str] = mapped_column(sa.String(4))  # pdf, jpg: what the content is
    size_bytes: Mapped[int]
    content_sealed: Mapped[bytes] = mapped_column(deferred=True)

    arrangement: Mapped[Arrangement] = relationship(back_populates="files")

    content = SealedBytes("content_sealed")
