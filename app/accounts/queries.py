"""Reads of accounts: by address for signing in, by public id for the session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.accounts.models import Account, Consent, MailedToken, Realm, TokenPurpose
from app.accounts.tokens import digest_of
from app.core.db import db


def find_account(realm: Realm, email_key: str, *, lock: bool = False) -> Account | None:
    """Return the account of a realm by the canonical form of its e-mail, verified or not.

    :param lock: keep others from changing the row until the open transaction ends
    """
    found = sa.select(Account).where(Account.realm == realm, Account.email_key == email_key)
    return db.session.scalar(found.with_for_update(key_share=True) if lock else found)


def find_account_by_public_id(public_id: str) -> Account | None:
    return db.session.scalar(sa.select(Account).where(Account.public_id == public_id))


def find_live_link(token: str, *, now: datetime) -> MailedToken | None:
    """Return the mailed link that verifies an e-mail, unless it was used or has run out (exclusive)."""
    return db.session.scalar(
        sa.select(MailedToken).where(MailedToken.digest == digest_of(token), *_live(now))
    )


def find_account_to_verify(token: str, *, now: datetime) -> Account | None:
    """Return the account that a mailed link would verify now, or None."""
    link = find_live_link(token, now=now)
    return db.session.get_one(Account, link.account_id) if link else None


def list_live_links(account_id: int, *, now: datetime) -> Sequence[MailedToken]:
    """Return the mailed links that would still verify an account, oldest first."""
    return db.session.scalars(
        sa.select(MailedToken)
        .where(MailedToken.account_id == account_id, *_live(now))
        .order_by(MailedToken.id)
    ).all()


def list_consents(account_id: int) -> Sequence[Consent]:
    """Return what an account agreed to, in the order of agreeing."""
    return db.session.scalars(
        sa.select(Consent).where(Consent.account_id == account_id).order_by(Consent.id)
    ).all()


def _live(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        MailedToken.purpose == TokenPurpose.VERIFY_EMAIL,
        MailedToken.used_at.is_(None),
        MailedToken.expires_at > now,
    )
