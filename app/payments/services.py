"""Orders and attempts to pay them. What a gateway reports is recorded in notices.py."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from flask import current_app

from app.config import Settings
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.decisions import Decision, refused
from app.core.errors import GatewayError, Refused
from app.core.ids import new_trade_number
from app.core.messages import Message
from app.payments import queries
from app.payments.availability import check_available, note_answer, note_silence
from app.payments.deadlines import PAYMENT_CLAUSE, payment_deadline
from app.payments.gateways import gateway_for, gateway_named
from app.payments.gateways.base import (
    ChargeRequest,
    ConfirmingGateway,
    Gateway,
    Method,
    PaymentCode,
    RedirectForm,
    RedirectUrl,
    StartRefused,
)
from app.payments.models import Attempt, Order, OrderLine
from app.payments.notices import keep_code, record_message
from app.payments.question_times import next_question
from app.payments.refunds.services import open_office_cases
from app.payments.serials import take_serial
from app.payments.states import AttemptEvent, next_state
from app.payments.status import PaymentKind

log = logging.getLogger(__name__)

__all__ = [
    "OrderLineSpec",
    "cancel_order",
    "check_can_start",
    "hand_over_order",
    "open_order",
    "record_message",
    "start_attempt",
]

_CLOSED = {
    PaymentKind.PAID: Message("這筆費用已經繳清，不用再繳。"),
    PaymentKind.EXPIRED: Message("繳費期限已過，不能再繳費。"),
    PaymentKind.CANCELLED: Message("這筆報名已取消，請不要繳費。"),
}
_CONFIRMING = Message("正在確認您剛才的付款，請先不要再繳。通常幾分鐘內就有結果。")
_NOT_BEGUN = Message("現在連不上付款公司，沒有扣款。請過幾分鐘再試一次，或先用其他方式繳費。")

# What was not confirmed by then never will be, unless the gateway is silent: that holds nobody up.
_CONFIRMED_WITHIN = timedelta(minutes=30)

_PENDING_CARD = Message("剛才的刷卡還在等發卡銀行確認，請先不要再刷；幾分鐘後重新整理，就會看到結果。")


@dataclass(frozen=True, slots=True)
class OrderLineSpec:
    """One line of the bill, as the payer reads it; `unit_twd` is 0 for members who are free (R078)."""

    title: str
    quantity: int
    unit_twd: int


def open_order(
    *,
    account_id: int,
    title: str,
    page_path: str,
    lines: Sequence[OrderLineSpec],
    submitted_on: date,
    days_allowed: int,
    methods: Iterable[Method | str],
    actor: Actor,
) -> Order:
    """Open an order for what a submission costs; its last day is fixed here and never moves (R091).

    Clause 捌、二、(四)5; R085, R086, Q5.

    :param title: what is paid for, shown to the payer and printed at the store: no personal data
    :param page_path: the page to which the gateway sends the browser back, best the one made by
        `pages.pay`, which shows the account or the result; at most 120 characters
    :param submitted_on: Taipei day of submission, which is day 1
    :param methods: what the track allows (R081-R084)
    :raises ValueError: if there is nothing to pay: such a submission has no order (R079)
    """
    deadline = payment_deadline(submitted_on, days_allowed)
    with transaction() as session:
        order = Order(
            account_id=account_id,
            title=title,
            page_path=page_path,
            amount_twd=sum(line.quantity * line.unit_twd for line in lines),
            issued_on=submitted_on,
            last_day=deadline.last_day,
            deadline_clause=deadline.clause,
            methods=[Method(method).value for method in methods],
            lines=[
                OrderLine(position=position, title=line.title, quantity=line.quantity, unit_twd=line.unit_twd)
                for position, line in enumerate(lines, start=1)
            ],
            attempts=[],
            receipts=[],
        )
        if order.amount_twd <= 0:
            raise ValueError("an order needs something to pay; who is free gets none")
        session.add(order)
        session.flush()
        audit.record(
            "payment.open_order",
            order,
            actor,
            amount_twd=order.amount_twd,
            last_day=order.last_day.isoformat(),
            clause=order.deadline_clause,
        )
    return order


def cancel_order(order: Order, *, actor: Actor) -> Order:
    """End an unpaid order; money that still arrives for it is kept as refundable.

    Ending it twice changes nothing.

    :raises Refused: if it has been paid meanwhile, so that a cancellation never swallows a payment
    """
    with transaction() as session:
        order = queries.get_order_for_update(session, order.id)
        if order.is_paid:
            raise Refused(Message("這筆費用已經繳清，不能取消；如需協助，請電洽總試務中心。"))
        if order.cancelled_at is None:
            order.cancelled_at = clock.now()
            audit.record("payment.cancel_order", order, actor)
            open_office_cases(order, actor=actor)  # part of a sum that will never be complete
    return order


def hand_over_order(order: Order, account_id: int, *, actor: Actor) -> Order:
    """Let another account be whom an order is of: who pays it, gets its mails and asks for money back.

    Amount, last day, codes and receipts stay. Handing it over twice changes nothing.
    """
    with transaction() as session:
        order = queries.get_order_for_update(session, order.id)
        if order.account_id != account_id:
            order.account_id = account_id
            audit.record("payment.hand_over", order, actor)
    return order


def check_can_start(order: Order, method: Method, *, now: datetime) -> Decision:
    """Return whether a payment of this order by this method can begin now (R081-R087)."""
    closed = _CLOSED.get(queries.status_of(order, now=now).kind)
    if closed:
        return refused(closed, order.deadline_clause)
    if is_held_up(order, now=now):
        return refused(_CONFIRMING)
    gateway = gateway_for(method)
    if method.value not in order.methods or gateway is None:
        return refused(Message("這裡不能使用這種繳費方式，請改選其他方式。"), PAYMENT_CLAUSE, field="method")
    if method == Method.CARD and queries.find_pending_card(order, now=now):
        return refused(_PENDING_CARD, PAYMENT_CLAUSE, field="method")
    available = check_available(method, gateway, now=now)
    if not available:
        return available
    return gateway.check_can_start(
        method,
        amount_twd=order.outstanding_twd,
        last_day=order.last_day,
        now=now,
    )


def is_held_up(order: Order, *, now: datetime) -> bool:
    """Return whether another payment should wait for one that is being confirmed, half an hour at most."""
    confirming = queries.find_confirming(order)
    return confirming is not None and now < confirming.started_at + _CONFIRMED_WITHIN


def start_attempt(order: Order, *, method: Method, actor: Actor) -> RedirectForm | RedirectUrl | None:
    """Begin a payment: store the attempt and return what takes the browser to the gateway.

    Returns None when this method has an account or bars that can be paid, from before or issued at once,
    which are to be shown. Pressing twice is harmless: each press is an attempt with its own number, earlier
    codes stay matchable, and a second payment is kept as refundable. The last day stays. Choosing a
    method is agreeing to the payment and refund terms, whose first time is kept (R090, R091, R096).

    The attempt is committed before the gateway hears of it: whatever comes of that, its number is used up.

    :raises Refused: as `check_can_start`, or because the gateway does not answer (case 17)
    """
    attempt = _open_attempt(order, method, actor)
    if attempt is None:
        return None
    gateway = gateway_named(attempt.gateway)
    try:
        going = gateway.start(_charge_request(attempt.order, attempt, gateway))
    except Refused:
        _end(attempt)
        raise
    except GatewayError as error:
        log.error("payment not begun", extra={"trade_number": attempt.trade_number, "reason": str(error)})
        if isinstance(error, StartRefused):
            _end(attempt)
        note_silence(gateway.name)
        raise Refused(_NOT_BEGUN) from error
    if isinstance(going, RedirectUrl):
        note_answer(gateway.name)
        with transaction():
            attempt.gateway_trade_number = going.gateway_trade_number
            attempt.payment_url = going.url
    if isinstance(going, PaymentCode):
        with transaction() as session:
            queries.get_order_for_update(session, attempt.order_id)
            keep_code(attempt, going)
            attempt.ask_at = None  # a bank cannot be asked: its files tell
        return None
    return going


def _end(attempt: Attempt) -> None:
    """Note that nothing can come of an attempt: the gateway has not taken it."""
    with transaction():
        attempt.state = next_state(attempt.state, AttemptEvent.FAIL)
        attempt.ask_at = None


def _open_attempt(order: Order, method: Method, actor: Actor) -> Attempt | None:
    now = clock.now()
    with transaction() as session:
        order = queries.get_order_for_update(session, order.id)
        check_can_start(order, method, now=now).raise_if_refused()
        if queries.find_live_code(order, method, now=now):
            return None
        gateway = cast(Gateway, gateway_for(method))  # the check refuses a method without one
        attempt = Attempt(
            order=order,
            gateway=gateway.name,
            trade_number=new_trade_number(),
            method=method,
            amount_twd=order.outstanding_twd,
            started_at=now,
            ask_at=next_question(method, started_at=now, code_expires_at=None, now=now),
        )
        session.add(attempt)
        order.terms_accepted_at = order.terms_accepted_at or now
        audit.record(
            "payment.start_attempt", order, actor, method=method.value, trade_number=attempt.trade_number
        )
    return attempt


def _charge_request(order: Order, attempt: Attempt, gateway: Gateway) -> ChargeRequest:
    settings: Settings = current_app.extensions["settings"]
    server = f"{settings.callback_url or settings.base_url}/payments/{gateway.name}"
    way_back = "confirm" if isinstance(gateway, ConfirmingGateway) else "return"
    return ChargeRequest(
        trade_number=attempt.trade_number,
        amount_twd=attempt.amount_twd,
        item_name=order.title,
        description=order.title,
        method=attempt.method,
        last_day=order.last_day,
        requested_at=attempt.started_at,
        notify_url=f"{server}/notify",
        code_url=f"{server}/code",
        return_url=f"{settings.base_url}/payments/{gateway.name}/{way_back}",
        client_back_url=f"{settings.base_url}{order.page_path}",
        next_serial=lambda: take_serial(order.last_day),
    )
