"""Money that goes back the way it came: over HTTP, through LINE Pay's simulator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from app.core.actors import SYSTEM
from app.core.db import db
from app.core.errors import Refused
from app.payments.gateways import line_pay
from app.payments.gateways.base import Method, RedirectUrl
from app.payments.models import Order, RefundCase
from app.payments.refunds import queries
from app.payments.refunds.ledger import Ledger
from app.payments.refunds.services import record_payout
from app.payments.refunds.standing import case_standing
from app.payments.refunds.states import GatewayRefundState, RefundState
from app.payments.refunds.through_gateway import repay, settle_in_transit
from app.payments.services import start_attempt
from tests.factories.refunds import make_granted
from tests.factories.registrations import make_submitted
from tests.mailbox import Mailbox
from tests.payments.street import Street

At = Callable[[str], None]


@pytest.fixture
def case_id(street: Street, monkeypatch: pytest.MonkeyPatch) -> str:
    """A granted case of a fee that was paid by LINE Pay; the policy lets it go back that way."""
    object.__setattr__(street.portal.extensions["settings"], "gateway_refunds", "line_pay")
    for name in ("_CONFIRM_SECONDS", "_OTHER_SECONDS"):
        monkeypatch.setattr(line_pay, name, 0.5)
    order_id = street.run(lambda: make_submitted().order_id)
    number = street.run(lambda: press(order_id))
    agreed = requests.post(
        f"{street.gateway_url}/simulator/line-pay/trades/{number}/authenticate", timeout=10
    )
    requests.get(agreed.json()["url"], timeout=20)
    found: str = street.run(lambda: make_granted(order_id).public_id)
    return found


def press(order_id: int) -> str:
    order = db.session.get_one(Order, order_id)
    going = start_attempt(order, method=Method.LINE_PAY, actor=SYSTEM)
    assert isinstance(going, RedirectUrl)
    return order.attempts[-1].trade_number


def wrong(street: Street, **how: Any) -> None:
    url = f"{street.gateway_url}/simulator/line-pay/faults"
    assert requests.post(url, json={"call": "refund", **how}, timeout=10).status_code == 200


def send(street: Street, case_id: str) -> RefundState:
    return street.run(lambda: repay(case_id, actor=SYSTEM).state)


def look(street: Street, case_id: str, at: Callable[[RefundCase], Any]) -> Any:
    return street.run(lambda: at(queries.get_case(case_id)))


def ledger(case: RefundCase) -> Ledger:
    return queries.ledger_of(case.order)


def test_a_granted_refund_goes_back_and_the_applicant_is_told(street: Street, case_id: str) -> None:
    assert send(street, case_id) == RefundState.PAID

    found = look(street, case_id, ledger)
    assert (found.mistakes, found.refunded_twd) == ((), 250)
    refund = look(street, case_id, lambda case: case.gateway_refunds[0])
    assert (refund.state, refund.amount_twd) == (GatewayRefundState.DONE, 192)
    assert len(refund.reference) == 19


@pytest.mark.requirement("R107")
def test_the_applicant_is_promised_the_way_that_the_policy_allows(street: Street, case_id: str) -> None:
    def promised(case: RefundCase) -> str:
        return str(case_standing(case).sentence)

    mail = Mailbox(street.portal.extensions["mail_transport"].folder).last()
    assert "退回您繳費的信用卡或 LINE Pay，不能退回時以郵政匯票" in mail.text
    assert "前退回原來的信用卡或 LINE Pay，或以郵政匯票寄出" in look(street, case_id, promised)

    object.__setattr__(street.portal.extensions["settings"], "gateway_refunds", "")

    assert "日（二）前以郵政匯票寄出" in look(street, case_id, promised)


def test_pressing_twice_asks_once(street: Street, case_id: str) -> None:
    send(street, case_id)

    with pytest.raises(Refused):
        send(street, case_id)

    assert look(street, case_id, lambda case: len(case.gateway_refunds)) == 1


def test_case_23_done_at_the_gateway_and_not_written_here_is_found_and_closed(
    street: Street, case_id: str, at: At
) -> None:
    wrong(street, seconds=2, done=True)

    assert send(street, case_id) == RefundState.SENDING
    with pytest.raises(Refused):
        send(street, case_id)
    at("2023-05-01 09:10")
    assert street.run(settle_in_transit) == 1

    assert look(street, case_id, lambda case: case.state) == RefundState.PAID
    assert street.run(settle_in_transit) == 0


def test_case_24_a_refused_refund_falls_back_to_the_money_order_and_is_not_tried_again(
    street: Street, case_id: str, at: At
) -> None:
    wrong(street, code="1163")

    assert send(street, case_id) == RefundState.GRANTED
    with pytest.raises(Refused, match="匯票"):
        send(street, case_id)
    at("2023-05-02 09:00")
    assert street.run(settle_in_transit) == 0

    refund = look(street, case_id, lambda case: case.gateway_refunds[0])
    assert (refund.state, refund.result_code) == (GatewayRefundState.FAILED, "1163")
    payout = {"money_order_number": "A1234567", "paid_on": refund.ended_at.date()}
    paid = street.run(lambda: record_payout(case_id, **payout, actor=SYSTEM).state)
    assert paid == RefundState.PAID


@pytest.mark.requirement("R107")
def test_without_the_policy_it_goes_by_money_order(street: Street, case_id: str) -> None:
    object.__setattr__(street.portal.extensions["settings"], "gateway_refunds", "")

    with pytest.raises(Refused, match="匯票"):
        send(street, case_id)
