"""Who may do what at the desks: pages, rail, buttons, and the cases of one's own units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.accounts.roles import Role
from app.cases.kind_types import Unit
from app.cases.services import set_mailbox
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.ids import new_public_id
from tests.client import CheckingClient
from tests.factories.accounts import make_staff
from tests.factories.cases import REPORT, make_case, make_underway
from tests.factories.registrations import make_paid
from tests.mailbox import Mailbox

CASES = "/admin/cases/"
SignInAs = Callable[..., Account]


@pytest.fixture
def sign_in_as(sign_in: Callable[[Account], None]) -> SignInAs:
    """Sign in a new member of staff who holds these roles and no other."""

    def sign_in_as(*roles: tuple[Role, str] | Role) -> Account:
        account = make_staff([each if isinstance(each, tuple) else (each, "") for each in roles])
        sign_in(account)
        return account

    return sign_in_as


def rail_of(page: Any) -> list[str]:
    return [link.contents[0].strip() for link in page.select(".rail a")]


def numbers_on(page: Any) -> list[str]:
    return [link.get_text() for link in page.select("a[data-queue-link]")]


@pytest.mark.requirement("W017")
@pytest.mark.parametrize(
    ("roles", "desks"),
    [
        ([], ["今天"]),
        ([Role.SUPPORT], ["今天", "資格審查", "團體"]),
        ([Role.FINANCE], ["今天", "繳費", "對帳", "退費"]),
        ([Role.RESULTS], ["今天", "成績", "電話查詢成績"]),
        ([Role.DISPATCHER], ["今天", "案件"]),
        ([Role.ADMINISTRATOR, Role.AUDITOR], ["今天", "試務人員", "稽核紀錄"]),
    ],
)
def test_the_rail_shows_the_desks_one_may_enter(
    client: CheckingClient, sign_in_as: SignInAs, roles: list[Role], desks: list[str]
) -> None:
    sign_in_as(*roles)

    assert rail_of(client.page("/admin/")) == desks


def test_who_may_not_enter_is_told_what_is_missing_and_whom_to_ask(
    client: CheckingClient, sign_in_as: SignInAs
) -> None:
    make_staff([(Role.ADMINISTRATOR, "")], email="chief@example.tw")
    mine = sign_in_as(Role.FINANCE)

    page = client.page("/admin/review/", status=403)

    assert "查看報名（遮蔽個資）" in page.select_one(".answer").get_text()
    assert "chief@example.tw" in page.main.get_text()
    denied = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "accounts.denied")).one()
    assert (denied.actor_account_id, denied.details) == (mine.id, {"permissions": ["look_up"]})


def test_who_only_looks_up_gets_no_buttons_and_cannot_act_without_them(
    client: CheckingClient, sign_in_as: SignInAs
) -> None:
    registration = make_paid()
    sign_in_as(Role.SUPPORT)

    page = client.page(f"/admin/review/{registration.public_id}")

    words = page.main.get_text()
    assert not any(each in words for each in ("退回補正", "顯示完整資料", "更正身分資料", "收款紀錄"))
    assert page.find("button", string="通過") is None
    for act in ("approve", "unmask", "return"):
        assert client.post(f"/admin/review/{registration.public_id}/{act}").status_code == 403


def test_the_dashboard_shows_counts_of_one_s_own_desks_only(
    client: CheckingClient, sign_in_as: SignInAs
) -> None:
    sign_in_as(Role.FINANCE)

    page = client.page("/admin/")

    assert [each.get_text() for each in page.select(".desk-card-title")] == [
        "無法入帳的通知",
        "對帳差異",
        "用途不明的款項",
        "退費",
    ]
    assert page.find("caption", string="各梯次的報名") is None


@pytest.mark.requirement("P006", "P011", "W017")
def test_a_workplace_bullying_case_is_not_there_for_officers_of_other_units(
    client: CheckingClient, sign_in_as: SignInAs
) -> None:
    case = make_underway()
    sign_in_as(*((Role.CASE_OFFICER, unit) for unit in Unit if unit != Unit.PERSONNEL), Role.DISPATCHER)

    assert numbers_on(client.page(f"{CASES}?box=open")) == []
    unknown = client.get(f"{CASES}{new_public_id()}")
    for step in ("", "/assign", "/accept", "/preliminary", "/result", "/close", "/answer.pdf"):
        hidden = client.get(f"{CASES}{case.public_id}{step}")
        assert hidden.status_code == 404, step
    assert client.post(f"{CASES}{case.public_id}/notes", data={"text": "看得到嗎"}).status_code == 404
    assert client.post(f"{CASES}{case.public_id}/unmask", data={"reason": "call"}).status_code == 404
    assert unknown.status_code == 404


@pytest.mark.requirement("P011")
def test_the_officers_of_the_unit_see_it(client: CheckingClient, sign_in_as: SignInAs) -> None:
    case = make_underway()
    sign_in_as((Role.CASE_OFFICER, Unit.PERSONNEL))

    assert len(numbers_on(client.page(f"{CASES}?box=open"))) == 1
    assert REPORT["statement"] in client.page(f"{CASES}{case.public_id}").main.get_text()


@pytest.mark.requirement("W016")
def test_a_dispatcher_sees_what_is_not_assigned_and_it_is_gone_once_assigned(
    client: CheckingClient, sign_in_as: SignInAs
) -> None:
    waiting, elsewhere = make_case(), make_underway()
    sign_in_as(Role.DISPATCHER)

    page = client.page(CASES)
    assert page.h1.get_text() == "待分派案件"
    assert [waiting.number in row for row in numbers_on(page)] == [True]
    assert client.get(f"{CASES}{elsewhere.public_id}").status_code == 404
    page = client.send(f"{CASES}{waiting.public_id}/assign", {"unit": "personnel", "confirmed": "yes"})

    assert "分派成功" in page.main.get_text()
    assert client.get(f"{CASES}{waiting.public_id}").status_code == 404


def test_counts_beside_the_desk_are_of_the_cases_one_sees(
    client: CheckingClient, sign_in_as: SignInAs
) -> None:
    make_case()
    sign_in_as((Role.CASE_OFFICER, Unit.SERVICE))
    seen_by_service = client.page("/admin/").select_one(".rail a[href='/admin/cases/'] .count").get_text()
    sign_in_as(Role.DISPATCHER)

    assert seen_by_service == "0"
    assert client.page("/admin/").select_one(".rail a[href='/admin/cases/'] .count").get_text() == "1"


@pytest.mark.requirement("W019")
def test_notices_of_a_case_go_to_the_units_mailbox_and_to_its_officers(
    client: CheckingClient, sign_in_as: SignInAs, mailbox: Mailbox
) -> None:
    make_staff([(Role.CASE_OFFICER, Unit.PERSONNEL)], email="hung@example.tw")
    make_staff([(Role.CASE_OFFICER, Unit.SERVICE)], email="other@example.tw")
    set_mailbox(Unit.PERSONNEL, "grievance@example.tw", actor=SYSTEM)
    case = make_case()
    sign_in_as(Role.DISPATCHER)

    client.send(f"{CASES}{case.public_id}/assign", {"unit": "personnel", "confirmed": "yes"})

    told = {each.to for each in mailbox.all() if each.subject.startswith("待接收案件")}
    assert told == {"grievance@example.tw", "hung@example.tw"}


@pytest.mark.requirement("W042", "P001")
@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("path", ["/admin/", "/admin/cases/", "/admin/review/"])
def test_every_page_of_the_staff_reminds_of_the_personal_data_act(client: CheckingClient, path: str) -> None:
    assert "個人資料保護法" in client.page(path).select_one(".desk-privacy").get_text()
