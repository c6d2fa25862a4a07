"""The accounts that `make demo` makes; their secrets are public, so production has none of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from app.accounts import queries, second_factor, services, totp
from app.accounts.grants import add_grant
from app.accounts.models import AccountKind, Realm
from app.accounts.roles import NO_UNIT, ROLES, Role
from app.cases.kind_types import Unit
from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import transaction


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """:ivar roles: of staff
    :ivar totp_secret: of staff: their authenticator, set up beforehand and known to everybody
    """

    role: str
    realm: Realm
    kind: AccountKind | None
    email: str
    password: str
    login_path: str
    roles: tuple[Role, ...] = ()
    totp_secret: str | None = None

    @property
    def code(self) -> str | None:
        """What the authenticator shows now, by the machine's own time; None: there is none."""
        if self.totp_secret is None:
            return None
        return totp.code_of(self.totp_secret, totp.step_at(clock.system_now()))

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"code": self.code}


ACCOUNTS = (
    # One person walks through all desks in the demo; what takes two people by rule needs the others.
    DemoAccount(
        role="staff",
        realm=Realm.STAFF,
        kind=None,
        email="staff@demo.tw",
        password="blue-shirt-office-112",
        login_path="/admin/login",
        roles=(
            Role.SUPPORT,
            Role.EXAM_OFFICE,
            Role.FINANCE,
            Role.ARRANGEMENTS,
            Role.RESULTS,
            Role.CASE_OFFICER,
            Role.DISPATCHER,
        ),
        totp_secret="BLUESHIRTOFFICE7BLUESHIRTOFFICE7",
    ),
    # Refunds are decided by a second person (R108).
    DemoAccount(
        role="approver",
        realm=Realm.STAFF,
        kind=None,
        email="approver@demo.tw",
        password="second-pair-of-eyes",
        login_path="/admin/login",
        roles=(Role.FINANCE_APPROVER,),
        totp_secret="SECONDPAIROFEYESSECONDPAIROFEYES",
    ),
    DemoAccount(
        role="admin",
        realm=Realm.STAFF,
        kind=None,
        email="admin@demo.tw",
        password="keys-of-the-office-112",
        login_path="/admin/login",
        roles=(Role.ADMINISTRATOR, Role.AUDITOR),
        totp_secret="KEYSOFTHEOFFICE2KEYSOFTHEOFFICE2",
    ),
    DemoAccount(
        role="leader",
        realm=Realm.NATIONAL,
        kind=AccountKind.GROUP,
        email="leader@demo.tw",
        password="thirty-eight-pupils",
        login_path="/national/login",
    ),
    DemoAccount(
        role="candidate",
        realm=Realm.NATIONAL,
        kind=AccountKind.INDIVIDUAL,
        email="candidate@demo.tw",
        password="tung-blossom-112",
        login_path="/national/login",
    ),
)


def make_demo_accounts() -> None:
    """Make the accounts that are not there yet; those of an older demo get their roles and authenticators."""
    for each in ACCOUNTS:
        account = queries.find_account(each.realm, each.email)
        if account is None:
            account = services.create_verified_account(each.realm, each.email, each.password, kind=each.kind)
        if each.totp_secret and second_factor.find_second_factor(account) is None:
            with transaction():
                for role in each.roles:
                    for unit in Unit if ROLES[role].by_unit else [NO_UNIT]:
                        add_grant(account, role, unit=unit, actor=SYSTEM)
                second_factor.keep_second_factor(account, each.totp_secret)
