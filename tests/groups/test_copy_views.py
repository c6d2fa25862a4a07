"""The pages on which a leader copies an earlier group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup

from app.accounts.models import Account, Realm
from app.core.actors import SYSTEM
from app.core.db import db, transaction
from app.exams.models import Offering
from app.groups import queries
from app.groups.models import Group
from app.groups.services import add_member, cancel_lapsed_groups
from app.registration.choices import Education
from tests.client import CheckingClient
from tests.factories.accounts import make_leader
from tests.factories.groups import fill, make_group, make_submitted_group
from tests.factories.registrations import make_candidate
from tests.groups.test_views import GROUP_FIELDS, MULTI_FIELDS

At = Callable[[str], None]
MULTI_7 = {"round_code": "multi-112-07", "area": "屏東"}
MULTI_8 = {"round_code": "multi-112-08", "area": "苗栗"}


@pytest.fixture
def leader(sign_in: Callable[[Account], None]) -> Account:
    account = make_leader(realm=Realm.MULTI)
    sign_in(account)
    return account


@pytest.fixture
def source(leader: Account) -> Group:
    group = make_group(leader, name="七月團", **MULTI_7)
    grown = make_candidate(chinese_name="黃𠊎堃", education=Education.SENIOR_HIGH, accommodation="輪椅座位")
    add_member(group.public_id, leader.id, grown, actor=SYSTEM)
    return fill(group, free=3)


@pytest.fixture
def group(leader: Account) -> Group:
    return make_group(leader, name="八月團", **MULTI_8)


def _path(group: Group, source: Group) -> str:
    return f"/groups/{group.public_id}/copy/{source.public_id}"


def _ticks(page: BeautifulSoup) -> list[Any]:
    return page.select("input[name=member]")


def test_a_leader_copies_an_earlier_group_in_three_steps(
    client: CheckingClient, source: Group, group: Group
) -> None:
    page = client.page(f"/groups/{group.public_id}")
    page = client.page(page.find("a", string="帶入以前的名單")["href"])
    assert "七月團" in page.main.get_text()
    page = client.page(page.find("a", href=_path(group, source))["href"])

    said = page.main.get_text(" ", strip=True)
    assert "可以帶入 4 位" in said
    assert "有 1 位曾經申請" in said
    assert "曾申請特殊需求" in said
    ticks = _ticks(page)
    assert [tick.has_attr("checked") for tick in ticks] == [True] * 4

    page = client.send(_path(group, source), {"member": [tick["value"] for tick in ticks[:3]]})

    assert "已帶入 3 位考生" in page.get_text()
    assert queries.list_members(group)[0].chinese_name == "黃𠊎堃"
    page = client.page(_path(group, source))
    assert len(_ticks(page)) == 1
    assert page.main.get_text().count("已在這個團體的名單中") == 3


def test_pressing_twice_says_that_nothing_has_changed(
    client: CheckingClient, source: Group, group: Group
) -> None:
    chosen = {"member": [tick["value"] for tick in _ticks(client.page(_path(group, source)))]}
    client.send(_path(group, source), chosen)

    page = client.send(_path(group, source), chosen)

    assert "名單沒有改變" in page.get_text()
    assert queries.count_members(group) == 4


def test_ticking_nobody_is_pointed_out(client: CheckingClient, source: Group, group: Group) -> None:
    page = client.send(_path(group, source), {}, status=422)

    assert "請勾選要帶入的考生" in page.select_one(".notice-overdue").get_text()


@pytest.mark.requirement("R218")
def test_too_few_places_are_told_and_the_ticks_stay(
    client: CheckingClient, source: Group, group: Group
) -> None:
    with transaction() as session:
        session.get_one(Offering, group.offering_id).capacity = 4
    fill(group, free=2)
    values = [tick["value"] for tick in _ticks(client.page(_path(group, source)))]

    page = client.send(_path(group, source), {"member": values[:3]}, status=409)

    assert "0809-090-040" in page.select_one(".notice-overdue").get_text()
    assert [tick.has_attr("checked") for tick in _ticks(page)] == [True, True, True, False]
    db.session.expire_all()
    assert queries.count_members(group) == 2


@pytest.mark.requirement("R225")
def test_into_a_submitted_group_nobody_is_copied(client: CheckingClient, leader: Account) -> None:
    source = fill(make_group(leader, **MULTI_7), free=1)
    submitted = make_submitted_group(leader, **MULTI_8)

    assert client.page(f"/groups/{submitted.public_id}").find("a", string="帶入以前的名單") is None
    for path in (f"/groups/{submitted.public_id}/copy", _path(submitted, source)):
        assert client.get(path).status_code == 409
    assert client.post(_path(submitted, source), data={"member": ["x"]}).status_code == 409


def test_somebody_elses_group_is_no_source(client: CheckingClient, group: Group) -> None:
    theirs = fill(make_group(**MULTI_7), free=1)

    assert client.get(_path(group, theirs)).status_code == 404
    assert client.post(_path(group, theirs), data={"member": ["x"]}).status_code == 404
    assert (
        client.page(f"/groups/new?round=multi-112-08&from={theirs.public_id}").find(id="name")["value"] == ""
    )


@pytest.mark.requirement("R216", "R218")
def test_a_new_group_begins_with_an_earlier_ones_data(
    client: CheckingClient, leader: Account, source: Group
) -> None:
    page = client.page("/groups/new?round=multi-112-08")
    assert [each["value"] for each in page.select("#begin-with option")] == [source.public_id]
    path = f"/groups/new?round=multi-112-08&from={source.public_id}"

    page = client.page(path)
    fields = {each: page.find(id=each)["value"] for each in ("name", "places", "leader_name", "street")}
    assert fields == {"name": "七月團", "places": "4", "leader_name": "鍾美珍", "street": "長安東路二段15號"}

    answer = client.post(path, data=MULTI_FIELDS | {"exam_round": "multi-112-08", "area": "苗栗"})

    new = queries.list_groups(leader.id)[0]
    assert answer.location.endswith(_path(new, source))


@pytest.mark.requirement("R219")
def test_a_group_that_lapsed_leads_to_a_new_one_with_its_people(
    client: CheckingClient, source: Group, at: At
) -> None:
    at("2023-05-02 00:00")
    cancel_lapsed_groups()

    link = client.page(f"/groups/{source.public_id}").find("a", string="重新建立團體")
    page = client.page(link["href"])

    assert page.find(id="name")["value"] == "七月團"


def test_without_an_earlier_group_nothing_is_offered(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    account = make_leader()
    sign_in(account)

    assert client.page("/groups/new").find(id="begin-with") is None
    client.send("/groups/new", GROUP_FIELDS)
    [group] = queries.list_groups(account.id)
    assert client.page(f"/groups/{group.public_id}").find("a", string="帶入以前的名單") is None
    assert "還沒有其他有考生的團體" in client.page(f"/groups/{group.public_id}/copy").get_text()
