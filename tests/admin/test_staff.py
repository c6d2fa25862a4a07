"""The desk for the staff's own accounts: invitations, roles, states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts import grants, sessions, staff
from app.accounts.models import Account, Realm, SignInLevel, SignInSession
from app.accounts.queries import find_account
from app.accounts.roles import Role
from app.accounts.staff_models import StaffGrant
from app.core import clock
from app.core.actors import SYSTEM, Actor, ActorKind
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import InvalidValue, Refused
from tests.client import CheckingClient
from tests.factories.accounts import PASSWORD, make_staff
from tests.mailbox import Mailbox

DESK = "/admin/staff/"
NEW = "new.colleague@example.tw"
At = Callable[[str], None]


@pytest.fixture(autouse=True)
def chief(client: CheckingClient, sign_in: Callable[[Account], None]) -> Account:
    """An administrator, signed in."""
    account = make_staff([(Role.ADMINISTRATOR, "")], email="chief@example.tw")
    sign_in(account)
    return account


@pytest.fixture
def colleague() -> Account:
    return make_staff([(Role.FINANCE, "")], email="colleague@example.tw")


def actor_of(account: Account) -> Actor:
    return Actor(ActorKind.STAFF, account.id, "192.0.2.7", "test")


def url_of(account: Account, step: str = "") -> str:
    return f"{DESK}{account.public_id}{step}"


def roles_of(account: Account) -> list[tuple[str, str]]:
    return [(each.role, each.unit) for each in grants.list_grants([account.id])[account.id]]


def invite(client: CheckingClient, **fields: Any) -> Any:
    return client.send(f"{DESK}invite", {"email": NEW, "roles": ["support"], **fields})


def accept(client: CheckingClient, mailbox: Mailbox, password: str = PASSWORD, status: int = 200) -> Any:
    client.get(mailbox.last().links[0].replace("http://localhost", ""))
    return client.send("/admin/invitation", {"password": password, "password_again": password}, status=status)


def test_an_invited_person_sets_password_and_second_factor(
    app: Any, client: CheckingClient, mailbox: Mailbox
) -> None:
    page = invite(client, roles=["case_officer", "support"], units=["service", "personnel"], note="新進同仁")

    assert "未啟用" in page.main.get_text()
    assert mailbox.last().to == NEW
    theirs = app.test_client()
    page = accept(theirs, mailbox)
    assert page.h1.get_text() == "設定兩步驟驗證"
    account = find_account(Realm.STAFF, NEW)
    assert set(roles_of(account)) == {
        ("case_officer", "service"),
        ("case_officer", "personnel"),
        ("support", ""),
    }


def test_the_invited_persons_password_has_twelve_characters(
    app: Any, client: CheckingClient, mailbox: Mailbox
) -> None:
    invite(client)
    theirs = app.test_client()

    page = accept(theirs, mailbox, password="camellia-11", status=422)

    assert "12 個字元" in page.select_one(".field-error").get_text()
    assert accept(theirs, mailbox).h1.get_text() == "設定兩步驟驗證"


@pytest.mark.parametrize(("later", "status"), [("2023-05-08 08:59", 200), ("2023-05-08 09:00", 410)])
def test_an_invitation_is_good_for_seven_days(
    app: Any, client: CheckingClient, mailbox: Mailbox, at: At, later: str, status: int
) -> None:
    invite(client)
    at(later)

    accept(app.test_client(), mailbox, status=status)


def test_an_invitation_opens_once(app: Any, client: CheckingClient, mailbox: Mailbox) -> None:
    invite(client)
    accept(app.test_client(), mailbox)

    accept(app.test_client(), mailbox, status=410)


def test_a_new_invitation_voids_the_old_one(app: Any, client: CheckingClient, mailbox: Mailbox) -> None:
    invite(client)
    first = mailbox.last().links[0].replace("http://localhost", "")
    client.send(url_of(find_account(Realm.STAFF, NEW), "/invitation"), {})

    theirs = app.test_client()
    theirs.get(first)
    assert theirs.get("/admin/invitation").status_code == 410
    assert accept(app.test_client(), mailbox).h1.get_text() == "設定兩步驟驗證"


def test_a_withdrawn_invitation_opens_nothing(app: Any, client: CheckingClient, mailbox: Mailbox) -> None:
    invite(client)
    account = find_account(Realm.STAFF, NEW)
    assert "撤回" in client.page(url_of(account, "/disable")).h1.get_text()

    client.send(url_of(account, "/disable"), {})

    accept(app.test_client(), mailbox, status=410)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "chief@example.tw"}, "已經有帳號"),
        ({"email": "nobody"}, "完整信箱"),
        ({"roles": []}, "至少選一個角色"),
        ({"roles": ["case_officer"]}, "哪個單位"),
        ({"roles": ["king"]}, "列出的選項"),
    ],
)
def test_what_is_wrong_with_an_invitation_stands_beside_the_field(
    client: CheckingClient, fields: dict[str, Any], sentence: str
) -> None:
    page = client.send(
        f"{DESK}invite", {"email": NEW, "roles": ["support"], "note": "代班", **fields}, status=422
    )

    assert sentence in page.select_one(".field-error").get_text()
    assert page.select_one("#note")["value"] == "代班"


@pytest.mark.requirement("W017", "W018")
def test_a_role_is_granted_with_a_note_and_taken_back(
    client: CheckingClient, chief: Account, colleague: Account
) -> None:
    token = sessions.begin(colleague, level=SignInLevel.SECOND_FACTOR, browser="test", actor=SYSTEM)

    page = client.send(url_of(colleague, "/roles"), {"roles": ["auditor"], "note": "年度內部稽核"})

    newest = page.select_one("tbody tr").get_text(" ", strip=True)
    assert "稽核人員" in newest
    assert "年度內部稽核" in newest
    assert ("auditor", "") in roles_of(colleague)
    assert sessions.find(token) is None
    [grant] = db.session.scalars(sa.select(StaffGrant).where(StaffGrant.role == "auditor"))
    assert grant.granted_by_id == chief.id

    client.send(url_of(colleague, f"/roles/{grant.public_id}/remove"), {})

    assert roles_of(colleague) == [("finance", "")]
    db.session.refresh(grant)
    assert (grant.removed_by_id, grant.removed_at is not None) == (chief.id, True)
    assert "年度內部稽核" in client.page(url_of(colleague)).main.get_text()
    actions = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.subject_id == colleague.public_id)
    ).all()
    assert {"staff.grant_role", "staff.remove_role"} <= set(actions)


def test_a_role_that_is_held_is_not_granted_again(client: CheckingClient, colleague: Account) -> None:
    page = client.send(url_of(colleague, "/roles"), {"roles": ["finance"], "units": []}, status=422)

    assert "已經有" in page.main.get_text()
    assert roles_of(colleague) == [("finance", "")]


def test_of_several_roles_all_are_granted_or_none(client: CheckingClient, colleague: Account) -> None:
    client.send(url_of(colleague, "/roles"), {"roles": ["auditor", "finance"]}, status=422)

    assert roles_of(colleague) == [("finance", "")]


@pytest.mark.requirement("W017")
def test_nobody_changes_what_they_may_do_themselves(client: CheckingClient, chief: Account) -> None:
    [own] = grants.list_grants([chief.id])[chief.id]

    page = client.page(url_of(chief))
    client.send(url_of(chief, "/roles"), {"roles": ["auditor"]}, status=409)
    client.send(url_of(chief, f"/roles/{own.public_id}/remove"), {})
    client.send(url_of(chief, "/disable"), {})

    assert page.find("button", string="移除") is None
    assert roles_of(chief) == [("administrator", "")]
    assert staff.standing_of(db.session.get_one(Account, chief.id)) == "active"


def test_a_disabled_account_is_out_at_once_and_cannot_sign_in(
    app: Any, client: CheckingClient, colleague: Account
) -> None:
    token = sessions.begin(colleague, level=SignInLevel.SECOND_FACTOR, browser="test", actor=SYSTEM)

    client.send(url_of(colleague, "/disable"), {})

    assert sessions.find(token) is None
    fields = {"email": colleague.email, "password": PASSWORD}
    page = app.test_client().send("/admin/login", fields, status=422)
    assert "已經停用" in page.main.get_text()
    wrong = app.test_client().send("/admin/login", {**fields, "password": "not this one"}, status=422)
    assert "已經停用" not in wrong.main.get_text()
    client.send(url_of(colleague, "/enable"), {})
    assert app.test_client().post("/admin/login", data=fields).status_code == 303
    assert roles_of(colleague) == [("finance", "")]


def test_a_session_begun_while_the_account_is_being_disabled_opens_nothing(colleague: Account) -> None:
    staff.disable(colleague.public_id, actor=SYSTEM)

    token = sessions.begin(colleague, level=SignInLevel.SECOND_FACTOR, browser="test", actor=SYSTEM)

    assert sessions.find(token) is None


@pytest.mark.requirement("W017", "W018")
def test_the_list_shows_states_roles_and_who_has_not_come_for_90_days(
    client: CheckingClient, colleague: Account
) -> None:
    with transaction():
        colleague.last_sign_in_at = clock.now() - timedelta(days=91)
    invite(client)

    page = client.page(DESK)

    rows = {row.th.get_text(strip=True): row.get_text(" ", strip=True) for row in page.select("tbody tr")}
    assert "出納人員" in rows["colleague@example.tw"]
    assert "超過 90 天" in rows["colleague@example.tw"]
    assert "未啟用" in rows[NEW]
    assert "超過 90 天" not in rows["chief@example.tw"]
    found = client.page(f"{DESK}?state=invited&email=NEW.coll")
    assert [row.th.get_text(strip=True) for row in found.select("tbody tr")] == [NEW]


def test_the_number_of_queries_of_the_list_does_not_grow(
    client: CheckingClient, count_queries: Callable
) -> None:
    make_staff()
    client.page(DESK)
    with count_queries() as few:
        client.page(DESK)
    for _ in range(3):
        make_staff()

    with count_queries() as many:
        client.page(DESK)

    assert len(many) == len(few) < 10


def test_a_role_of_one_unit_needs_its_unit_and_the_others_take_none(
    colleague: Account, chief: Account
) -> None:
    for role, unit in [(Role.CASE_OFFICER, ""), (Role.AUDITOR, "service")]:
        with pytest.raises(InvalidValue):
            grants.grant_roles(colleague.public_id, [(role, unit)], actor=actor_of(chief))


def test_the_service_refuses_ones_own_account_whatever_the_page_shows(chief: Account) -> None:
    with pytest.raises(Refused):
        grants.grant_roles(chief.public_id, [(Role.AUDITOR, "")], actor=actor_of(chief))


def make_stale(account: Account) -> None:
    """Let it be long ago that somebody gave the password."""
    with transaction() as session:
        session.execute(
            sa.update(SignInSession)
            .where(SignInSession.account_id == account.id)
            .values(confirmed_at=clock.system_now() - timedelta(minutes=5))
        )


def test_a_role_is_granted_after_the_password_once_more_and_nothing_typed_is_lost(
    client: CheckingClient, chief: Account, colleague: Account
) -> None:
    make_stale(chief)
    typed = {"roles": ["auditor", "support"], "note": "年度內部稽核"}

    page = client.send(url_of(colleague, "/roles"), typed, status=401)

    assert page.h1.get_text() == "請再輸入一次密碼"
    assert roles_of(colleague) == [("finance", "")]
    form = page.select_one("main form")
    kept = [(each["name"], each["value"]) for each in form.select("input[type=hidden]")]
    fields = {name: [v for n, v in kept if n == name] for name, _ in kept}
    wrong = client.send(form["action"], {**fields, "present_password": "not this one"}, status=422)
    assert "密碼不對" in wrong.select_one(".field-error").get_text()
    page = client.send(form["action"], {**fields, "present_password": PASSWORD})
    assert "已授予角色" in page.main.get_text()
    assert set(roles_of(colleague)) == {("finance", ""), ("auditor", ""), ("support", "")}
    assert "年度內部稽核" in page.main.get_text()


def test_a_page_that_needs_the_password_once_more_is_come_back_to(
    client: CheckingClient, chief: Account
) -> None:
    make_stale(chief)

    assert client.get(f"{DESK}invite").location == f"/account/confirm?next={DESK}invite"
