"""What a gateway reports, in the cases of payments.md 6; the numbers are those of its table."""

import threading
from urllib.parse import parse_qsl, urlencode

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import NotFound, Refused
from app.payments import queries
from app.payments.gateways.base import Method
from app.payments.gateways.check_mac import sign
from app.payments.gateways.ecpay import STAGE
from app.payments.models import Attempt, GatewayMessage, Order, Receipt
from app.payments.services import cancel_order, record_message
from app.payments.signals import order_paid
from app.payments.states import AttemptState, NoticeOutcome, ReceiptOutcome
from tests.conftest import taipei
from tests.factories.orders import (
    account_message,
    barcode_message,
    declined_message,
    make_attempt,
    make_order,
    paid_message,
)


def report(body: bytes) -> NoticeOutcome:
    return record_message("ecpay", body, address="192.0.2.9", actor=SYSTEM)


def kept() -> list[GatewayMessage]:
    return list(db.session.scalars(sa.select(GatewayMessage).order_by(GatewayMessage.id)))


def outcomes(order: Order) -> list[ReceiptOutcome]:
    return [receipt.outcome for receipt in order.receipts]


@pytest.fixture
def announced():
    """The orders announced as paid during the test."""
    heard: list[Order] = []

    def hear(order: Order, **_facts: object) -> None:
        heard.append(order)

    with order_paid.connected_to(hear):
        yield heard


def test_a_payment_pays_the_order_announces_it_and_mails_the_payer(app, announced, mailbox):
    order = make_order()

    outcome = report(paid_message(make_attempt(order), at=taipei("2023-05-03 10:00")))

    assert outcome == NoticeOutcome.APPLIED
    assert order.is_paid
    assert order.paid_at == taipei("2023-05-03 10:00")
    assert announced == [order]
    assert mailbox.last().subject == "已收到繳費：全國認證第一梯次報名費"
    assert "NT$250" in mailbox.last().text
    assert "http://localhost/registrations/abc/pay" in mailbox.last().links


def test_an_issued_account_is_kept_for_the_payer_and_is_no_payment(app):
    order = make_order()
    attempt = make_attempt(order)

    outcome = report(account_message(attempt))

    assert outcome == NoticeOutcome.CODE_STORED
    assert (attempt.bank_code, attempt.account_number) == ("005", "5219111913209840")
    assert attempt.code_expires_at == taipei("2023-05-08 00:00")
    assert not order.is_paid


def test_issued_bars_are_kept_in_their_order(app):
    attempt = make_attempt(make_order(), Method.STORE_BARCODE)

    report(barcode_message(attempt))

    assert attempt.barcodes == ["1205076EA", "3453011539919569", "050177000000250"]


def test_case_1_a_repeated_report_changes_nothing(app, announced, mailbox):
    order = make_order()
    body = paid_message(make_attempt(order))

    assert [report(body), report(body)] == [NoticeOutcome.APPLIED, NoticeOutcome.REPEATED]

    assert len(order.receipts) == 1
    assert len(announced) == len(mailbox.all()) == 1
    assert [message.outcome for message in kept()] == [NoticeOutcome.APPLIED, NoticeOutcome.REPEATED]


def test_a_code_reported_twice_is_stored_once(app):
    attempt = make_attempt(make_order())
    report(account_message(attempt))

    assert report(account_message(attempt, account="9999999999999999")) == NoticeOutcome.REPEATED

    assert attempt.account_number == "5219111913209840"


def test_case_3_a_code_reported_after_its_payment_only_fills_in_what_was_missing(app):
    order = make_order()
    attempt = make_attempt(order)
    report(paid_message(attempt))

    assert report(account_message(attempt)) == NoticeOutcome.CODE_STORED

    assert attempt.state == AttemptState.PAID
    assert attempt.account_number == "5219111913209840"


def test_case_4_a_refusal_after_the_payment_is_only_noted(app):
    order = make_order()
    attempt = make_attempt(order, Method.CARD)
    report(paid_message(attempt))

    assert report(declined_message(attempt)) == NoticeOutcome.NOTED

    assert attempt.state == AttemptState.PAID
    assert order.is_paid


def test_case_5_a_card_may_pass_after_it_was_refused(app):
    order = make_order()
    attempt = make_attempt(order, Method.CARD)

    report(declined_message(attempt))
    assert attempt.state == AttemptState.FAILED
    assert queries.find_failure_code(attempt) == "10100252"
    report(paid_message(attempt))

    assert attempt.state == AttemptState.PAID
    assert order.is_paid


def test_case_6_a_forged_report_is_kept_and_changes_nothing(app):
    order = make_order()
    fields = dict(parse_qsl(paid_message(make_attempt(order)).decode(), keep_blank_values=True))
    body = urlencode(fields | {"TradeAmt": "1"}).encode()

    assert report(body) == NoticeOutcome.FORGED

    assert not order.receipts
    assert (kept()[0].body, kept()[0].address) == (body, "192.0.2.9")


def test_case_7_another_merchants_report_changes_nothing(app):
    order = make_order()
    attempt = make_attempt(order)

    assert report(paid_message(attempt, MerchantID="2000132")) == NoticeOutcome.FOREIGN

    assert not order.receipts


@pytest.mark.parametrize("change", [str.lower, lambda number: f"{number[:-1]}-"])
def test_case_7_a_report_about_no_trade_of_ours_waits_for_staff(app, change):
    attempt = make_attempt(make_order())
    number = change(attempt.trade_number)

    assert report(paid_message(attempt, MerchantTradeNo=number)) == NoticeOutcome.UNKNOWN

    assert kept()[0].trade_number == number
    assert kept()[0].understood["amount_twd"] == 250


def test_case_8_the_gateways_own_test_is_never_money(app):
    order = make_order()

    assert report(paid_message(make_attempt(order), SimulatePaid="1")) == NoticeOutcome.NOTED

    assert not order.receipts


def test_case_9_too_little_leaves_the_order_open(app, announced, mailbox):
    order = make_order()

    report(paid_message(make_attempt(order), TradeAmt="200"))

    assert not order.is_paid
    assert order.outstanding_twd == 50
    assert announced == []
    assert "還差 NT$50" in mailbox.last().text


def test_case_10_too_much_pays_and_the_rest_is_refundable(app, mailbox):
    order = make_order()

    report(paid_message(make_attempt(order), TradeAmt="400"))

    assert order.is_paid
    assert order.refundable_twd == 150
    assert "多繳了 NT$150" in mailbox.last().text


@pytest.mark.requirement("R087")
@pytest.mark.parametrize(
    ("paid_at", "outcome"),
    [
        ("2023-05-07 23:59:59", ReceiptOutcome.APPLIED),
        ("2023-05-08 00:00:00", ReceiptOutcome.LATE),
    ],
)
def test_cases_11_and_12_the_instant_of_payment_decides_not_the_instant_of_the_report(
    app, at, paid_at, outcome
):
    order = make_order()
    attempt = make_attempt(order)
    at("2023-05-10 14:00")  # the store reports three days later

    report(paid_message(attempt, at=taipei(paid_at)))

    assert outcomes(order) == [outcome]
    assert order.is_paid == (outcome == ReceiptOutcome.APPLIED)
    assert order.refundable_twd == (0 if order.is_paid else 250)


def test_a_late_payment_is_told_to_the_payer_and_not_announced(app, announced, mailbox):
    order = make_order()

    report(paid_message(make_attempt(order), at=taipei("2023-05-08 00:00")))

    assert announced == []
    assert "已超過繳費期限" in mailbox.last().text
    assert "112 年 5 月 8 日（一）00:00" in mailbox.last().text


def test_case_13_money_for_a_cancelled_order_is_kept_for_refund(app, announced):
    order = make_order()
    attempt = make_attempt(order)
    cancel_order(order, actor=SYSTEM)

    report(paid_message(attempt))

    assert outcomes(order) == [ReceiptOutcome.CANCELLED_ORDER]
    assert order.cancelled_at is not None
    assert order.refundable_twd == 250
    assert announced == []


def test_cases_14_and_15_the_second_of_two_payments_is_surplus(app, announced):
    order = make_order()
    by_account = make_attempt(order)
    report(account_message(by_account))
    by_card = make_attempt(order, Method.CARD)

    report(paid_message(by_card))
    report(paid_message(by_account))

    assert outcomes(order) == [ReceiptOutcome.APPLIED, ReceiptOutcome.SURPLUS]
    assert (order.applied_twd, order.refundable_twd) == (250, 250)
    assert announced == [order]


def test_one_number_of_the_gateway_never_pays_two_orders(app):
    first, second = make_order(), make_order()
    report(paid_message(make_attempt(first), TradeNo="2305010900000001"))

    outcome = report(paid_message(make_attempt(second), TradeNo="2305010900000001"))

    assert outcome == NoticeOutcome.NOTED
    assert not second.is_paid


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"a=1&a=2", b"nothing"])
def test_what_is_no_form_is_kept_and_refused(app, body):
    outcome = report(body)

    assert outcome in {NoticeOutcome.MALFORMED, NoticeOutcome.FORGED}
    assert kept()[0].body == body


def test_a_signed_report_without_an_amount_is_malformed(app):
    attempt = make_attempt(make_order())
    fields = dict(parse_qsl(paid_message(attempt).decode(), keep_blank_values=True))
    del fields["TradeAmt"], fields["CheckMacValue"]

    assert report(urlencode(sign(fields, STAGE.hash_key, STAGE.hash_iv)).encode()) == NoticeOutcome.MALFORMED


def test_a_gateway_that_we_do_not_have_is_not_found(app):
    with pytest.raises(NotFound):
        record_message("nobody", b"a=1", address=None, actor=SYSTEM)


def test_a_receiver_that_fails_undoes_the_payment_but_the_report_stays(live_app):
    with live_app.app_context():
        order = make_order()
        body = paid_message(make_attempt(order))

        def fail(_order: Order, **_facts: object) -> None:
            raise RuntimeError("the room above has a bug")

        with order_paid.connected_to(fail), pytest.raises(RuntimeError):
            report(body)

        db.session.refresh(order)
        assert not order.is_paid
        assert [(m.body, m.outcome) for m in kept()] == [(body, None)]
        assert report(body) == NoticeOutcome.APPLIED


def test_case_2_two_reports_at_the_same_moment_make_one_receipt(live_app):
    with live_app.app_context():
        body = paid_message(make_attempt(make_order()))
    seen: list[NoticeOutcome] = []
    together = threading.Barrier(6)
    now = clock.now()

    def deliver() -> None:
        with live_app.app_context(), clock.fixed(now):
            together.wait()
            seen.append(report(body))

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seen) == [NoticeOutcome.APPLIED] + [NoticeOutcome.REPEATED] * 5
    with live_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Receipt.id))) == 1


def test_two_payments_of_one_order_at_the_same_moment_are_one_applied_and_one_surplus(live_app):
    with live_app.app_context():
        order = make_order()
        bodies = [paid_message(make_attempt(order, Method.CARD)) for _ in range(2)]
        attempts = db.session.scalar(sa.select(sa.func.count(Attempt.id)))
    together = threading.Barrier(2)
    now = clock.now()

    def deliver(body: bytes) -> None:
        with live_app.app_context(), clock.fixed(now):
            together.wait()
            report(body)

    threads = [threading.Thread(target=deliver, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert attempts == 2
    with live_app.app_context():
        found = db.session.scalars(sa.select(Receipt.outcome)).all()
        assert sorted(found) == [ReceiptOutcome.APPLIED, ReceiptOutcome.SURPLUS]


def test_a_cancellation_and_a_payment_at_once_leave_no_dollar_unaccounted_for(live_app):
    with live_app.app_context():
        order_id = make_order().id
        body = paid_message(make_attempt(db.session.get_one(Order, order_id), Method.CARD))
    now, refused = clock.now(), False

    def deliver() -> None:
        with live_app.app_context(), clock.fixed(now):
            report(body)

    meanwhile = threading.Thread(target=deliver)
    try:
        with live_app.app_context(), transaction() as session:
            order = session.get_one(Order, order_id)
            assert not order.is_paid
            meanwhile.start()
            meanwhile.join(timeout=2)
            cancel_order(order, actor=SYSTEM)
    except Refused:
        refused = True
    meanwhile.join()

    with live_app.app_context():
        outcome = db.session.scalars(sa.select(Receipt.outcome)).one()
        # PostgreSQL lets the payment in first, and the cancellation sees it; on SQLite it waits its turn.
        paid_first = db.engine.dialect.name == "postgresql"
    assert refused is paid_first
    assert outcome == (ReceiptOutcome.APPLIED if paid_first else ReceiptOutcome.CANCELLED_ORDER)


def test_a_genuine_report_of_no_money_at_all_is_kept_and_changes_nothing(app):
    order = make_order()

    outcome = report(paid_message(make_attempt(order), TradeAmt="0"))

    assert outcome == NoticeOutcome.MALFORMED
    assert order.receipts == []
    assert [message.outcome for message in kept()] == [NoticeOutcome.MALFORMED]


def test_money_that_arrives_is_on_record_with_what_became_of_it(app):
    order = make_order()
    attempt = make_attempt(order)
    report(paid_message(attempt, TradeAmt="300"))

    [entry] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "payment.record_receipt"))

    assert (entry.subject_type, entry.subject_id) == ("orders", order.public_id)
    assert entry.details == {
        "amount_twd": 300,
        "outcome": "applied",
        "source": "notice",
        "trade_number": attempt.trade_number,
    }
