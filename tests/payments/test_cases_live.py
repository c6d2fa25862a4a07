"""Failure cases of payments.md 6 that are about the wire: portal and simulator as two servers over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import requests

from app.core import clock, outbox
from app.core.db import db
from app.payments.asking import ask_gateways
from app.payments.gateways import gateway_named
from app.payments.gateways.base import Method, TradeState
from app.payments.gateways.ecpay import STAGE, RetiredKey
from app.payments.models import GatewayMessage, Order
from app.payments.services import check_can_start
from app.payments.states import AttemptState, NoticeOutcome, ReceiptOutcome
from tests.conftest import taipei
from tests.databases import TestDatabases
from tests.payments.street import Street, open_street

CARD = {"number": "4311-9522-2222-2222", "cvv": "222"}


def outcomes(street: Street) -> list[NoticeOutcome | None]:
    """Return what became of each message, in the order in which they came."""
    return street.run(
        lambda: [message.outcome for message in db.session.query(GatewayMessage).order_by(GatewayMessage.id)]
    )


def refusal(street: Street, order_id: int, method: Method) -> str:
    """Return why a method cannot be used now; empty when it can."""

    def ask() -> str:
        order = db.session.get_one(Order, order_id)
        decision = check_can_start(order, method, now=clock.now())
        return "" if decision else str(decision.reason)

    return street.run(ask)


@pytest.mark.requirement("R081", "S019")
def test_a_store_code_is_issued_and_paid(street: Street) -> None:
    order_id = street.open_order()

    number = street.issue(order_id, Method.STORE_CODE)
    attempt = street.order(order_id).attempts[0]
    answers = street.pay(number)

    assert attempt.state == AttemptState.CODE_ISSUED
    assert attempt.store_code.startswith("LLL23121")
    assert attempt.code_expires_at == taipei("2023-05-07 23:50")
    assert answers == ["1|OK"]
    assert street.order(order_id).receipts[0].fee_twd == 30


def test_case_3_the_result_comes_before_the_code(street: Street) -> None:
    street.control("knobs", hold_codes=True)
    order_id = street.open_order()
    number = street.issue(order_id, Method.ATM)
    assert street.order(order_id).attempts[0].account_number is None

    assert street.pay(number) == ["1|OK"]
    street.control("deliver")

    order = street.order(order_id)
    assert order.is_paid
    assert order.attempts[0].state == AttemptState.PAID
    assert order.attempts[0].account_number
    assert outcomes(street) == [NoticeOutcome.APPLIED, NoticeOutcome.CODE_STORED]


def test_case_6_a_forged_notice_is_refused_and_kept(street: Street) -> None:
    order_id = street.open_order()
    number = street.issue(order_id, Method.ATM)

    answers = street.pay(number, wrong_digest=True)

    assert answers == ["0|Refused"]
    assert not street.order(order_id).is_paid
    assert outcomes(street)[-1] is NoticeOutcome.FORGED


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"MerchantID": "2000132"}, NoticeOutcome.FOREIGN),
        ({"MerchantTradeNo": "HK00000000000000"}, NoticeOutcome.UNKNOWN),
    ],
    ids=["foreign merchant", "unknown trade"],
)
def test_case_7_what_is_not_ours_is_stored_before_it_is_acknowledged(
    street: Street, fields: dict[str, str], outcome: NoticeOutcome
) -> None:
    order_id = street.open_order()
    number = street.issue(order_id, Method.ATM)

    answers = street.pay(number, fields=fields)

    assert answers == ["1|OK"]
    assert not street.order(order_id).receipts
    assert outcomes(street)[-1] is outcome


def test_case_8_the_consoles_simulated_payment_is_acknowledged_and_never_money(street: Street) -> None:
    order_id = street.open_order()
    number = street.issue(order_id, Method.STORE_BARCODE)

    answers = street.pay(number, simulate_paid=True)

    assert answers == ["1|OK"]
    assert not street.order(order_id).receipts
    assert outcomes(street)[-1] is NoticeOutcome.NOTED


def test_case_16_stores_report_two_days_later_and_what_is_lost_is_found_by_asking(
    street: Street, at: Callable[[str], None]
) -> None:
    street.control("knobs", latency=True)
    late, lost = street.open_order(), street.open_order()
    assert street.pay(street.issue(late, Method.STORE_BARCODE)) == []
    street.pay(street.issue(lost, Method.STORE_CODE), lose=True)

    at("2023-05-03 08:59")
    street.control("deliver")
    assert not street.order(late).is_paid
    at("2023-05-03 09:00")
    street.control("deliver")
    assert street.order(late).is_paid

    assert not street.order(lost).is_paid
    at("2023-05-09 00:00")
    street.run(ask_gateways)
    assert [r.outcome for r in street.order(lost).receipts] == [ReceiptOutcome.APPLIED]


@pytest.mark.parametrize("kind", ["403", "500", "html", "empty", "wrong_digest"])
def test_case_21_no_answer_changes_nothing_and_the_next_one_does(
    street: Street, at: Callable[[str], None], kind: str
) -> None:
    order_id = street.open_order()
    street.go_to_gateway(order_id, Method.CARD)
    number = street.order(order_id).attempts[0].trade_number
    street.pay(number, lose=True)
    street.control("faults", at="query", kind=kind)

    at("2023-05-01 09:10")
    assert street.run(ask_gateways) == 0
    assert street.order(order_id).attempts[0].state == AttemptState.STARTED
    at("2023-05-01 09:40")
    assert street.run(ask_gateways) == 1
    assert street.order(order_id).is_paid


def test_case_21_a_gateway_that_fails_again_and_again_is_not_offered(
    street: Street, at: Callable[[str], None]
) -> None:
    orders = [street.open_order() for _ in range(3)]
    for order_id in orders:
        street.go_to_gateway(order_id, Method.CARD)
    street.control("faults", at="query", kind="500", times=3)
    at("2023-05-01 09:10")
    assert refusal(street, orders[0], Method.ATM) == ""

    street.run(ask_gateways)
    assert "請先用其他方式" in refusal(street, orders[0], Method.ATM)

    at("2023-05-01 09:20")
    street.run(ask_gateways)  # it answers again
    assert refusal(street, orders[0], Method.ATM) == ""


def test_case_22_a_pending_card_is_not_charged_again_at_once(
    street: Street, at: Callable[[str], None]
) -> None:
    order_id = street.open_order()
    street.go_to_gateway(order_id, Method.CARD)
    number = street.order(order_id).attempts[0].trade_number

    assert street.pay(number, rtn_code="10300066") == ["1|OK"]
    assert street.order(order_id).attempts[0].state == AttemptState.STARTED
    assert "還在等發卡銀行確認" in refusal(street, order_id, Method.CARD)

    at("2023-05-01 10:00:01")
    assert refusal(street, order_id, Method.CARD) == ""
    at("2023-05-01 09:05")
    street.pay(number, rtn_code="10100252")
    assert refusal(street, order_id, Method.CARD) == ""
    street.pay(number, amount=250)
    assert street.order(order_id).is_paid


def test_case_5_a_card_is_declined_and_passes_on_the_same_number(street: Street) -> None:
    order_id = street.open_order()
    page_url = street.go_to_gateway(order_id, Method.CARD)

    street.browser.post(f"{page_url}/card", data={"action": "refuse"}, timeout=10)
    assert street.order(order_id).attempts[0].state == AttemptState.FAILED
    street.browser.post(f"{page_url}/card", data=CARD, timeout=10)

    [attempt] = street.order(order_id).attempts
    assert attempt.state == AttemptState.PAID
    assert attempt.authorisation_number


@pytest.fixture
def rotated(databases: TestDatabases, template: str, tmp_path: Path) -> Iterator[Street]:
    """The street after a change of keys: both sides have the new ones, the gateway still has old notices."""
    retired = RetiredKey("oldkeyoldkeyold1", "oldivoldivoldiv1", date(2023, 5, 3))
    merchant = replace(
        STAGE, hash_key="newkeynewkeynew1", hash_iv="newivnewivnewiv1", retired_keys=(retired,)
    )
    with open_street(
        databases,
        template,
        tmp_path,
        merchant=merchant,
        ECPAY_HASH_KEY=merchant.hash_key,
        ECPAY_HASH_IV=merchant.hash_iv,
        ECPAY_RETIRED_KEYS=f"{retired.hash_key}:{retired.hash_iv}:2023-05-03",
    ) as street:
        yield street


def test_case_28_notices_of_the_old_keys_are_taken_until_their_day_has_passed(
    rotated: Street, at: Callable[[str], None]
) -> None:
    in_time, too_late = rotated.open_order(), rotated.open_order()
    # The gateway takes the orders, and answers questions, only when they are signed with the new keys.
    first, second = rotated.issue(in_time, Method.ATM), rotated.issue(too_late, Method.ATM)

    at("2023-05-03 23:59:59")
    assert rotated.pay(first, old_key=True) == ["1|OK"]
    at("2023-05-04 00:00")
    assert rotated.pay(second, old_key=True) == ["0|Refused"]

    assert rotated.order(in_time).is_paid
    assert not rotated.order(too_late).is_paid
    state = rotated.run(lambda: gateway_named("ecpay").query(second, clock.now()).state)
    assert state is TradeState.PAID


def test_case_31_servers_bring_no_cookie_and_browsers_from_elsewhere_get_none(street: Street) -> None:
    street.portal.config["WTF_CSRF_ENABLED"] = True
    order_id = street.open_order()
    number = street.issue(order_id, Method.ATM)
    elsewhere = {"Origin": street.gateway_url, "Sec-Fetch-Site": "cross-site"}

    came_back = requests.post(
        f"{street.portal_url}/payments/ecpay/return",
        data={"MerchantTradeNo": number},
        headers=elsewhere,
        allow_redirects=False,
        timeout=10,
    )
    other = requests.post(f"{street.portal_url}/national/login", data={}, headers=elsewhere, timeout=10)

    assert street.pay(number) == ["1|OK"]  # the gateway's server: no cookie, no token
    assert (came_back.status_code, came_back.headers["Location"]) == (303, "/registrations/abc/pay")
    assert "Set-Cookie" not in came_back.headers
    assert other.status_code in (400, 403)  # any other form from there is refused


def test_case_32_the_answer_does_not_wait_for_the_mail(
    databases: TestDatabases, template: str, tmp_path: Path
) -> None:
    # Jobs are left to a worker, as outside of tests, and none is running.
    with open_street(databases, template, tmp_path, JOBS_URL="") as street:
        order_id = street.open_order()
        number = street.issue(order_id, Method.ATM)

        began = time.perf_counter()
        assert street.pay(number) == ["1|OK"]
        seconds = time.perf_counter() - began

        assert seconds < 2  # stored, verified, applied, answered, and the simulator's own part
        assert street.order(order_id).is_paid
        assert street.run(outbox.count_pending).pending == 1
