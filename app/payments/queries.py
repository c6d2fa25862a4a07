"""Reads of orders, attempts and receipts; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.db import db
from app.payments.gateways.base import Method, NoticeKind
from app.payments.models import Attempt, GatewayMessage, Order, Receipt
from app.payments.states import AttemptState, NoticeOutcome, ReceiptOutcome
from app.payments.status import EXEMPT, PaymentStatus, payment_status, with_confirmation

PENDING_LASTS: Final = timedelta(hours=1)


def get_order_for_update(session: Session, order_id: int) -> Order:
    """Return the order, locked until the transaction ends and read anew with its receipts."""
    session.flush()  # what the caller has changed must not be lost by reading anew
    return session.get_one(Order, order_id, with_for_update={"key_share": True}, populate_existing=True)


def find_attempt(gateway: str, trade_number: str) -> Attempt | None:
    """Return the attempt that a gateway knows by this number of ours, letters compared exactly."""
    return db.session.scalar(
        sa.select(Attempt).where(Attempt.gateway == gateway, Attempt.trade_number == trade_number)
    )


def find_attempt_by_public_id(public_id: str) -> Attempt | None:
    return db.session.scalar(sa.select(Attempt).where(Attempt.public_id == public_id))


def find_confirming(order: Order) -> Attempt | None:
    """Return the attempt whose money is being taken, or may have been and nobody has told us (case 18)."""
    return db.session.scalar(
        sa.select(Attempt)
        .where(Attempt.order_id == order.id, Attempt.state == AttemptState.CONFIRMING)
        .order_by(Attempt.id.desc())
        .limit(1)
    )


def confirming_among(orders: Iterable[Order | None]) -> set[int]:
    """Return the ids of those orders of which an attempt is being confirmed."""
    ids = [order.id for order in orders if order is not None]
    query = sa.select(Attempt.order_id).where(
        Attempt.order_id.in_(ids), Attempt.state == AttemptState.CONFIRMING
    )
    return set(db.session.scalars(query)) if ids else set()


def find_receipt(gateway: str, gateway_trade_number: str) -> Receipt | None:
    """Return the receipt of a payment that the gateway has reported before under its own number."""
    return db.session.scalar(
        sa.select(Receipt).where(
            Receipt.gateway == gateway, Receipt.gateway_trade_number == gateway_trade_number
        )
    )


def status_of(order: Order | None, *, now: datetime) -> PaymentStatus:
    """Return how an order's payment stands; no order means that nothing was due (R079)."""
    if order is None:
        return EXEMPT
    return payment_status(
        amount_twd=order.amount_twd,
        applied_twd=order.applied_twd,
        last_day=order.last_day,
        paid_at=order.paid_at,
        now=now,
        cancelled=order.cancelled_at is not None,
    )


def payer_status_of(order: Order | None, *, now: datetime) -> PaymentStatus:
    """Return the same as the payer is to see it, who is told that a payment is being confirmed."""
    status = status_of(order, now=now)
    if order is None or not status.can_pay:
        return status
    return with_confirmation(status, confirming=find_confirming(order) is not None)


def applied_twd() -> sa.ScalarSelect[int]:
    """Return `Order.applied_twd` as SQL, for a query that joins the order."""
    return _received(Receipt.outcome == ReceiptOutcome.APPLIED)


def list_live_codes(order: Order, *, now: datetime) -> list[Attempt]:
    """Return the attempts whose account or bars can be paid now, the newest of each method, newest first."""
    newest: dict[Method, Attempt] = {}
    for attempt in order.attempts:
        expires_at = attempt.code_expires_at
        if attempt.state == AttemptState.CODE_ISSUED and expires_at is not None and now < expires_at:
            newest[attempt.method] = attempt
    return sorted(newest.values(), key=lambda attempt: attempt.id, reverse=True)


def find_live_code(order: Order, method: Method, *, now: datetime) -> Attempt | None:
    """Return the newest payable code of one method, or None."""
    return next((a for a in list_live_codes(order, now=now) if a.method == method), None)


def find_last_report_at() -> datetime | None:
    """Return when a payment was last reported to us, by any gateway and for any order (R095); None: never."""
    return db.session.scalar(sa.select(sa.func.max(Receipt.recorded_at)))


def find_failure_code(attempt: Attempt) -> str | None:
    """Return the gateway's code of the last refusal of an attempt; None when it has told none."""
    understood = db.session.scalars(
        sa.select(GatewayMessage.understood)
        .where(
            GatewayMessage.gateway == attempt.gateway,
            GatewayMessage.trade_number == attempt.trade_number,
            GatewayMessage.outcome == NoticeOutcome.NOTED,
        )
        .order_by(GatewayMessage.id.desc())
    )
    return next((str(u["result_code"]) for u in understood if u and u["kind"] == "failed"), None)


def find_pending_card(order: Order, *, now: datetime) -> Attempt | None:
    """Return the attempt by card of which the bank has not said yet what became of it (case 22).

    After an hour the gateway has been asked twice and the payer may try again.
    """
    latest = order.attempts[-1] if order.attempts else None
    if latest is None or (latest.method, latest.state) != (Method.CARD, AttemptState.STARTED):
        return None
    understood = db.session.scalars(
        sa.select(GatewayMessage.understood).where(
            GatewayMessage.gateway == latest.gateway,
            GatewayMessage.trade_number == latest.trade_number,
            GatewayMessage.outcome == NoticeOutcome.NOTED,
            GatewayMessage.received_at > now - PENDING_LASTS,
        )
    )
    return latest if any(u and u["kind"] == NoticeKind.PENDING for u in understood) else None


def _received(*conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.coalesce(sa.func.sum(Receipt.amount_twd), 0))
        .where(Receipt.order_id == Order.id, *conditions)
        .correlate(Order)
        .scalar_subquery()
    )
