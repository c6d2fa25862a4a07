"""The groups desk: a group as its leader sees it, searched, and its chosen members reviewed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.accounts.roles import Role
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.groups.models import Group
from app.groups.queries import list_members
from app.groups.services import add_member, submit_group
from app.registration.correction_models import Correction
from app.registration.models import Registration
from app.registration.services import approve_registrations, return_registration
from app.registration.states import ReviewState
from tests.client import CheckingClient
from tests.factories.accounts import make_staff
from tests.factories.groups import SAMPLES, fill, import_pupils, make_group, make_submitted_group
from tests.factories.registrations import FREE, make_candidate
from tests.mailbox import Mailbox

pytestmark = pytest.mark.usefixtures("staff")
DESK = "/admin/groups/"
NAMES = ["徐玉蘭", "黃信雄", "邱美珠", "彭秀英", "鍾美珍"]


def make_class(names: list[str] = NAMES, *, submitted: bool = True) -> Group:
    group = make_group()
    for name in names:
        person = make_candidate(birth_on=FREE, chinese_name=name)
        add_member(group.public_id, group.account_id, person, actor=SYSTEM)
    if submitted:
        submit_group(group.public_id, group.account_id, actor=SYSTEM)
    return group


def members_of(group: Group) -> list[Registration]:
    db.session.expire_all()
    return list(list_members(group))


def names_on(page: Any) -> list[str]:
    return [link.get_text() for link in page.select("#members a[data-queue-link]")]


def details_of(action: str) -> list[dict[str, Any]]:
    return list(db.session.scalars(sa.select(AuditEntry.details).where(AuditEntry.action == action)))


# ---- what the leader sees ----


@pytest.mark.requirement("R220", "R223")
def test_what_the_leader_sees_stands_there_without_the_leaders_buttons(client: CheckingClient) -> None:
    group = make_submitted_group(paying=2, free=3)

    page = client.page(DESK + group.public_id)

    figures = [each.get_text(strip=True) for each in page.select(".figures dd")]
    assert figures == ["5 人", "3 人", "2 人", "NT$500"]
    assert "請在" in page.select_one(".fold:has(.timeline)").get_text()
    assert page.select_one(".timeline a") is None
    assert len(names_on(page)) == 5


def test_sheets_that_were_imported_stand_there_in_numbers(client: CheckingClient) -> None:
    group = make_group()
    content = (SAMPLES / "group_38_pupils_with_mistakes.xlsx").read_bytes()
    import_pupils(group, content, "三年甲班.xlsx")

    page = client.page(DESK + group.public_id)

    row = page.find("th", string="三年甲班.xlsx") or page.find(string="三年甲班.xlsx").find_parent("th")
    assert [each.get_text(strip=True) for each in row.find_next_siblings("td")[1:]] == ["33", "0", "5"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 5),
        ("?state=pending", 3),
        ("?state=approved", 1),
        ("?state=returned", 1),
        ("?state=nonsense", 5),
    ],
)
def test_members_are_filtered_by_their_review(client: CheckingClient, query: str, expected: int) -> None:
    group = make_class()
    approve_registrations([members_of(group)[0].public_id], actor=SYSTEM)
    return_registration(members_of(group)[1].public_id, ["請補寄證件"], actor=SYSTEM)

    page = client.page(DESK + group.public_id + query)

    assert len(names_on(page)) == expected
    assert "待審 3" in [chip.get_text(" ", strip=True) for chip in page.select(".chip")]


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        ("黃信", ["黃○雄"]),
        ("美", ["邱○珠", "鍾○珍"]),
        (" 彭 秀 英 ", ["彭○英"]),
        ("陳", []),
    ],
)
def test_somebody_is_found_by_name(client: CheckingClient, sought: str, expected: list[str]) -> None:
    group = make_class()

    page = client.send(f"{DESK}{group.public_id}/search", {"sought": sought})

    assert names_on(page) == expected
    assert f"找到 {len(expected)} 位考生" in page.select_one("[role=status]").get_text()


def test_somebody_is_found_by_number_or_its_end_and_it_is_on_record(client: CheckingClient) -> None:
    group = make_class()
    number = members_of(group)[2].id_number

    whole = client.send(f"{DESK}{group.public_id}/search", {"sought": number.lower()})
    end = client.send(f"{DESK}{group.public_id}/search", {"sought": number[-5:]})

    assert names_on(whole) == names_on(end) == ["邱○珠"]
    assert details_of("group.view") == [{"searched": True}] * 2
    assert number not in str(details_of("group.view"))


def test_looking_for_nobody_shows_all(client: CheckingClient) -> None:
    group = make_class()

    assert len(names_on(client.send(f"{DESK}{group.public_id}/search", {"sought": " "}))) == 5


def test_leader_and_names_are_shown_in_full_for_a_reason_that_is_kept(
    client: CheckingClient, staff: Account
) -> None:
    group = make_class()
    number = members_of(group)[0].id_number

    shown = client.post(f"{DESK}{group.public_id}/unmask", data={"reason": "call"}).get_data(as_text=True)

    for part in ("徐玉蘭", group.leader_name, group.leader_email, "02-2503-1234"):
        assert part in shown
    assert number not in shown
    assert details_of("group.unmask") == [{"reason": "call", "members": 5}]
    assert "徐玉蘭" not in client.get(DESK + group.public_id).get_data(as_text=True)


def test_without_a_reason_nobody_is_shown_in_full(client: CheckingClient) -> None:
    group = make_class()

    response = client.post(f"{DESK}{group.public_id}/unmask", data={})

    assert response.status_code == 422
    assert "徐玉蘭" not in response.get_data(as_text=True)
    assert details_of("group.unmask") == []


def test_the_history_names_what_was_done(client: CheckingClient) -> None:
    group = make_class()

    history = client.page(DESK + group.public_id).select_one(".history").get_text()

    for part in ("建立團體", "送出團體報名"):
        assert part in history


def test_who_only_looks_up_gets_no_boxes_and_no_buttons(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    group = make_class()
    sign_in(make_staff([(Role.SUPPORT, "")]))

    page = client.page(DESK + group.public_id)

    assert page.select("[name=picked]") == []
    assert page.select_one("[data-pick-bar]") is None
    words = page.main.get_text()
    assert not any(each in words for each in ("移出團體", "更換負責人", "顯示完整資料", "代負責人處理"))
    for act in ("members/approve", "members/return", "unmask", "leader", "for-leader/enter"):
        assert client.post(f"{DESK}{group.public_id}/{act}").status_code == 403


def test_only_who_has_something_to_decide_can_be_chosen(client: CheckingClient) -> None:
    group = make_class()
    approve_registrations([members_of(group)[0].public_id], actor=SYSTEM)

    page = client.page(DESK + group.public_id)

    assert len(page.select("[name=picked]")) == 4


def test_in_a_group_that_is_not_complete_nobody_can_be_chosen(client: CheckingClient) -> None:
    group = make_class(submitted=False)

    assert client.page(DESK + group.public_id).select("[name=picked]") == []


def test_the_number_of_queries_does_not_grow_whatever_is_shown(
    client: CheckingClient, count_queries: Callable[[], Any]
) -> None:
    small, large = make_class(NAMES), make_class(NAMES * 3)
    client.page(DESK + small.public_id)
    with count_queries() as few:
        client.send(f"{DESK}{small.public_id}/search", {"sought": "美"})

    with count_queries() as many:
        client.send(f"{DESK}{large.public_id}/search", {"sought": "美"})

    assert len(many) == len(few)


# ---- approving the chosen ----


@pytest.mark.requirement("R213")
def test_the_chosen_are_approved_after_one_more_question(client: CheckingClient) -> None:
    group = make_class()
    picked = [each.public_id for each in members_of(group)[:2]]

    question = client.send(f"{DESK}{group.public_id}/members/approve", {"picked": picked})

    assert question.h1.get_text() == f"要通過「{group.name}」的 2 位團員嗎？"
    assert "徐○蘭、黃○雄" in question.select_one(".summary").get_text()
    assert {each.review_state for each in members_of(group)} == {ReviewState.PENDING}
    confirmed = {"picked": picked, "step": "confirmed"}

    page = client.send(f"{DESK}{group.public_id}/members/approve", confirmed)

    assert "的 2 位考生" in page.select_one(".notice-done").get_text()
    states = [each.review_state for each in members_of(group)]
    assert states == [ReviewState.APPROVED] * 2 + [ReviewState.PENDING] * 3
    client.send(f"{DESK}{group.public_id}/members/approve", confirmed)
    assert len(details_of("registration.approve")) == 2


@pytest.mark.parametrize("act", ["approve", "return"])
def test_choosing_nobody_changes_nothing_and_says_what_to_do(client: CheckingClient, act: str) -> None:
    group = make_class()

    page = client.send(f"{DESK}{group.public_id}/members/{act}", {"step": "confirmed", "name": "y"})

    assert "請先勾選" in page.select_one(".notice-attention").get_text()
    assert {each.review_state for each in members_of(group)} == {ReviewState.PENDING}


@pytest.mark.parametrize("act", ["approve", "return"])
def test_a_member_of_another_group_cannot_be_chosen(client: CheckingClient, act: str) -> None:
    group, other = make_class(), make_class()
    foreign = members_of(other)[0].public_id

    page = client.send(
        f"{DESK}{group.public_id}/members/{act}", {"picked": foreign, "step": "confirmed", "name": "y"}
    )

    assert "不在這個團體" in page.select_one(".notice-overdue").get_text()
    assert members_of(other)[0].review_state == ReviewState.PENDING


# ---- asking the chosen for what is missing ----


@pytest.mark.requirement("R068", "S003")
def test_what_is_missing_of_many_is_asked_in_three_steps_and_one_letter(
    client: CheckingClient, mailbox: Mailbox
) -> None:
    group, sent = make_class(), len(mailbox.all())
    picked = [each.public_id for each in members_of(group)[:3]]
    address = f"{DESK}{group.public_id}/members/return"
    fields = {"picked": picked, "identity": "y", "other": "請補寄監護人同意書"}

    form = client.send(address, {"picked": picked})
    nothing = client.send(address, {"picked": picked, "step": "asked"}, status=422)
    question = client.send(address, {**fields, "step": "asked"})

    assert form.h1.get_text() == nothing.h1.get_text() == "請 3 位考生補正"
    assert "請至少勾選一項" in nothing.select_one(".error-summary").get_text()
    facts = question.select_one(".summary").get_text()
    assert "證號與證件不符" in facts
    assert "請補寄監護人同意書" in facts
    assert [each["value"] for each in question.select("[name=picked]")] == picked
    assert len(mailbox.all()) - sent == len(details_of("registration.return")) == 0

    page = client.send(address, {**fields, "step": "confirmed"})
    again = client.send(address, {**fields, "step": "confirmed"})

    assert "已請 3 位考生補正" in page.select_one(".notice-done").get_text()
    assert "已經通知過" in again.select_one(".notice").get_text()
    cases = db.session.scalars(sa.select(Correction)).all()
    assert len(cases) == 3
    assert {tuple(case.missing) for case in cases} == {
        ("證號與證件不符，請提供身分證件正反面影本", "請補寄監護人同意書")
    }
    to_leader = [mail for mail in mailbox.all()[sent:] if "共 3 人" in mail.text]
    assert len({mail.to for mail in to_leader}) == len(to_leader) == 2  # account and group have two addresses


def test_who_was_asked_before_is_left_out_and_that_is_said(client: CheckingClient) -> None:
    group = make_class()
    members = members_of(group)
    return_registration(members[0].public_id, ["請補寄證件"], actor=SYSTEM)
    picked = [each.public_id for each in members[:3]]

    form = client.send(f"{DESK}{group.public_id}/members/return", {"picked": picked})

    assert form.h1.get_text() == "請 2 位考生補正"
    assert "另有 1 位" in form.select_one(".notice").get_text()


def test_members_of_an_unpaid_group_cannot_be_asked(client: CheckingClient) -> None:
    group = fill(make_group(), paying=4)
    submit_group(group.public_id, group.account_id, actor=SYSTEM)
    picked = [each.public_id for each in members_of(group)]

    page = client.send(
        f"{DESK}{group.public_id}/members/return", {"picked": picked, "step": "confirmed", "name": "y"}
    )

    assert "還不能審查" in page.select_one(".notice-overdue").get_text()
