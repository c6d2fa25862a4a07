"""Roles granted and taken back: never one's own, and each change ends the person's sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts import sessions
from app.accounts.models import Account, Realm
from app.accounts.permissions import Permission
from app.accounts.roles import NO_UNIT, ROLES, Holding, Role, roles_with, sum_of
from app.accounts.staff_models import StaffGrant
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import db, transaction
from app.core.errors import InvalidValue, NotFound, Refused
from app.core.messages import Message


def holding_of(account: Account) -> Holding:
    """Return what somebody may do: the sum of the roles held now."""
    query = sa.select(StaffGrant.role, StaffGrant.unit).where(
        StaffGrant.account_id == account.id, StaffGrant.removed_at.is_(None)
    )
    return sum_of((role, unit) for role, unit in db.session.execute(query))


def list_grants(account_ids: Iterable[int]) -> Mapping[int, Sequence[StaffGrant]]:
    """Return the roles that accounts hold now, by account, in the order of granting."""
    found: dict[int, list[StaffGrant]] = {each: [] for each in account_ids}
    query = sa.select(StaffGrant).where(StaffGrant.account_id.in_(found), StaffGrant.removed_at.is_(None))
    for grant in db.session.scalars(query.order_by(StaffGrant.id)):
        found[grant.account_id].append(grant)
    return found


def list_history(account: Account) -> Sequence[StaffGrant]:
    """Return all that was ever granted to somebody, the newest first (W018)."""
    return db.session.scalars(
        sa.select(StaffGrant)
        .where(StaffGrant.account_id == account.id)
        .options(joinedload(StaffGrant.granted_by), joinedload(StaffGrant.removed_by))
        .order_by(StaffGrant.id.desc())
    ).all()


def list_holders(permission: Permission, *, unit: str | None = None) -> Sequence[Account]:
    """Return the staff that can sign in and hold a permission, in the order of their addresses.

    :param unit: only through a role that is granted for this unit
    """
    holders = sa.select(StaffGrant.account_id).where(
        StaffGrant.role.in_(roles_with(permission)), StaffGrant.removed_at.is_(None)
    )
    if unit is not None:
        holders = holders.where(StaffGrant.unit == unit)
    return db.session.scalars(
        sa.select(Account)
        .where(Account.id.in_(holders), Account.verified_at.is_not(None), Account.disabled_at.is_(None))
        .order_by(Account.email_key)
    ).all()


def grant_roles(public_id: str, roles: Iterable[tuple[Role, str]], *, note: str = "", actor: Actor) -> None:
    """Grant somebody roles, all or none, with a note (W017, W018); their sessions end.

    :param roles: (role, unit); the unit is empty but for roles that are granted by unit
    :raises Refused: when it is one's own account, or a role is held already
    :raises InvalidValue: for the field ``units``, when a role lacks its unit, or takes none
    """
    with transaction():
        account = get_staff(public_id, lock=True)
        check_not_own(account, actor)
        for role, unit in roles:
            add_grant(account, role, unit=unit, note=note, actor=actor)
        sessions.end_all(account, actor=actor)


def remove_grant(public_id: str, grant_id: str, *, actor: Actor) -> None:
    """Take a role back (W018); the person's sessions end.

    :raises Refused: when it is one's own
    :raises NotFound: when there is no such grant, or it was taken back already
    """
    with transaction() as session:
        account = get_staff(public_id, lock=True)
        check_not_own(account, actor)
        grant = session.scalar(
            sa.select(StaffGrant).where(
                StaffGrant.public_id == grant_id,
                StaffGrant.account_id == account.id,
                StaffGrant.removed_at.is_(None),
            )
        )
        if grant is None:
            raise NotFound(Message("這個角色已經移除了，請重新整理頁面看看"))
        grant.removed_at, grant.removed_by_id = clock.now(), actor.account_id
        sessions.end_all(account, actor=actor)
        audit.record("staff.remove_role", account, actor, role=grant.role, unit=grant.unit)


def add_grant(account: Account, role: Role, *, unit: str = NO_UNIT, note: str = "", actor: Actor) -> None:
    """Grant a role in the open unit of work; raises as `grant_roles`."""
    check_unit(role, unit)
    held = [(each.role, each.unit) for each in list_grants([account.id])[account.id]]
    if (role, unit) in held:
        raise Refused(Message("已經有「%(role)s」這個角色了", {"role": ROLES[role].name}), field="roles")
    db.session.add(
        StaffGrant(
            account_id=account.id,
            role=role,
            unit=unit,
            note=note,
            granted_at=clock.now(),
            granted_by_id=actor.account_id,
        )
    )
    db.session.flush()
    audit.record("staff.grant_role", account, actor, role=role, unit=unit)


def check_unit(role: Role, unit: str) -> None:
    """Raise InvalidValue, for the field ``units``, when a role lacks its unit or takes none."""
    if ROLES[role].by_unit != bool(unit):
        raise InvalidValue(Message("案件承辦人員要選擇單位，其他角色不分單位"), field="units")


def check_not_own(account: Account, actor: Actor) -> None:
    """Raise Refused when somebody would change what they may do themselves (security 16)."""
    if account.id == actor.account_id:
        raise Refused(Message("自己的權限和帳號狀態，要由另一位系統管理人員變更"))


def get_staff(public_id: str, *, lock: bool = False) -> Account:
    """Return an account of the staff; raises NotFound.

    :param lock: keep others from changing the row until the open transaction ends
    """
    query = sa.select(Account).where(Account.realm == Realm.STAFF, Account.public_id == public_id)
    account = db.session.scalar(query.with_for_update(key_share=True) if lock else query)
    if account is None:
        raise NotFound(Message("沒有這個試務人員帳號，請從列表重新選擇"))
    return account
