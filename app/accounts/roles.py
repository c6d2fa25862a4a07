"""The roles of the exam centre: each a set of permissions, and a person holds the sum of theirs; pure.

Who may touch what is security.md 8; that refunds take two people is checked where they are decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.accounts.permissions import Permission
from app.core.messages import Message

IDLE_AFTER = timedelta(days=90)
NO_UNIT = ""


class Role(StrEnum):
    SUPPORT = "support"
    EXAM_OFFICE = "exam_office"
    FINANCE = "finance"
    FINANCE_APPROVER = "finance_approver"
    ARRANGEMENTS = "arrangements"
    RESULTS = "results"
    CASE_OFFICER = "case_officer"
    DISPATCHER = "dispatcher"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """:ivar by_unit: is granted for one unit at a time, and reaches no further than that unit"""

    name: Message
    duty: Message
    permissions: frozenset[Permission]
    by_unit: bool = False


ROLES = {
    Role.SUPPORT: RoleFacts(
        Message("客服人員"),
        Message("接聽電話時查看報名，個人資料一律遮蔽"),
        frozenset({Permission.LOOK_UP}),
    ),
    Role.EXAM_OFFICE: RoleFacts(
        Message("試務人員"),
        Message("審查資格、更正資料、變動團體、排試場、認證當天點名、寄送郵件、發布公告"),
        frozenset(
            {
                Permission.LOOK_UP,
                Permission.REVIEW,
                Permission.UNMASK,
                Permission.CORRECT,
                Permission.GROUPS,
                Permission.SEATING,
                Permission.MAILINGS,
                Permission.NEWS,
                Permission.EXAM_DAY,
            }
        ),
    ),
    Role.FINANCE: RoleFacts(
        Message("出納人員"),
        Message("查看繳費，暫停繳費方式，對帳，擬辦退費，登錄匯票"),
        frozenset({Permission.PAYMENTS, Permission.RECONCILE, Permission.REFUNDS_PREPARE}),
    ),
    Role.FINANCE_APPROVER: RoleFacts(
        Message("退費核定人員"),
        Message("核定別人擬辦的退費"),
        frozenset({Permission.PAYMENTS, Permission.REFUNDS_DECIDE}),
    ),
    # Apart from the others: what disabled people ask for is special data, seen by these alone.
    Role.ARRANGEMENTS: RoleFacts(
        Message("特殊需求承辦人員"),
        Message("查看特殊需求的申請與證明，答覆申請"),
        frozenset({Permission.ACCOMMODATION}),
    ),
    Role.RESULTS: RoleFacts(
        Message("成績人員"),
        Message("登錄與公布成績，製作成績單和證書"),
        frozenset({Permission.RESULTS, Permission.PUBLISH_RESULTS}),
    ),
    Role.CASE_OFFICER: RoleFacts(
        Message("案件承辦人員"),
        Message("承辦一個單位的案件，看不到其他單位的案件"),
        frozenset({Permission.CASES, Permission.UNMASK}),
        by_unit=True,
    ),
    Role.DISPATCHER: RoleFacts(
        Message("案件分派人員"),
        Message("查看還沒分派的案件，分派給權責單位"),
        frozenset({Permission.CASES_ASSIGN}),
    ),
    Role.AUDITOR: RoleFacts(
        Message("稽核人員"),
        Message("查閱稽核紀錄"),
        frozenset({Permission.AUDIT}),
    ),
    Role.ADMINISTRATOR: RoleFacts(
        Message("系統管理人員"),
        Message("邀請試務人員，授予和移除角色，停用帳號"),
        frozenset({Permission.STAFF}),
    ),
}


@dataclass(frozen=True, slots=True)
class Holding:
    """What one person may do.

    :ivar units: for which units, as far as a role is granted by unit
    """

    permissions: frozenset[Permission]
    units: frozenset[str]

    def allows(self, *permissions: Permission) -> bool:
        """Return whether it holds at least one of the permissions."""
        return not self.permissions.isdisjoint(permissions)


NOTHING = Holding(frozenset(), frozenset())


def sum_of(grants: Iterable[tuple[str, str]]) -> Holding:
    """Return what grants, each a role and a unit, amount to; a role that no longer exists gives nothing."""
    permissions: set[Permission] = set()
    units: set[str] = set()
    for role, unit in grants:
        if role in set(Role):
            permissions |= ROLES[Role(role)].permissions
            units |= {unit} - {NO_UNIT}
    return Holding(frozenset(permissions), frozenset(units))


def roles_with(permission: Permission) -> list[Role]:
    """Return the roles that hold a permission, in the order in which they are shown."""
    return [role for role, facts in ROLES.items() if permission in facts.permissions]


class StaffState(StrEnum):
    """Where an account of the staff stands (W017): 未啟用, 啟用, 停用."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


STATE_NAMES = {
    StaffState.INVITED: Message("未啟用"),
    StaffState.ACTIVE: Message("啟用"),
    StaffState.DISABLED: Message("停用"),
}


def state_of(*, verified_at: datetime | None, disabled_at: datetime | None) -> StaffState:
    if disabled_at is not None:
        return StaffState.DISABLED
    return StaffState.INVITED if verified_at is None else StaffState.ACTIVE


def is_idle(*, last_sign_in_at: datetime | None, created_at: datetime, now: datetime) -> bool:
    """Return whether nobody has signed in for 90 days; an account that never was counts from its creation."""
    return now - (last_sign_in_at or created_at) >= IDLE_AFTER
