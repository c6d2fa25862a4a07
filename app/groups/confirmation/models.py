"""What is kept of confirmations: that a group asks, each member's link, each mistake reported."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.crypto import Sealed
from app.core.db import Base, WithPublicId, choice_column
from app.groups.confirmation.rules import ReportedField
from app.groups.models import Group
from app.registration.models import Registration


class Confirmation(Base):
    """A group's switch; no row: the leader has never asked."""

    __tablename__ = "group_confirmations"

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id"), primary_key=True)
    is_on: Mapped[bool]
    switched_at: Mapped[datetime]
    told_at: Mapped[datetime | None]  # NULL: the leader has had no mail about reports yet

    group: Mapped[Group] = relationship()


class ConfirmationLink(WithPublicId, Base):
    """A member's link: found by its digest, and sealed, so that the same slip can be printed again."""

    __tablename__ = "confirmation_links"
    __table_args__ = (
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_seal IS NULL)", name="confirmed"),
        sa.CheckConstraint("mails >= 0", name="mails"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), unique=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    token_sealed: Mapped[bytes]
    # The look-up key of whom it was made for: with another number in the row it would show somebody else.
    person_blind: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    made_at: Mapped[datetime]
    mails: Mapped[int] = mapped_column(default=0)
    mailed_at: Mapped[datetime | None]  # NULL: this link was not mailed
    confirmed_at: Mapped[datetime | None]  # NULL: not confirmed
    confirmed_seal: Mapped[bytes | None] = mapped_column(
        sa.LargeBinary(32)
    )  # of what was shown; NULL: as above
    on_paper: Mapped[bool] = mapped_column(default=False)  # the leader says so, from a signed slip

    registration: Mapped[Registration] = relationship()

    token = Sealed("token_sealed")


class ConfirmationReport(WithPublicId, Base):
    """One mistake, in the words of a member or parent."""

    __tablename__ = "confirmation_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    field: Mapped[ReportedField] = choice_column(ReportedField)
    text_sealed: Mapped[bytes]
    reported_at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(index=True)  # NULL: not in a mail to the leader yet
    done_at: Mapped[datetime | None]  # NULL: the leader has not dealt with it

    registration: Mapped[Registration] = relationship()

    text = Sealed("text_sealed")
