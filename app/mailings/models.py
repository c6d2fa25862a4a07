"""Batches of post: parcels with frozen addresses, what is in them, what came back and goes again."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.crypto import Sealed
from app.core.db import Base, WithPublicId, choice_column
from app.exams.models import Round
from app.groups.models import Group
from app.mailings.kinds import MailingKind
from app.mailings.rules import Sending
from app.mailings.states import ResendCause, ResendState, ReturnReason
from app.registration.models import Registration


class MailingBatch(WithPublicId, Base):
    """What is printed and posted together: one kind, of one round or one of its areas."""

    __tablename__ = "mailing_batches"
    __table_args__ = (sa.Index(None, "round_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    kind: Mapped[MailingKind] = choice_column(MailingKind)
    area: Mapped[str | None] = mapped_column(sa.String(10))  # NULL: all areas
    made_at: Mapped[datetime]
    posted_on: Mapped[date | None]  # NULL: not posted; it can still be dissolved

    exam_round: Mapped[Round] = relationship()
    parcels: Mapped[list[MailingParcel]] = relationship(
        back_populates="batch", order_by="MailingParcel.position", passive_deletes="all"
    )


class MailingParcel(WithPublicId, Base):
    """One envelope or box: whom it is addressed to, as it was when the batch was made."""

    __tablename__ = "mailing_parcels"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "position"),
        sa.CheckConstraint("position > 0", name="position"),
        sa.CheckConstraint("(returned_on IS NULL) = (return_reason IS NULL)", name="returned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("mailing_batches.id", ondelete="CASCADE"))
    position: Mapped[int]  # from 1; printed on the label
    group_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("groups.id"), index=True
    )  # NULL: goes to the candidate's own address
    recipient: Mapped[str] = mapped_column(sa.String(60))
    organisation: Mapped[str | None] = mapped_column(sa.String(60))  # NULL: goes to a person at home
    zip_code: Mapped[str] = mapped_column(sa.String(6))
    county: Mapped[str] = mapped_column(sa.String(10))
    district: Mapped[str] = mapped_column(sa.String(10))
    street_sealed: Mapped[bytes]
    registered_number: Mapped[str | None] = mapped_column(
        sa.String(14), index=True
    )  # NULL: not registered, or not posted yet
    returned_on: Mapped[date | None]  # NULL: it has not come back
    return_reason: Mapped[ReturnReason | None] = choice_column(ReturnReason)  # NULL: it has not come back

    batch: Mapped[MailingBatch] = relationship(back_populates="parcels")
    group: Mapped[Group | None] = relationship()
    items: Mapped[list[MailingItem]] = relationship(
        back_populates="parcel", order_by="MailingItem.registration_id", passive_deletes="all"
    )
    resends: Mapped[list[MailingResend]] = relationship(back_populates="parcel", order_by="MailingResend.id")

    street = Sealed("street_sealed")

    @property
    def code(self) -> str:
        """What stands on the label, to find the parcel again when it comes back."""
        return f"{self.batch_id}-{self.position}"

    @property
    def place(self) -> str:
        return f"{self.county}{self.district}"

    @property
    def sending(self) -> Sending:
        asked = any(each.state != ResendState.REFUSED for each in self.resends)
        return Sending(self.batch.kind, self.batch.posted_on, self.returned_on, asked)


class MailingItem(Base):
    """One candidate's copy in a parcel."""

    __tablename__ = "mailing_items"
    __table_args__ = (
        sa.UniqueConstraint("parcel_id", "registration_id"),
        # Everybody is sent a kind once; whatever goes again has its request (R174).
        sa.Index(
            "uq_mailing_items_first",
            "registration_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("resend_id IS NULL"),
            postgresql_where=sa.text("resend_id IS NULL"),
        ),
        sa.UniqueConstraint("resend_id", "registration_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(sa.ForeignKey("mailing_parcels.id", ondelete="CASCADE"))
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    kind: Mapped[MailingKind] = choice_column(MailingKind)  # the batch's, for the constraint above
    resend_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("mailing_resends.id")
    )  # NULL: goes for the first time

    parcel: Mapped[MailingParcel] = relationship(back_populates="items")
    registration: Mapped[Registration] = relationship()


class MailingResend(WithPublicId, Base):
    """A request to send the contents of a parcel again, and who pays for it (R174)."""

    __tablename__ = "mailing_resends"
    __table_args__ = (
        sa.Index(None, "state", "id"),
        # What is refused may be asked for again; of what is granted the new parcel can be asked for.
        sa.Index(
            "uq_mailing_resends_live",
            "parcel_id",
            unique=True,
            sqlite_where=sa.text("state != 'refused'"),
            postgresql_where=sa.text("state != 'refused'"),
        ),
        sa.CheckConstraint("postage_twd > 0", name="postage"),
        sa.CheckConstraint("state != 'postage_due' OR postage_twd IS NOT NULL", name="postage_due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(sa.ForeignKey("mailing_parcels.id"), index=True)
    cause: Mapped[ResendCause] = choice_column(ResendCause)
    asked_at: Mapped[datetime]
    state: Mapped[ResendState] = choice_column(ResendState, default=ResendState.ASKED)
    # NULL: not settled yet; when ready, that the office bears it
    postage_twd: Mapped[int | None]
    decided_at: Mapped[datetime | None]  # NULL: as it was asked
    note: Mapped[str | None] = mapped_column(sa.String(200))  # NULL: no word to whoever asked

    parcel: Mapped[MailingParcel] = relationship(back_populates="resends")
