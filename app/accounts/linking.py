"""What somebody known to Google or Facebook may open here: signing up, signing in, linking (security 3).

A person is recognised by the provider's subject and never by an e-mail: whoever controls an address at
a provider must not get the account that another made with it here.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.accounts import mails, passwords, queries, sessions
from app.accounts.emails import EmailAddress, parse_email
from app.accounts.models import Account, LinkedLogin, Provider, Realm
from app.accounts.providers import NAMES, Identity
from app.accounts.services import add_account, send_verification, start_over
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import db, transaction, violated_constraint
from app.core.errors import NotFound, Refused
from app.core.messages import Message


class HasAccount(Refused):
    """There is an account with the person's own e-mail: it is opened with its password, then linked."""


class LinkedElsewhere(Refused):
    """The login at the provider opens another account already, or the account has one there already."""


def sign_in(realm: Realm, identity: Identity, *, actor: Actor) -> Account | None:
    """Return the account of a realm that a person at a provider opens, or None when there is none."""
    account = queries.find_linked_account(realm, identity.provider, identity.subject)
    if account is not None:
        with transaction():
            audit.record("accounts.login", account, actor, provider=identity.provider)
    return account


def sign_up(realm: Realm, identity: Identity, email: str, password: str, *, actor: Actor) -> Account | None:
    """Create the account of a person who came from a provider, linked to that login (R193, R198).

    With an e-mail that the provider vouches for the account is returned and may be signed in at once.
    Any other address counts as typed: the answer is None, always, and a mail is on its way as in
    `services.sign_up`. An account with this address that was never verified is given to who signs up now.

    :param email: what was typed; counts only where the provider gave none
    :raises HasAccount: when the person's proven address has a verified account; nothing is merged
    :raises InvalidValue: when the e-mail is none or the password is too easily guessed
    """
    address = parse_email(identity.email or email)
    passwords.check_password(password, email=address.address, minimum=passwords.APPLICANT_MINIMUM)
    password_hash = passwords.hash_password(password)
    with transaction():
        account = queries.find_account(realm, address.key, lock=True)
        if account is not None and account.verified_at is not None:
            if identity.email_is_proven:
                raise HasAccount(
                    Message(
                        "這個電子信箱已經有帳號了，請用密碼登入，再到「帳號設定」連結 %(name)s",
                        _name(identity),
                    )
                )
            audit.record("accounts.sign_up_again", account, actor)
            mails.send_already_registered(account, queries.list_linked_logins(account.id))
            return None
        account = _take_account(account, realm, address, password_hash)
        _add_link(account, identity)
        audit.record("accounts.sign_up", account, actor, realm=realm, provider=identity.provider)
        if not identity.email_is_proven:
            send_verification(account)
            return None
        _verify(account)
        audit.record("accounts.verify_email", account, actor, provider=identity.provider)
    return account


def link(account_id: int, identity: Identity, *, keep: str | None, actor: Actor) -> Account:
    """Let a login at a provider open an account from now on; its other sessions end, its owner is told.

    Linking the same login again changes nothing.

    :param keep: the token of the session that stays
    :raises LinkedElsewhere: when the login opens another account, or the account has another login there
    """
    with transaction() as session:
        account = session.get_one(Account, account_id, with_for_update={"key_share": True})
        if account.is_staff:
            raise Refused(Message("工作人員的帳號只能用密碼登入"))
        if any(_is_same(each, identity) for each in queries.list_linked_logins(account.id)):
            return account
        _add_link(account, identity)
        audit.record("accounts.link_login", account, actor, provider=identity.provider)
        sessions.end_all(account, actor=actor, but=keep)
        mails.send_login_linked(account, NAMES[identity.provider])
    return account


def unlink(account_id: int, provider: Provider, *, keep: str | None, actor: Actor) -> None:
    """Take a linked login away; the password still opens the account. Its other sessions end.

    :param keep: the token of the session that stays
    :raises NotFound: when there is no such link
    """
    with transaction() as session:
        account = session.get_one(Account, account_id, with_for_update={"key_share": True})
        removed = session.execute(
            sa.delete(LinkedLogin).where(
                LinkedLogin.account_id == account.id, LinkedLogin.provider == provider
            )
        )
        if removed.rowcount != 1:
            raise NotFound(Message("這個帳號沒有連結 %(name)s", {"name": NAMES[provider]}))
        audit.record("accounts.unlink_login", account, actor, provider=provider)
        sessions.end_all(account, actor=actor, but=keep)
        mails.send_login_unlinked(account, NAMES[provider])


def _take_account(
    account: Account | None, realm: Realm, address: EmailAddress, password_hash: str
) -> Account:
    if account is None:
        return add_account(realm, address, password_hash)
    start_over(account, password_hash)
    return account


def _verify(account: Account) -> None:
    now = clock.now()
    account.verified_at = now
    for sent in queries.list_live_links(account.id, now=now):
        sent.used_at = now


def _add_link(account: Account, identity: Identity) -> None:
    _forget_unfinished(account.realm, identity)
    new = LinkedLogin(
        account_id=account.id,
        realm=account.realm,
        provider=identity.provider,
        subject=identity.subject,
        email=identity.email,
        linked_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(new)
    except sa.exc.IntegrityError as error:
        if violated_constraint(error) not in (
            "uq_linked_logins_realm_provider_subject",
            "uq_linked_logins_account_id_provider",
        ):
            raise
        raise LinkedElsewhere(
            Message(
                "這個 %(name)s 帳號已經連結到另一個報名帳號，或您的帳號已經連結另一個 %(name)s 帳號",
                _name(identity),
            )
        ) from error


def _forget_unfinished(realm: Realm, identity: Identity) -> None:
    """Drop the link that the same person left at an account that was never verified."""
    unverified = sa.select(Account.id).where(Account.verified_at.is_(None))
    db.session.execute(
        sa.delete(LinkedLogin).where(
            LinkedLogin.realm == realm,
            LinkedLogin.provider == identity.provider,
            LinkedLogin.subject == identity.subject,
            LinkedLogin.account_id.in_(unverified),
        )
    )


def _is_same(linked: LinkedLogin, identity: Identity) -> bool:
    return linked.provider == identity.provider and linked.subject == identity.subject


def _name(identity: Identity) -> dict[str, object]:
    return {"name": NAMES[identity.provider]}
