"""Who gets to the desks, and the page that the day begins with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.models import Account
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader

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
        "receipt_id": 1,
        "number": 2,
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
