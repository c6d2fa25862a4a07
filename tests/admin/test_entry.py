"""Who gets to the desks, and the page that the day begins with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.models import Account
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader
from tests.factories.registrations import make_draft, make_paid, make_submitted

DESKS = [
    "/admin/",
    "/admin/review/",
    "/admin/groups/",
    "/admin/seating/",
    "/admin/exam-day/",
    "/admin/payments/",
    "/admin/refunds/",
    "/admin/cases/",
]


def staff_paths(app: Flask) -> list[tuple[str, str]]:
    """Return (method, path) of every page of the staff, with some value in each variable part."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.")]
    values = {
        "public_id": "a" * 22,
        "order_id": "a" * 22,
        "round_code": "nat-112-01",
        "area": "苗栗",
        "kind_key": "recheck",
        "unit": "service",
        "slot_id": 1,
        "room_id": 1,
    }
    adapter = app.url_map.bind("localhost")
    return [
        (method, adapter.build(rule.endpoint, {name: values.get(name, "a" * 22) for name in rule.arguments}))
        for rule in rules
        for method in sorted(rule.methods & {"GET", "POST"})
    ]


def test_a_visitor_is_asked_to_sign_in_at_every_page_of_the_staff(app: Flask, client: CheckingClient) -> None:
    for method, path in staff_paths(app):
        response = client.open(path, method=method)

        assert response.status_code == 303, (method, path)
        assert response.location.startswith("/admin/login"), (method, path)


@pytest.mark.parametrize("make", [make_account, make_leader])
def test_an_applicant_gets_no_page_of_the_staff(
    app: Flask,
    client: CheckingClient,
    sign_in: Callable[[Account], None],
    make: Callable[[], Account],
) -> None:
    sign_in(make())

    for method, path in staff_paths(app):
        assert client.open(path, method=method).status_code == 403, (method, path)


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("path", DESKS)
def test_each_desk_opens_when_nothing_has_come_in_yet(client: CheckingClient, path: str) -> None:
    page = client.page(path)

    here = page.select_one(".rail [aria-current]")
    assert here is not None
    assert here["href"] == path


@pytest.mark.usefixtures("staff")
def test_the_day_begins_with_what_waits(client: CheckingClient) -> None:
    make_paid()
    make_paid()
    make_submitted()
    make_draft()

    page = client.page("/admin/")

    assert page.select_one(".answer").get_text(strip=True) == "有 2 份報名等您審查。"
    row = page.find("th", string="全國認證第一梯次").find_parent("tr")
    assert [cell.get_text(strip=True) for cell in row.find_all("td")[1:]] == ["1", "3", "2", "0", "0"]
    today = page.find("caption", string="最近 7 天送出的報名").find_parent("table").tbody.tr
    assert [cell.get_text(strip=True) for cell in today.find_all("td")] == ["3", "0"]


@pytest.mark.usefixtures("staff")
def test_the_number_of_queries_of_the_dashboard_does_not_grow(
    client: CheckingClient, count_queries: Callable
) -> None:
    make_paid()
    client.page("/admin/")
    with count_queries() as few:
        client.page("/admin/")
    for _ in range(3):
        make_paid()

    with count_queries() as many:
        client.page("/admin/")

    assert len(many) == len(few) < 10
