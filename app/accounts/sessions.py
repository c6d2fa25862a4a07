"""Who is signed in where: a browser's session is a row that can be looked at and ended (security 1).

The browser's cookie carries a random token and nothing else that opens anything. All times are the
machine's own: whoever moves the demo clock from May to August stays signed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.accounts.models import Account, SignInLevel, SignInSession
from app.accounts.tokens import digest_of, new_token
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import db, transaction
from app.core.errors import NotFound
from app.core.messages import Message

# How long after proving who one is the weighty acts are open: passwords, linked logins, and so on.
FRESH_FOR = timedelta(minutes=5)
# A busy session is noted once a minute, not at every page.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """:ivar idle: without a page in this time the session ends
    :ivar absolute: and at this age, however busy it is
    """

    idle: timedelta
    absolute: timedelta


APPLICANT_LIFETIME = Lifetime(timedelta(minutes=30), timedelta(hours=12))
STAFF_LIFETIME = Lifetime(timedelta(minutes=15), timedelta(hours=8))


def lifetime_of(account: Account) -> Lifetime:
    return STAFF_LIFETIME if account.is_staff else APPLICANT_LIFETIME


def begin(account: Account, *, level: SignInLevel, browser: str, actor: Actor) -> str:
    """Begin a session, and return the token that the browser is to keep; it is kept nowhere else.

    Sessions that have run out are cleared away on this occasion.
    """
    token, now = new_token(), clock.system_now()
    with transaction() as session:
        session.execute(sa.delete(SignInSession).where(SignInSession.ends_at <= now))
        session.add(
            SignInSession(
                digest=digest_of(token),
                account_id=account.id,
                level=level,
                created_at=now,
                confirmed_at=now,
                last_seen_at=now,
                ends_at=now + lifetime_of(account).absolute,
                address=actor.address,
                browser=browser[:200],
            )
        )
    return token


def find(token: str) -> SignInSession | None:
    """Return the live session behind a browser's token, or None when it ended or has run out."""
    row = find_with_account(token)
    return row[0] if row else None


def find_with_account(token: str) -> tuple[SignInSession, Account] | None:
    """Return the live session behind a browser's token and the account that it opens."""
    row = db.session.execute(
        sa.select(SignInSession, Account)
        .join(Account, Account.id == SignInSession.account_id)
        .where(SignInSession.digest == digest_of(token))
    ).first()
    return (row[0], row[1]) if row and _is_live(row[0], row[1], clock.system_now()) else None


def find_account(token: str) -> Account | None:
    """Return the account that a browser's token opens, or None when the session ended or has run out."""
    row = find_with_account(token)
    return row[1] if row else None


def list_live(account: Account) -> Sequence[SignInSession]:
    """Return an account's live sessions, the one seen last first."""
    now = clock.system_now()
    return db.session.scalars(
        sa.select(SignInSession)
        .where(
            SignInSession.account_id == account.id,
            SignInSession.ends_at > now,
            SignInSession.last_seen_at > now - lifetime_of(account).idle,
        )
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    ).all()


def is_fresh(found: SignInSession | None) -> bool:
    """Return whether the person behind a session proved in the last five minutes who they are."""
    return found is not None and found.confirmed_at > clock.system_now() - FRESH_FOR


def note_seen(found: SignInSession | None) -> None:
    """Note that a session is in use, so that it does not run out; once a minute at most."""
    now = clock.system_now()
    if found is None or found.last_seen_at > now - _NOTED_EVERY:
        return
    with transaction() as session:
        session.execute(sa.update(SignInSession).where(SignInSession.id == found.id).values(last_seen_at=now))


def confirm(token: str, *, level: SignInLevel | None = None) -> str:
    """Note that the person has just proved again who they are, and return the token to keep from now on.

    The old token opens nothing any more: whoever copied it is out (security 7.2.4).

    :param level: how they proved it, where that is more than before
    :raises NotFound: when the session has ended meanwhile
    """
    new, now = new_token(), clock.system_now()
    with transaction():
        found = find(token)
        if found is None:
            raise _ended()
        found.digest, found.confirmed_at, found.last_seen_at = digest_of(new), now, now
        found.level = level or found.level
    return new


def end(token: str) -> None:
    """End the session of a browser; one that has ended already stays so."""
    with transaction() as session:
        session.execute(sa.delete(SignInSession).where(SignInSession.digest == digest_of(token)))


def end_one(account: Account, public_id: str, *, actor: Actor) -> None:
    """End one of an account's sessions.

    :raises NotFound: when it is none of theirs, or has ended already
    """
    with transaction() as session:
        ended = session.execute(
            sa.delete(SignInSession).where(
                SignInSession.public_id == public_id, SignInSession.account_id == account.id
            )
        )
        if ended.rowcount != 1:
            raise _ended()
        audit.record("accounts.end_session", account, actor)


def end_all(account: Account, *, actor: Actor, but: str | None = None) -> int:
    """End all sessions of an account, and return how many they were.

    Called whenever what opens the account changes: its password, linked logins, roles.

    :param but: the token of the session that stays
    """
    others = [SignInSession.account_id == account.id]
    if but is not None:
        others.append(SignInSession.digest != digest_of(but))
    with transaction() as session:
        count = session.execute(sa.delete(SignInSession).where(*others)).rowcount
        if count:
            audit.record("accounts.end_sessions", account, actor, count=count)
    return count


def _is_live(found: SignInSession, account: Account, now: datetime) -> bool:
    in_time = now < found.ends_at and now < found.last_seen_at + lifetime_of(account).idle
    return in_time and account.disabled_at is None


def _ended() -> NotFound:
    return NotFound(Message("這個登入已經結束了，請重新整理頁面看看"))
