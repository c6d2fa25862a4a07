"""The audit desk, and that every action has words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.accounts.models import Account
from app.admin.audit_words import ACTION_NAMES
from app.admin.paging import SIZE
from app.config import ROOT
from app.core import audit
from app.core.actors import SYSTEM, Actor, ActorKind
from app.core.db import transaction
from tests.client import CheckingClient
from tests.factories.registrations import make_paid

DESK = "/admin/audit/"
pytestmark = pytest.mark.usefixtures("staff")


def rows_of(page: Any) -> list[list[str]]:
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in page.select("tbody tr")
    ]


def write(action: str, subject: tuple[str, str] = ("portal", "whole"), actor: Actor = SYSTEM) -> None:
    with transaction():
        audit.record(action, subject, actor)


def test_the_log_is_shown_in_words_the_newest_first(client: CheckingClient, staff: Account) -> None:
    write("seating.assign", ("rounds", "nat-112-01"))
    write("results.publish", ("rounds", "nat-112-01"), Actor(ActorKind.STAFF, staff.id, "192.0.2.7", "req-1"))

    first, second, *_ = rows_of(client.page(DESK))

    assert first[1:4] == ["office@example.tw 192.0.2.7", "公布成績", "梯次 nat-112-01"]
    assert first[0].endswith("req-1")
    assert second[1:3] == ["系統", "排座位"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("action=seating.assign", 1),
        ("actor=office@example.tw", 1),
        ("actor=Office@Example.tw&action=seating.assign", 0),
        ("type=rounds&subject=another-round", 1),
        ("subject=another-round", 1),
        ("request=req-1", 1),
        ("action=results.publish&since=112/5/2", 1),
        ("action=results.publish&until=112/5/1", 0),
        ("action=seating.assign&since=112/5/1&until=112/5/1", 1),
    ],
)
def test_it_is_searched(
    client: CheckingClient, staff: Account, at: Callable, search: str, found: int
) -> None:
    at("2023-05-01 23:59")
    write("seating.assign", ("rounds", "nat-112-01"))
    at("2023-05-02 00:00")
    write("results.publish", ("rounds", "another-round"), Actor(ActorKind.STAFF, staff.id, None, "req-1"))

    assert len(rows_of(client.page(f"{DESK}?{search}"))) == found


@pytest.mark.parametrize("search", ["since=someday", "actor=nobody", "action=no.such"])
def test_what_cannot_be_searched_for_is_said_beside_the_field(client: CheckingClient, search: str) -> None:
    page = client.page(f"{DESK}?{search}", status=422)

    name, _, typed = search.partition("=")
    assert page.select_one(f"#{name}-error")
    assert typed in str(page.select_one(f"#{name}")) or name == "action"


def test_the_log_of_one_registration_is_a_link_from_it(client: CheckingClient) -> None:
    registration = make_paid()

    page = client.page(f"/admin/review/{registration.public_id}")
    page = client.page(page.find("a", string="稽核紀錄", href=re.compile("subject="))["href"])

    assert rows_of(page)
    assert all(registration.public_id in row[3] for row in rows_of(page))
    assert registration.chinese_name not in page.main.get_text()
    assert registration.id_number not in page.main.get_text()


def test_long_logs_have_pages_that_keep_the_search(client: CheckingClient) -> None:
    with transaction():
        for number in range(SIZE + 1):
            audit.record("seating.assign", ("rounds", str(number)), SYSTEM)

    page = client.page(f"{DESK}?action=seating.assign")
    following = client.page(page.find("a", rel="next")["href"])

    assert (len(rows_of(page)), len(rows_of(following))) == (SIZE, 1)


def test_the_number_of_queries_does_not_grow(
    client: CheckingClient, staff: Account, count_queries: Callable
) -> None:
    client.page(DESK)
    with count_queries() as few:
        client.page(DESK)
    for _ in range(3):
        write("seating.assign", actor=Actor(ActorKind.STAFF, staff.id, None, "req-1"))

    with count_queries() as many:
        client.page(DESK)

    assert len(many) == len(few) < 10


def test_every_action_that_the_portal_records_has_words() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "app").rglob("*.py"))
    recorded = {
        action
        for call in re.findall(r"audit\.record\(([^,]*),", source)
        for action in re.findall(r'(?<!f)"([a-z_]+\.[a-z_]+)"', call)
    }

    assert len(recorded) > 60
    assert recorded - set(ACTION_NAMES) == set(), "give them words in app/admin/audit_words.py"
