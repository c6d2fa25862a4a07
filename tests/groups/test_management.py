"""The management table in every state, and that nothing of a submitted group can be changed (R220-R225)."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from app.accounts.models import Account, Realm
from app.core.actors import SYSTEM
from app.core.db import db
from app.groups import queries
from app.groups.models import Group
from app.groups.services import add_member, cancel_group, submit_group
from app.groups.states import GroupState
from app.registration.services import approve_registrations
from tests.client import CheckingClient
from tests.factories.accounts import make_leader
from tests.factories.groups import SAMPLES, fill, make_group, make_submitted_group, pay_group
from tests.factories.ids import make_national_id
from tests.factories.registrations import make_candidate
from tests.groups.test_views import GROUP_FIELDS, MEMBER_FIELDS

At = Callable[[str], None]
SEND, NOBODY = "核對並送出", "nobody"


@pytest.fixture
def leader(sign_in: Callable[[Account], None]) -> Account:
    account = make_leader()
    sign_in(account)
    return account


@pytest.fixture
def multi_leader(sign_in: Callable[[Account], None]) -> Account:
    account = make_leader(realm=Realm.MULTI)
    sign_in(account)
    return account


def _row(page: BeautifulSoup) -> Tag:
    [row] = page.select("table tbody tr")
    return row


def _cells(row: Tag) -> list[str]:
    return [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.find_all(["th", "td"])]


def _actions(client: CheckingClient, group: Group) -> list[str]:
    """Return the words of the row's actions, without the group's name that is read aloud with them."""
    links = _row(client.page("/groups")).select(".row-actions a, .row-links a")
    words = [
        " ".join(link.get_text(" ", strip=True).split()).removesuffix(f" {group.name}") for link in links
    ]
    return [word for word in words if word != "將重要期程加入 Google 行事曆"]


def _empty(group: Group) -> None:
    del group


def _too_few(group: Group) -> None:
    fill(group, free=3)


def _enough(group: Group) -> None:
    fill(group, free=3, paying=1)


def _owing(group: Group) -> None:
    _enough(group)
    submit_group(group.public_id, group.account_id, actor=SYSTEM)


def _paid(group: Group) -> None:
    _owing(group)
    pay_group(group)


def _complete(group: Group) -> None:
    _paid(group)
    approve_registrations([each.public_id for each in queries.list_members(group)], actor=SYSTEM)


def _withdrawn(group: Group) -> None:
    _enough(group)
    cancel_group(group.public_id, group.account_id, actor=SYSTEM)


STATES = [
    (_empty, "填寫報名表中", ["匯入考生", "展開名單", "新增成員"]),
    (_too_few, "填寫報名表中", ["匯入考生", "展開名單", "新增成員"]),
    (_enough, "填寫報名表中", [SEND, "展開名單", "新增成員", "匯入考生"]),
    (_owing, "待繳費", ["去繳費", "展開名單"]),
    (_paid, "已繳費，資料審核中", ["展開名單"]),
    (_complete, "報名完成", ["展開名單"]),
    (_withdrawn, "已取消", ["重新建立團體", "展開名單"]),
]


@pytest.mark.requirement("R220", "R221", "R222", "R227", "Q13")
@pytest.mark.parametrize(
    ("arrange", "state", "actions"), STATES, ids=lambda value: getattr(value, "__name__", "")
)
def test_each_state_has_its_actions(
    client: CheckingClient, leader: Account, arrange: Callable[[Group], None], state: str, actions: list[str]
) -> None:
    group = make_group(leader)
    arrange(group)
    db.session.expire_all()

    assert state in _cells(_row(client.page("/groups")))[5]
    assert _actions(client, group) == actions


@pytest.mark.requirement("R220")
@pytest.mark.parametrize(
    ("realm", "where", "headings"),
    [
        (Realm.NATIONAL, {}, ["團體名稱", "報名梯次", "報名考區", "團體人數", "需繳費人數", "團體狀態"]),
        (
            Realm.MULTI,
            {"round_code": "multi-112-07", "area": "屏東"},
            ["團體名稱", "報名梯次", "報名考區", "預定人數", "團體人數", "需繳費人數", "團體狀態"],
        ),
    ],
)
def test_the_table_has_the_brochures_columns(
    client: CheckingClient, sign_in: Callable[[Account], None], realm: Realm, where: Any, headings: list[str]
) -> None:
    account = make_leader(realm=realm)
    sign_in(account)
    group = fill(make_group(account, **where), free=2)
    add_member(group.public_id, account.id, make_candidate(), actor=SYSTEM)

    page = client.page("/groups")

    shown = [each.get_text(strip=True) for each in page.select("thead th")]
    assert shown == [*headings, "操作"]
    numbers = ["4", "3", "1"] if realm == Realm.MULTI else ["3", "1"]
    assert _cells(_row(page))[3 : 3 + len(numbers)] == numbers


@pytest.mark.requirement("R218", "R221")
def test_a_multi_group_can_be_changed_from_the_table(client: CheckingClient, multi_leader: Account) -> None:
    group = fill(make_group(multi_leader, round_code="multi-112-07", area="屏東"), free=4)

    assert _actions(client, group) == [SEND, "展開名單", "新增成員", "匯入考生", "修改"]


@pytest.mark.requirement("R072", "R073", "R222", "Q1")
@pytest.mark.parametrize(
    ("kind", "members", "said"),
    [
        ("family", 1, "家庭團體至少需有 2 人，還差 1 人"),
        ("school", 2, "團體報名至少需有 4 人，還差 2 人"),
        ("community", 3, "團體報名至少需有 4 人，還差 1 人"),
    ],
)
def test_below_the_minimum_the_table_says_the_right_number_and_submitting_is_refused(
    client: CheckingClient, leader: Account, kind: str, members: int, said: str
) -> None:
    client.send("/groups/new", GROUP_FIELDS | {"kind": kind})
    [group] = queries.list_groups(leader.id)
    fill(group, free=members)

    row = _row(client.page("/groups"))

    assert said in row.get_text(" ", strip=True)
    assert SEND not in row.get_text()
    assert client.post(f"/groups/{group.public_id}/submit").status_code == 409


@pytest.mark.requirement("R224")
def test_the_check_names_what_the_brochure_asks_for(client: CheckingClient, leader: Account) -> None:
    group = fill(make_group(leader), free=3, paying=2)

    page = client.page(f"/groups/{group.public_id}/submit")

    said = page.main.get_text(" ", strip=True)
    for words in (
        "基礎級暨初級",
        "腔調",
        "基本資料",
        "寄送地址",
        "是否寄發准考證",
        group.name,
        "需繳費 2 人",
    ):
        assert words in said, words
    assert "送出後名單不能增減，任何資料都不能更改" in said
    assert page.find("button", string="確認送出 5 人的報名") is not None
    assert page.find("a", string="返回修改")["href"] == f"/groups/{group.public_id}"


@pytest.mark.requirement("R078", "R226")
def test_one_bill_counts_who_is_free_and_who_pays(client: CheckingClient, leader: Account) -> None:
    group = make_submitted_group(leader, paying=2, free=3)

    said = client.page(f"/groups/{group.public_id}/pay").main.get_text(" ", strip=True)

    for words in (group.name, group.exam_round.name, group.leader_name, "臺北", "NT$500"):
        assert words in said, words
    assert said.count("93年9月1日以前出生") == 1
    assert said.count("93年9月2日以後出生") == 1


# ---- after submission ----


def _writes(group: Group, member: str, source: Group) -> list[tuple[str, dict[str, Any]]]:
    base = f"/groups/{group.public_id}"
    people = [each.public_id for each in queries.list_members(source)]
    sheet = (io.BytesIO((SAMPLES / "group_38_pupils.xlsx").read_bytes()), "a.xlsx")
    fields = MEMBER_FIELDS | {"id_number": make_national_id()}
    return [
        (f"{base}/edit", GROUP_FIELDS | {"name": "別的學校"}),
        (f"{base}/members/new", fields),
        (f"{base}/members/{member}/edit", fields),
        (f"{base}/members/{member}/remove", {}),
        (f"{base}/import", {"sheet": sheet}),
        (
            f"{base}/copy/{source.public_id}",
            {"member": people},
        ),
    ]


@pytest.mark.requirement("R067", "R221", "R225")
@pytest.mark.parametrize("arrange", [_owing, _paid, _complete, _withdrawn])
def test_no_page_changes_a_group_that_is_closed(
    client: CheckingClient, leader: Account, arrange: Callable[[Group], None]
) -> None:
    group, source = make_group(leader), fill(make_group(leader, round_code="nat-112-02"), free=2)
    arrange(group)
    db.session.expire_all()
    ids = [each.public_id for each in queries.list_members(group)]
    names, state = [each.chinese_name for each in queries.list_members(group)], group.state

    for path, fields in _writes(group, ids[0] if ids else NOBODY, source):
        # Who was in a withdrawn group is in it no more, so that a member may be looked for first.
        assert client.post(path, data=fields).status_code in {404, 409}, path

    db.session.expire_all()
    again = queries.get_group(group.public_id, leader.id)
    assert (again.name, again.state) == (group.name, state)
    assert again.state != GroupState.OPEN
    assert [each.public_id for each in queries.list_members(again)] == ids
    assert [each.chinese_name for each in queries.list_members(again)] == names


@pytest.mark.requirement("R219")
def test_the_table_says_until_when_a_multi_group_has_its_places(
    client: CheckingClient, multi_leader: Account, at: At
) -> None:
    at("2023-05-01 23:59")
    group = fill(make_group(multi_leader, round_code="multi-112-07", area="屏東", places=30), free=4)
    page = client.page(f"/groups/{group.public_id}")
    assert "請在今天 23:59 前送出，逾時系統會取消團體、釋出名額" in page.select_one(".answer").get_text()

    at("2023-05-02 00:00")

    assert "已取消" in _cells(_row(client.page("/groups")))[6]
    assert _actions(client, group) == ["重新建立團體", "展開名單"]
