"""Money of which nobody knew what it was for."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import InvalidValue, Refused
from app.payments.models import (
    Receipt,
)
from app.payments.reconciliation import suspense
from app.payments.reconciliation.queries import find_decision, find_order
from app.payments.reconciliation.states import (
    FindingKind,
    SuspenseAction,
)
from app.payments.services import cancel_order
from app.payments.states import ReceiptOutcome
from tests.factories.accounts import make_staff
from tests.factories.orders import make_attempt, make_order
from tests.factories.reconciliation import (
    take_trades,
    trade_row,
)
from tests.payments.reconciliation.ledger import (
    books_balance,
    open_findings,
    reported,
    rows,
)

pytestmark = pytest.mark.usefixtures("app")


def test_suspense_is_matched_to_an_order_with_a_reason_and_pays_it(at, mailbox):
    clerk, order = make_staff(), make_order()
    at("2023-05-04 09:00")
    take_trades(trade_row("NOTOURS"))
    [receipt] = rows(Receipt)

    with pytest.raises(InvalidValue, match="理由"):
        suspense.match(receipt.id, order.id, reason=" ", account_id=clerk.id, actor=SYSTEM)
    suspense.match(receipt.id, order.id, reason="考生提出轉帳明細", account_id=clerk.id, actor=SYSTEM)

    assert order.is_paid
    assert order.receipts == [receipt]
    assert receipt.outcome == ReceiptOutcome.APPLIED
    assert open_findings(FindingKind.NOT_IN_PORTAL) == []
    decision = find_decision(receipt.id)
    assert (decision.action, decision.order, decision.reason) == (
        SuspenseAction.MATCHED,
        order,
        "考生提出轉帳明細",
    )
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action.contains("match_suspense"))
    ).one()
    assert entry.details["reason"] == "考生提出轉帳明細"
    assert mailbox.last().subject.startswith("已收到繳費")
    assert books_balance()
    with pytest.raises(Refused, match="已經歸到"):
        suspense.match(receipt.id, make_order().id, reason="再一次", account_id=clerk.id, actor=SYSTEM)
    with pytest.raises(Refused, match="已經歸到"):
        suspense.return_to_sender(receipt.id, note="退回", account_id=clerk.id, actor=SYSTEM)


@pytest.mark.parametrize(
    ("end", "outcome"),
    [("cancel", ReceiptOutcome.CANCELLED_ORDER), ("pay", ReceiptOutcome.SURPLUS)],
)
def test_suspense_matched_to_an_order_that_does_not_need_it_goes_back(at, end, outcome):
    order = make_order()
    if end == "cancel":
        cancel_order(order, actor=SYSTEM)
    else:
        reported(order)
    at("2023-05-04 09:00")
    take_trades(trade_row("NOTOURS", theirs="2305031000000009"))
    receipt = rows(Receipt)[-1]

    suspense.match(receipt.id, order.id, reason="查證屬實", account_id=make_staff().id, actor=SYSTEM)

    assert receipt.outcome == outcome
    assert order.refundable_twd == 250
    assert books_balance()


def test_suspense_that_goes_back_to_the_sender_stays_in_the_books_and_can_still_be_matched(at):
    clerk, order = make_staff(), make_order()
    at("2023-05-04 09:00")
    take_trades(trade_row("NOTOURS"))
    [receipt] = rows(Receipt)

    suspense.return_to_sender(receipt.id, note="匯款人要求退回", account_id=clerk.id, actor=SYSTEM)

    assert receipt.outcome == ReceiptOutcome.SUSPENSE
    assert find_decision(receipt.id).action == SuspenseAction.RETURN
    suspense.match(receipt.id, order.id, reason="原來是這位考生", account_id=clerk.id, actor=SYSTEM)
    assert find_decision(receipt.id).action == SuspenseAction.MATCHED
    assert order.is_paid


def test_an_order_is_found_by_any_number_that_a_payer_may_tell():
    order = make_order()
    attempt = make_attempt(order)
    with transaction():
        attempt.account_number = "95678305072509"

    for text in (attempt.trade_number, " 95678305072509 ", f"/admin/payments/orders/{order.public_id}"):
        assert find_order(text) == order
    assert find_order("nothing") is None
