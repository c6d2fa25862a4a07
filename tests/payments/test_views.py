"""The addresses that gateways call."""

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.payments.gateways.base import Method
from app.payments.models import GatewayMessage
from tests.factories.orders import account_message, make_attempt, make_order, paid_message

FORM = "application/x-www-form-urlencoded"


def test_a_report_is_answered_with_the_bytes_the_gateway_waits_for(client):
    order = make_order()
    attempt = make_attempt(order)

    code = client.post("/payments/ecpay/code", data=account_message(attempt), content_type=FORM)
    paid = client.post("/payments/ecpay/notify", data=paid_message(attempt), content_type=FORM)

    assert [(code.status_code, code.data), (paid.status_code, paid.data)] == [(200, b"1|OK")] * 2
    assert paid.mimetype == "text/plain"
    db.session.refresh(order)
    assert order.is_paid


@pytest.mark.parametrize("path", ["/payments/ecpay/notify", "/payments/ecpay/code"])
def test_a_forged_report_is_not_acknowledged(client, path):
    answer = client.post(path, data=b"MerchantID=3002607&RtnCode=1&CheckMacValue=00", content_type=FORM)

    assert answer.status_code == 200
    assert answer.data.startswith(b"0|")


def test_no_session_is_opened_for_a_gateway(client):
    answers = [
        client.post(
            "/payments/ecpay/notify", data=paid_message(make_attempt(make_order())), content_type=FORM
        ),
        client.post("/payments/ecpay/return", data={"MerchantTradeNo": "X"}),
    ]

    assert ["Set-Cookie" in answer.headers for answer in answers] == [False, False]


@pytest.mark.parametrize(("size", "status"), [(16 * 1024, 200), (16 * 1024 + 1, 413)])
def test_a_body_over_16_kb_is_not_even_stored(client, size, status):
    answer = client.post("/payments/ecpay/notify", data=b"a=" + b"1" * (size - 2), content_type=FORM)

    assert answer.status_code == status
    assert answer.data.startswith(b"0|")
    stored = db.session.scalar(sa.select(sa.func.count(GatewayMessage.id)))
    assert stored == (1 if status == 200 else 0)


def test_reports_work_without_a_csrf_token(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    body = paid_message(make_attempt(make_order()))

    answer = app.test_client().post("/payments/ecpay/notify", data=body, content_type=FORM)

    assert answer.data == b"1|OK"


def test_a_gateway_that_we_do_not_have_is_not_found(client):
    assert client.post("/payments/nobody/notify", data=b"a=1", content_type=FORM).status_code == 404


@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_returning_browser_is_sent_to_its_orders_page_and_nothing_is_believed(client, verb):
    order = make_order()
    attempt = make_attempt(order, Method.CARD)
    fields = {"MerchantTradeNo": attempt.trade_number, "RtnCode": "1"}
    sent = {"query_string": fields} if verb == "get" else {"data": fields}

    answer = getattr(client, verb)("/payments/ecpay/return", **sent)

    assert (answer.status_code, answer.location) == (303, "/registrations/abc/pay")
    db.session.refresh(order)
    assert not order.is_paid


def test_a_browser_that_returns_from_nowhere_is_sent_home(client):
    assert client.post("/payments/ecpay/return", data={}).location == "/"


def test_a_return_with_a_number_that_no_database_can_hold_is_sent_home(client):
    answer = client.post("/payments/ecpay/return", data=b"MerchantTradeNo=A%00B", content_type=FORM)

    assert (answer.status_code, answer.location) == (303, "/")
