"""Portal and gateway simulator as two servers that talk over HTTP (tests/payments/street.py)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from app.payments import services
from app.payments.gateways import gateway_named
from app.payments.gateways.base import Method, TradeState
from app.payments.models import Order
from app.payments.states import AttemptState, ReceiptOutcome
from tests.client import check_page
from tests.conftest import taipei
from tests.payments.street import free_port


@pytest.mark.requirement("R082")
def test_an_account_is_issued_shown_and_paid(street):
    order_id = street.open_order()
    page_url = street.go_to_gateway(order_id, Method.ATM)

    returned = street.follow_form(street.browser.post(f"{page_url}/code", timeout=10))
    attempt = street.order(order_id).attempts[0]

    assert (returned.status_code, returned.headers["Location"]) == (303, "/registrations/abc/pay")
    assert "Set-Cookie" not in returned.headers
    assert attempt.state == AttemptState.CODE_ISSUED
    assert attempt.bank_code == "005"
    assert attempt.code_expires_at == taipei("2023-05-08 00:00")

    answers = street.pay(attempt.trade_number)

    assert answers == ["1|OK"]
    assert street.order(order_id).is_paid


def test_bars_are_issued_and_each_repeated_notice_is_answered_alike(street):
    order_id = street.open_order()
    page_url = street.go_to_gateway(order_id, Method.STORE_BARCODE)
    street.browser.post(f"{page_url}/code", timeout=10)
    attempt = street.order(order_id).attempts[0]

    answers = street.pay(attempt.trade_number, times=3)

    assert len(attempt.barcodes) == 3
    assert answers == ["1|OK"] * 3
    assert len(street.order(order_id).receipts) == 1


@pytest.mark.requirement("R083")
def test_a_card_is_refused_and_then_another_passes(street):
    order_id = street.open_order()

    refused_at = street.go_to_gateway(order_id, Method.CARD)
    street.follow_form(street.browser.post(f"{refused_at}/card", data={"action": "refuse"}, timeout=10))
    passed_at = street.go_to_gateway(order_id, Method.CARD)
    card = {"number": "4311-9522-2222-2222", "cvv": "222"}
    returned = street.follow_form(street.browser.post(f"{passed_at}/card", data=card, timeout=10))

    order = street.order(order_id)
    assert [attempt.state for attempt in order.attempts] == [AttemptState.FAILED, AttemptState.PAID]
    assert order.is_paid
    assert returned.status_code == 303


def test_a_notice_with_a_wrong_digest_is_refused_over_the_wire_too(street):
    order_id = street.open_order()
    page_url = street.go_to_gateway(order_id, Method.ATM)
    street.browser.post(f"{page_url}/code", timeout=10)

    answers = street.pay(street.order(order_id).attempts[0].trade_number, wrong_digest=True)

    assert answers[0].startswith("0|")
    assert not street.order(order_id).is_paid


def test_the_gateway_tells_the_same_when_we_ask(street):
    order_id = street.open_order()
    street.browser.post(f"{street.go_to_gateway(order_id, Method.ATM)}/code", timeout=10)
    number = street.order(order_id).attempts[0].trade_number

    with street.portal.app_context():
        gateway = gateway_named("ecpay")
        before = gateway.query(number, clock.now()).state
        street.pay(number)
        after = gateway.query(number, clock.now()).state

    assert (before, after) == (TradeState.UNPAID, TradeState.PAID)


def test_the_payers_page_lists_what_can_be_paid_and_pays_it(street):
    order_id = street.open_order()
    street.browser.post(f"{street.go_to_gateway(order_id, Method.ATM)}/code", timeout=10)
    attempt = street.order(order_id).attempts[0]

    page = street.browser.get(f"{street.portal_url}/demo/payer", timeout=10)
    check_page(page.text, where="/demo/payer")
    paid = street.browser.post(
        f"{street.portal_url}/demo/payer/{attempt.trade_number}/pay", data={}, timeout=20
    )

    assert attempt.account_number in page.text
    assert "報名網站回答：1|OK" in BeautifulSoup(paid.text, "html5lib").get_text()
    assert street.order(order_id).is_paid


def test_money_taken_now_may_be_reported_after_the_deadline(street, at):
    order_id = street.open_order()
    street.browser.post(f"{street.go_to_gateway(order_id, Method.STORE_BARCODE)}/code", timeout=10)
    number = street.order(order_id).attempts[0].trade_number

    street.browser.post(f"{street.portal_url}/demo/payer/{number}/later", timeout=20)
    at("2023-05-10 14:00")
    street.browser.post(f"{street.portal_url}/demo/payer/deliver", timeout=20)

    order = street.order(order_id)
    assert [receipt.outcome for receipt in order.receipts] == [ReceiptOutcome.APPLIED]
    assert order.paid_at == taipei("2023-05-01 09:00")


def test_the_payers_page_leads_to_line_pay(street):
    order_id = street.open_order()
    going = street.run(
        lambda: services.start_attempt(
            db.session.get_one(Order, order_id), method=Method.LINE_PAY, actor=SYSTEM
        )
    )

    page = street.browser.get(f"{street.portal_url}/demo/payer", timeout=10)

    assert page.status_code == 200
    check_page(page.text, where="/demo/payer")
    assert going.url in page.text


def test_the_payers_page_says_so_when_the_simulator_is_silent(street):
    settings = street.portal.extensions["settings"]
    street.portal.extensions["settings"] = replace(settings, ecpay_host=f"http://127.0.0.1:{free_port()}")

    page = street.browser.get(f"{street.portal_url}/demo/payer", timeout=10)

    assert page.status_code == 200
    assert "金流模擬器沒有回應" in page.text
