"""The groups desk: a member goes on alone, a group gets another leader, a leader's work is done for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Account, SignInSession
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.groups.models import Group
from app.groups.queries import list_members
from app.groups.services import cancel_group
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader
from tests.factories.groups import LEADER, fill, make_group, make_submitted_group, pay_group

pytestmark = pytest.mark.usefixtures("staff")
DESK = "/admin/groups/"


def make_paid_group() -> Group:
    group = make_submitted_group(paying=2, free=3)
    pay_group(group)
    return group


def fields_of(page: Any) -> dict[str, str]:
    return {each["name"]: each["value"] for each in page.select("main form input[type=hidden]")}


def move_address(group: Group) -> str:
    return f"{DESK}{group.public_id}/members/{list_members(group)[0].public_id}/move"


MOVE = {"evidence": "letter", "reason": "轉學"}


# ---- a member goes on alone ----


def test_a_member_is_moved_in_two_steps(client: CheckingClient) -> None:
    group, account = make_paid_group(), make_account(email="own@example.tw")
    member = list_members(group)[0]

    question = client.send(move_address(group), {**MOVE, "email": "own@example.tw"})

    facts = question.select_one(".summary").get_text(" ", strip=True)
    for part in ("徐○蘭", "own@example.tw", "錢留在團體的帳單上", "書面申請", "轉學"):
        assert part in facts
    assert member.in_group
    typed = fields_of(question)
    assert {name: typed[name] for name in ("email", *MOVE)} == {**MOVE, "email": "own@example.tw"}

    page = client.send(move_address(group) + "d", typed)

    assert "已把 徐○蘭 移出團體" in page.select_one(".notice-done").get_text()
    db.session.expire_all()
    assert (member.in_group, member.account_id) == (False, account.id)
    client.send(move_address_of(group, member.public_id) + "d", typed)  # pressed twice
    entries = sa.select(sa.func.count()).where(AuditEntry.action == "group.move_member")
    assert db.session.scalar(entries) == 1


def test_what_was_typed_can_be_changed_before_it_is_done(client: CheckingClient) -> None:
    group = make_paid_group()
    make_account(email="own@example.tw")
    typed = fields_of(client.send(move_address(group), {**MOVE, "email": "own@example.tw"}))

    page = client.send(move_address(group), {**typed, "edit": "yes"})

    assert page.select_one("#email")["value"] == "own@example.tw"
    assert page.select_one("#reason").get_text().strip() == "轉學"
    assert page.select_one(".error-summary") is None


def move_address_of(group: Group, member_id: str) -> str:
    return f"{DESK}{group.public_id}/members/{member_id}/move"


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"email": ""}, 422, "請填寫考生帳號的電子信箱"),
        ({"email": "own"}, 422, "電子信箱寫法不對"),
        ({"evidence": ""}, 422, "請選擇依據"),
        ({"reason": " "}, 422, "請寫出原因"),
        ({"email": "nobody@example.tw"}, 422, "請考生先註冊"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    client: CheckingClient, fields: dict[str, str], status: int, words: str
) -> None:
    group = make_paid_group()
    make_account(email="own@example.tw")

    page = client.send(move_address(group), {**MOVE, "email": "own@example.tw", **fields}, status=status)

    assert words in page.select_one(".error-summary").get_text()
    assert words in page.select_one(".field-error").get_text()


def test_who_cannot_leave_is_told_before_anything_is_typed(client: CheckingClient) -> None:
    group = make_submitted_group(paying=2, free=3)

    page = client.page(move_address(group))

    assert "請等繳費入帳後再移出" in page.select_one(".notice-overdue").get_text()
    assert page.h1.get_text() == group.name


def test_the_smallest_number_is_named_before_it_is_done(client: CheckingClient) -> None:
    group = make_submitted_group(paying=0, free=4)
    make_account(email="own@example.tw")

    question = client.send(move_address(group), {**MOVE, "email": "own@example.tw"})

    assert "最低人數在送出時審核" in question.select_one(".summary").get_text()


def test_the_last_step_asks_for_the_password_of_who_signed_in_long_ago(
    client: CheckingClient, staff: Account
) -> None:
    group = make_paid_group()
    make_account(email="own@example.tw")
    typed = fields_of(client.send(move_address(group), {**MOVE, "email": "own@example.tw"}))
    with transaction() as session:
        row = session.scalars(sa.select(SignInSession).where(SignInSession.account_id == staff.id)).one()
        row.confirmed_at = row.confirmed_at.replace(year=row.confirmed_at.year - 1)

    response = client.post(move_address(group) + "d", data=typed)

    assert 'type="password"' in response.get_data(as_text=True)
    assert len(list_members(group)) == 5


# ---- another leader ----

LEADS = {
    "email": "new@school.tw",
    "leader_name": "彭秀英",
    "leader_phone": "0937123456",
    "same_address": "y",
    "evidence": "school_letter",
    "reason": "導師異動",
}


def test_a_group_gets_another_leader_in_two_steps(client: CheckingClient) -> None:
    group, account = make_paid_group(), make_leader(email="new@school.tw")
    address = f"{DESK}{group.public_id}/leader"

    form = client.page(address)
    question = client.send(address, LEADS)

    assert "彭○英" not in form.main.get_text()
    assert "鍾○珍" in form.select_one(".summary").get_text()
    assert LEADER.name not in form.get_text()
    facts = question.select_one(".summary").get_text(" ", strip=True)
    for part in ("鍾○珍", "彭秀英", "new@school.tw", "5 人，連同報名、帳單和繳費紀錄", "不變", "學校公文"):
        assert part in facts
    assert group.account_id != account.id

    page = client.send(f"{address}/changed", fields_of(question))

    assert "已更換" in page.select_one(".notice-done").get_text()
    db.session.expire_all()
    assert (group.account_id, group.leader.name, group.leader.email) == (
        account.id,
        "彭秀英",
        "new@school.tw",
    )
    assert group.leader.address == LEADER.address
    client.send(f"{address}/changed", fields_of(question))  # pressed twice
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == "group.reassign")) == 1


def test_another_address_is_typed_only_when_it_is_another(client: CheckingClient) -> None:
    group = make_paid_group()
    make_leader(email="new@school.tw")
    address = f"{DESK}{group.public_id}/leader"
    other = {key: value for key, value in LEADS.items() if key != "same_address"}

    missing = client.send(address, other, status=422)
    question = client.send(address, {**other, "district": "苗栗縣銅鑼鄉", "street": "中正路12號"})
    client.send(f"{address}/changed", fields_of(question))

    assert "請選擇縣市與鄉鎮市區" in missing.select_one(".error-summary").get_text()
    assert "366 苗栗縣銅鑼鄉中正路12號" in question.select_one(".summary").get_text()
    db.session.expire_all()
    assert (group.leader.county, group.leader.street) == ("苗栗縣", "中正路12號")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: None, "請新負責人先註冊"),
        (lambda: make_account(email="new@school.tw"), "請新負責人登入選擇「團體報名」"),
    ],
)
def test_who_cannot_lead_is_refused_beside_the_address(
    client: CheckingClient, make: Callable[[], object], words: str
) -> None:
    group = make_paid_group()
    make()

    page = client.send(f"{DESK}{group.public_id}/leader", LEADS, status=422)

    assert words in page.select_one(".field-error").get_text()


def test_a_cancelled_group_offers_neither(client: CheckingClient) -> None:
    group = fill(make_group(), free=4)
    cancel_group(group.public_id, group.account_id, actor=SYSTEM)

    page = client.page(DESK + group.public_id)

    assert page.find("a", string="更換負責人") is None
    refused = client.page(f"{DESK}{group.public_id}/leader")
    assert "請新負責人重新建立團體" in refused.select_one(".notice-overdue").get_text()


# ---- a leader's work ----


def test_a_leader_s_work_begins_with_on_whose_word_it_is_done(client: CheckingClient, staff: Account) -> None:
    group = fill(make_group(), free=4)
    enter = f"{DESK}{group.public_id}/for-leader/enter"

    before = client.get(f"{DESK}{group.public_id}/for-leader/template.xlsx")
    nothing = client.send(enter, {}, status=422)
    page = client.send(enter, {"channel": "call", "reason": "電腦壞了，請代為匯入"})

    assert (before.status_code, before.location) == (303, enter)
    assert "請選擇負責人怎麼提出的" in nothing.select_one(".error-summary").get_text()
    assert "您正在代團報負責人處理" in page.select_one(".notice").get_text()
    [entry] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "group.open_for_leader"))
    assert entry.actor_account_id == staff.id
    assert entry.details == {"channel": "call", "reason": "電腦壞了，請代為匯入"}
    sheet = client.get(f"{DESK}{group.public_id}/for-leader/template.xlsx")
    assert sheet.data[:2] == b"PK"


def test_it_holds_for_that_group_until_it_is_ended(client: CheckingClient) -> None:
    group, other = fill(make_group(), free=4), fill(make_group(), free=4)
    client.send(f"{DESK}{group.public_id}/for-leader/enter", {"channel": "call", "reason": "代為匯入"})

    elsewhere = client.get(f"{DESK}{other.public_id}/for-leader")
    page = client.send(f"{DESK}{group.public_id}/for-leader/leave", {})
    after = client.get(f"{DESK}{group.public_id}/for-leader")

    assert elsewhere.status_code == after.status_code == 303
    assert "已結束代" in page.select_one(".notice-done").get_text()


def test_a_group_that_is_submitted_cannot_be_entered(client: CheckingClient) -> None:
    group = make_paid_group()

    page = client.page(f"{DESK}{group.public_id}/for-leader/enter", status=409)

    assert "名單與資料不能再修改" in page.main.get_text()
    assert client.page(DESK + group.public_id).find("a", string="代負責人處理") is None
