"""Finding members among hundreds: by name, by the last digits, by what distinguishes them (R223)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.identity import parse_identity
from app.exams.choices import Dialect
from app.groups import member_list, queries
from app.groups.member_list import Show, Wanted, list_shown, search_key
from app.groups.models import Group
from app.groups.services import add_member
from app.registration.choices import Education, MailTo
from app.registration.services import return_registration
from scripts.make_samples import national_id
from tests.client import CheckingClient
from tests.factories.accounts import make_leader
from tests.factories.groups import fill, make_group, make_submitted_group
from tests.factories.registrations import FREE, PAYS, make_candidate

TODAY = date(2023, 5, 1)


@pytest.fixture
def leader(sign_in: Callable[[Account], None]) -> Account:
    account = make_leader()
    sign_in(account)
    return account


@pytest.fixture
def in_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def _add(group: Group, **changes: Any) -> None:
    add_member(
        group.public_id, group.account_id, make_candidate(**{"birth_on": FREE} | changes), actor=SYSTEM
    )


def _names(page: BeautifulSoup) -> list[str]:
    return [row.th.get_text(strip=True) for row in page.select("#members tbody tr")]


def _chips(page: BeautifulSoup, title: str) -> list[str]:
    return [chip.get_text(" ", strip=True) for chip in page.select(f'nav[aria-label="{title}"] .chip')]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("黃𠊎堃", "𠊎"),
        ("尤瑪‧達陸", "尤瑪達陸"),
        ("尤瑪‧達陸", "瑪·達"),
        ("臺中人", "台中"),
        ("葛\U000e0100玉蘭", "葛玉"),
        ("NGUYỄN THỊ HOA", "nguyễn thị"),
        ("Huang, Ngai-Kun", "ngai kun"),
        ("王小明", "王　小明"),
        ("\uf9e8勝", "\u88e1勝"),  # a compatibility character and the one it stands for
    ],
)
def test_a_name_is_found_however_it_was_typed(written: str, typed: str) -> None:
    assert search_key(typed) in search_key(written)


@pytest.mark.requirement("R223")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("𠊎", ["黃𠊎堃"]),
        ("尤瑪達陸", ["尤瑪‧達陸"]),
        ("093", ["黃𠊎堃"]),
        ("huang", ["黃𠊎堃"]),
        ("徐", ["徐玉蘭"] * 8),
        ("沒有這個人", []),
    ],
)
def test_members_are_found_by_name_and_by_the_last_digits(
    client: CheckingClient, leader: Account, query: str, found: list[str]
) -> None:
    group = make_group(leader)
    identity = parse_identity("B123456780", nationality_foreign=False)
    _add(group, chinese_name="尤瑪‧達陸", identity=identity)
    identity = parse_identity("F131104093", nationality_foreign=False)
    _add(group, chinese_name="黃𠊎堃", english_name="Huang, Ngai-Kun", identity=identity)
    for serial in range(8):
        _add(group, identity=_number(serial))

    page = client.page(f"/groups/{group.public_id}?q={query}")

    assert _names(page) == found
    assert f"找到 {len(found)} 位，名單共 10 位" in page.select_one(".member-count").get_text()


def _number(serial: int) -> Any:
    return parse_identity(national_id("A", 2, 5_550_100 + serial), nationality_foreign=False)


def test_a_whole_number_stays_in_no_address(client: CheckingClient, leader: Account) -> None:
    group = fill(make_group(leader), free=1)
    _add(group, chinese_name="鍾曉琪", identity=parse_identity("F131104093", nationality_foreign=False))

    answer = client.get(f"/groups/{group.public_id}?q=f131104093")

    assert answer.status_code == 303
    assert "F131104093" not in answer.location.upper()
    assert _names(client.page(answer.location.split("#")[0])) == ["鍾曉琪"]


@pytest.mark.requirement("R220", "R223", "R244", "R249", "R253")
@pytest.mark.usefixtures("in_request")
def test_members_are_picked_out_by_what_distinguishes_them() -> None:
    group = make_group()
    _add(group, chinese_name="繳費", birth_on=PAYS, education=Education.UNIVERSITY)
    _add(group, chinese_name="特殊", accommodation="輪椅座位", dialect=Dialect.HAILU)
    _add(group, chinese_name="寄發", ticket_by_post=True, materials_to=MailTo.LEADER, ticket_to=MailTo.LEADER)
    _add(group, chinese_name="升學", birth_on=date(2010, 9, 1), education=Education.PRIMARY)

    def names(**wanted: Any) -> list[str]:
        members = queries.list_members(group)
        rows = list_shown(group, members, Wanted(**wanted), today=TODAY, is_open=True).rows
        return [row.name for row in rows]

    assert names(show=Show.PAYING) == ["繳費"]
    assert names(show=Show.FREE) == ["特殊", "寄發", "升學"]
    assert names(show=Show.ARRANGEMENT) == ["特殊"]
    assert names(show=Show.POSTED) == ["寄發"]
    assert names(show=Show.OUTGROWN) == ["升學"]
    assert names(show=Show.RETURNED) == []
    assert names(dialect=Dialect.HAILU) == ["特殊"]
    assert names(dialect=Dialect.HAILU, show=Show.PAYING) == []


def test_the_chips_count_with_the_other_filters_as_they_stand(
    client: CheckingClient, leader: Account
) -> None:
    group = fill(make_group(leader), paying=2, free=7)
    _add(group, dialect=Dialect.HAILU)
    path = f"/groups/{group.public_id}"

    page = client.page(path)
    assert _chips(page, "篩選")[:3] == ["全部 10", "需繳費 2", "免繳費 8"]
    assert _chips(page, "腔調") == ["全部 10", "四縣 9", "海陸 1"]

    page = client.page(f"{path}?show=paying")
    assert _chips(page, "腔調") == ["全部 2", "四縣 2"]
    assert len(_names(page)) == 2


def test_a_returned_member_is_found_after_submission(client: CheckingClient, leader: Account) -> None:
    group = make_submitted_group(leader, paying=0, free=8)
    rows = client.page(f"/groups/{group.public_id}").select("#members tbody tr")
    assert len(rows) == 8
    member = queries.list_members(group)[0]
    return_registration(member.public_id, ["姓名與證件不同"], actor=SYSTEM)

    page = client.page(f"/groups/{group.public_id}?show=returned")

    assert len(_names(page)) == 1


def test_a_short_list_needs_no_search(client: CheckingClient, leader: Account) -> None:
    group = fill(make_group(leader), free=7)
    assert client.page(f"/groups/{group.public_id}").find(id="member-query") is None

    fill(group, free=1)
    assert client.page(f"/groups/{group.public_id}").find(id="member-query") is not None


def test_a_long_list_comes_in_portions_or_as_a_whole(
    client: CheckingClient, leader: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member_list, "PORTION", 4)
    group = fill(make_group(leader), free=10)
    path = f"/groups/{group.public_id}"

    first = client.page(path)
    assert len(_names(first)) == 4
    last = client.page(first.find("a", string="下一頁")["href"].replace("page=2", "page=3").split("#")[0])
    assert len(_names(last)) == 2
    assert len(_names(client.page(f"{path}?page=99"))) == 2
    everybody = client.page(first.find("a", string="一次顯示全部 10 位（適合列印）")["href"].split("#")[0])
    assert len(_names(everybody)) == 10


@pytest.mark.parametrize(
    "address", ["?page=-1", "?page=x", "?show=nobody", "?dialect=粵語", "?q=%20", "?page=²"]
)
def test_what_is_no_filter_is_passed_over(client: CheckingClient, leader: Account, address: str) -> None:
    group = fill(make_group(leader), free=8)

    assert client.get(f"/groups/{group.public_id}{address}").status_code in (200, 303)


def test_searching_asks_as_much_for_many_as_for_few(
    client: CheckingClient, leader: Account, count_queries: Callable[[], Any]
) -> None:
    group = fill(make_group(leader), free=8)

    def asked() -> int:
        with count_queries() as sent:
            client.page(f"/groups/{group.public_id}?q=徐&show=free")
        return len(sent)

    few = asked()
    fill(group, free=20)

    assert asked() == few
