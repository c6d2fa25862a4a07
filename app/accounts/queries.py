"""Reads of accounts: by address for signing in, by public id for the session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.accounts.models import (
    Account,
    Consent,
    LinkedLogin,
    MailedToken,
    Provider,
    Realm,
    TokenPurpose,
)
from app.accounts.tokens import digest_of
from app.core.db import db


def find_account(realm: Realm, email_key: str, *, lock: bool = False) -> Account | None:
    """Return the account of a realm by the canonical form of its e-mail, verified or not.

    :param lock: keep others from changing the row until the open transaction ends
    """
    found = sa.select(Account).where(Account.realm == realm, Account.email_key == email_key)
    return db.session.scalar(found.with_for_update(key_share=True) if lock else found)


def list_verified_accounts(email_key: str) -> Sequence[Account]:
    """Return the accounts of an address that may sign in, one per realm at most, in the order of realms."""
    return db.session.scalars(
        sa.select(Account)
        .where(
            Account.email_key == email_key,
            Account.verified_at.is_not(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.realm)
    ).all()


def find_linked_account(realm: Realm, provider: Provider, subject: str) -> Account | None:
    """Return the verified account of a realm that a person at a provider opens, or None."""
    return db.session.scalar(
        sa.select(Account)
        .join(LinkedLogin, LinkedLogin.account_id == Account.id)
        .where(
            LinkedLogin.realm == realm,
            LinkedLogin.provider == provider,
            LinkedLogin.subject == subject,
            Account.verified_at.is_not(None),
        )
    )


def list_linked_logins(account_id: int) -> Sequence[LinkedLogin]:
    """Return the linked logins of an account, in the order of linking."""
    return db.session.scalars(
        sa.select(LinkedLogin).where(LinkedLogin.account_id == account_id).order_by(LinkedLogin.id)
    ).all()


def find_live_link(
    token: str, *, now: datetime, purpose: TokenPurpose = TokenPurpose.VERIFY_EMAIL
) -> MailedToken | None:
    """Return the mailed link for a purpose, unless it was used or has run out (exclusive)."""
    return db.session.scalar(
        sa.select(MailedToken).where(MailedToken.digest == digest_of(token), *_live(purpose, now))
    )


def find_account_to_serve(
    token: str, *, now: datetime, purpose: TokenPurpose = TokenPurpose.VERIFY_EMAIL
) -> Account | None:
    """Return the account that a mailed link would serve now for its purpose, or None."""
    link = find_live_link(token, now=now, purpose=purpose)
    return db.session.get_one(Account, link.account_id) if link else None


def list_live_links(
    account_id: int, *, now: datetime, purpose: TokenPurpose = TokenPurpose.VERIFY_EMAIL
) -> Sequence[MailedToken]:
    """Return the mailed links that would still serve an account for a purpose, oldest first."""
    return db.session.scalars(
        sa.select(MailedToken)
        .where(MailedToken.account_id == account_id, *_live(purpose, now))
        .order_by(MailedToken.id)
    ).all()


def list_consents(account_id: int) -> Sequence[Consent]:
    """Return what an account agreed to, in the order of agreeing."""
    return db.session.scalars(
        sa.select(Consent).where(Consent.account_id == account_id).order_by(Consent.id)
    ).all()


def _live(purpose: TokenPurpose, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        MailedToken.purpose == purpose,
        MailedToken.used_at.is_(None),
        MailedToken.expires_at > now,
    )


def language_of(account_id: int) -> str | None:
    """Return the language that an account has chosen for its pages and mails; None: none yet."""
    account = db.session.get(Account, account_id)
    return account.language if account else None
