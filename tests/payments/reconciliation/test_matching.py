"""Lines held against the books: cases 16, 26 and 29 of payments.md 6."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import InvalidValue, Refused
from app.payments.gateways.base import Method
from app.payments.models import (
    Finding,
    GatewayRefund,
    Receipt,
    ReconciliationLine,
)
from app.payments.reconciliation.services import close_finding, own_finding
from app.payments.reconciliation.sources import FileSource
from app.payments.reconciliation.states import (
    ClosingAction,
    FileState,
    FindingKind,
    LineState,
)
from app.payments.services import record_message
from app.payments.states import AttemptState, ReceiptOutcome, ReceiptSource
from tests.conftest import taipei
from tests.factories.accounts import make_staff
from tests.factories.orders import make_attempt, make_order, paid_message
from tests.factories.reconciliation import (
    TRADE_HEADINGS,
    bank_file,
    bank_line,
    paid_row,
    settlement_file,
    take,
    take_trades,
    trade_file,
    trade_row,
)
from tests.payments.reconciliation.ledger import (
    FIRST_OF_MAY_TO_THIRD,
    TRADE_NUMBER,
    books_balance,
    money,
    open_findings,
    reported,
    rows,
)

pytestmark = pytest.mark.usefixtures("app")


def test_what_both_know_is_noted_with_its_fee_and_listed_nowhere(at):
    order = make_order()
    attempt = reported(order, PaymentTypeChargeFee="")
    at("2023-05-04 09:00")

    file = take_trades(paid_row(attempt, TRADE_NUMBER))

    assert (file.state, file.counts, file.lines_done) == (FileState.DONE, {"matched": 1}, 1)
    assert (file.begins_on, file.ends_on) == (FIRST_OF_MAY_TO_THIRD.ends_on,) * 2
    [line] = rows(ReconciliationLine)
    assert line.receipt == order.receipts[0]
    assert line.raw.startswith("=")
    assert order.receipts[0].fee_twd == 10
    assert rows(Finding) == []
    assert file.content is None


@pytest.mark.parametrize("method", [Method.ATM, Method.CARD])
def test_case_16_a_payment_nobody_told_us_of_is_recorded_from_the_file(at, mailbox, method):
    order = make_order()
    attempt = make_attempt(order, method)
    at("2023-05-04 09:00")

    file = take_trades(paid_row(attempt, TRADE_NUMBER))

    [receipt] = order.receipts
    assert order.is_paid
    assert (receipt.source, receipt.outcome) == (ReceiptSource.FILE, ReceiptOutcome.APPLIED)
    assert (receipt.paid_at, receipt.fee_twd) == (taipei("2023-05-03 10:00"), 10)
    assert attempt.state == AttemptState.PAID
    assert file.counts == {"healed": 1}
    assert mailbox.last().subject.startswith("已收到繳費")
    assert rows(Finding) == []
    assert books_balance()


@pytest.mark.requirement("R095")
def test_case_16_money_paid_in_time_and_told_of_after_the_deadline_is_applied(at):
    order = make_order()
    attempt = make_attempt(order)
    at("2023-05-10 09:00")

    take_trades(paid_row(attempt, TRADE_NUMBER, paid_at="2023-05-07 23:59"))

    assert order.is_paid
    assert order.receipts[0].outcome == ReceiptOutcome.APPLIED


def test_case_16_money_paid_too_late_is_recorded_to_go_back(at):
    order = make_order()
    attempt = make_attempt(order)
    at("2023-05-10 09:00")

    take_trades(paid_row(attempt, TRADE_NUMBER, paid_at="2023-05-08 00:00"))

    assert order.receipts[0].outcome == ReceiptOutcome.LATE
    assert order.refundable_twd == 250
    assert books_balance()


def test_case_16_the_notice_that_comes_after_the_file_changes_nothing(at):
    order = make_order()
    attempt = make_attempt(order)
    at("2023-05-04 09:00")
    take_trades(paid_row(attempt, TRADE_NUMBER))
    before = money()

    body = paid_message(attempt, at=taipei("2023-05-03 10:00"), TradeNo=TRADE_NUMBER)
    record_message("ecpay", body, address=None, actor=SYSTEM)

    assert money() == before


def test_a_file_without_the_day_of_payment_has_the_gateway_asked_and_closes_when_it_has_told(at):
    order = make_order()
    attempt = make_attempt(order)
    at("2023-05-04 09:00")
    headings = tuple(name for name in TRADE_HEADINGS if name != "付款日期")
    row = paid_row(attempt, TRADE_NUMBER)

    file = take(FileSource.ECPAY_TRADES, trade_file([row], headings=headings))

    assert file.counts == {"missing": 1}
    assert order.receipts == []
    assert attempt.ask_at == clock.now()
    [finding] = open_findings(FindingKind.NOT_IN_PORTAL)

    body = paid_message(attempt, at=taipei("2023-05-03 10:00"), TradeNo=TRADE_NUMBER)
    record_message("ecpay", body, address=None, actor=SYSTEM)
    take_trades(trade_row("SOMEBODYELSE"))

    assert finding.closing_action == ClosingAction.AGREED
    assert (finding.line.state, finding.line.receipt) == (LineState.MATCHED, order.receipts[0])
    assert finding.closed_by_id is None


def test_a_later_file_that_says_when_it_was_paid_heals_what_an_earlier_one_could_not(at):
    order = make_order()
    attempt = make_attempt(order)
    at("2023-05-04 09:00")
    headings = tuple(name for name in TRADE_HEADINGS if name != "付款日期")
    row = paid_row(attempt, TRADE_NUMBER)
    take(FileSource.ECPAY_TRADES, trade_file([row], headings=headings))

    take_trades(row)

    assert order.is_paid
    [line] = rows(ReconciliationLine)
    assert (line.state, line.receipt) == (LineState.HEALED, order.receipts[0])
    assert open_findings(FindingKind.NOT_IN_PORTAL) == []


@pytest.mark.requirement("R095")
def test_case_29_in_the_file_and_not_in_the_portal_is_kept_as_money_in_suspense(at):
    at("2023-05-04 09:00")

    file = take_trades(trade_row("NOTOURS", theirs=TRADE_NUMBER))

    assert file.counts == {"suspense": 1}
    [receipt] = rows(Receipt)
    assert (receipt.order_id, receipt.attempt_id, receipt.outcome) == (None, None, ReceiptOutcome.SUSPENSE)
    assert (receipt.amount_twd, receipt.gateway_trade_number) == (250, TRADE_NUMBER)
    [finding] = open_findings(FindingKind.NOT_IN_PORTAL)
    assert (finding.file_twd, finding.portal_twd, finding.line.receipt) == (250, None, receipt)
    assert books_balance()


def test_case_29_in_the_portal_and_not_in_the_file_is_listed_until_a_file_has_it(at):
    order = make_order()
    attempt = reported(order)
    at("2023-05-04 09:00")

    file = take_trades(period=FIRST_OF_MAY_TO_THIRD)

    assert file.counts == {"not_in_file": 1}
    [finding] = open_findings(FindingKind.NOT_IN_FILE)
    assert (finding.receipt, finding.portal_twd, finding.file_twd) == (order.receipts[0], 250, None)
    take_trades(trade_row("NOTOURS"), period=FIRST_OF_MAY_TO_THIRD)
    assert len(open_findings(FindingKind.NOT_IN_FILE)) == 1

    take_trades(paid_row(attempt, TRADE_NUMBER))

    assert open_findings(FindingKind.NOT_IN_FILE) == []
    assert finding.closing_action == ClosingAction.AGREED


@pytest.mark.parametrize("read_at", ["2023-05-03 11:00", "2023-05-03 23:59"])
def test_a_day_that_is_not_over_misses_nothing(at, read_at):
    reported(make_order())
    at(read_at)

    take_trades(period=FIRST_OF_MAY_TO_THIRD)

    assert open_findings(FindingKind.NOT_IN_FILE) == []


def test_case_29_an_amount_that_differs_is_listed_and_the_books_keep_theirs(at):
    order = make_order()
    attempt = reported(order)
    at("2023-05-04 09:00")

    file = take_trades(paid_row(attempt, TRADE_NUMBER, amount=200))

    assert file.counts == {"differs": 1}
    [finding] = open_findings(FindingKind.AMOUNT_DIFFERS)
    assert (finding.file_twd, finding.portal_twd) == (200, 250)
    assert [receipt.amount_twd for receipt in order.receipts] == [250]


def test_case_29_each_finding_has_an_owner_and_a_closing_action(at):
    clerk, other = make_staff(), make_staff()
    reported(make_order())
    at("2023-05-04 09:00")
    take_trades(period=FIRST_OF_MAY_TO_THIRD)
    [finding] = open_findings(FindingKind.NOT_IN_FILE)

    own_finding(finding.public_id, account_id=clerk.id, actor=SYSTEM)
    with pytest.raises(InvalidValue, match="寫明"):
        close_finding(
            finding.public_id, action=ClosingAction.CORRECTED, note=" ", account_id=other.id, actor=SYSTEM
        )
    with pytest.raises(InvalidValue, match="怎麼結案"):
        close_finding(
            finding.public_id, action=ClosingAction.AGREED, note="好", account_id=other.id, actor=SYSTEM
        )
    close_finding(
        finding.public_id,
        action=ClosingAction.CORRECTED,
        note="綠界補上了。",
        account_id=other.id,
        actor=SYSTEM,
    )

    assert (finding.owner_id, finding.closed_by_id) == (clerk.id, other.id)
    assert (finding.closing_action, finding.note) == (ClosingAction.CORRECTED, "綠界補上了。")
    with pytest.raises(Refused, match="已經結案"):
        own_finding(finding.public_id, account_id=other.id, actor=SYSTEM)
    actions = set(db.session.scalars(sa.select(AuditEntry.action)))
    assert {"reconciliation.take_file", "reconciliation.own", "reconciliation.close"} <= actions


@pytest.mark.parametrize("source", [FileSource.ECPAY_TRADES, FileSource.ECPAY_SETTLEMENT])
def test_case_26_money_that_went_back_without_our_doing_waits_for_a_person(at, source):
    order = make_order()
    attempt = reported(order)
    at("2023-05-04 09:00")
    if source is FileSource.ECPAY_TRADES:
        content = trade_file([paid_row(attempt, TRADE_NUMBER, amount=-250, fee=0)])
    else:
        content = settlement_file([("12345", "C2", attempt.trade_number, "20230504", -250)])

    file = take(source, content)

    assert file.counts["not_ours"] == 1
    [finding] = open_findings(FindingKind.EXTERNAL_REFUND)
    assert finding.file_twd == 250
    assert finding.line.trade_number == attempt.trade_number
    assert order.is_paid
    assert order.cancelled_at is None


def test_case_26_what_we_have_asked_the_gateway_to_give_back_is_expected(at):
    from app.payments.models import RefundCase
    from app.payments.refunds.rules import RefundReason

    order = make_order()
    attempt = reported(order)
    with transaction() as session:
        case = RefundCase(
            order=order,
            reason=RefundReason.OVERPAID,
            subjects=[],
            basis_twd=250,
            deduction_twd=58,
            amount_twd=192,
            explanation="",
            opened_at=clock.now(),
        )
        session.add(
            GatewayRefund(case=case, attempt=attempt, amount_twd=192, before_twd=0, started_at=clock.now())
        )
    at("2023-05-04 09:00")

    file = take(
        FileSource.ECPAY_SETTLEMENT,
        settlement_file([("12345", "C2", attempt.trade_number, "20230504", -192)]),
    )

    assert file.counts == {"matched": 1}
    assert rows(Finding) == []


def test_the_card_settlement_file_brings_no_money_a_second_time(at):
    order = make_order()
    known, lost = reported(order), make_attempt(make_order(), Method.CARD)
    at("2023-05-04 09:00")

    file = take(
        FileSource.ECPAY_SETTLEMENT,
        settlement_file(
            [
                ("12345", "C1", known.trade_number, "20230503", 250),
                ("12346", "C1", lost.trade_number, "20230503", 250),
            ]
        ),
    )

    assert file.counts == {"matched": 1, "missing": 1}
    assert len(rows(Receipt)) == 1
    assert lost.ask_at == clock.now()


def test_a_transfer_that_the_bank_takes_back_waits_for_a_person(at):
    at("2023-05-04 09:00")

    file = take(FileSource.TAISHIN, bank_file(bank_line("95678305072509", sign="-", entry="D")))

    assert file.counts == {"not_ours": 1}
    assert len(open_findings(FindingKind.EXTERNAL_REFUND)) == 1
    assert rows(Receipt) == []
