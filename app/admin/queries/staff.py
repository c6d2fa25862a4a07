"""The staff's accounts, with what stands beside each in the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.accounts.grants import list_grants
from app.accounts.models import Account, MailedToken, Realm, TokenPurpose
from app.accounts.roles import StaffState, is_idle
from app.accounts.staff import standing_of
from app.accounts.staff_models import SecondFactor, StaffGrant
from app.core.db import db

_STATES = {
    StaffState.INVITED: sa.and_(Account.disabled_at.is_(None), Account.verified_at.is_(None)),
    StaffState.ACTIVE: sa.and_(Account.disabled_at.is_(None), Account.verified_at.is_not(None)),
    StaffState.DISABLED: Account.disabled_at.is_not(None),
}


@dataclass(frozen=True, slots=True)
class StaffLine:
    """:ivar idle: nobody has signed in for 90 days, though the account is open"""

    account: Account
    state: StaffState
    grants: Sequence[StaffGrant]
    has_second_factor: bool
    idle: bool


def count_states() -> Mapping[str, int]:
    """Count the accounts of the staff by state."""
    rows = db.session.execute(
        sa.select(Account.verified_at, Account.disabled_at).where(Account.realm == Realm.STAFF)
    )
    return Counter(
        StaffState.DISABLED if disabled else StaffState.ACTIVE if verified else StaffState.INVITED
        for verified, disabled in rows
    )


def list_staff(state: StaffState | None, search: str, *, now: datetime) -> Sequence[StaffLine]:
    """Return the staff by e-mail; None: in any state.

    :param search: a part of the e-mail; empty: any
    """
    query = sa.select(Account, SecondFactor.account_id).where(Account.realm == Realm.STAFF)
    query = query.outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
    if state is not None:
        query = query.where(_STATES[state])
    if search:
        query = query.where(Account.email_key.contains(search.lower(), autoescape=True))
    rows = db.session.execute(query.order_by(Account.email_key)).all()
    grants = list_grants(account.id for account, _ in rows)
    return [_line(account, grants[account.id], factor is not None, now) for account, factor in rows]


def find_invitation(account: Account, *, now: datetime) -> datetime | None:
    """Return until when an invitation can be accepted (exclusive); None: there is none."""
    return db.session.scalar(
        sa.select(sa.func.max(MailedToken.expires_at)).where(
            MailedToken.account_id == account.id,
            MailedToken.purpose == TokenPurpose.INVITE_STAFF,
            MailedToken.used_at.is_(None),
            MailedToken.expires_at > now,
        )
    )


def _line(
    account: Account, grants: Sequence[StaffGrant], has_second_factor: bool, now: datetime
) -> StaffLine:
    state = standing_of(account)
    idle = is_idle(last_sign_in_at=account.last_sign_in_at, created_at=account.created_at, now=now)
    return StaffLine(account, state, grants, has_second_factor, idle and state != StaffState.DISABLED)
