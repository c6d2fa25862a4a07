"""Opening an order, starting to pay it, ending it."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import Refused
from app.payments import services
from app.payments.gateways.base import Method
from app.payments.gateways.check_mac import verify
from app.payments.gateways.ecpay import STAGE
from app.payments.services import OrderLineSpec
from app.payments.states import AttemptState, NoticeOutcome
from tests.factories.accounts import make_account
from tests.factories.orders import account_message, make_attempt, make_order, paid_message


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def report(body: bytes) -> NoticeOutcome:
    return services.record_message("ecpay", body, address="192.0.2.9", actor=SYSTEM)


@pytest.mark.requirement("R085", "R086")
@pytest.mark.parametrize(
    ("days_allowed", "last_day"),
    [(7, date(2023, 5, 7)), (3, date(2023, 5, 3))],  # the brochure's own examples: 7 and 3 May
)
def test_the_day_of_submission_is_day_one(app, days_allowed, last_day):
    order = make_order(days_allowed=days_allowed)

    assert order.last_day == last_day
    assert order.deadline_clause == "捌、二、(四)5"


def test_a_group_pays_the_sum_of_its_paying_members(app):
    order = make_order(lines=(OrderLineSpec("免繳", 3, 0), OrderLineSpec("報名費", 5, 250)))

    assert order.amount_twd == 1250
    assert [(line.quantity, line.unit_twd) for line in order.lines] == [(3, 0), (5, 250)]


def test_who_is_free_gets_no_order(app):
    with pytest.raises(ValueError, match="something to pay"):
        make_order(lines=(OrderLineSpec("免繳", 3, 0),))


def test_starting_sends_the_browser_to_the_gateway_with_a_signed_form(app):
    order = make_order()

    form = services.start_attempt(order, method=Method.ATM, actor=SYSTEM)

    assert form.action_url == "http://127.0.0.1:8001/Cashier/AioCheckOut/V5"
    assert verify(form.fields, STAGE.hash_key, STAGE.hash_iv)
    assert form.fields["TotalAmount"] == "250"
    assert form.fields["ExpireDate"] == "6"  # issued on 1 May, payable through 7 May
    assert form.fields["ReturnURL"] == "http://localhost/payments/ecpay/notify"
    assert form.fields["PaymentInfoURL"] == "http://localhost/payments/ecpay/code"
    assert form.fields["ClientRedirectURL"] == "http://localhost/payments/ecpay/return"
    assert form.fields["ClientBackURL"] == "http://localhost/registrations/abc/pay"


def test_pressing_twice_makes_two_attempts_with_their_own_numbers(app):
    order = make_order()

    first = services.start_attempt(order, method=Method.CARD, actor=SYSTEM)
    second = services.start_attempt(order, method=Method.CARD, actor=SYSTEM)

    assert first.fields["MerchantTradeNo"] != second.fields["MerchantTradeNo"]
    assert len(order.attempts) == 2


def test_an_issued_account_is_shown_again_instead_of_another_one(app):
    order = make_order()
    report(account_message(make_attempt(order)))

    form = services.start_attempt(order, method=Method.ATM, actor=SYSTEM)

    assert form is None
    assert len(order.attempts) == 1


@pytest.mark.requirement("R091", "Q5")
def test_changing_the_method_leaves_deadline_and_issued_account_as_they_are(app, at):
    order = make_order()
    first = make_attempt(order)
    report(account_message(first))
    at("2023-05-05 20:00")

    services.start_attempt(order, method=Method.CARD, actor=SYSTEM)

    assert order.last_day == date(2023, 5, 7)
    assert first.state == AttemptState.CODE_ISSUED
    assert first.account_number == "5219111913209840"


@pytest.mark.requirement("R090")
def test_terms_are_accepted_when_the_first_method_is_chosen(app, at):
    order = make_order()
    assert order.terms_accepted_at is None

    make_attempt(order, Method.CARD)
    at("2023-05-02 09:00")
    make_attempt(order, Method.CARD)

    assert order.terms_accepted_at.astimezone(clock.TAIPEI).day == 1


@pytest.mark.parametrize("now", ["2023-05-07 23:59:59", "2023-05-08 00:00"])
def test_a_payment_can_begin_until_the_last_day_is_over(app, at, now):
    order = make_order()
    at(now)

    decision = services.check_can_start(order, Method.CARD, now=clock.now())

    assert decision.allowed == (now < "2023-05-08")
    assert decision.clause == "捌、二、(四)5"


def test_an_account_cannot_be_issued_on_the_last_day_because_it_would_outlive_it(app, at):
    order = make_order()
    at("2023-05-07 00:00")

    with pytest.raises(Refused, match="最後一天"):
        services.start_attempt(order, method=Method.ATM, actor=SYSTEM)


@pytest.mark.requirement("R081")
@pytest.mark.parametrize("method", [Method.STORE_BARCODE, Method.LINE_PAY])
def test_a_method_that_the_track_or_no_company_offers_is_refused(app, method):
    order = make_order(methods=(Method.ATM, Method.CARD, Method.LINE_PAY), days_allowed=3)

    with pytest.raises(Refused, match="不能使用這種繳費方式"):
        services.start_attempt(order, method=method, actor=SYSTEM)

    assert order.attempts == []


@pytest.mark.requirement("R096")
def test_a_paid_order_is_not_paid_again(app):
    order = make_order()
    report(paid_message(make_attempt(order)))

    with pytest.raises(Refused, match="已經繳清"):
        services.start_attempt(order, method=Method.CARD, actor=SYSTEM)


def test_what_is_missing_can_be_paid_by_another_attempt(app):
    order = make_order(lines=(OrderLineSpec("報名費", 2, 250),))
    report(paid_message(make_attempt(order, Method.CARD), TradeAmt="300"))

    form = services.start_attempt(order, method=Method.CARD, actor=SYSTEM)

    assert form.fields["TotalAmount"] == "200"


def test_cancelling_ends_an_order_once(app):
    order = make_order()

    services.cancel_order(order, actor=SYSTEM)
    services.cancel_order(order, actor=SYSTEM)

    assert order.cancelled_at == clock.now()
    assert actions().count("payment.cancel_order") == 1
    with pytest.raises(Refused, match="已取消"):
        services.start_attempt(order, method=Method.CARD, actor=SYSTEM)


def test_a_cancellation_never_swallows_a_payment(app):
    order = make_order()
    report(paid_message(make_attempt(order)))

    with pytest.raises(Refused, match="已經繳清"):
        services.cancel_order(order, actor=SYSTEM)

    assert order.cancelled_at is None


def test_every_step_is_in_the_audit_log(app):
    order = make_order(account=make_account())
    report(paid_message(make_attempt(order)))

    assert actions()[-4:] == [
        "payment.open_order",
        "payment.start_attempt",
        "payment.record_receipt",
        "payment.tell",
    ]
