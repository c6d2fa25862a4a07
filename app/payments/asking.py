"""Gateways are asked about attempts they should have told us about, so that a lost notice heals (case 16)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from app.core import audit, clock
from app.core.actors import SYSTEM
from app.core.db import transaction
from app.core.errors import GatewayError
from app.payments import queries
from app.payments.availability import note_answer, note_silence
from app.payments.gateways import gateway_named
from app.payments.gateways.base import GatewayBusy, Method, Notice, NoticeKind, TradeState, TradeStatus
from app.payments.models import Attempt
from app.payments.notices import store_code
from app.payments.question_times import after_silence, next_question
from app.payments.receiving import Payment, receive
from app.payments.states import AttemptEvent, AttemptState, ReceiptSource, can_happen, next_state

log = logging.getLogger(__name__)

_MOST_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class _Question:
    attempt_id: int
    order_id: int
    gateway: str
    trade_number: str
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


def ask_at_once(attempt_id: int) -> bool:
    """Ask about one attempt now and return whether that settled it.

    :raises GatewayError: no answer, or none that can be trusted
    """
    question = _claim(attempt_id, even_early=True)
    return question is not None and _ask(question)


def _due() -> list[int]:
    with transaction() as session:
        query = sa.select(Attempt.id).where(Attempt.ask_at <= clock.now())
        return list(session.scalars(query.order_by(Attempt.ask_at, Attempt.id).limit(_MOST_AT_ONCE)))


def _claim(attempt_id: int, *, even_early: bool = False) -> _Question | None:
    """Return what to ask about an attempt, having set the next question; None: another worker has it."""
    now = clock.now()
    with transaction() as session:
        attempt = session.get_one(Attempt, attempt_id)
        queries.get_order_for_update(session, attempt.order_id)
        session.refresh(attempt)
        if attempt.state == AttemptState.PAID:
            attempt.ask_at = None
            return None
        if not even_early and (attempt.ask_at is None or attempt.ask_at > now):
            return None
        attempt.times_asked += 1
        attempt.ask_at = next_question(
            attempt.method,
            started_at=attempt.started_at,
            code_expires_at=attempt.code_expires_at,
            now=now,
        )
        return _Question(
            attempt_id=attempt.id,
            order_id=attempt.order_id,
            gateway=attempt.gateway,
            trade_number=attempt.trade_number,
            lacks_code=attempt.method != Method.CARD and attempt.code_expires_at is None,
            times_asked=attempt.times_asked,
        )


def _ask(question: _Question) -> bool:
    gateway = gateway_named(question.gateway)
    now = clock.now()
    status = gateway.query(question.trade_number, now)
    code = None
    if status.state == TradeState.UNPAID and question.lacks_code:
        code = gateway.query_code(question.trade_number, now)
    return _apply(question, status, code)


def _apply(question: _Question, status: TradeStatus, code: Notice | None) -> bool:
    with transaction() as session:
        order = queries.get_order_for_update(session, question.order_id)
        attempt = session.get_one(Attempt, question.attempt_id, populate_existing=True)
        if status.state == TradeState.PAID and status.paid_at is not None:
            attempt.authorisation_number = status.authorisation_number or attempt.authorisation_number
            payment = Payment(status.gateway_trade_number, status.amount_twd, status.paid_at, status.fee_twd)
            receive(order, attempt, payment, source=ReceiptSource.QUERY, actor=SYSTEM)
            return True
        if code is not None and code.kind == NoticeKind.CODE_ISSUED:
            store_code(attempt, code)
            return False
        event = _event_of(status, attempt)
        if event is None or not can_happen(attempt.state, event):
            return False
        attempt.state = next_state(attempt.state, event)
        audit.record(
            "payment.ask", order, SYSTEM, trade_number=attempt.trade_number, state=attempt.state.value
        )
        return True


def _event_of(status: TradeStatus, attempt: Attempt) -> AttemptEvent | None:
    if status.state == TradeState.FAILED:
        return AttemptEvent.FAIL
    # Unknown to the gateway, or unpaid when asked for the last time: the payer never went through with it.
    if status.state in (TradeState.NOT_FOUND, TradeState.UNPAID) and attempt.ask_at is None:
        return AttemptEvent.ABANDON
    return None


def _ask_later(question: _Question, *, busy: bool) -> None:
    with transaction() as session:
        queries.get_order_for_update(session, question.order_id)
        attempt = session.get_one(Attempt, question.attempt_id, populate_existing=True)
        if attempt.state != AttemptState.PAID:
            attempt.ask_at = after_silence(clock.now(), times_asked=question.times_asked, busy=busy)
