"""Two requests at the same moment, on two connections with real commits."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.core.actors import SYSTEM
from app.core.db import db
from app.core.errors import Refused
from app.payments.models import Order, RefundCase
from app.payments.refunds.queries import ledger_of, list_cases
from app.payments.services import record_message
from tests.factories.orders import make_attempt, make_order, paid_message
from tests.factories.refunds import make_request
from tests.factories.registrations import make_paid
from tests.registration.test_races import at_once


def test_who_asks_twice_at_once_has_one_case(live_app: Flask) -> None:
    with live_app.app_context():
        registration = make_paid()

    def ask() -> RefundCase:
        return make_request(registration)

    outcomes = at_once(live_app, ask, ask)

    assert [type(each) for each in outcomes if isinstance(each, Exception)] == [Refused]
    with live_app.app_context():
        assert len(list_cases(db.session.get_one(Order, registration.order_id))) == 1


def test_a_payment_that_is_too_much_and_reported_twice_at_once_opens_one_case(live_app: Flask) -> None:
    with live_app.app_context():
        order = make_order()
        body = paid_message(make_attempt(order), TradeAmt="500")

    def report() -> object:
        return record_message("ecpay", body, address=None, actor=SYSTEM)

    at_once(live_app, report, report)

    with live_app.app_context():
        assert db.session.scalars(sa.select(RefundCase.amount_twd)).all() == [192]
        assert ledger_of(db.session.get_one(Order, order.id)).mistakes == ()
