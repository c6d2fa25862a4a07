"""The accounts that `make demo` makes; their passwords are public, so production has none of them."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts import queries, services
from app.accounts.models import AccountKind, Realm


@dataclass(frozen=True, slots=True)
class DemoAccount:
    role: str
    realm: Realm
    kind: AccountKind | None
    email: str
    password: str
    login_path: str


ACCOUNTS = (
    DemoAccount("staff", Realm.STAFF, None, "staff@demo.tw", "blue-shirt-office-112", "/admin/login"),
    # Refunds are decided by a second person (R108).
    DemoAccount("approver", Realm.STAFF, None, "approver@demo.tw", "second-pair-of-eyes", "/admin/login"),
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
    """Make the accounts that are not there yet."""
    for each in ACCOUNTS:
        if queries.find_account(each.realm, each.email) is None:
            services.create_verified_account(each.realm, each.email, each.password, kind=each.kind)
