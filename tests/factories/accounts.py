"""Accounts that exist, are verified, and know the password `PASSWORD`."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher

from app.accounts.models import Account, AccountKind, Realm
from app.accounts.roles import NO_UNIT, ROLES, Role
from app.accounts.staff_models import StaffGrant
from app.cases.kind_types import Unit
from app.core import clock
from app.core.db import transaction

ALL_ROLES = [
    (role, unit) for role, facts in ROLES.items() for unit in (Unit if facts.by_unit else (NO_UNIT,))
]
PASSWORD = "tung-blossom-in-may"
_serial = itertools.count(1)


@cache
def _password_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)


def make_account(
    *,
    realm: Realm = Realm.NATIONAL,
    kind: AccountKind | None = AccountKind.INDIVIDUAL,
    email: str | None = None,
) -> Account:
    """Return a verified account that chose its kind; staff have none."""
    email = email or f"person{next(_serial)}@example.tw"
    with transaction() as session:
        account = Account(
            realm=realm,
            email=email,
            email_key=email,
            password_hash=_password_hash(),
            created_at=clock.now(),
            verified_at=clock.now(),
            kind=None if realm == Realm.STAFF else kind,
        )
        session.add(account)
    return account


def make_leader(**values: object) -> Account:
    return make_account(kind=AccountKind.GROUP, **values)


def make_staff(roles: Iterable[tuple[Role, str]] | None = None, **values: object) -> Account:
    """Return a member of staff.

    :param roles: (role, unit); None: all roles, for all units, and so every permission
    """
    account = make_account(realm=Realm.STAFF, **values)
    with transaction() as session:
        session.add_all(
            StaffGrant(account_id=account.id, role=role, unit=unit, note="", granted_at=clock.now())
            for role, unit in (ALL_ROLES if roles is None else roles)
        )
    return account
