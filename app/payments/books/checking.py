"""Whether the books add up: receipts = applied + refundable + refunded + in suspense, order by order and
over all, and whether what stands in one table agrees with the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload

from app.core.money import Twd
from app.payments.models import (
    Attempt,
    GatewayMessage,
    GatewayRefund,
    Order,
    OrderLine,
    Receipt,
    RefundCase,
)
from app.payments.refunds.queries import ledger_of
from app.payments.refunds.states import GatewayRefundState, RefundState
from app.payments.states import AttemptState, NoticeOutcome, ReceiptOutcome

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot be.

    :ivar place: what to look at: an order's public id, an attempt's number, a refund case
    :ivar what: in English, for whoever runs the command
    """

    place: str
    what: str


@dataclass(slots=True)
class Totals:
    """Where all money is, in dollars, counted order by order; `received_twd` is the table's own sum."""

    received_twd: Twd = 0
    applied_twd: Twd = 0
    refundable_twd: Twd = 0
    refunded_twd: Twd = 0
    suspense_twd: Twd = 0
    orders: int = field(default=0)

    @property
    def accounted_twd(self) -> Twd:
        return self.applied_twd + self.refundable_twd + self.refunded_twd + self.suspense_twd


def check_books(session: Session, totals: Totals) -> Iterator[Fault]:
    """Yield what does not fit, and fill `totals` meanwhile; memory does not grow with the orders."""
    totals.received_twd = _sum(session, sa.true())
    totals.suspense_twd = _sum(session, Receipt.order_id.is_(None))
    yield from _orders(session, totals)
    if totals.received_twd != totals.accounted_twd:
        yield Fault("all orders", f"received {totals.received_twd}, accounted for {totals.accounted_twd}")
    for query, what in _CONTRADICTIONS:
        for place in session.scalars(query):
            yield Fault(str(place), what)


def _orders(session: Session, totals: Totals) -> Iterator[Fault]:
    query = sa.select(Order).options(selectinload(Order.receipts), selectinload(Order.refunds))
    last = 0
    while found := session.scalars(query.where(Order.id > last).order_by(Order.id).limit(_AT_ONCE)).all():
        for order in found:
            ledger = ledger_of(order)
            totals.orders += 1
            totals.applied_twd += ledger.applied_twd
            totals.refundable_twd += ledger.refundable_twd
            totals.refunded_twd += ledger.refunded_twd
            for mistake in ledger.mistakes:
                yield Fault(f"order {order.public_id}", mistake)
        last = found[-1].id
        for order in found:
            session.expunge(order)


def _sum(session: Session, condition: sa.ColumnElement[bool]) -> Twd:
    return int(
        session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Receipt.amount_twd), 0)).where(condition)) or 0
    )


_lines = (
    sa.select(sa.func.coalesce(sa.func.sum(OrderLine.quantity * OrderLine.unit_twd), 0))
    .where(OrderLine.order_id == Order.id)
    .correlate(Order)
    .scalar_subquery()
)
_paid_attempt = aliased(Attempt)
_done_twd = (
    sa.select(sa.func.coalesce(sa.func.sum(GatewayRefund.amount_twd), 0))
    .where(GatewayRefund.case_id == RefundCase.id, GatewayRefund.state == GatewayRefundState.DONE)
    .correlate(RefundCase)
    .scalar_subquery()
)
_given_back = (
    sa.select(sa.func.coalesce(sa.func.sum(GatewayRefund.amount_twd), 0))
    .where(GatewayRefund.attempt_id == Attempt.id, GatewayRefund.state == GatewayRefundState.DONE)
    .correlate(Attempt)
    .scalar_subquery()
)
_came_in = (
    sa.select(sa.func.coalesce(sa.func.sum(Receipt.amount_twd), 0))
    .where(Receipt.attempt_id == Attempt.id)
    .correlate(Attempt)
    .scalar_subquery()
)

_CONTRADICTIONS: tuple[tuple[sa.Select[Any], str], ...] = (
    (
        sa.select("order " + Order.public_id).where(Order.amount_twd != _lines),
        "its amount is not the sum of its lines",
    ),
    (
        sa.select("attempt " + Attempt.trade_number).where(
            Attempt.state == AttemptState.PAID, ~sa.exists().where(Receipt.attempt_id == Attempt.id)
        ),
        "paid, but no receipt",
    ),
    (
        sa.select("attempt " + _paid_attempt.trade_number)
        .join(Receipt, Receipt.attempt_id == _paid_attempt.id)
        .where(_paid_attempt.state != AttemptState.PAID),
        "a receipt, but not paid",
    ),
    (
        sa.select("attempt " + Attempt.trade_number)
        .join(Receipt, Receipt.attempt_id == Attempt.id)
        .where(sa.or_(Receipt.order_id != Attempt.order_id, Receipt.gateway != Attempt.gateway)),
        "its receipt belongs to another order or gateway",
    ),
    (
        sa.select("case " + RefundCase.public_id)
        .join(Receipt, Receipt.id == RefundCase.receipt_id)
        .where(RefundCase.order_id != Receipt.order_id),
        "its receipt belongs to another order",
    ),
    (
        sa.select("case " + RefundCase.public_id).where(
            RefundCase.paid_by_gateway, RefundCase.amount_twd != _done_twd
        ),
        "paid by the gateway, which did not give back that amount",
    ),
    (
        sa.select("case " + RefundCase.public_id).where(
            _done_twd > 0, sa.or_(RefundCase.state != RefundState.PAID, ~RefundCase.paid_by_gateway)
        ),
        "the gateway gave it back, and it is not closed so",
    ),
    (
        sa.select("attempt " + Attempt.trade_number).where(_given_back > _came_in, _given_back > 0),
        "more given back than came in",
    ),
    (
        sa.select("message " + sa.cast(GatewayMessage.id, sa.String)).where(
            GatewayMessage.outcome == NoticeOutcome.APPLIED,
            ~sa.exists().where(
                Receipt.attempt_id == Attempt.id, Attempt.trade_number == GatewayMessage.trade_number
            ),
        ),
        "told us of money, and there is no receipt",
    ),
    (
        sa.select("order " + Order.public_id)
        .join(Receipt, Receipt.order_id == Order.id)
        .where(
            Receipt.outcome == ReceiptOutcome.APPLIED,
            Order.cancelled_at.is_not(None),
            Receipt.recorded_at > Order.cancelled_at,
        ),
        "money that came after it was cancelled was counted for it",
    ),
)
