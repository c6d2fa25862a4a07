"""What a gateway reports: kept raw first, then verified, then applied under the order's lock.

The failure cases are those of payments.md 6; their numbers stand where they are decided.
"""

from __future__ import annotations

import logging
from typing import Any

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import db, transaction
from app.payments import letters, queries
from app.payments.gateways import gateway_named
from app.payments.gateways.base import (
    ForeignNotice,
    ForgedNotice,
    MalformedNotice,
    Notice,
    NoticeKind,
    PaymentCode,
)
from app.payments.gateways.form_body import parse_form_body
from app.payments.models import Attempt, GatewayMessage, Order, Receipt
from app.payments.refunds.services import open_office_cases
from app.payments.signals import order_paid
from app.payments.states import (
    AttemptEvent,
    AttemptState,
    NoticeOutcome,
    ReceiptOutcome,
    can_happen,
    next_state,
    receipt_outcome,
)

log = logging.getLogger(__name__)

_UNUSABLE = {
    ForgedNotice: NoticeOutcome.FORGED,
    ForeignNotice: NoticeOutcome.FOREIGN,
    MalformedNotice: NoticeOutcome.MALFORMED,
}


def record_message(gateway_name: str, body: bytes, *, address: str | None, actor: Actor) -> NoticeOutcome:
    """Record what a gateway's server sent us, and return what it changed.

    The bytes are committed before anything looks at them, so that no mistake of ours loses a
    report of money. A repeated report changes nothing; reports may come in any order (cases 1-5).

    :param body: at most `form_body.MAX_BYTES`
    :param address: the sender's network address
    :raises NotFound: if there is no such gateway
    """
    gateway = gateway_named(gateway_name)
    message = _keep(gateway_name, body, address)
    try:
        notice = gateway.read_notice(parse_form_body(body))
    except (ForgedNotice, ForeignNotice, MalformedNotice) as error:
        outcome = _UNUSABLE[type(error)]
        log.warning(
            "gateway message refused",
            extra={"gateway": gateway_name, "gateway_message": message.id, "outcome": outcome.value},
        )
        with transaction():
            message.outcome = outcome
        return outcome
    with transaction():
        message.outcome = _apply(gateway_name, notice, actor)
        message.trade_number = notice.trade_number
        message.understood = _understood(notice)
    return message.outcome


def _keep(gateway_name: str, body: bytes, address: str | None) -> GatewayMessage:
    with transaction() as session:
        message = GatewayMessage(
            gateway=gateway_name, received_at=clock.now(), address=address, body=body, outcome=None
        )
        session.add(message)
        session.flush()
    return message


def _apply(gateway_name: str, notice: Notice, actor: Actor) -> NoticeOutcome:
    attempt = queries.find_attempt(gateway_name, notice.trade_number)
    if attempt is None:  # case 7: the message itself is the record that staff look into
        log.error("gateway message for an unknown trade", extra={"trade_number": notice.trade_number})
        return NoticeOutcome.UNKNOWN
    # One order's notices are judged one after the other: two at once find each other's work (case 2).
    order = queries.get_order_for_update(db.session, attempt.order_id)
    db.session.refresh(attempt)
    if notice.kind == NoticeKind.CODE_ISSUED and notice.code is not None:
        return _store_code(attempt, notice.code)
    if notice.kind == NoticeKind.PAID:
        return _store_payment(order, attempt, notice, actor)
    if notice.kind == NoticeKind.FAILED and can_happen(attempt.state, AttemptEvent.FAIL):
        attempt.state = next_state(attempt.state, AttemptEvent.FAIL)
        audit.record("payment.fail_attempt", order, actor, trade_number=attempt.trade_number)
    # A refusal after a payment, a pending card, the gateway's own test (cases 4, 8, 22): kept in the log.
    return NoticeOutcome.NOTED


def _store_code(attempt: Attempt, code: PaymentCode) -> NoticeOutcome:
    if attempt.code_expires_at is not None:
        return NoticeOutcome.REPEATED
    attempt.bank_code = code.bank_code
    attempt.account_number = code.account
    attempt.barcodes = list(code.barcodes) if code.barcodes else None
    attempt.code_expires_at = code.expires_at or clock.end_of_day(code.expires_on)
    # A code that is reported after its payment only fills in what was missing (case 3).
    if can_happen(attempt.state, AttemptEvent.ISSUE_CODE):
        attempt.state = next_state(attempt.state, AttemptEvent.ISSUE_CODE)
    return NoticeOutcome.CODE_STORED


def _store_payment(order: Order, attempt: Attempt, notice: Notice, actor: Actor) -> NoticeOutcome:
    known = queries.find_receipt(attempt.gateway, notice.gateway_trade_number)
    if known is not None:
        if known.attempt_id == attempt.id:
            return NoticeOutcome.REPEATED
        # The gateway never gives one number to two payments: a person has to look.
        log.error("gateway number used twice", extra={"trade_number": notice.trade_number})
        return NoticeOutcome.NOTED
    if notice.amount_twd is None or notice.paid_at is None:
        raise ValueError("a notice of payment says how much and when")
    receipt = Receipt(
        order=order,
        attempt=attempt,
        gateway=attempt.gateway,
        gateway_trade_number=notice.gateway_trade_number,
        amount_twd=notice.amount_twd,
        paid_at=notice.paid_at,
        recorded_at=clock.now(),
        outcome=receipt_outcome(
            amount_twd=order.amount_twd,
            applied_twd=order.applied_twd,
            last_day=order.last_day,
            cancelled=order.cancelled_at is not None,
            paid_at=notice.paid_at,
        ),
    )
    db.session.add(receipt)
    if attempt.state != AttemptState.PAID:
        attempt.state = next_state(attempt.state, AttemptEvent.PAY)
    db.session.flush()
    open_office_cases(order, actor=actor)
    _announce(order, receipt, actor)
    return NoticeOutcome.APPLIED


def _announce(order: Order, receipt: Receipt, actor: Actor) -> None:
    audit.record(
        "payment.record_receipt",
        order,
        actor,
        amount_twd=receipt.amount_twd,
        outcome=receipt.outcome.value,
        trade_number=receipt.attempt.trade_number,
    )
    if receipt.outcome != ReceiptOutcome.APPLIED:
        letters.send_refundable(order, receipt)
    elif order.is_paid:
        letters.send_paid(order)
        order_paid.send(order, actor=actor)
    else:
        letters.send_partial(order, receipt)


def _understood(notice: Notice) -> dict[str, Any]:
    return {
        "kind": notice.kind.value,
        "gateway_trade_number": notice.gateway_trade_number,
        "amount_twd": notice.amount_twd,
        "paid_at": notice.paid_at.isoformat() if notice.paid_at else None,
        "fee_twd": notice.fee_twd,
        "result_code": notice.result_code,
    }
