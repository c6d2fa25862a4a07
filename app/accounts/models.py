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
    """個人報名 or 團體報名; chosen once, never changed (R070, R195)."""

    INDIVIDUAL = "individual"
    GROUP = "group"


class TokenPurpose(StrEnum):
    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose
    INVITE_STAFF = "invite_staff"


class Provider(StrEnum):
    """Who else may say who somebody is (R193)."""

    GOOGLE = "google"
    FACEBOOK = "facebook"


class SignInLevel(StrEnum):
    """How sure a session is of its person."""

    PASSWORD = "password"  # noqa: S105 - the name of a level
    PROVIDER = "provider"
    SECOND_FACTOR = "second_factor"


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
    language: Mapped[str | None] = mapped_column(sa.String(8))  # zh or en; NULL: not chosen
    last_sign_in_at: Mapped[datetime | None]  # of staff, with both factors; NULL: never, and for applicants
    disabled_at: Mapped[datetime | None]  # NULL: not disabled

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


class SignInSession(WithPublicId, Base):
    """One browser that is signed in; the browser holds a token, and this row its digest (security 1).

    Its times are the machine's own: moving the demo clock ends nobody's session.
    """

    __tablename__ = "sign_in_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    level: Mapped[SignInLevel] = choice_column(SignInLevel)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]  # when the person last proved who they are
    last_seen_at: Mapped[datetime]  # exact to a minute
    ends_at: Mapped[datetime] = mapped_column(index=True)  # exclusive, however busy the session is
    address: Mapped[str | None] = mapped_column(sa.String(64))  # NULL: not known
    browser: Mapped[str] = mapped_column(sa.String(200))  # what it calls itself; may be empty


class LinkedLogin(Base):
    """A person at a provider who opens an account; only its verified account makes it count (security 3)."""

    __tablename__ = "linked_logins"
    __table_args__ = (
        # The tracks keep separate accounts, so one person at a provider may open one in each (R192).
        sa.UniqueConstraint("realm", "provider", "subject"),
        sa.UniqueConstraint("account_id", "provider"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    realm: Mapped[Realm] = choice_column(Realm)  # the account's own
    provider: Mapped[Provider] = choice_column(Provider)
    subject: Mapped[str] = mapped_column(sa.String(255))  # the provider's name for the person; never changes
    email: Mapped[str | None] = mapped_column(sa.String(254))  # as the provider says; to show, not to find
    linked_at: Mapped[datetime]


class SpentCaptcha(Base):
    """A captcha that was answered, rightly or wrongly: it counts once."""

    __tablename__ = "spent_captchas"

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    spent_at: Mapped[datetime] = mapped_column(index=True)
