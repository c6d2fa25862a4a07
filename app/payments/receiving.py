"""Money arrives: whoever tells us of it, it is recorded once, and nothing that arrived is ever refused."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import db
from app.core.money import Twd
from app.payments import letters, queries
from app.payments.models import Attempt, Order, Receipt
from app.payments.refunds.services import open_office_cases
from app.payments.signals import order_paid
from app.payments.states import (
    AttemptEvent,
    AttemptState,
    NoticeOutcome,
    ReceiptOutcome,
    ReceiptSource,
    next_state,
    receipt_outcome,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment, as a gateway or a file tells of it.

    :ivar gateway_trade_number: the gateway's own number, which it gives to one payment only
    :ivar paid_at: aware instant
    :ivar fee_twd: what the gateway keeps; None: not told
    """

    gateway_trade_number: str
    amount_twd: Twd
    paid_at: datetime
    fee_twd: Twd | None = None


def receive(
    order: Order, attempt: Attempt, payment: Payment, *, source: ReceiptSource, actor: Actor
) -> NoticeOutcome:
    """Record a payment of an attempt, once, and return what that changed.

    To be called under the order's lock. Money is recorded whatever its amount and however late it is; the
    rule `receipt_outcome` says what becomes of it. Cases 1, 2, 5, 9-15.
    """
    known = queries.find_receipt(attempt.gateway, payment.gateway_trade_number)
    if known is not None:
        if known.attempt_id == attempt.id:
            return NoticeOutcome.REPEATED
        # The gateway never gives one number to two payments: a person has to look.
        log.error("gateway number used twice", extra={"trade_number": attempt.trade_number})
        return NoticeOutcome.NOTED
    receipt = Receipt(
        attempt=attempt,
        gateway=attempt.gateway,
        gateway_trade_number=payment.gateway_trade_number,
        amount_twd=payment.amount_twd,
        fee_twd=payment.fee_twd,
        source=source,
        paid_at=payment.paid_at,
        recorded_at=clock.now(),
    )
    if attempt.state != AttemptState.PAID:
        attempt.state = next_state(attempt.state, AttemptEvent.PAY)
    attempt.gateway_trade_number = payment.gateway_trade_number
    attempt.ask_at = None
    count_for(order, receipt, actor=actor)
    return NoticeOutcome.APPLIED


def count_for(order: Order, receipt: Receipt, *, actor: Actor) -> None:
    """Say what becomes of a new receipt, or of one out of suspense, and tell the payer.

    To be called under the order's lock.
    """
    receipt.outcome = receipt_outcome(
        amount_twd=order.amount_twd,
        applied_twd=order.applied_twd,
        last_day=order.last_day,
        cancelled=order.cancelled_at is not None,
        paid_at=receipt.paid_at,
    )
    receipt.place = len(order.receipts) + 1
    receipt.order = order
    db.session.add(receipt)
    db.session.flush()
    open_office_cases(order, actor=actor)
    _announce(order, receipt, actor)


def _announce(order: Order, receipt: Receipt, actor: Actor) -> None:
    audit.record(
        "payment.record_receipt",
        order,
        actor,
        amount_twd=receipt.amount_twd,
        outcome=receipt.outcome.value,
        source=receipt.source.value,
        trade_number=receipt.attempt.trade_number if receipt.attempt else None,
    )
    if receipt.outcome != ReceiptOutcome.APPLIED:
        letters.send_refundable(order, receipt)
    elif order.is_paid:
        letters.send_paid(order)
        order_paid.send(order, actor=actor)
    else:
        letters.send_partial(order, receipt)
