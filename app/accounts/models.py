"""Accounts, what their owners agreed to, and the links mailed to them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, WithPublicId, choice_column
from app.exams.choices import Track


class Realm(StrEnum):
    """Where an account belongs: the tracks keep separate accounts (R192), the staff have their own."""

    NATIONAL = "national"
    MULTI = "multi"
    STAFF = "staff"


class AccountKind(StrEnum):
    """個人報名 or 團體報名; chosen once, never changed (R195)."""

    INDIVIDUAL = "individual"
    GROUP = "group"


class TokenPurpose(StrEnum):
    VERIFY_EMAIL = "verify_email"


class Account(WithPublicId, UserMixin, Base):
    __tablename__ = "accounts"
    __table_args__ = (sa.UniqueConstraint("realm", "email_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    realm: Mapped[Realm] = choice_column(Realm)
    email: Mapped[str] = mapped_column(sa.String(254))  # as typed; mail goes here
    email_key: Mapped[str] = mapped_column(sa.String(254))  # canonical form; what is compared
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]  # NULL: the mailed link was not opened yet; cannot sign in
    kind: Mapped[AccountKind | None] = choice_column(
        AccountKind
    )  # NULL: not chosen yet, and always for staff

    @property
    def track(self) -> Track | None:
        """The track of an applicant's account; None for staff."""
        return None if self.realm == Realm.STAFF else Track(self.realm.value)

    @property
    def is_staff(self) -> bool:
        return self.realm == Realm.STAFF

    def get_id(self) -> str:
        return self.public_id


class Consent(Base):
    """One text that an account agreed to, in the version it had (R202, R203)."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    text: Mapped[str] = mapped_column(sa.String(40))
    version: Mapped[str] = mapped_column(sa.String(20))
    agreed_at: Mapped[datetime]
    address: Mapped[str | None] = mapped_column(sa.String(64))  # NULL: not known


class MailedToken(Base):
    """A link sent by mail: only its digest is kept, and it opens once."""

    __tablename__ = "mailed_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    purpose: Mapped[TokenPurpose] = choice_column(TokenPurpose)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # NULL: not used yet
