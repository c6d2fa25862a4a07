"""The payments desk: what is owed, what arrived, and what the gateways sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.admin.queries import waiting
from app.cases.queries import Sight
from app.core import clock
from app.core.actors import SYSTEM
from app.payments.services import cancel_order, record_message
from tests.admin.test_groups import make_group
from tests.client import CheckingClient
from tests.factories.orders import make_attempt, make_order, paid_message
from tests.factories.registrations import PAYS, make_paid

pytestmark = pytest.mark.usefixtures("staff")
DESK = "/admin/payments/"


def test_an_order_shows_its_money_and_for_whom_it_is(client: CheckingClient) -> None:
    registration = make_paid()

    page = client.page(f"{DESK}orders/{registration.order.public_id}")

    assert page.select_one(".answer").get_text(strip=True) == "款項已收齊。"
    assert page.select_one(".summary a")["href"] == f"/admin/review/{registration.public_id}"
    receipt = page.find("caption", string="收款").find_parent("table").tbody
    assert "NT$250" in receipt.get_text()
    assert "已入帳" in receipt.get_text()


def test_the_order_of_a_group_leads_to_the_group(client: CheckingClient) -> None:
    group = make_group("銅鑼國小", birth_on=PAYS)

    page = client.page(f"{DESK}orders/{group.order.public_id}")

    assert page.select_one(".summary a").get_text() == "銅鑼國小"
    assert "還有 NT$1,000 沒有入帳。" in page.select_one(".answer").get_text()


def test_money_that_has_to_go_back_can_be_found(client: CheckingClient, at: Callable[[str], None]) -> None:
    make_paid()
    late = make_order()
    attempt = make_attempt(late)
    at("2023-05-08 00:00")
    record_message("ecpay", paid_message(attempt), address=None, actor=SYSTEM)

    page = client.page(f"{DESK}?refundable=yes")

    [link] = page.select("a[data-queue-link]")
    assert link["href"].endswith(late.public_id)
    order = client.page(link["href"])
    assert order.select_one(".answer").get_text().strip() == "有 NT$250 要退給繳費人。"
    assert "逾期，可退費" in order.get_text()


def test_forged_and_unreadable_messages_are_kept_and_shown(client: CheckingClient) -> None:
    attempt = make_attempt(make_order())
    forged = paid_message(attempt).replace(b"TradeAmt=250", b"TradeAmt=25")
    record_message("ecpay", forged, address="203.0.113.7", actor=SYSTEM)
    record_message("ecpay", b"hello", address="203.0.113.8", actor=SYSTEM)
    make_paid()

    page = client.page(f"{DESK}messages?outcome=forged")

    [row] = page.select("tbody tr")
    assert "檢查碼不符" in row.get_text()
    assert "203.0.113.7" in row.get_text()
    assert "203.0.113.8" in client.page(f"{DESK}messages").get_text()


@pytest.mark.parametrize("path", [DESK, f"{DESK}messages"])
def test_the_number_of_queries_of_the_lists_does_not_grow(
    client: CheckingClient, count_queries: Callable[[], Any], path: str
) -> None:
    make_paid()
    client.page(path)
    with count_queries() as few:
        client.page(path)
    for _ in range(3):
        make_paid()

    with count_queries() as many:
        client.page(path)

    assert len(many) == len(few) < 10


def test_an_order_that_does_not_exist_is_not_found(client: CheckingClient) -> None:
    client.page(f"{DESK}orders/{'a' * 22}", status=404)


def test_what_was_paid_too_much_is_found_and_counted_for_the_desk(client: CheckingClient) -> None:
    order = make_order()
    body = paid_message(make_attempt(order), TradeAmt="400")
    record_message("ecpay", body, address=None, actor=SYSTEM)

    page = client.page(f"{DESK}?refundable=yes")

    [link] = page.select("a[data-queue-link]")
    assert link["href"].endswith(order.public_id)
    assert "有 NT$150 要退給繳費人。" in client.page(link["href"]).select_one(".answer").get_text()
    asked = waiting.Asked(clock.today(), Sight(frozenset(), unassigned=False))
    assert waiting.count_all([waiting.refunds], asked) == [1]


def test_part_of_a_sum_that_was_never_completed_is_found_once_the_order_has_ended(
    client: CheckingClient,
) -> None:
    order = make_order()
    body = paid_message(make_attempt(order), TradeAmt="100")
    record_message("ecpay", body, address=None, actor=SYSTEM)
    assert not client.page(f"{DESK}?refundable=yes").select("a[data-queue-link]")

    cancel_order(order, actor=SYSTEM)

    [link] = client.page(f"{DESK}?refundable=yes").select("a[data-queue-link]")
    assert link["href"].endswith(order.public_id)
    assert order.refundable_twd == 100
