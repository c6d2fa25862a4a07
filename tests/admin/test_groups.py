"""The groups desk: groups of all leaders, and one decision for all members of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.groups.models import Group
from app.groups.queries import list_members
from app.groups.services import add_member, create_group, submit_group
from app.groups.states import GroupKind
from app.registration.states import ReviewState
from tests.client import CheckingClient
from tests.factories.accounts import make_leader
from tests.factories.registrations import FREE, NATIONAL_1, PAYS, make_candidate
from tests.factories.seating import LEADER

pytestmark = pytest.mark.usefixtures("staff")
DESK = "/admin/groups/"


def make_group(
    name: str = "新屋國中客語社", size: int = 4, *, submitted: bool = True, birth_on: Any = FREE
) -> Group:
    """Return a school's group, submitted unless told otherwise; its members are free unless they pay."""
    leader = make_leader()
    group = create_group(leader.id, NATIONAL_1, "桃園", name, GroupKind.SCHOOL, LEADER, actor=SYSTEM)
    for _ in range(size):
        add_member(group.public_id, leader.id, make_candidate(birth_on=birth_on), actor=SYSTEM)
    if submitted:
        submit_group(group.public_id, leader.id, actor=SYSTEM)
    return group


def review_states(group: Group) -> set[ReviewState]:
    db.session.expire_all()
    return {member.review_state for member in list_members(group)}


def test_each_group_stands_there_with_its_numbers(client: CheckingClient) -> None:
    make_group("新屋國中客語社", 5)
    make_group("彭家三代", 4, birth_on=PAYS)
    make_group("關西國小", 4, submitted=False)

    page = client.page(DESK)

    rows = {
        row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.find_all("td")]
        for row in page.select("tbody tr")
    }
    where = ["全國認證第一梯次", "桃園"]
    assert rows["新屋國中客語社"] == [*where, "5", "0", "5", "已送出", "免繳費"]
    assert rows["彭家三代"] == [*where, "4", "4", "–", "已送出", "待繳費"]
    assert rows["關西國小"] == [*where, "4", "–", "–", "填寫報名表中", "–"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?state=submitted", ["新屋國中客語社"]),
        ("?state=open", ["關西國小"]),
        ("?state=open&round=nat-112-02", []),
        ("?state=nonsense", ["關西國小", "新屋國中客語社"]),
    ],
)
def test_groups_are_filtered_by_state_and_round(
    client: CheckingClient, query: str, expected: list[str]
) -> None:
    make_group("新屋國中客語社")
    make_group("關西國小", submitted=False)

    page = client.page(DESK + query)

    assert [link.get_text() for link in page.select("a[data-queue-link]")] == expected


def test_the_number_of_queries_of_the_list_does_not_grow(
    client: CheckingClient, count_queries: Callable[[], Any]
) -> None:
    make_group(birth_on=PAYS)
    client.page(DESK)
    with count_queries() as few:
        client.page(DESK)
    make_group(birth_on=PAYS)
    make_group()

    with count_queries() as many:
        client.page(DESK)

    assert len(many) == len(few) < 10


def test_a_group_is_shown_masked_and_the_look_is_on_record(client: CheckingClient) -> None:
    group = make_group()

    text = client.get(DESK + group.public_id).get_data(as_text=True)

    for hidden in ("彭秀英", "徐玉蘭", "037981234", "hsiuying@", "中正路"):
        assert hidden not in text
    assert "徐○蘭" in text
    looks = sa.select(AuditEntry.subject_id).where(AuditEntry.action == "group.view")
    assert list(db.session.scalars(looks)) == [group.public_id]


def test_the_number_of_queries_of_a_group_does_not_grow_with_its_members(
    client: CheckingClient, count_queries: Callable[[], Any]
) -> None:
    small, large = make_group(size=4, birth_on=PAYS), make_group(size=12, birth_on=PAYS)
    client.page(DESK + small.public_id)
    with count_queries() as few:
        client.page(DESK + small.public_id)

    with count_queries() as many:
        client.page(DESK + large.public_id)

    assert len(many) == len(few)


def test_all_waiting_members_are_approved_after_one_more_question(client: CheckingClient) -> None:
    group = make_group(size=5)

    question = client.page(f"{DESK}{group.public_id}/approve")

    assert question.h1.get_text() == "要通過「新屋國中客語社」的 5 位團員嗎？"
    assert review_states(group) == {ReviewState.PENDING}

    page = client.send(f"{DESK}{group.public_id}/approve", {})

    assert "已通過「新屋國中客語社」的 5 位考生。" in page.select_one(".notice-done").get_text()
    assert review_states(group) == {ReviewState.APPROVED}


def test_approving_twice_approves_nobody_twice(client: CheckingClient) -> None:
    group = make_group()
    client.send(f"{DESK}{group.public_id}/approve", {})

    page = client.send(f"{DESK}{group.public_id}/approve", {})

    assert "目前沒有待審的考生" in page.select_one(".notice").get_text()
    approvals = sa.select(sa.func.count()).where(AuditEntry.action == "registration.approve")
    assert db.session.scalar(approvals) == 4


def test_members_of_an_unpaid_group_cannot_be_approved(client: CheckingClient) -> None:
    group = make_group(birth_on=PAYS)

    page = client.send(f"{DESK}{group.public_id}/approve", {})

    assert "等候繳費" in page.select_one(".answer").get_text()
    assert review_states(group) == {ReviewState.PENDING}


def test_a_group_that_does_not_exist_is_not_found(client: CheckingClient) -> None:
    client.page(DESK + "a" * 22, status=404)
