"""Money of which nobody knew what it was for: a person matches it to an order, or it goes back."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import InvalidValue, Refused
from app.core.messages import Message
from app.payments.models import Order, Receipt, SuspenseDecision
from app.payments.queries import get_order_for_update
from app.payments.receiving import count_for
from app.payments.reconciliation import queries
from app.payments.reconciliation.matching import close_by_itself
from app.payments.reconciliation.states import SuspenseAction
from app.payments.states import ReceiptOutcome


def match(receipt_id: int, order_id: int, *, reason: str, account_id: int, actor: Actor) -> Receipt:
    """Count money in suspense for an order, as if it had come for it when it was paid.

    :raises NotFound: if there is no such money
    :raises Refused: if it has been matched already
    :raises InvalidValue: without a reason
    """
    _check_reason(reason)
    queries.get_suspense(receipt_id)
    with transaction() as session:
        order = get_order_for_update(session, order_id)
        receipt = _get_in_suspense(session, receipt_id)
        count_for(order, receipt, actor=actor)
        _decide(session, receipt, SuspenseAction.MATCHED, order, reason, account_id)
        for finding in queries.list_findings_of_receipt(session, receipt_id):
            close_by_itself(finding)
        audit.record("reconciliation.match_suspense", order, actor, receipt=receipt_id, reason=reason)
    return receipt


def return_to_sender(receipt_id: int, *, note: str, account_id: int, actor: Actor) -> Receipt:
    """Mark money in suspense as to go back to who sent it; until then it can still be matched.

    :raises NotFound: if there is no such money
    :raises Refused: if it has been matched already
    :raises InvalidValue: without a note
    """
    _check_reason(note)
    queries.get_suspense(receipt_id)
    with transaction() as session:
        receipt = _get_in_suspense(session, receipt_id)
        _decide(session, receipt, SuspenseAction.RETURN, None, note, account_id)
        audit.record(
            "reconciliation.return_suspense",
            ("receipts", str(receipt_id)),
            actor,
            amount_twd=receipt.amount_twd,
        )
    return receipt


def _decide(
    session: Session,
    receipt: Receipt,
    action: SuspenseAction,
    order: Order | None,
    reason: str,
    account_id: int,
) -> None:
    decision = session.get(SuspenseDecision, receipt.id) or SuspenseDecision(receipt_id=receipt.id)
    decision.action, decision.order, decision.reason = action, order, reason.strip()
    decision.decided_by_id, decision.decided_at = account_id, clock.now()
    session.add(decision)


def _get_in_suspense(session: Session, receipt_id: int) -> Receipt:
    query = sa.select(Receipt).where(Receipt.id == receipt_id).with_for_update()
    receipt = session.scalars(query.execution_options(populate_existing=True)).one()
    if receipt.outcome is not ReceiptOutcome.SUSPENSE:
        raise Refused(Message("這筆款項已經歸到一張訂單了，請重新整理頁面"))
    return receipt


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidValue(Message("請寫明理由，會留下紀錄"), field="reason")
