"""A password forgotten, and a password changed; either way all other sessions end (security 1, 6).

Passwords are hashed before a transaction begins: it would hold the write lock for all of that time.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.accounts import mails, passwords, queries, sessions
from app.accounts.emails import parse_email
from app.accounts.models import Account, MailedToken, Realm, TokenPurpose
from app.accounts.services import LinkSpent, LoginRefused
from app.accounts.tokens import digest_of, new_token
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import db, transaction
from app.core.messages import Message

RESET_LIFETIME = timedelta(minutes=30)


def ask_for_reset(email: str, *, actor: Actor) -> None:
    """Mail a link to each verified account of an address, of whatever track; older links are void.

    The answer is the same whether or not there is an account.

    :raises InvalidValue: when the text is no e-mail address
    """
    address = parse_email(email)
    with transaction():
        accounts = queries.list_verified_accounts(address.key)
        for account in accounts:
            _send_link(account)
            audit.record("accounts.ask_reset", account, actor)
        if not accounts:
            audit.record("accounts.ask_reset", ("accounts", "unknown"), actor)


def reset_password(token: str, password: str, *, actor: Actor) -> Account:
    """Set a new password with a mailed link, and return the account; it is not signed in by that.

    All its sessions and all its other links for a new password end, and its owner is told.

    :raises LinkSpent: when the link was used, has run out, or never was one
    :raises InvalidValue: when the password is too easily guessed; the link stays good
    """
    now = clock.now()
    account = queries.find_account_to_serve(token, now=now, purpose=TokenPurpose.RESET_PASSWORD)
    if account is None:
        raise _link_spent()
    password_hash = _hash_new(account, password)
    with transaction() as session:
        account = session.get_one(Account, account.id, with_for_update={"key_share": True})
        spent = session.execute(
            sa.update(MailedToken)
            .where(MailedToken.digest == digest_of(token), MailedToken.used_at.is_(None))
            .values(used_at=now)
        )
        if spent.rowcount != 1:
            raise _link_spent()
        _set_password(account, password_hash)
        sessions.end_all(account, actor=actor)
        audit.record("accounts.reset_password", account, actor)
    return account


def change_password(account: Account, current: str, password: str, *, keep: str | None, actor: Actor) -> None:
    """Replace the password of an account whose owner knows the present one.

    :param keep: the token of the session that stays; all others end
    :raises LoginRefused: for the field ``current``, when the present password is another one
    :raises InvalidValue: when the new one is too easily guessed
    """
    check_password_of(account, current, field="current")
    password_hash = _hash_new(account, password)
    with transaction() as session:
        account = session.get_one(Account, account.id, with_for_update={"key_share": True})
        _set_password(account, password_hash)
        sessions.end_all(account, actor=actor, but=keep)
        audit.record("accounts.change_password", account, actor)


def check_password_of(account: Account, password: str, *, field: str = "password") -> None:
    """Raise LoginRefused for a field when this is not the password of the account."""
    if not passwords.verify_password(account.password_hash, password):
        raise LoginRefused(Message("密碼不對，請輸入您現在登入用的密碼"), field=field)


def _hash_new(account: Account, password: str) -> str:
    minimum = passwords.STAFF_MINIMUM if account.realm == Realm.STAFF else passwords.APPLICANT_MINIMUM
    passwords.check_password(password, email=account.email, minimum=minimum)
    return passwords.hash_password(password)


def _set_password(account: Account, password_hash: str) -> None:
    account.password_hash = password_hash
    _void_links(account)
    mails.send_password_changed(account)


def _send_link(account: Account) -> None:
    _void_links(account)
    token = new_token()
    db.session.add(
        MailedToken(
            digest=digest_of(token),
            purpose=TokenPurpose.RESET_PASSWORD,
            account_id=account.id,
            expires_at=clock.now() + RESET_LIFETIME,
        )
    )
    mails.send_password_reset(account, token)


def _void_links(account: Account) -> None:
    now = clock.now()
    for link in queries.list_live_links(account.id, now=now, purpose=TokenPurpose.RESET_PASSWORD):
        link.used_at = now


def _link_spent() -> LinkSpent:
    return LinkSpent(Message("這個連結已經用過或過期了，請再申請一次重設密碼"))
