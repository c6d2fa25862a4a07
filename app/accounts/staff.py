"""The staff's accounts: invited by mail, active, disabled and enabled again (W017)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa

from app.accounts import mails, passwords, queries, sessions
from app.accounts.emails import parse_email
from app.accounts.grants import add_grant, check_not_own, check_unit, get_staff
from app.accounts.models import Account, MailedToken, Realm, TokenPurpose
from app.accounts.roles import Role, StaffState, state_of
from app.accounts.services import LinkSpent, add_account, create_verified_account
from app.accounts.tokens import digest_of, new_token
from app.core import audit, clock
from app.core.actors import SYSTEM, Actor
from app.core.db import db, transaction
from app.core.errors import IllegalTransition
from app.core.messages import Message

INVITATION_LIFETIME = timedelta(days=7)
_PURPOSE = TokenPurpose.INVITE_STAFF


def invite(email: str, roles: Iterable[tuple[Role, str]], *, note: str = "", actor: Actor) -> Account:
    """Make an account that waits for its owner, with its roles, and mail the invitation.

    :param roles: (role, unit); the unit is empty but for roles that are granted by unit
    :raises InvalidValue: when the e-mail is none or taken, or a role lacks its unit
    """
    address = parse_email(email)
    # Nobody knows this password: the account opens with the invitation, and then with its owner's.
    password_hash = passwords.hash_password(secrets.token_urlsafe(32))
    with transaction():
        account = add_account(Realm.STAFF, address, password_hash)
        audit.record("staff.invite", account, actor)
        for role, unit in roles:
            add_grant(account, role, unit=unit, note=note, actor=actor)
        _send_invitation(account)
    return account


def invite_again(public_id: str, *, actor: Actor) -> None:
    """Mail a new invitation; the older ones are void.

    :raises IllegalTransition: when the invitation was accepted, or the account is disabled
    """
    with transaction():
        account = get_staff(public_id, lock=True)
        if standing_of(account) != StaffState.INVITED:
            raise IllegalTransition(Message("這個帳號不在等候啟用，不用再寄邀請"))
        _send_invitation(account)
        audit.record("staff.invite_again", account, actor)


def accept_invitation(token: str, password: str, *, actor: Actor) -> Account:
    """Set the invited person's own password, and return the account; the second factor comes next.

    :raises LinkSpent: when the invitation was used or withdrawn, has run out, or never was one
    :raises InvalidValue: when the password is too short or too easily guessed; the invitation stays good
    """
    now = clock.now()
    account = queries.find_account_to_serve(token, now=now, purpose=_PURPOSE)
    if account is None:
        raise _link_spent()
    passwords.check_password(password, email=account.email, minimum=passwords.STAFF_MINIMUM)
    password_hash = passwords.hash_password(password)
    with transaction() as session:
        account = session.get_one(Account, account.id, with_for_update={"key_share": True})
        spent = session.execute(
            sa.update(MailedToken)
            .where(MailedToken.digest == digest_of(token), MailedToken.used_at.is_(None))
            .values(used_at=now)
        )
        if spent.rowcount != 1 or account.disabled_at is not None:
            raise _link_spent()
        account.password_hash, account.verified_at = password_hash, now
        audit.record("staff.accept_invitation", account, actor)
    return account


def disable(public_id: str, *, actor: Actor) -> None:
    """Close an account, or withdraw its invitation: its sessions end, its links are void.

    An account that is disabled already stays so.

    :raises Refused: when it is one's own
    """
    with transaction():
        account = get_staff(public_id, lock=True)
        check_not_own(account, actor)
        if account.disabled_at is None:
            account.disabled_at = clock.now()
            _void_links(account)
            sessions.end_all(account, actor=actor)
            audit.record("staff.disable", account, actor)


def enable(public_id: str, *, actor: Actor) -> None:
    """Open a disabled account again, with its password, second factor and roles as they were.

    :raises Refused: when it is one's own
    """
    with transaction():
        account = get_staff(public_id, lock=True)
        check_not_own(account, actor)
        if account.disabled_at is not None:
            account.disabled_at = None
            audit.record("staff.enable", account, actor)


def create_staff(
    email: str, password: str, roles: Iterable[tuple[Role, str]] = (), *, actor: Actor = SYSTEM
) -> Account:
    """Create an account without an invitation, from the terminal: the first administrator's (security 4).

    Its password has at least 12 characters; the second factor is set up at the first sign-in.

    :raises InvalidValue: when the e-mail is none or taken, the password too weak, or a role lacks its unit
    """
    roles = list(roles)
    for role, unit in roles:
        check_unit(role, unit)
    account = create_verified_account(Realm.STAFF, email, password, actor=actor)
    with transaction():
        for role, unit in roles:
            add_grant(account, role, unit=unit, actor=actor)
    return account


def standing_of(account: Account) -> StaffState:
    return state_of(verified_at=account.verified_at, disabled_at=account.disabled_at)


def _send_invitation(account: Account) -> None:
    _void_links(account)
    token = new_token()
    db.session.add(
        MailedToken(
            digest=digest_of(token),
            purpose=_PURPOSE,
            account_id=account.id,
            expires_at=clock.now() + INVITATION_LIFETIME,
        )
    )
    mails.send_invitation(account, token)


def _void_links(account: Account) -> None:
    now = clock.now()
    db.session.execute(
        sa.update(MailedToken)
        .where(MailedToken.account_id == account.id, MailedToken.used_at.is_(None))
        .values(used_at=now)
    )


def _link_spent() -> LinkSpent:
    return LinkSpent(Message("這個邀請已經用過、撤回或過期了，請洽邀請您的同仁再寄一次"))
