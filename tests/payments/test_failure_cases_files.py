"""Failure cases 25, 26, 29 and 30 of payments.md 6: files and refunds of the simulators, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
import sqlalchemy as sa

from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from app.payments.gateways import gateway_named
from app.payments.gateways.base import Method, PaidTrade
from app.payments.models import Finding, Order, Receipt, RefundCase
from app.payments.reconciliation.services import Period, fetch_trades
from app.payments.reconciliation.states import FindingKind
from app.payments.refunds.states import RefundState
from app.payments.refunds.through_gateway import repay
from app.payments.services import start_attempt
from app.payments.states import ReceiptOutcome
from tests.factories.refunds import make_granted
from tests.factories.registrations import make_submitted
from tests.payments.street import Street

At = Callable[[str], None]


def turn(street: Street, **knobs: Any) -> None:
    assert requests.post(f"{street.gateway_url}/simulator/knobs", json=knobs, timeout=10).ok


def paid(street: Street) -> str:
    """Return the number of a transfer that has arrived."""
    order_id = street.open_order()
    street.browser.post(f"{street.go_to_gateway(order_id, Method.ATM)}/code", timeout=10)
    number: str = street.order(order_id).attempts[-1].trade_number
    street.pay(number)
    return number


def fetch(street: Street) -> dict[str, int]:
    """Fetch the file of all days until yesterday and return how its lines stood."""

    def go() -> dict[str, int]:
        period = Period(clock.taipei_day(clock.now()).replace(day=1), clock.taipei_day(clock.now()))
        return dict(fetch_trades(period, account_id=None, actor=SYSTEM).counts)

    return street.run(go)


def findings(street: Street) -> list[FindingKind]:
    query = sa.select(Finding.kind).where(Finding.closed_at.is_(None)).order_by(Finding.id)
    return street.run(lambda: list(db.session.scalars(query)))


def receipts(street: Street) -> list[Any]:
    query = sa.select(Receipt.id, Receipt.amount_twd, Receipt.outcome).order_by(Receipt.id)
    return street.run(lambda: db.session.execute(query).all())


def test_case_26_money_that_the_gateways_console_gave_back_waits_for_a_person(street: Street, at: At) -> None:
    order_id = street.open_order()
    street.go_to_gateway(order_id, Method.CARD)
    street.pay(street.order(order_id).attempts[-1].trade_number)
    [receipt] = street.order(order_id).receipts
    attempt = street.order(order_id).attempts[-1]
    at("2023-05-02 10:00")
    trade = PaidTrade(
        attempt.trade_number,
        receipt.gateway_trade_number,
        attempt.authorisation_number or "",
        250,
        receipt.paid_at,
    )
    street.run(lambda: gateway_named("ecpay").refund(trade, 250, clock.now()))
    at("2023-05-03 09:00")

    fetch(street)

    assert findings(street) == [FindingKind.EXTERNAL_REFUND]
    assert street.order(order_id).is_paid


def test_case_29_the_file_is_held_against_the_books_and_three_things_are_listed(
    street: Street, at: At
) -> None:
    paid(street)  # of this one file and books agree
    missing, other = paid(street), paid(street)
    turn(street, file_without=[missing], file_amounts={other: 300}, file_unknown=1)
    at("2023-05-03 09:00")

    fetch(street)

    assert sorted(kind.value for kind in findings(street)) == sorted(
        kind.value
        for kind in (FindingKind.AMOUNT_DIFFERS, FindingKind.NOT_IN_FILE, FindingKind.NOT_IN_PORTAL)
    )


def test_case_30_the_same_file_twice_and_a_later_one_change_nothing_that_is_known(
    street: Street, at: At
) -> None:
    paid(street)
    at("2023-05-03 09:00")
    fetch(street)
    before = street.run(
        lambda: [(r.id, r.amount_twd, r.outcome) for r in db.session.scalars(sa.select(Receipt))]
    )
    paid(street)
    fetch(street)
    fetch(street)

    after = street.run(
        lambda: [(r.id, r.amount_twd, r.outcome) for r in db.session.scalars(sa.select(Receipt))]
    )

    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    assert findings(street) == []


def test_money_of_an_unknown_trade_waits_in_suspense(street: Street, at: At) -> None:
    turn(street, file_unknown=2)
    at("2023-05-03 09:00")

    fetch(street)

    found = street.run(lambda: list(db.session.scalars(sa.select(Receipt.outcome))))
    assert found == [ReceiptOutcome.SUSPENSE] * 2


@pytest.fixture
def granted(street: Street) -> list[str]:
    """Three granted cases of fees that were paid by LINE Pay, which may go back that way."""
    object.__setattr__(street.portal.extensions["settings"], "gateway_refunds", "line_pay")
    return [_granted(street) for _ in range(3)]


def _granted(street: Street) -> str:
    order_id = street.run(lambda: make_submitted().order_id)

    def press() -> str:
        order = db.session.get_one(Order, order_id)
        start_attempt(order, method=Method.LINE_PAY, actor=SYSTEM)
        return order.attempts[-1].trade_number

    number = street.run(press)
    url = f"{street.gateway_url}/simulator/line-pay/trades/{number}/authenticate"
    requests.get(requests.post(url, timeout=10).json()["url"], timeout=20)
    case_id: str = street.run(lambda: make_granted(order_id).public_id)
    return case_id


def test_case_25_of_many_refunds_one_is_refused_and_the_others_are_done_and_nothing_twice(
    street: Street, granted: list[str]
) -> None:
    url = f"{street.gateway_url}/simulator/line-pay/faults"
    for case_id in granted:
        if case_id == granted[1]:
            requests.post(url, json={"call": "refund", "code": "1164"}, timeout=10)
        street.run(lambda case_id=case_id: repay(case_id, actor=SYSTEM))

    states = street.run(
        lambda: dict(db.session.execute(sa.select(RefundCase.public_id, RefundCase.state)).all())
    )

    assert [states[case_id] for case_id in granted] == [
        RefundState.PAID,
        RefundState.GRANTED,
        RefundState.PAID,
    ]
