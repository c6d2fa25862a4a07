"""What is put right after submission: what the office asks for (補正), what the candidate asks for (更正)."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.crypto import Sealed, SealedBytes
from app.core.db import Base, WithPublicId, choice_column
from app.registration.models import Registration
from app.registration.states import AmendmentState


class Correction(WithPublicId, Base):
    """What a review found missing, all at once, and what the candidate answered (R068, S003)."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    missing: Mapped[list[str]]  # one sentence each, at least one
    asked_at: Mapped[datetime]
    last_day: Mapped[date]  # inclusive
    answer_sealed: Mapped[bytes | None]  # NULL: not answered
    answered_at: Mapped[datetime | None]  # NULL: not answered

    registration: Mapped[Registration] = relationship()
    files: Mapped[list[CorrectionFile]] = relationship(
        back_populates="correction", order_by="CorrectionFile.id"
    )

    answer = Sealed("answer_sealed")


class CorrectionFile(WithPublicId, Base):
    """A document sent with an answer; kept sealed, and never under the name that it came with."""

    __tablename__ = "correction_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(sa.ForeignKey("corrections.id"), index=True)
    suffix: Mapped[str] = mapped_column(sa.String(4))  # pdf, jpg, png: what the content is
    size_bytes: Mapped[int]
    content_sealed: Mapped[bytes] = mapped_column(deferred=True)

    correction: Mapped[Correction] = relationship(back_populates="files")

    content = SealedBytes("content_sealed")


class AmendmentRequest(WithPublicId, Base):
    """A candidate's request that the office correct identity data after submission (R141, R142)."""

    __tablename__ = "amendment_requests"
    __table_args__ = (sa.Index(None, "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    wish_sealed: Mapped[bytes]
    # True: what was submitted is right, the office or the ticket has it wrong (Q6)
    office_error: Mapped[bool]
    asked_at: Mapped[datetime]
    state: Mapped[AmendmentState] = choice_column(AmendmentState)
    decided_at: Mapped[datetime | None]  # NULL: not decided
    reply: Mapped[str | None] = mapped_column(sa.String(200))  # NULL: not decided, or done without a word

    registration: Mapped[Registration] = relationship()

    wish = Sealed("wish_sealed")
