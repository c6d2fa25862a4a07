"""What the staff's accounts have beyond others: roles granted, and the second factor."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.core.crypto import Sealed
from app.core.db import Base, WithPublicId


class StaffGrant(WithPublicId, Base):
    """A role granted to somebody; it stays on record after it was removed (W017, W018)."""

    __tablename__ = "staff_grants"
    __table_args__ = (
        sa.Index(
            "uq_staff_grants_held",
            "account_id",
            "role",
            "unit",
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        ),
        sa.Index(None, "role"),
        sa.CheckConstraint("(removed_at IS NULL) = (removed_by_id IS NULL)", name="removed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    role: Mapped[str] = mapped_column(sa.String(30))  # no CHECK: roles are data
    unit: Mapped[str] = mapped_column(sa.String(30))  # empty: not a role of one unit
    note: Mapped[str] = mapped_column(sa.String(200))  # why; may be empty
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))  # NULL: from the terminal
    removed_at: Mapped[datetime | None]  # NULL: is held
    removed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))  # NULL: is held

    granted_by: Mapped[Account | None] = relationship(foreign_keys=granted_by_id)
    removed_by: Mapped[Account | None] = relationship(foreign_keys=removed_by_id)


class SecondFactor(WithPublicId, Base):
    """The authenticator of a member of staff, confirmed with a code."""

    __tablename__ = "second_factors"
    __table_args__ = (
        sa.CheckConstraint("(reset_asked_at IS NULL) = (reset_asked_by_id IS NULL)", name="reset_asked"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    secret_sealed: Mapped[bytes]
    confirmed_at: Mapped[datetime]
    last_step: Mapped[int] = mapped_column(sa.BigInteger)  # of the last code accepted: none counts twice
    reset_asked_at: Mapped[datetime | None]  # NULL: nobody asks for a reset
    reset_asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))

    secret = Sealed("secret_sealed")
    reset_asked_by: Mapped[Account | None] = relationship(foreign_keys=reset_asked_by_id)


class RecoveryCode(Base):
    """One code for the day the authenticator is gone; only its keyed digest is kept, and it opens once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    used_at: Mapped[datetime | None]  # NULL: not used yet
