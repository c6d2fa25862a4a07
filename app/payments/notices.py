"""What a gateway reports: kept raw first, then verified, then applied under the order's lock.

The failure cases are those of payments.md 6; their numbers stand where they are decided.
"""

from __future__ import annotations

import logging
from typing import Any

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import db, transaction
from app.payments import queries
from app.payments.gateways import notifying_gateway
from app.payments.gateways.base import (
    ForeignNotice,
    ForgedNotice,
    MalformedNotice,
    Notice,
    NoticeKind,
    PaymentCode,
)
from app.payments.gateways.form_body import parse_form_body
from app.payments.models import Attempt, GatewayMessage
from app.payments.question_times import next_question
from app.payments.receiving import Payment, receive
from app.payments.states import (
    AttemptEvent,
    AttemptState,
    NoticeOutcome,
    ReceiptSource,
    can_happen,
    next_state,
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
    :raises NotFound: if no such gateway sends us anything
    """
    gateway = notifying_gateway(gateway_name)
    message = _keep(gateway_name, body, address)
    pairs: list[tuple[str, str]] = []
    try:
        pairs = parse_form_body(body)
        notice = gateway.read_notice(pairs)
    except (ForgedNotice, ForeignNotice, MalformedNotice) as error:
        outcome = _UNUSABLE[type(error)]
        log.warning(
            "gateway message refused",
            extra={"gateway": gateway_name, "gateway_message": message.id, "outcome": outcome.value},
        )
        with transaction():
            message.outcome = outcome
            if outcome is NoticeOutcome.FORGED:
                _ask_soon(gateway_name, dict(pairs).get(gateway.trade_number_field, ""))
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


def _ask_soon(gateway_name: str, trade_number: str) -> None:
    """Let the gateway itself be asked about an attempt of which somebody told us wrongly (case 6)."""
    attempt = queries.find_attempt(gateway_name, trade_number) if trade_number.isalnum() else None
    if attempt is None:
        return
    queries.get_order_for_update(db.session, attempt.order_id)
    db.session.refresh(attempt)
    if attempt.state != AttemptState.PAID:
        attempt.ask_at = clock.now()


def _apply(gateway_name: str, notice: Notice, actor: Actor) -> NoticeOutcome:
    attempt = queries.find_attempt(gateway_name, notice.trade_number)
    if attempt is None:  # case 7: the message itself is the record that staff look into
        log.error("gateway message for an unknown trade", extra={"trade_number": notice.trade_number})
        return NoticeOutcome.UNKNOWN
    # One order's notices are judged one after the other: two at once find each other's work (case 2).
    order = queries.get_order_for_update(db.session, attempt.order_id)
    db.session.refresh(attempt)
    if notice.kind == NoticeKind.CODE_ISSUED:
        return store_code(attempt, notice)
    if notice.kind == NoticeKind.PAID:
        attempt.authorisation_number = notice.authorisation_number or attempt.authorisation_number
        return receive(order, attempt, _payment_of(notice), source=ReceiptSource.NOTICE, actor=actor)
    if notice.kind == NoticeKind.FAILED and can_happen(attempt.state, AttemptEvent.FAIL):
        attempt.state = next_state(attempt.state, AttemptEvent.FAIL)
        audit.record("payment.fail_attempt", order, actor, trade_number=attempt.trade_number)
    # A refusal after a payment, a pending card, the gateway's own test (cases 4, 8, 22): kept in the log.
    return NoticeOutcome.NOTED


def store_code(attempt: Attempt, notice: Notice) -> NoticeOutcome:
    """Keep what was issued for an attempt, once, under its order's lock; return what that changed."""
    code = notice.code
    if code is None:
        raise ValueError("a notice of an issued code has the code")
    if attempt.code_expires_at is not None:
        return NoticeOutcome.REPEATED
    attempt.gateway_trade_number = notice.gateway_trade_number or None
    keep_code(attempt, code)
    return NoticeOutcome.CODE_STORED


def keep_code(attempt: Attempt, code: PaymentCode) -> None:
    """Keep what the payer takes to the bank or the store, under the order's lock."""
    attempt.bank_code = code.bank_code
    attempt.account_number = code.account
    attempt.store_code = code.store_code
    attempt.barcodes = list(code.barcodes) if code.barcodes else None
    attempt.code_expires_at = code.expires_at or clock.end_of_day(code.expires_on)
    if attempt.state != AttemptState.PAID:
        attempt.ask_at = next_question(
            attempt.method,
            started_at=attempt.started_at,
            code_expires_at=attempt.code_expires_at,
            now=clock.now(),
        )
    # A code that is reported after its payment only fills in what was missing (case 3).
    if can_happen(attempt.state, AttemptEvent.ISSUE_CODE):
        attempt.state = next_state(attempt.state, AttemptEvent.ISSUE_CODE)


def _payment_of(notice: Notice) -> Payment:
    if notice.amount_twd is None or notice.paid_at is None:
        raise ValueError("a notice of payment says how much and when")
    return Payment(notice.gateway_trade_number, notice.amount_twd, notice.paid_at, notice.fee_twd)


def _understood(notice: Notice) -> dict[str, Any]:
    return {
        "kind": notice.kind.value,
        "gateway_trade_number": notice.gateway_trade_number,
        "amount_twd": notice.amount_twd,
        "paid_at": notice.paid_at.isoformat() if notice.paid_at else None,
        "fee_twd": notice.fee_twd,
        "result_code": notice.result_code,
    }
