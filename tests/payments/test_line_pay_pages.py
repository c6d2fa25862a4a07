"""What a payer reads who pays by LINE Pay: before, on the way, while nobody knows, and after a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from app.accounts.models import Account
from app.core import clock
from app.core.db import db, transaction
from app.payments import pages, queries
from app.payments.gateways.base import Method, RedirectUrl
from app.payments.gateways.line_pay import LinePayGateway
from app.payments.gateways.line_pay_wire import SIMULATED
from app.payments.models import Attempt, GatewayMessage, Order
from app.payments.states import AttemptState, NoticeOutcome
from app.registration.pages import facts_of
from app.registration.status import Tag, standing, timeline
from tests.client import CheckingClient, check_page
from tests.factories.orders import make_order
from tests.factories.registrations import make_submitted

PATH = "/registrations/abc/pay"
URL = "http://127.0.0.1:8001/line-pay/pay/key"


@pytest.fixture(autouse=True)
def line_pay_is_offered(app: Flask) -> Iterator[LinePayGateway]:
    gateway = LinePayGateway(SIMULATED)
    for offers, key in (("gateways", gateway.name), ("payment_methods", Method.LINE_PAY)):
        app.extensions[offers][key] = gateway
    yield gateway
    del app.extensions["gateways"][gateway.name], app.extensions["payment_methods"][Method.LINE_PAY]


@pytest.fixture
def show(app: Flask) -> Callable[..., BeautifulSoup]:
    def show(order: Order, *, status: int = 200, **posted: str) -> BeautifulSoup:
        verb: dict[str, Any] = {"method": "POST", "data": posted} if posted else {}
        with app.test_request_context(PATH, **verb):
            app.preprocess_request()
            response = app.make_response(pages.pay(order, subject_facts=[], back_url="/registrations/abc"))
        html = response.get_data(as_text=True)
        assert response.status_code == status
        check_page(html, where=PATH)
        return BeautifulSoup(html, "html5lib").main

    return show


def attempt_of(order: Order, state: AttemptState) -> Attempt:
    with transaction() as session:
        attempt = Attempt(
            order=order,
            gateway="line_pay",
            trade_number=f"LP{order.id:08d}{len(order.attempts)}",
            method=Method.LINE_PAY,
            amount_twd=order.outstanding_twd,
            state=state,
            started_at=clock.now(),
            gateway_trade_number=f"20230501{order.id:011d}",
            payment_url=URL,
        )
        session.add(attempt)
    db.session.refresh(order, ["attempts"])
    return attempt


def refused_with(attempt: Attempt, code: str) -> None:
    with transaction() as session:
        session.add(
            GatewayMessage(
                gateway="line_pay",
                received_at=clock.now(),
                body=b"{}",
                trade_number=attempt.trade_number,
                outcome=NoticeOutcome.NOTED,
                understood={"kind": "failed", "result_code": code},
            )
        )


def words(part: Any) -> str:
    return " ".join(part.get_text(" ", strip=True).split())


def buttons(page: BeautifulSoup) -> list[str]:
    return [button["value"] for button in page.select(".methods button")]


@pytest.mark.requirement("R084")
def test_line_pay_is_offered_with_what_happens_on_a_phone_and_on_a_computer(show):
    page = show(make_order(methods=(Method.ATM, Method.CARD, Method.LINE_PAY), days_allowed=3))

    method = page.find("button", value="line_pay").find_parent(class_="method")
    assert words(method.h3) == "LINE Pay"
    assert "用手機時會開啟 LINE Pay；用電腦時請登入 LINE 或掃描 QR code" in words(method)
    assert words(method.button) == "前往 LINE Pay"


@pytest.mark.requirement("R084", "R092")
def test_the_next_page_leads_to_line_pay_by_a_link_too(show, line_pay_is_offered, monkeypatch):
    number = "2023050100000000001"
    monkeypatch.setattr(line_pay_is_offered, "start", lambda _request: RedirectUrl(URL, number))
    order = make_order()

    page = show(order, method="line_pay")

    assert page.find("a", attrs={"data-gateway": True})["href"] == URL
    assert "NT$250" in words(page)
    assert "請在 20 分鐘內完成" in words(page)
    assert (order.attempts[0].payment_url, order.attempts[0].gateway_trade_number) == (URL, number)


def test_who_has_left_line_pay_can_go_back_there_for_twenty_minutes(show, at):
    order = make_order()
    attempt_of(order, AttemptState.STARTED)

    assert show(order).find("a", href=URL)
    at("2023-05-01 09:20")
    assert not show(order).find("a", href=URL)


def test_case_18_while_nobody_knows_the_page_says_so_and_offers_nothing_else(show, at):
    order = make_order()
    attempt_of(order, AttemptState.CONFIRMING)

    page = show(order)

    assert "LINE Pay 還沒有回覆是否已扣款，請先不要再繳" in words(page)
    assert "確認付款中" in words(page.find(class_="bill"))
    assert "沒有成功" not in words(page)
    assert buttons(page) == []
    at("2023-05-01 09:30")
    assert "還沒有回覆" in words(show(order))
    assert "card" in buttons(show(order))


def test_case_18_a_press_from_an_older_page_is_refused_with_the_reason(show):
    order = make_order()
    attempt_of(order, AttemptState.CONFIRMING)

    page = show(order, status=409, method="card")

    assert "正在確認您剛才的付款，請先不要再繳" in words(page.find(role="alert"))
    assert len(order.attempts) == 1


@pytest.mark.parametrize(
    ("code", "word"), [("1142", "餘額不足"), ("0121", "20 分鐘"), ("1281", "換一張卡片")]
)
def test_a_refusal_is_told_with_what_to_do_now(show, code, word):
    order = make_order()
    refused_with(attempt_of(order, AttemptState.FAILED), code)

    page = show(order)

    assert "LINE Pay 付款沒有成功" in words(page)
    assert word in words(page)
    assert "line_pay" in buttons(page)


def test_a_gateway_that_is_no_longer_bound_does_not_break_the_page(app, show):
    order = make_order()
    attempt_of(order, AttemptState.FAILED)
    gateway = app.extensions["gateways"].pop("line_pay")
    app.extensions["payment_methods"].pop(Method.LINE_PAY)

    assert "LINE Pay 目前暫停服務" in words(show(order))
    app.extensions["gateways"]["line_pay"] = app.extensions["payment_methods"][Method.LINE_PAY] = gateway


def test_case_18_the_status_page_says_that_it_is_being_confirmed(app):
    registration = make_submitted()
    attempt_of(registration.order, AttemptState.CONFIRMING)
    now = clock.now()

    facts = facts_of(registration, now)
    found = standing(facts, now)

    assert (found.kind, str(found.label), found.step) == (Tag.WAITING, "確認付款中", None)
    assert "這段時間請不要再繳" in str(found.answer)
    item = next(each for each in timeline(facts, now) if each.key == "payment")
    assert (item.kind, str(item.label), item.step) == (Tag.WAITING, "確認付款中", None)


def test_a_paid_order_is_paid_whatever_else_is_being_confirmed(app):
    order = make_order()
    assert queries.payer_status_of(order, now=clock.now()).confirming is False
    assert queries.payer_status_of(None, now=clock.now()).confirming is False
    assert queries.confirming_among([order, None]) == set()
    attempt_of(order, AttemptState.CONFIRMING)
    assert queries.confirming_among([order, None]) == {order.id}


def test_the_result_of_somebody_else_is_told_without_a_name(client: CheckingClient):
    order = make_order()
    for state in AttemptState:
        attempt = attempt_of(order, state)

        page = client.get(f"/payments/attempts/{attempt.public_id}")

        assert page.status_code == 200
        assert order.title not in page.get_data(as_text=True)


@pytest.mark.requirement("R096")
def test_its_payer_is_sent_on_to_the_order(client, sign_in):
    order = make_order()
    attempt = attempt_of(order, AttemptState.PAID)
    sign_in(db.session.get_one(Account, order.account_id))

    answer = client.get(f"/payments/attempts/{attempt.public_id}")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/registrations/abc/pay")


@pytest.mark.parametrize("path", ["notify", "code", "return"])
def test_line_pay_sends_no_notices_and_none_are_taken(client, path):
    assert client.post(f"/payments/line_pay/{path}", data=b"a=1").status_code == 404


def test_only_a_gateway_that_is_confirmed_has_a_way_back_that_confirms(client):
    assert client.get("/payments/ecpay/confirm?orderId=A&transactionId=1").status_code == 404
    assert client.get("/payments/nobody/confirm").status_code == 404
