"""Taking the money that a payer has agreed to give, at gateways where it moves only then (LINE Pay).

That we are about to take it is committed before the gateway is told, so that nobody tells it twice, and
an outcome that is not known stays so until the gateway has told: it is never called a failure
(payments.md 6, cases 17-20; docs/decisions/0023).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import GatewayError
from app.payments import queries
from app.payments.gateways import gateway_named
from app.payments.gateways.base import ConfirmingGateway, TradeStatus
from app.payments.models import Attempt, Order
from app.payments.settling import settle
from app.payments.states import AttemptEvent, AttemptState, ReceiptSource, next_state

log = logging.getLogger(__name__)

#: Longer than a Confirm may take: before that nobody else asks about it.
_ANSWERED_WITHIN: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What to tell the gateway.

    :ivar asks_only: it has been told before and may be at it: ask what became of that
    """

    attempt_id: int
    order_id: int
    gateway: ConfirmingGateway
    trade_number: str
    gateway_trade_number: str
    amount_twd: int
    asks_only: bool


def confirm_attempt(attempt_id: int, *, actor: Actor, nothing_taken: bool = False) -> AttemptState:
    """Take the money of an attempt to which its payer has agreed, and return where the attempt stands then.

    It is taken only while the order is payable and wants the attempt's amount, and while no other attempt
    for the order is being confirmed: else the agreement lapses at the gateway. Calling it again does no
    harm. CONFIRMING means that nobody knows yet; the gateway is then asked within a minute.

    :param nothing_taken: the gateway has just said that an earlier confirmation took nothing
    """
    claim = _claim(attempt_id, actor, nothing_taken)
    if isinstance(claim, AttemptState):
        return claim
    try:
        status = _tell(claim)
    except GatewayError as error:
        log.warning("confirmation without an answer", extra=_named(claim) | {"reason": str(error)})
        status = None
    return _record(claim, status, actor)


def _claim(attempt_id: int, actor: Actor, nothing_taken: bool) -> _Claim | AttemptState:
    now = clock.now()
    with transaction() as session:
        attempt = session.get_one(Attempt, attempt_id)
        order = queries.get_order_for_update(session, attempt.order_id)
        session.refresh(attempt)
        gateway = gateway_named(attempt.gateway)
        if not isinstance(gateway, ConfirmingGateway) or attempt.gateway_trade_number is None:
            raise ValueError("this attempt has nothing to confirm")
        if attempt.state not in (AttemptState.STARTED, AttemptState.CONFIRMING):
            return attempt.state
        asks_only = attempt.state == AttemptState.CONFIRMING and not nothing_taken
        if not asks_only:
            other = queries.find_confirming(order)
            if other is not None and other.id != attempt.id:
                return attempt.state
            if not _wants(order, attempt, now):
                return _give_up(order, attempt, actor)
            attempt.state = next_state(attempt.state, AttemptEvent.CONFIRM)
            attempt.ask_at = now + _ANSWERED_WITHIN
            audit.record("payment.confirm_attempt", order, actor, trade_number=attempt.trade_number)
        return _Claim(
            attempt_id=attempt.id,
            order_id=order.id,
            gateway=gateway,
            trade_number=attempt.trade_number,
            gateway_trade_number=attempt.gateway_trade_number,
            amount_twd=attempt.amount_twd,
            asks_only=asks_only,
        )


def _wants(order: Order, attempt: Attempt, now: datetime) -> bool:
    return queries.status_of(order, now=now).can_pay and attempt.amount_twd <= order.outstanding_twd


def _give_up(order: Order, attempt: Attempt, actor: Actor) -> AttemptState:
    """End an attempt whose money is not wanted any more and was not taken."""
    gone = attempt.state == AttemptState.CONFIRMING
    attempt.state = next_state(attempt.state, AttemptEvent.FAIL if gone else AttemptEvent.ABANDON)
    attempt.ask_at = None
    audit.record("payment.let_lapse", order, actor, trade_number=attempt.trade_number)
    return attempt.state


def _tell(claim: _Claim) -> TradeStatus:
    now = clock.now()
    if claim.asks_only:
        return claim.gateway.query(claim.trade_number, now, gateway_trade_number=claim.gateway_trade_number)
    return claim.gateway.confirm(claim.trade_number, claim.gateway_trade_number, claim.amount_twd, now)


def _record(claim: _Claim, status: TradeStatus | None, actor: Actor) -> AttemptState:
    source = ReceiptSource.QUERY if claim.asks_only else ReceiptSource.CONFIRMATION
    with transaction() as session:
        order = queries.get_order_for_update(session, claim.order_id)
        attempt = session.get_one(Attempt, claim.attempt_id, populate_existing=True)
        if status is not None:
            settle(order, attempt, status, source=source, actor=actor)
        if attempt.state == AttemptState.CONFIRMING and not claim.asks_only:
            attempt.ask_at = clock.now()
        return attempt.state


def _named(claim: _Claim) -> dict[str, str]:
    return {"gateway": claim.gateway.name, "trade_number": claim.trade_number}
