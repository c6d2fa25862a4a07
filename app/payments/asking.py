"""Gateways are asked about attempts they should have told us about, so that a lost notice heals (case 16)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import transaction
from app.core.errors import GatewayError
from app.payments import queries
from app.payments.availability import note_answer, note_silence
from app.payments.confirming import confirm_attempt
from app.payments.gateways import find_gateway
from app.payments.gateways.base import (
    GatewayBusy,
    Method,
    Notice,
    NoticeKind,
    NotifyingGateway,
    TradeState,
    TradeStatus,
)
from app.payments.models import Attempt
from app.payments.notices import store_code
from app.payments.question_times import after_silence, next_question
from app.payments.settling import settle
from app.payments.states import AttemptState, ReceiptSource

log = logging.getLogger(__name__)

_MOST_AT_ONCE: Final = 50
_SETTLED: Final = {AttemptState.PAID, AttemptState.FAILED, AttemptState.ABANDONED}


@dataclass(frozen=True, slots=True)
class _Question:
    attempt_id: int
    order_id: int
    gateway: str
    trade_number: str
    gateway_trade_number: str | None
    lacks_code: bool
    times_asked: int


def ask_gateways() -> int:
    """Ask about every attempt whose time has come, at most some dozens, and return how many were settled.

    A gateway that is silent or busy is asked again later. Whatever else happens, the next question is set
    before this one is asked, so that a worker that dies asks nothing twice at once.
    """
    settled = 0
    silent: set[str] = set()
    for attempt_id in _due():
        question = _claim(attempt_id)
        if question is None or question.gateway in silent:
            continue
        try:
            settled += _ask(question)
            note_answer(question.gateway)
        except GatewayError as error:
            busy = isinstance(error, GatewayBusy)
            if busy:
                silent.add(question.gateway)
            else:
                note_silence(question.gateway)
            log.warning("gateway did not answer", extra={"gateway": question.gateway, "reason": str(error)})
            _ask_later(question, busy=busy)
    return settled


def _due() -> list[int]:
    with transaction() as session:
        query = sa.select(Attempt.id).where(Attempt.ask_at <= clock.now())
        return list(session.scalars(query.order_by(Attempt.ask_at, Attempt.id).limit(_MOST_AT_ONCE)))


def _claim(attempt_id: int) -> _Question | None:
    """Return what to ask about an attempt, having set the next question; None: another worker has it."""
    now = clock.now()
    with transaction() as session:
        attempt = session.get_one(Attempt, attempt_id)
        queries.get_order_for_update(session, attempt.order_id)
        session.refresh(attempt)
        if attempt.state == AttemptState.PAID:
            attempt.ask_at = None
            return None
        if attempt.ask_at is None or attempt.ask_at > now:
            return None
        attempt.times_asked += 1
        attempt.ask_at = next_question(
            attempt.method,
            started_at=attempt.started_at,
            code_expires_at=attempt.code_expires_at,
            now=now,
            confirming=attempt.state == AttemptState.CONFIRMING,
        )
        return _Question(
            attempt_id=attempt.id,
            order_id=attempt.order_id,
            gateway=attempt.gateway,
            trade_number=attempt.trade_number,
            gateway_trade_number=attempt.gateway_trade_number,
            lacks_code=attempt.method != Method.CARD and attempt.code_expires_at is None,
            times_asked=attempt.times_asked,
        )


def _ask(question: _Question) -> bool:
    gateway = find_gateway(question.gateway)
    if gateway is None:
        raise GatewayError(f"{question.gateway} is not among the settings any more")
    now = clock.now()
    status = gateway.query(question.trade_number, now, gateway_trade_number=question.gateway_trade_number)
    if status.state == TradeState.AWAITING_CONFIRMATION:  # the browser was closed too early (case 19)
        return confirm_attempt(question.attempt_id, actor=SYSTEM, nothing_taken=True) in _SETTLED
    code = None
    if status.state == TradeState.UNPAID and question.lacks_code and isinstance(gateway, NotifyingGateway):
        code = gateway.query_code(question.trade_number, now)
    return _apply(question, status, code)


def _apply(question: _Question, status: TradeStatus, code: Notice | None) -> bool:
    with transaction() as session:
        order = queries.get_order_for_update(session, question.order_id)
        attempt = session.get_one(Attempt, question.attempt_id, populate_existing=True)
        if code is not None and code.kind == NoticeKind.CODE_ISSUED:
            store_code(attempt, code)
            return False
        return settle(order, attempt, status, source=ReceiptSource.QUERY, actor=SYSTEM)


def _ask_later(question: _Question, *, busy: bool) -> None:
    with transaction() as session:
        queries.get_order_for_update(session, question.order_id)
        attempt = session.get_one(Attempt, question.attempt_id, populate_existing=True)
        if attempt.state != AttemptState.PAID:
            attempt.ask_at = after_silence(clock.now(), times_asked=question.times_asked, busy=busy)
