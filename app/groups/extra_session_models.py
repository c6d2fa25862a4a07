"""A leader's request for a session of the group's own, and what the office answered."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.core.crypto import Sealed
from app.core.db import Base, WithPublicId, choice_column
from app.exams.choices import OfferingOrigin
from app.exams.models import Offering, Round
from app.groups.extra_session_rules import ExtraSessionState, School


class ExtraSession(WithPublicId, Base):
    __tablename__ = "extra_sessions"
    __table_args__ = (
        # A form that is sent twice asks once.
        sa.Index(
            "uq_extra_sessions_waiting",
            "account_id",
            "round_id",
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.Index(None, "state", "id"),
        sa.CheckConstraint("kind <> 'regular'", name="kind"),
        sa.CheckConstraint("expected > 0", name="expected"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    kind: Mapped[OfferingOrigin] = choice_column(OfferingOrigin)
    school: Mapped[School] = choice_column(School)
    name: Mapped[str] = mapped_column(sa.String(60))
    expected: Mapped[int]
    county: Mapped[str] = mapped_column(sa.String(10))  # where the session is wanted, or the school stands
    # Of the school, for a session on campus; NULL: the office looks for a site.
    address: Mapped[str | None] = mapped_column(sa.String(160))
    rooms: Mapped[int | None]
    computers: Mapped[int | None]
    contact_name: Mapped[str] = mapped_column(sa.String(60))
    contact_phone_sealed: Mapped[bytes]
    reason: Mapped[str] = mapped_column(sa.String(500))
    asked_at: Mapped[datetime]
    state: Mapped[ExtraSessionState] = choice_column(ExtraSessionState)
    decided_at: Mapped[datetime | None]  # NULL: waits
    reply: Mapped[str | None] = mapped_column(sa.String(300))  # NULL: waits, or granted without a word
    offering_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offerings.id"))  # NULL: not granted

    account: Mapped[Account] = relationship()
    exam_round: Mapped[Round] = relationship()
    offering: Mapped[Offering | None] = relationship()

    contact_phone = Sealed("contact_phone_sealed")
