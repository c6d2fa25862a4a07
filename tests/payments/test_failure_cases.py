"""Failure cases of payments.md 6 with plain reports of money, over HTTP against the simulator.

The others stand beside what they are about; the last test here counts them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from app.payments.gateways.base import Method
from app.payments.models import Attempt, Order
from app.payments.queries import status_of
from app.payments.refunds.rules import RefundReason
from app.payments.services import cancel_order
from app.payments.states import AttemptState, ReceiptOutcome
from app.payments.status import PaymentKind
from tests.factories.orders import declined_message, paid_message
from tests.payments.street import Street

TESTS = Path(__file__).parents[1]
At = Callable[[str], None]
APPLIED, SURPLUS, LATE = ReceiptOutcome.APPLIED, ReceiptOutcome.SURPLUS, ReceiptOutcome.LATE


@pytest.fixture
def order_id(street: Street) -> int:
    return street.open_order()


def issue(street: Street, order_id: int, method: Method = Method.ATM) -> str:
    """Return the number of an attempt whose account or bars are issued."""
    street.browser.post(f"{street.go_to_gateway(order_id, method)}/code", timeout=10)
    number: str = street.order(order_id).attempts[-1].trade_number
    return number


def outcomes(street: Street, order_id: int) -> list[ReceiptOutcome]:
    return [receipt.outcome for receipt in street.order(order_id).receipts]


def refunds(street: Street, order_id: int) -> list[tuple[RefundReason, int, int]]:
    """Return reason, basis and amount of each refund case of an order."""
    return street.run(
        lambda: [
            (case.reason, case.basis_twd, case.amount_twd)
            for case in db.session.get_one(Order, order_id).refunds
        ]
    )


def report(street: Street, make: Callable[[Attempt], bytes], order_id: int) -> str:
    """Send what the gateway would say of an order's last attempt; return the portal's answer."""
    body = street.run(lambda: make(db.session.get_one(Order, order_id).attempts[-1]))
    return send(street, body)


def send(street: Street, body: bytes) -> str:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = requests.post(
        f"{street.portal_url}/payments/ecpay/notify", data=body, headers=headers, timeout=10
    )
    return answer.text


def test_case_1_the_same_notice_again_is_acknowledged_and_counts_once(street: Street, order_id: int) -> None:
    assert street.pay(issue(street, order_id), times=5) == ["1|OK"] * 5

    assert outcomes(street, order_id) == [APPLIED]


def test_case_2_two_deliveries_at_the_same_moment_make_one_receipt(street: Street, order_id: int) -> None:
    issue(street, order_id)
    body = street.run(lambda: paid_message(db.session.get_one(Order, order_id).attempts[-1]))

    with ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(lambda _: send(street, body), range(8)))

    assert answers == ["1|OK"] * 8
    assert outcomes(street, order_id) == [APPLIED]


def test_case_4_a_refusal_after_the_payment_changes_nothing(street: Street, order_id: int) -> None:
    street.pay(issue(street, order_id))

    assert report(street, declined_message, order_id) == "1|OK"

    order = street.order(order_id)
    assert (order.is_paid, order.attempts[0].state) == (True, AttemptState.PAID)


def test_case_9_too_little_is_recorded_and_pays_nothing_by_itself(street: Street, order_id: int) -> None:
    street.pay(issue(street, order_id), amount=100)

    order = street.order(order_id)
    assert (order.is_paid, order.applied_twd, order.outstanding_twd) == (False, 100, 150)
    assert refunds(street, order_id) == []


def test_case_10_too_much_pays_and_the_rest_goes_back(street: Street, order_id: int) -> None:
    street.pay(issue(street, order_id), amount=400)

    assert street.order(order_id).is_paid
    assert refunds(street, order_id) == [(RefundReason.OVERPAID, 150, 92)]


@pytest.mark.parametrize("ended", [False, True])
def test_cases_11_and_12_money_after_the_deadline_goes_back_whether_the_place_is_free_or_not(
    street: Street, order_id: int, at: At, ended: bool
) -> None:
    number = issue(street, order_id)
    at("2023-05-08 00:00")
    if ended:
        street.run(lambda: cancel_order(db.session.get_one(Order, order_id), actor=SYSTEM))

    assert street.pay(number, force=True) == ["1|OK"]

    assert outcomes(street, order_id) == [LATE]
    assert refunds(street, order_id) == [(RefundReason.LATE, 250, 192)]


def test_case_13_money_for_what_was_cancelled_is_kept_and_goes_back(street: Street, order_id: int) -> None:
    number = issue(street, order_id)
    street.run(lambda: cancel_order(db.session.get_one(Order, order_id), actor=SYSTEM))

    street.pay(number)

    assert outcomes(street, order_id) == [ReceiptOutcome.CANCELLED_ORDER]
    assert refunds(street, order_id) == [(RefundReason.OVERPAID, 250, 192)]
    assert street.order(order_id).cancelled_at is not None


def test_case_14_of_two_ways_the_first_pays_and_the_second_is_surplus(street: Street, order_id: int) -> None:
    account, bars = issue(street, order_id), issue(street, order_id, Method.STORE_BARCODE)

    street.pay(bars)
    street.pay(account)

    assert outcomes(street, order_id) == [APPLIED, SURPLUS]
    assert refunds(street, order_id) == [(RefundReason.OVERPAID, 250, 192)]


@pytest.mark.requirement("R091")
def test_case_15_the_old_account_stays_good_after_the_method_was_changed(
    street: Street, order_id: int
) -> None:
    account = issue(street, order_id)
    last_day = street.order(order_id).last_day
    issue(street, order_id, Method.STORE_BARCODE)

    street.pay(account)

    order = street.order(order_id)
    assert (order.is_paid, order.last_day) == (True, last_day)


@pytest.mark.parametrize("amount", [1, 249, 251, 20_000])
def test_any_amount_is_recorded_as_it_came(street: Street, order_id: int, amount: int) -> None:
    street.pay(issue(street, order_id), amount=amount)

    assert [receipt.amount_twd for receipt in street.order(order_id).receipts] == [amount]


@pytest.mark.parametrize("amount", ["0", "-250", "250.5", "２５０", "", "1e3", "9" * 40])
def test_an_amount_that_is_none_is_refused_and_changes_nothing(
    street: Street, order_id: int, amount: str
) -> None:
    issue(street, order_id)

    answer = report(street, lambda attempt: paid_message(attempt, TradeAmt=amount), order_id)

    assert answer.startswith("0|")
    assert outcomes(street, order_id) == []


def test_paid_stays_paid_when_everything_comes_once_more(street: Street, order_id: int, at: At) -> None:
    number = issue(street, order_id)
    street.pay(number)
    at("2023-08-01 09:00")

    assert street.browser.post(f"{street.gateway_url}/simulator/deliver", timeout=10).ok
    report(street, declined_message, order_id)

    status = street.run(lambda: _kind(order_id))
    assert status == PaymentKind.PAID


def _kind(order_id: int) -> PaymentKind:
    return status_of(db.session.get_one(Order, order_id), now=clock.now()).kind


def test_each_of_the_32_cases_has_a_test_that_is_named_after_it() -> None:
    named: set[int] = set()
    for file in TESTS.rglob("test_*.py"):
        for numbers in re.findall(r"def test_cases?_((?:\d+_)(?:and_\d+_)*)", file.read_text("utf-8")):
            named |= {int(number) for number in re.findall(r"\d+", numbers)}

    assert named == set(range(1, 33))
