"""A leader's group: one round, one area, its members, and what each import did."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.crypto import Sealed
from app.core.db import Base, WithPublicId, choice_column
from app.exams.models import Offering, PlaceHold, Round
from app.groups.leader import Leader
from app.groups.states import GroupKind, GroupState
from app.payments.models import Order
from app.registration.models import Registration
from app.registration.states import CancelReason


class Group(WithPublicId, Base):
    __tablename__ = "groups"
    __table_args__ = (sa.Index(None, "account_id", "id"), sa.Index(None, "round_id", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    # Round and area stand once the group exists (R071, R215).
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offerings.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[GroupKind] = choice_column(GroupKind)
    state: Mapped[GroupState] = choice_column(GroupState, default=GroupState.OPEN)
    # The leader's data, because members can take them over (R216, R241-R243).
    leader_name: Mapped[str] = mapped_column(sa.String(60))
    leader_phone_sealed: Mapped[bytes]
    leader_email: Mapped[str] = mapped_column(sa.String(254))
    leader_zip_code: Mapped[str] = mapped_column(sa.String(6))
    leader_county: Mapped[str] = mapped_column(sa.String(10))
    leader_district: Mapped[str] = mapped_column(sa.String(10))
    leader_street_sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]  # NULL: members can still be changed
    cancel_reason: Mapped[CancelReason | None] = choice_column(CancelReason)  # NULL: in force
    order_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("orders.id"), index=True
    )  # NULL: nothing to pay
    hold_id: Mapped[int | None] = mapped_column(sa.ForeignKey("place_holds.id"))  # NULL: no places held yet

    exam_round: Mapped[Round] = relationship()
    offering: Mapped[Offering] = relationship()
    order: Mapped[Order | None] = relationship()
    hold: Mapped[PlaceHold | None] = relationship()

    leader_phone = Sealed("leader_phone_sealed")
    leader_street = Sealed("leader_street_sealed")

    @property
    def leader(self) -> Leader:
        return Leader(
            name=self.leader_name,
            phone=self.leader_phone,
            email=self.leader_email,
            zip_code=self.leader_zip_code,
            county=self.leader_county,
            district=self.leader_district,
            street=self.leader_street,
        )

    @property
    def unpaid_last_day(self) -> date | None:
        """The last day of an order that is still unpaid; None: nothing is owed."""
        return None if self.order is None or self.order.is_paid else self.order.last_day


class GroupMember(Base):
    """Ties a registration to its group; the registration itself knows only that it is in one."""

    __tablename__ = "group_members"

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id"), index=True)

    registration: Mapped[Registration] = relationship()
    group: Mapped[Group] = relationship()
