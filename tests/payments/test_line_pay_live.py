"""Paying by LINE Pay: portal and simulator as two servers (tests/payments/street.py)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from bs4 import BeautifulSoup

from app.core.actors import SYSTEM
from app.core.db import db, transaction
from app.core.errors import GatewayError, Refused
from app.payments import services
from app.payments.asking import ask_gateways
from app.payments.availability import note_answer
from app.payments.confirming import confirm_attempt
from app.payments.gateways import gateway_named, line_pay
from app.payments.gateways.base import Method, PaidTrade, RedirectUrl, TradeState
from app.payments.models import Attempt, GatewayMessage, Order
from app.payments.states import AttemptState, NoticeOutcome, ReceiptOutcome, ReceiptSource
from tests.client import check_page
from tests.conftest import taipei
from tests.databases import TestDatabases
from tests.factories.orders import make_order
from tests.payments.street import Street, free_port, open_street


@dataclass
class Payer:
    """Somebody who pays by LINE Pay in the street."""

    street: Street
    order_id: int

    def start(self) -> RedirectUrl:
        """Press the button; return where the browser is sent."""

        def press() -> RedirectUrl:
            order = db.session.get_one(Order, self.order_id)
            going = services.start_attempt(order, method=Method.LINE_PAY, actor=SYSTEM)
            assert isinstance(going, RedirectUrl)
            return going

        return self.street.run(press)

    @property
    def order(self) -> Order:
        return self.street.order(self.order_id)

    @property
    def attempt(self) -> Attempt:
        return self.order.attempts[-1]

    def agree(self, act: str = "authenticate", *, attempt: Attempt | None = None) -> str:
        """Agree at LINE Pay, cancel or fail there; return the address to which the browser is sent back."""
        number = (attempt or self.attempt).trade_number
        url = f"{self.street.gateway_url}/simulator/line-pay/trades/{number}/{act}"
        answer = requests.post(url, timeout=10)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["url"])

    def come_back(self, url: str | None = None) -> str:
        """Follow the way back in a browser that has never been at the portal; return what it reads."""
        page = requests.get(url or self.agree(), timeout=20)
        assert page.status_code == 200, page.text
        assert "Set-Cookie" not in page.headers
        check_page(page.text, where=page.url)
        return BeautifulSoup(page.text, "html5lib").main.get_text(" ", strip=True)

    def wrong(self, call: str, **how: Any) -> None:
        """Let LINE Pay do a call wrong, once unless `times` says more."""
        answer = requests.post(
            f"{self.street.gateway_url}/simulator/line-pay/faults", json={"call": call, **how}, timeout=10
        )
        assert answer.status_code == 200, answer.text

    def ask(self) -> int:
        return self.street.run(ask_gateways)


@pytest.fixture(scope="module")
def street(
    databases: TestDatabases, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Street]:
    """One street for all stories of this file: each has an order of its own."""
    with open_street(databases, template, tmp_path_factory.mktemp("street")) as opened:
        yield opened


@pytest.fixture
def payer(street: Street) -> Payer:
    """A payer for whom nothing goes wrong that another story has left behind."""

    def forget() -> None:
        with transaction() as session:
            session.execute(sa.update(Attempt).values(ask_at=None))

    street.run(forget)
    requests.delete(f"{street.gateway_url}/simulator/line-pay/faults", timeout=10)
    street.run(lambda: note_answer("line_pay"))
    return Payer(street, street.open_order())


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for LINE Pay a moment, not forty seconds."""
    for name in ("_REQUEST_SECONDS", "_CONFIRM_SECONDS", "_OTHER_SECONDS"):
        monkeypatch.setattr(line_pay, name, 0.5)


def messages(payer: Payer) -> list[tuple[NoticeOutcome | None, str]]:
    def read() -> list[tuple[NoticeOutcome | None, str]]:
        query = sa.select(GatewayMessage).where(GatewayMessage.trade_number == payer.attempt.trade_number)
        rows = db.session.scalars(query.order_by(GatewayMessage.id))
        return [(row.outcome, (row.understood or {})["result_code"]) for row in rows]

    return payer.street.run(read)


@pytest.mark.requirement("R084")
def test_a_payer_agrees_at_line_pay_and_the_order_is_paid(payer: Payer) -> None:
    going = payer.start()
    attempt = payer.attempt

    assert going.url.startswith(f"{payer.street.gateway_url}/line-pay/pay/")
    assert (attempt.state, attempt.payment_url) == (AttemptState.STARTED, going.url)
    assert len(attempt.gateway_trade_number) == 19
    said = payer.come_back()

    order = payer.order
    assert "付款完成" in said
    assert order.is_paid
    [receipt] = order.receipts
    assert (receipt.gateway, receipt.amount_twd) == ("line_pay", 250)
    assert receipt.gateway_trade_number == attempt.gateway_trade_number
    assert receipt.source == ReceiptSource.CONFIRMATION
    assert order.attempts[0].ask_at is None
    assert messages(payer) == [(NoticeOutcome.APPLIED, "0000")]


@pytest.mark.requirement("R096")
def test_coming_back_twice_takes_the_money_once(payer: Payer) -> None:
    payer.start()
    url = payer.agree()

    payer.come_back(url)
    said = payer.come_back(url)

    assert "付款完成" in said
    assert len(payer.order.receipts) == 1


@pytest.mark.requirement("R096")
def test_coming_back_while_the_money_is_being_taken_does_not_take_it_again(payer: Payer) -> None:
    payer.start()
    url = payer.agree()
    payer.wrong("confirm", seconds=0.8)

    with ThreadPoolExecutor() as pool:
        first = pool.submit(payer.come_back, url)
        while payer.attempt.state == AttemptState.STARTED:
            time.sleep(0.02)
        second = payer.come_back(url)

    # The simulator books the money at once and answers late: Details tells the truth meanwhile.
    assert "付款完成" in first.result()
    assert "付款完成" in second
    assert len(payer.order.receipts) == 1


def test_nobody_who_comes_back_without_a_login_reads_anything_personal(payer: Payer) -> None:
    payer.start()

    said = payer.come_back()

    assert "全國認證" not in said
    assert "250" not in said


def test_its_payer_is_led_on_to_the_order(payer: Payer) -> None:
    payer.start()
    payer.come_back()
    attempt, client = payer.attempt, payer.street.portal.test_client()
    path = f"/payments/attempts/{attempt.public_id}"

    assert client.get(path).status_code == 200
    assert client.get("/payments/attempts/nobody").status_code == 404


def test_case_17_a_request_without_an_answer_uses_its_number_up(payer: Payer, impatient: None) -> None:
    payer.wrong("request", seconds=0.9, done=True)

    with pytest.raises(Refused, match="沒有扣款。請過幾分鐘再試一次") as refused:
        payer.start()
    lost = payer.attempt
    payer.start()

    assert str(refused.value).endswith("或先用其他方式繳費。")
    assert (lost.state, lost.gateway_trade_number, lost.payment_url) == (AttemptState.STARTED, None, None)
    assert payer.attempt.trade_number != lost.trade_number
    assert "付款完成" in payer.come_back()


def test_case_17_a_lost_request_is_asked_about_and_then_let_go(
    payer: Payer, impatient: None, at: Callable[[str], None]
) -> None:
    payer.wrong("request", seconds=0.9, done=True)
    with pytest.raises(Refused):
        payer.start()

    at("2023-05-01 09:03")
    assert payer.ask() == 0
    assert payer.attempt.state == AttemptState.STARTED
    at("2023-05-01 09:26")
    assert payer.ask() == 1

    assert payer.attempt.state == AttemptState.ABANDONED
    assert payer.attempt.ask_at is None


def test_case_18_a_confirmation_without_an_answer_is_cleared_by_details(
    payer: Payer, impatient: None
) -> None:
    payer.start()
    payer.wrong("confirm", seconds=0.9)  # the money is taken, the answer comes too late

    said = payer.come_back()

    assert "正在確認付款" in said
    assert "沒有成功" not in said
    assert payer.attempt.state == AttemptState.CONFIRMING
    assert not payer.order.is_paid
    assert payer.ask() == 1
    order = payer.order
    assert order.is_paid
    assert [receipt.source for receipt in order.receipts] == [ReceiptSource.QUERY]


def test_case_18_nobody_pays_twice_while_one_payment_is_being_confirmed(
    payer: Payer, impatient: None, at: Callable[[str], None]
) -> None:
    payer.start()
    first = payer.agree()
    payer.start()
    second = payer.agree()
    payer.wrong("confirm", seconds=0.9)
    payer.come_back(first)

    assert "付款還沒完成" in payer.come_back(second)
    with pytest.raises(Refused, match="正在確認您剛才的付款"):
        payer.start()
    payer.ask()

    order = payer.order
    assert [attempt.state for attempt in order.attempts] == [AttemptState.PAID, AttemptState.STARTED]
    assert "沒有扣款" in payer.come_back(second)
    order = payer.order
    assert [attempt.state for attempt in order.attempts] == [AttemptState.PAID, AttemptState.ABANDONED]
    assert [receipt.outcome for receipt in order.receipts] == [ReceiptOutcome.APPLIED]


@pytest.mark.parametrize("code", ["1152", "1172", "1198", "1199", "1901", "9000"])
@pytest.mark.parametrize("done", [True, False])
def test_case_18_codes_that_leave_it_open_are_cleared_by_details(payer: Payer, code: str, done: bool) -> None:
    payer.start()
    payer.wrong("confirm", code=code, done=done)

    said = payer.come_back()

    if done:
        assert "付款完成" in said
    else:  # nothing was taken: it is taken when LINE Pay has said so
        assert "正在確認付款" in said
        assert payer.ask() == 1
    assert payer.order.is_paid
    assert len(payer.order.receipts) == 1


def test_case_18_nobody_says_failed_while_line_pay_is_silent(payer: Payer, at: Callable[[str], None]) -> None:
    payer.start()
    payer.wrong("confirm", status=502, done=True)
    payer.wrong("details", status=502, times=3)
    payer.come_back()

    assert payer.ask() == 0
    at("2023-05-01 10:30")
    assert payer.ask() == 0
    assert payer.attempt.state == AttemptState.CONFIRMING
    at("2023-05-01 15:00")
    payer.ask()
    at("2023-05-01 18:00")
    payer.ask()

    assert payer.order.is_paid


def test_case_19_a_closed_browser_is_no_lost_payment(payer: Payer, at: Callable[[str], None]) -> None:
    payer.start()
    payer.agree()

    assert payer.ask() == 0
    at("2023-05-01 09:03")
    assert payer.ask() == 1

    assert payer.order.is_paid
    assert [receipt.source for receipt in payer.order.receipts] == [ReceiptSource.CONFIRMATION]


def test_case_19_what_is_not_wanted_any_more_is_not_taken(payer: Payer, at: Callable[[str], None]) -> None:
    payer.start()
    url = payer.agree()

    def cancel() -> None:
        services.cancel_order(db.session.get_one(Order, payer.order_id), actor=SYSTEM)

    payer.street.run(cancel)
    at("2023-05-01 09:03")
    assert payer.ask() == 1

    assert payer.attempt.state == AttemptState.ABANDONED
    assert payer.order.receipts == []
    assert "LINE Pay 沒有扣款" in payer.come_back(url)


def test_case_19_after_the_last_day_nothing_is_taken(payer: Payer, at: Callable[[str], None]) -> None:
    at("2023-05-07 23:59")
    payer.start()
    url = payer.agree()
    at("2023-05-08 00:00")

    assert "已超過期限" in payer.come_back(url)
    assert payer.order.receipts == []


@pytest.mark.parametrize(
    ("act", "code", "word"), [("cancel", "0121", "20 分鐘"), ("fail", "0122", "再試一次")]
)
def test_case_19_what_was_cancelled_or_failed_there_ends_here(
    payer: Payer, at: Callable[[str], None], act: str, code: str, word: str
) -> None:
    payer.start()
    assert payer.agree(act).startswith(f"{payer.street.portal_url}/registrations/abc/pay?")

    at("2023-05-01 09:03")
    assert payer.ask() == 1

    assert payer.attempt.state == AttemptState.FAILED
    assert messages(payer) == [(NoticeOutcome.NOTED, code)]
    said = payer.come_back(f"{payer.street.portal_url}/payments/attempts/{payer.attempt.public_id}")
    assert word in said


def test_case_19_a_request_that_nobody_followed_runs_out(payer: Payer, at: Callable[[str], None]) -> None:
    payer.start()

    for minute in (3, 9, 20):
        at(f"2023-05-01 09:{minute:02d}")
        assert payer.ask() == 0
    at("2023-05-01 09:21")
    assert payer.ask() == 1

    assert payer.attempt.state == AttemptState.FAILED


@pytest.mark.parametrize("change", ["transaction", "order", "both", "missing"])
def test_case_20_a_way_back_with_other_numbers_takes_nothing(payer: Payer, change: str) -> None:
    other = Payer(payer.street, payer.street.open_order())
    for each in (payer, other):
        each.start()
        each.agree()
    mine, theirs = payer.attempt, other.attempt
    numbers = {
        "transaction": f"transactionId={theirs.gateway_trade_number}&orderId={mine.trade_number}",
        "order": f"transactionId={mine.gateway_trade_number}&orderId={theirs.trade_number}",
        "both": "transactionId=2023050100000000001&orderId=NOSUCHORDER",
        "missing": f"orderId={mine.trade_number}",
    }

    page = requests.get(f"{payer.street.portal_url}/payments/line_pay/confirm?{numbers[change]}", timeout=10)

    assert page.status_code == 404
    assert [each.attempt.state for each in (payer, other)] == [AttemptState.STARTED] * 2


def test_case_20_the_amount_is_ours_whatever_the_address_says(payer: Payer) -> None:
    payer.start()

    payer.come_back(payer.agree() + "&amount=1&currency=TWD&amount_twd=1")

    assert [receipt.amount_twd for receipt in payer.order.receipts] == [250]


def test_case_20_coming_back_without_having_agreed_leads_back_to_line_pay(payer: Payer) -> None:
    payer.start()
    attempt = payer.attempt
    numbers = f"transactionId={attempt.gateway_trade_number}&orderId={attempt.trade_number}"

    said = payer.come_back(f"{payer.street.portal_url}/payments/line_pay/confirm?{numbers}")

    assert "付款還沒完成" in said
    assert payer.attempt.state == AttemptState.STARTED
    assert "付款完成" in payer.come_back()


@pytest.mark.parametrize("how", [{"status": 502}, {"status": 403}, {"code": "1106"}, {"status": 200}])
def test_case_21_a_gateway_in_trouble_sends_nobody_away_without_a_word(
    payer: Payer, how: dict[str, Any]
) -> None:
    payer.wrong("request", times=5, **how)
    refusals = []
    for _ in range(4):
        with pytest.raises(Refused) as refused:
            payer.start()
        refusals.append(str(refused.value))

    assert all("過幾分鐘再試" in refusal for refusal in refusals)
    assert refusals[-1].startswith("暫時無法使用")
    assert len(payer.order.attempts) == 3
    expected = AttemptState.FAILED if "code" in how else AttemptState.STARTED
    assert payer.attempt.state == expected


def test_a_refused_card_is_told_with_what_to_do(payer: Payer) -> None:
    payer.start()
    payer.wrong("confirm", code="1281")

    said = payer.come_back()

    assert "付款沒有成功" in said
    assert "換一張卡片" in said
    assert payer.attempt.state == AttemptState.FAILED
    payer.start()
    assert "付款完成" in payer.come_back()


def test_v4_is_a_setting(payer: Payer, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = payer.street.portal.extensions["gateways"]["line_pay"]
    monkeypatch.setattr(
        gateway._wire,
        "_settings",
        type(gateway._settings)(
            "1650000001", gateway._settings.channel_secret, payer.street.gateway_url, "v4"
        ),
    )

    payer.start()

    assert "付款完成" in payer.come_back()


def test_what_was_paid_can_be_given_back_in_parts(payer: Payer) -> None:
    payer.start()
    payer.come_back()
    [receipt] = payer.order.receipts
    trade = PaidTrade(
        payer.attempt.trade_number, receipt.gateway_trade_number, "", receipt.amount_twd, receipt.paid_at
    )
    now = taipei("2023-05-02 09:00")

    def refund_in_parts() -> list[Any]:
        gateway = gateway_named("line_pay")
        assert isinstance(gateway, line_pay.LinePayGateway)
        before = gateway.refunded_twd(trade, now)
        first = gateway.refund(trade, 192, now)
        between = gateway.refunded_twd(trade, now)
        too_much = gateway.refund(trade, 59, now)
        rest = gateway.refund(trade, 58, now)
        again = gateway.refund(trade, 250, now)
        still_paid = gateway.query(trade.trade_number, now, gateway_trade_number=trade.gateway_trade_number)
        return [before, first, between, too_much, rest, again, still_paid]

    before, first, between, too_much, rest, again, still_paid = payer.street.run(refund_in_parts)

    assert (before, between) == (0, 192)
    assert (first.done, len(first.reference), first.result_code) == (True, 19, "0000")
    assert (too_much.done, too_much.result_code) == (False, "1164")
    assert rest.done
    assert (again.done, again.result_code) == (True, "1165")
    assert (still_paid.state, still_paid.amount_twd) == (TradeState.PAID, 250)


def test_case_23_a_refund_without_an_answer_is_found_in_the_list(payer: Payer, impatient: None) -> None:
    payer.start()
    payer.come_back()
    [receipt] = payer.order.receipts
    trade = PaidTrade(payer.attempt.trade_number, receipt.gateway_trade_number, "", 250, receipt.paid_at)
    payer.wrong("refund", seconds=0.9)
    now = taipei("2023-05-02 09:00")

    def refund() -> int:
        gateway = gateway_named("line_pay")
        assert isinstance(gateway, line_pay.LinePayGateway)
        with pytest.raises(GatewayError):
            gateway.refund(trade, 192, now)
        return gateway.refunded_twd(trade, now)

    assert payer.street.run(refund) == 192


def test_a_dead_gateway_leaves_the_attempt_confirming(payer: Payer) -> None:
    payer.start()
    payer.agree()
    gateway = payer.street.portal.extensions["gateways"]["line_pay"]
    dead = type(gateway._settings)("1650000001", "x", f"http://127.0.0.1:{free_port()}")
    gateway._wire._settings, alive = dead, gateway._wire._settings
    attempt_id = payer.attempt.id

    state = payer.street.run(lambda: confirm_attempt(attempt_id, actor=SYSTEM))
    gateway._wire._settings = alive
    again = payer.street.run(lambda: confirm_attempt(attempt_id, actor=SYSTEM))

    assert (state, again) == (AttemptState.CONFIRMING, AttemptState.CONFIRMING)
    assert payer.ask() == 1
    assert payer.order.is_paid


def test_an_order_that_wants_less_than_was_asked_for_takes_nothing(street: Street) -> None:
    with street.portal.app_context():
        order_id = make_order(methods=(Method.ATM,), days_allowed=3).id
    payer = Payer(street, order_id)

    with pytest.raises(Refused, match="不能使用這種繳費方式"):
        payer.start()
