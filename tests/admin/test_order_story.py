"""The page of an order tells everything that happened, in order of time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core.actors import Actor, ActorKind
from app.payments.books.masking import readable_message
from app.payments.gateways.base import Method
from app.payments.models import Order
from app.payments.services import record_message
from tests.client import CheckingClient
from tests.factories.orders import (
    account_message,
    declined_message,
    make_attempt,
    make_order,
    paid_message,
)
from tests.factories.refunds import make_paid_out
from tests.factories.registrations import make_submitted

pytestmark = pytest.mark.usefixtures("staff")


def report(body: bytes, *, address: str | None = None) -> None:
    record_message("ecpay", body, address=address, actor=Actor(ActorKind.GATEWAY))


def story_of(client: CheckingClient, order: Order) -> list[Any]:
    return client.page(f"/admin/payments/orders/{order.public_id}").select(".story > li")


def titles_of(steps: list[Any]) -> list[str]:
    return [step.select_one(".story-title").get_text(" ", strip=True) for step in steps]


def test_everything_about_the_money_stands_there_in_its_order(
    client: CheckingClient, at: Callable[[str], None]
) -> None:
    order = make_submitted().order
    at("2023-05-02 10:00")
    first = make_attempt(order)
    at("2023-05-02 10:01")
    report(account_message(first))
    at("2023-05-02 10:02")
    card = make_attempt(order, Method.CARD)
    at("2023-05-02 10:03")
    report(declined_message(card))
    at("2023-05-02 10:04")
    paid = paid_message(first)
    report(paid, address="203.0.113.7")
    at("2023-05-02 10:05")
    report(paid)
    at("2023-05-02 10:06")
    report(paid_message(first, TradeNo="another"))

    steps = story_of(client, order)

    assert titles_of(steps) == [
        "開立訂單",
        "選擇繳費方式",
        "金流通知 已存繳費代號",
        "選擇繳費方式",
        "金流通知 已記錄",
        "繳費未成功",
        "金流通知 已入帳",
        "款項入帳 已入帳",
        "寄信給繳費人",
        "金流通知 重複通知",
        "金流通知 已入帳",
        "款項入帳 溢繳，可退費",
        f"退費立案 {order.refunds[0].number}",
        "寄信給繳費人",
    ]
    times = [step.time["datetime"] for step in steps]
    assert times == sorted(times)
    assert "繳費帳號 005 5219111913209840" in steps[2].get_text()
    assert "來源位址 203.0.113.7" in steps[6].get_text()
    assert "已收到繳費" in steps[8].get_text()
    assert "NT$250 − NT$58 = NT$192" in " ".join(steps[12].get_text().split())


def test_a_refund_tells_who_proposed_who_decided_and_how_it_was_paid(client: CheckingClient) -> None:
    case = make_paid_out()

    steps = story_of(client, case.order)

    [proposed] = [step for step in steps if "退費擬辦" in step.get_text()]
    [granted] = [step for step in steps if "核准退費" in step.get_text()]
    [paid] = [step for step in steps if "登錄退費匯票" in step.get_text()]
    clerk, decider = (step.select_one(".story-who").get_text() for step in (proposed, granted))
    assert "@" in clerk
    assert "@" in decider
    assert clerk != decider
    assert "擬准予退費" in proposed.get_text()
    assert "符合規定" in proposed.get_text()
    assert "同意" in granted.get_text()
    assert "匯票號碼 1234567890" in paid.get_text()
    assert paid.a["href"] == f"/admin/refunds/{case.public_id}"


def test_the_raw_message_can_be_unfolded_with_the_persons_data_masked(client: CheckingClient) -> None:
    order = make_order()
    body = paid_message(make_attempt(order), PayFrom="王小明", card4no="4242", ATMAccNo="1234567890")
    report(body)

    [raw] = [step.select_one(".story-raw pre") for step in story_of(client, order) if step.pre]

    assert "TradeAmt = 250" in raw.get_text()
    assert f"MerchantTradeNo = {order.attempts[0].trade_number}" in raw.get_text()
    assert "PayFrom = 王＊＊" in raw.get_text()
    for personal in ("王小明", "card4no = 4242", "1234567890"):
        assert personal not in raw.get_text()


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"RtnMsg=ok&Email=a%40b.tw", "RtnMsg = ok\nEmail = a＊＊＊＊＊"),
        (b"RtnMsg=write+to+a%40b.tw", "RtnMsg = write to ＊＊＊"),
        (
            '{"returnCode":"0000","info":{"transactionId":2023050100012345678,"payer":{"name":"王小明"}}}'.encode(),
            "returnCode = 0000\ninfo.transactionId = 2023050100012345678\ninfo.payer.name = 王＊＊",
        ),
        ("持卡人 0912345678 wang@example.tw".encode(), "持卡人 09＊＊＊＊＊＊＊＊ ＊＊＊"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"{broken 123456", "{broken 12＊＊＊＊"),
        (b"[" * 100_000, "[" * 4000 + "…"),
        (b'{"a":' * 5_000 + b"1", None),
        (b"", ""),
    ],
)
def test_what_is_sent_is_shown_without_what_is_personal(body: bytes, shown: str | None) -> None:
    read = readable_message(body)

    assert shown is None or read == shown
    assert len(read) <= 4001


def test_the_number_of_queries_does_not_grow_with_the_story(
    client: CheckingClient, count_queries: Callable[[], Any]
) -> None:
    order = make_paid_out().order
    path = f"/admin/payments/orders/{order.public_id}"
    client.page(path)
    with count_queries() as few:
        client.page(path)
    for number in range(4):
        report(paid_message(order.attempts[0], TradeNo=f"another{number}"))

    with count_queries() as many:
        assert len(client.page(path).select(".story > li")) > 20

    assert len(many) == len(few) < 25
