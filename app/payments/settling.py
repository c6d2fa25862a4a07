"""What a gateway answered about one attempt, when it was asked or told to confirm, goes into the books."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import db
from app.payments.gateways.base import TradeState, TradeStatus
from app.payments.models import Attempt, GatewayMessage, Order
from app.payments.receiving import Payment, receive
from app.payments.states import (
    AttemptEvent,
    AttemptState,
    NoticeOutcome,
    ReceiptSource,
    can_happen,
    next_state,
)

#: A gateway that knows of no payment so long after the start will not come to know of one.
_REMEMBERED_FOR: Final = timedelta(hours=1)


def settle(
    order: Order, attempt: Attempt, status: TradeStatus, *, source: ReceiptSource, actor: Actor
) -> bool:
    """Record what a gateway answered, and return whether that settled the attempt.

    To be called under the order's lock, the attempt read anew and its next question set.
    """
    if status.state == TradeState.PAID and status.paid_at is not None:
        attempt.authorisation_number = status.authorisation_number or attempt.authorisation_number
        payment = Payment(status.gateway_trade_number, status.amount_twd, status.paid_at, status.fee_twd)
        _keep_answer(attempt, status, receive(order, attempt, payment, source=source, actor=actor))
        return True
    event = _event_of(status, attempt)
    if event is None or not can_happen(attempt.state, event):
        return False
    attempt.state = next_state(attempt.state, event)
    audit.record("payment.ask", order, actor, trade_number=attempt.trade_number, state=attempt.state.value)
    _keep_answer(attempt, status, NoticeOutcome.NOTED)
    return attempt.state != AttemptState.STARTED


def _event_of(status: TradeStatus, attempt: Attempt) -> AttemptEvent | None:
    if status.state == TradeState.FAILED:
        return AttemptEvent.FAIL
    if attempt.state == AttemptState.CONFIRMING:
        if status.state == TradeState.UNPAID:
            return AttemptEvent.REOPEN
        forgotten = clock.now() > attempt.started_at + _REMEMBERED_FOR
        return AttemptEvent.FAIL if status.state == TradeState.NOT_FOUND and forgotten else None
    # Unknown to the gateway, or unpaid when asked for the last time: the payer never went through with it.
    if status.state in (TradeState.NOT_FOUND, TradeState.UNPAID) and attempt.ask_at is None:
        return AttemptEvent.ABANDON
    return None


def _keep_answer(attempt: Attempt, status: TradeStatus, outcome: NoticeOutcome) -> None:
    """Keep the answer of a gateway that sends no notices beside the notices of the others."""
    if not status.result_code:
        return
    db.session.add(
        GatewayMessage(
            gateway=attempt.gateway,
            received_at=clock.now(),
            address=None,
            body=json.dumps(status.raw, ensure_ascii=False).encode(),
            trade_number=attempt.trade_number,
            outcome=outcome,
            understood={
                "kind": status.state.value,
                "gateway_trade_number": status.gateway_trade_number,
                "amount_twd": status.amount_twd or None,
                "paid_at": status.paid_at.isoformat() if status.paid_at else None,
                "fee_twd": status.fee_twd,
                "result_code": status.result_code,
            },
        )
    )
