"""The simulated LINE Pay, called as a merchant's server would: headers, codes, numbers, refunds."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests

from app.core import clock
from app.payments.gateways.base import ChargeRequest, Method, TradeState
from app.payments.gateways.line_pay import LinePayGateway
from app.payments.gateways.line_pay_wire import (
    CHANNEL_HEADER,
    NONCE_HEADER,
    SIGNATURE_HEADER,
    SIMULATED,
    signature,
)
from tests.simulator.conftest import MORNING


class Caller:
    """Calls the API by hand, so that what goes over the wire can be looked at."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.version = "v3"

    def call(self, path: str, content: Any = None, **headers: str) -> dict[str, Any]:
        body = None if content is None else json.dumps(content)
        path = f"/{self.version}{path}"
        bare, _, query = path.partition("?")
        nonce = str(uuid.uuid4())
        signed = {
            CHANNEL_HEADER: SIMULATED.channel_id,
            NONCE_HEADER: nonce,
            SIGNATURE_HEADER: signature(SIMULATED.channel_secret, bare, body or query, nonce),
            "Content-Type": "application/json",
        }
        answer = requests.request(
            "POST" if body else "GET", self.url + path, data=body, headers=signed | headers, timeout=10
        )
        assert answer.status_code == 200
        self.text = answer.text
        envelope: dict[str, Any] = answer.json()
        return envelope

    def code(self, path: str, content: Any = None, **headers: str) -> str:
        return str(self.call(path, content, **headers)["returnCode"])

    def request(self, **changes: Any) -> str:
        """Ask for NT$250 and return the number of the transaction."""
        return str(self.call("/payments/request", terms(**changes))["info"]["transactionId"])

    def act(self, order_id: str, act: str) -> requests.Response:
        return requests.post(f"{self.url}/simulator/line-pay/trades/{order_id}/{act}", timeout=10)


def terms(**changes: Any) -> dict[str, Any]:
    product = {"name": "報名費", "quantity": 1, "price": 250}
    return {
        "amount": 250,
        "currency": "TWD",
        "orderId": uuid.uuid4().hex[:20],
        "packages": [{"id": "1", "amount": 250, "name": "報名費", "products": [product]}],
        "redirectUrls": {"confirmUrl": "http://shop.example/ok", "cancelUrl": "http://shop.example/no?a=1"},
        **changes,
    }


MONEY = {"amount": 250, "currency": "TWD"}


@pytest.fixture
def caller(simulator_url: str) -> Caller:
    return Caller(simulator_url)


def test_only_the_channel_that_signs_rightly_is_heard(caller):
    assert caller.code("/payments/request", terms(), **{CHANNEL_HEADER: "1"}) == "1104"
    assert caller.code("/payments/request", terms(), **{SIGNATURE_HEADER: "AAAA"}) == "1106"
    assert caller.code("/payments/request", terms(), **{NONCE_HEADER: "another"}) == "1106"
    assert caller.code("/payments/requests/1/check", **{SIGNATURE_HEADER: ""}) == "1106"
    assert caller.code("/payments/request", terms()) == "0000"


def test_numbers_are_integers_that_no_float_can_hold(caller):
    number = caller.request()

    assert re.search(r'"transactionId": \d{19}[,}]', caller.text)
    assert int(float(number)) != int(number)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 249}, "1124"),
        ({"amount": 0}, "1124"),
        ({"currency": "USD"}, "1178"),
        ({"orderId": "x" * 101}, "2101"),
        ({"packages": []}, "1124"),
        ({"redirectUrls": {}}, "2101"),
    ],
)
def test_a_request_that_does_not_add_up_is_refused(caller, change, code):
    assert caller.code("/payments/request", terms(**change)) == code


def test_an_order_number_is_used_once(caller):
    asked = terms()

    assert [caller.code("/payments/request", asked) for _ in range(2)] == ["0000", "1172"]


def test_check_follows_the_payer(caller):
    codes = {}
    for act in ("authenticate", "cancel", "fail"):
        number = caller.request(orderId=f"{act}{uuid.uuid4().hex[:8]}")
        codes["waiting"] = caller.code(f"/payments/requests/{number}/check")
        order_id = next(
            trade["trade_number"]
            for trade in requests.get(f"{caller.url}/simulator/line-pay/trades", timeout=10).json()["trades"]
            if trade["transaction_id"] == number
        )
        back = caller.act(order_id, act).json()["url"]
        codes[act] = caller.code(f"/payments/requests/{number}/check")
        assert back.endswith(f"transactionId={number}&orderId={order_id}")
        assert back.startswith(
            "http://shop.example/ok?" if act == "authenticate" else "http://shop.example/no?a=1&"
        )

    assert codes == {"waiting": "0000", "authenticate": "0110", "cancel": "0121", "fail": "0122"}
    assert caller.code("/payments/requests/2023050100000000001/check") == "1150"


def test_money_moves_at_the_first_confirm_only(caller):
    asked = terms()
    number = caller.request(**asked)
    confirm = f"/payments/{number}/confirm"

    assert caller.code(confirm, MONEY) == "1169"
    assert caller.code(f"/payments?transactionId={number}") == "1150"
    caller.act(asked["orderId"], "authenticate")
    assert caller.code(confirm, MONEY | {"amount": 1}) == "1153"
    paid = caller.call(confirm, MONEY)
    assert caller.code(confirm, MONEY) == "1172"
    assert caller.code(f"/payments/requests/{number}/check") == "0123"

    assert sum(part["amount"] for part in paid["info"]["payInfo"]) == 250
    assert "paymentProvider" not in paid["info"]


def test_a_request_lives_twenty_minutes(caller):
    asked = terms()
    number = caller.request(**asked)
    caller.act(asked["orderId"], "authenticate")

    clock.set_demo_time(MORNING + timedelta(minutes=20))
    assert caller.code(f"/payments/requests/{number}/check") == "0110"
    clock.set_demo_time(MORNING + timedelta(minutes=20, seconds=1))
    assert caller.code(f"/payments/requests/{number}/check") == "0121"
    assert caller.code(f"/payments/{number}/confirm", MONEY) == "1180"


def test_v4_names_the_provider(caller):
    caller.version, asked = "v4", terms()
    number = caller.request(**asked)
    caller.act(asked["orderId"], "authenticate")

    assert caller.call(f"/payments/{number}/confirm", MONEY)["info"]["paymentProvider"] == "TSP"
    [recorded] = caller.call(f"/payments?orderId={asked['orderId']}")["info"]
    assert recorded["paymentProvider"] == "TSP"


def test_refunds_are_listed_with_a_minus_and_never_exceed_the_payment(caller):
    asked = terms()
    number = caller.request(**asked)
    refund = f"/payments/{number}/refund"
    assert caller.code(refund, {}) == "1150"
    caller.act(asked["orderId"], "authenticate")
    caller.call(f"/payments/{number}/confirm", MONEY)

    codes = [caller.code(refund, {"refundAmount": amount}) for amount in (192, 59, 0)]
    codes += [caller.code(refund, {}) for _ in range(2)]

    [recorded] = caller.call(f"/payments?transactionId={number}&fields=ALL")["info"]
    assert codes == ["0000", "1164", "1124", "0000", "1165"]
    assert [each["refundAmount"] for each in recorded["refundList"]] == [-192, -58]


def test_a_fault_happens_once_and_may_come_after_the_deed(caller):
    def wrong(**how: Any) -> int:
        return requests.post(f"{caller.url}/simulator/line-pay/faults", json=how, timeout=10).status_code

    asked = terms()
    number = caller.request(**asked)
    caller.act(asked["orderId"], "authenticate")
    assert wrong(call="confirm", code="9000", done=True) == 200
    assert wrong(call="confirm", code="nine") == 422
    assert wrong(call="lunch") == 422

    codes = [caller.code(f"/payments/{number}/confirm", MONEY) for _ in range(2)]

    assert codes == ["9000", "1172"]


def test_the_portals_own_client_pays_here(simulator_url: str, a_charge: ChargeRequest, caller: Caller):
    gateway = LinePayGateway(replace(SIMULATED, base_url=simulator_url))
    charge = replace(a_charge, method=Method.LINE_PAY, trade_number=uuid.uuid4().hex[:20])

    going = gateway.start(charge)
    page = requests.get(going.url, timeout=10)
    back = requests.post(going.url, data={"action": "authenticate"}, allow_redirects=False, timeout=10)
    before = gateway.query(charge.trade_number, MORNING, gateway_trade_number=going.gateway_trade_number)
    paid = gateway.confirm(charge.trade_number, going.gateway_trade_number, 250, MORNING)
    after = gateway.query(charge.trade_number, MORNING)

    assert "同意付款" in page.text
    assert back.headers["Location"].startswith(charge.return_url)
    assert [status.state for status in (before, paid, after)] == [
        TradeState.AWAITING_CONFIRMATION,
        TradeState.PAID,
        TradeState.PAID,
    ]
    assert (after.amount_twd, after.paid_at) == (250, MORNING)
