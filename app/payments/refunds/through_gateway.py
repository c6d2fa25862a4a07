"""Money goes back the way it came: by card or LINE Pay, where the office allows it.

The brochure knows the postal money order only (玖、二; R107), so the setting GATEWAY_REFUNDS is empty by
default. What was asked of a gateway is written down before it is asked: a portal that dies in between finds
it again and asks what became of it, and never asks for the same money twice (cases 23, 24).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final, cast

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import SYSTEM, Actor
from app.core.db import transaction
from app.core.decisions import Decision, allowed, refused
from app.core.errors import GatewayError, NotFound, Refused
from app.core.messages import Message
from app.core.money import Twd
from app.payments.gateways import gateway_named
from app.payments.gateways.base import GatewayBusy, PaidTrade, RefundAnswer, Refunds
from app.payments.models import GatewayRefund, Order, Receipt, RefundCase
from app.payments.question_times import after_silence
from app.payments.refunds import letters, queries
from app.payments.refunds.states import GatewayRefundState, RefundEvent, RefundState, next_state
from app.payments.states import ReceiptOutcome

log = logging.getLogger(__name__)

_MOST_AT_ONCE: Final = 50
_MONEY_ORDER: Final = Message("這筆款項不能原路退回，請改寄郵政匯票")


@dataclass(frozen=True, slots=True)
class _Errand:
    """What is asked of a gateway, loaded before it is asked so that no transaction stays open meanwhile."""

    refund_id: int
    case_id: str
    gateway: str
    trade: PaidTrade
    amount_twd: Twd
    before_twd: Twd
    times_asked: int


def check_can_repay(case: RefundCase) -> Decision:
    """Decide whether a case's money can go back through its gateway now, with a sentence for the office.

    The policy allows the method, one payment covers the amount, and no gateway has refused this case before:
    what was refused goes by money order and is not tried again (case 24).
    """
    receipt = _receipt_of(case)
    if receipt is None or receipt.attempt is None:
        return refused(_MONEY_ORDER)
    methods = current_app.extensions["settings"].gateway_refunds.split(",")
    if receipt.attempt.method.value not in methods or not _can_refund(receipt.attempt.gateway):
        return refused(_MONEY_ORDER)
    if case.state != RefundState.GRANTED:
        return refused(Message("核定後才能退款"))
    if case.gateway_refunds:
        return refused(Message("金流公司沒有受理原路退回，請改寄郵政匯票"))
    if _is_under_way(receipt):
        return refused(Message("同一筆款項有另一件退款正在辦理，請稍後再試"))
    if _given_back(receipt) + case.amount_twd > receipt.amount_twd:
        return refused(_MONEY_ORDER)
    return allowed(Message("可以原路退回"))


def repay(public_id: str, *, actor: Actor) -> RefundCase:
    """Give a granted case's money back through its gateway and return the case as it is afterwards.

    PAID when the gateway did it; GRANTED again when it refused; SENDING while nobody knows, which
    `settle_in_transit` finds out. Pressing twice asks once.

    :raises NotFound: when there is no such case
    :raises Refused: when it cannot go this way
    :raises GatewayError: when the gateway asks to wait; nothing was tried
    """
    errand = _set_out(public_id, actor)
    gateway = cast(Refunds, gateway_named(errand.gateway))
    try:
        answer = gateway.refund(errand.trade, errand.amount_twd, clock.now())
    except GatewayBusy:
        _come_home(errand, RefundAnswer(False, None, "busy"), forget=True, actor=actor)
        raise
    except GatewayError as error:
        log.warning("refund without an answer", extra={"case": public_id, "reason": str(error)})
        return queries.get_case(public_id)
    return _come_home(errand, answer, actor=actor)


def settle_in_transit() -> int:
    """Find out what became of refunds without an answer and return how many are settled (case 23)."""
    return sum(_settle(refund_id) for refund_id in _due())


def _set_out(public_id: str, actor: Actor) -> _Errand:
    now = clock.now()
    with transaction() as session:
        case = queries.get_case_for_update(session, public_id)
        check_can_repay(case).raise_if_refused()
        receipt = _receipt_of(case)
        if receipt is None or receipt.attempt is None:
            raise Refused(_MONEY_ORDER)
        refund = GatewayRefund(
            case=case,
            attempt=receipt.attempt,
            amount_twd=case.amount_twd,
            before_twd=_given_back(receipt),
            state=GatewayRefundState.IN_TRANSIT,
            started_at=now,
            ask_at=after_silence(now, times_asked=1, busy=False),
            times_asked=0,
        )
        case.state = next_state(case.state, RefundEvent.SEND)
        session.add(refund)
        session.flush()
        audit.record("refund.send", case, actor, amount_twd=case.amount_twd, gateway=receipt.gateway)
        return _errand(refund, receipt)


def _errand(refund: GatewayRefund, receipt: Receipt) -> _Errand:
    return _Errand(
        refund_id=refund.id,
        case_id=refund.case.public_id,
        gateway=refund.attempt.gateway,
        trade=PaidTrade(
            trade_number=refund.attempt.trade_number,
            gateway_trade_number=receipt.gateway_trade_number,
            authorisation_number=refund.attempt.authorisation_number or "",
            amount_twd=receipt.amount_twd,
            paid_at=receipt.paid_at,
        ),
        amount_twd=refund.amount_twd,
        before_twd=refund.before_twd,
        times_asked=refund.times_asked,
    )


def _come_home(errand: _Errand, answer: RefundAnswer, *, actor: Actor, forget: bool = False) -> RefundCase:
    """Write down what the gateway said; `forget`: as if nobody had asked."""
    now = clock.now()
    with transaction() as session:
        case = queries.get_case_for_update(session, errand.case_id)
        refund = session.get_one(GatewayRefund, errand.refund_id, populate_existing=True)
        if refund.state != GatewayRefundState.IN_TRANSIT:
            return case
        refund.ask_at, refund.ended_at = None, now
        refund.reference, refund.result_code = answer.reference, answer.result_code[:40]
        if answer.done:
            refund.state = GatewayRefundState.DONE
            case.state = next_state(case.state, RefundEvent.PAY)
            case.paid_by_gateway, case.paid_on = True, clock.taipei_day(now)
            audit.record("refund.pay", case, actor, amount_twd=case.amount_twd, reference=answer.reference)
            letters.send_repaid(case)
            return case
        case.state = next_state(case.state, RefundEvent.FAIL)
        if forget:
            session.delete(refund)
        else:
            refund.state = GatewayRefundState.FAILED
            audit.record("refund.fail", case, actor, result_code=answer.result_code)
        return case


def _due() -> list[int]:
    with transaction() as session:
        query = sa.select(GatewayRefund.id).where(GatewayRefund.ask_at <= clock.now())
        return list(session.scalars(query.order_by(GatewayRefund.ask_at).limit(_MOST_AT_ONCE)))


def _settle(refund_id: int) -> bool:
    errand = _claim(refund_id)
    if errand is None:
        return False
    gateway = cast(Refunds, gateway_named(errand.gateway))
    try:
        given_back = gateway.refunded_twd(errand.trade, clock.now())
    except GatewayError as error:
        log.warning("refund still without an answer", extra={"case": errand.case_id, "reason": str(error)})
        return False
    done = given_back >= errand.before_twd + errand.amount_twd
    _come_home(errand, RefundAnswer(done, None, "found" if done else "not_done"), actor=SYSTEM)
    return True


def _claim(refund_id: int) -> _Errand | None:
    now = clock.now()
    with transaction() as session:
        refund = session.get(GatewayRefund, refund_id)
        if refund is None:
            return None
        case = queries.get_case_for_update(session, refund.case.public_id)
        session.refresh(refund)
        receipt = _receipt_of(case)
        if refund.ask_at is None or refund.ask_at > now or receipt is None:
            return None
        refund.times_asked += 1
        refund.ask_at = after_silence(now, times_asked=refund.times_asked, busy=False)
        return _errand(refund, receipt)


def _receipt_of(case: RefundCase) -> Receipt | None:
    """Return the one payment that a case's money came by; None: there are several, or none."""
    if case.receipt is not None:
        return case.receipt
    order: Order = case.order
    applied = [each for each in order.receipts if each.outcome == ReceiptOutcome.APPLIED]
    return applied[0] if len(applied) == 1 else None


def _given_back(receipt: Receipt) -> Twd:
    """Return what the gateway has given back of a payment, as far as our books know."""
    session = cast(Session, sa.orm.object_session(receipt))
    query = sa.select(sa.func.coalesce(sa.func.sum(GatewayRefund.amount_twd), 0)).where(
        GatewayRefund.attempt_id == receipt.attempt_id, GatewayRefund.state == GatewayRefundState.DONE
    )
    return int(session.scalar(query) or 0)


def _is_under_way(receipt: Receipt) -> bool:
    session = cast(Session, sa.orm.object_session(receipt))
    query = sa.exists().where(
        GatewayRefund.attempt_id == receipt.attempt_id, GatewayRefund.state == GatewayRefundState.IN_TRANSIT
    )
    return bool(session.scalar(sa.select(query)))


def _can_refund(name: str) -> bool:
    try:
        return isinstance(gateway_named(name), Refunds)
    except NotFound:
        return False
