"""Gateways are asked about what they have not told; over HTTP, with the simulator."""

from __future__ import annotations

from collections.abc import Callable

import requests

from app.core.db import transaction
from app.payments.asking import ask_gateways
from app.payments.gateways.base import Method
from app.payments.models import Attempt
from app.payments.states import AttemptState, ReceiptSource
from tests.conftest import taipei
from tests.payments.street import Street, free_port


def ask(street: Street) -> int:
    return street.run(ask_gateways)


def issue_account(street: Street, order_id: int) -> str:
    page_url = street.go_to_gateway(order_id, Method.ATM)
    street.browser.post(f"{page_url}/code", timeout=10)
    number: str = street.order(order_id).attempts[-1].trade_number
    return number


def pay_by_card_unseen(street: Street, order_id: int) -> None:
    """Pay at the gateway, whose notice is lost."""
    street.go_to_gateway(order_id, Method.CARD)
    number = street.order(order_id).attempts[-1].trade_number
    answer = requests.post(
        f"{street.gateway_url}/simulator/trades/{number}/pay", json={"deliver": False}, timeout=10
    )
    assert answer.status_code == 200, answer.text


def test_case_16_a_card_whose_notice_was_lost_is_found_after_ten_minutes(
    street: Street, at: Callable[[str], None]
) -> None:
    order_id = street.open_order()
    pay_by_card_unseen(street, order_id)

    assert ask(street) == 0
    assert not street.order(order_id).is_paid
    at("2023-05-01 09:10")
    assert ask(street) == 1

    order = street.order(order_id)
    assert order.is_paid
    assert [receipt.source for receipt in order.receipts] == [ReceiptSource.QUERY]
    assert order.attempts[0].ask_at is None
    assert ask(street) == 0


def test_case_16_a_notice_that_comes_after_the_question_counts_no_second_time(
    street: Street, at: Callable[[str], None]
) -> None:
    order_id = street.open_order()
    pay_by_card_unseen(street, order_id)
    at("2023-05-01 09:10")
    ask(street)

    street.browser.post(f"{street.gateway_url}/simulator/deliver", timeout=10)

    assert len(street.order(order_id).receipts) == 1


def test_a_transfer_that_was_never_reported_is_found_when_its_time_is_over(
    street: Street, at: Callable[[str], None]
) -> None:
    order_id = street.open_order()
    street.pay(issue_account(street, order_id), deliver=False)

    at("2023-05-08 23:59")
    assert ask(street) == 0
    at("2023-05-09 00:00")
    assert ask(street) == 1

    order = street.order(order_id)
    assert order.is_paid
    assert order.paid_at == taipei("2023-05-01 09:00")


def test_an_attempt_that_nobody_paid_is_left_after_the_last_question(
    street: Street, at: Callable[[str], None]
) -> None:
    order_id = street.open_order()
    street.go_to_gateway(order_id, Method.CARD)

    for moment in ("2023-05-01 09:10", "2023-05-01 09:40", "2023-05-02 09:00"):
        at(moment)
        ask(street)

    attempt = street.order(order_id).attempts[0]
    assert (attempt.state, attempt.times_asked, attempt.ask_at) == (AttemptState.ABANDONED, 3, None)


def test_case_21_a_silent_gateway_is_asked_again_later_and_nothing_is_believed(
    street: Street, at: Callable[[str], None]
) -> None:
    order_id = street.open_order()
    pay_by_card_unseen(street, order_id)
    gateway = street.portal.extensions["gateways"]["ecpay"]
    good = gateway._settings.base_url
    object.__setattr__(gateway._settings, "base_url", f"http://127.0.0.1:{free_port()}")
    at("2023-05-01 09:10")

    assert ask(street) == 0

    attempt = street.order(order_id).attempts[0]
    assert (attempt.state, attempt.ask_at) == (AttemptState.STARTED, taipei("2023-05-01 09:12"))
    object.__setattr__(gateway._settings, "base_url", good)
    at("2023-05-01 09:12")
    assert ask(street) == 1


def test_case_6_after_a_forged_notice_the_gateway_itself_is_asked(street: Street) -> None:
    order_id = street.open_order()
    number = issue_account(street, order_id)

    answers = street.pay(number, wrong_digest=True)
    assert answers[0].startswith("0|")
    assert not street.order(order_id).is_paid

    assert ask(street) == 1
    assert street.order(order_id).is_paid


def test_a_code_whose_notice_was_lost_is_fetched(street: Street, at: Callable[[str], None]) -> None:
    order_id = street.open_order()
    issue_account(street, order_id)
    attempt = street.order(order_id).attempts[0]
    forget_code(street, attempt.id)
    at("2023-05-01 09:10")

    ask(street)

    found = street.order(order_id).attempts[0]
    assert (found.state, found.account_number) == (AttemptState.CODE_ISSUED, attempt.account_number)
    assert found.ask_at == taipei("2023-05-09 00:00")


def forget_code(street: Street, attempt_id: int) -> None:
    """Put an attempt back to before its code was reported, as if the notice had been lost."""
    with street.portal.app_context(), transaction() as session:
        attempt = session.get_one(Attempt, attempt_id)
        attempt.state, attempt.account_number, attempt.code_expires_at = AttemptState.STARTED, None, None
        attempt.ask_at = taipei("2023-05-01 09:10")
