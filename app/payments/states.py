"""What can happen to one attempt to pay, to money that arrived, and to a gateway's message; pure."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from app.core.errors import IllegalTransition
from app.core.messages import Message
from app.payments.deadlines import PaymentDeadline


class AttemptState(StrEnum):
    STARTED = "started"
    CODE_ISSUED = "code_issued"
    CONFIRMING = "confirming"  # asked to take the money, and not told whether it did (case 18)
    PAID = "paid"
    FAILED = "failed"
    ABANDONED = "abandoned"  # the payer left it, and the gateway knows of no payment


class AttemptEvent(StrEnum):
    ISSUE_CODE = "issue_code"
    CONFIRM = "confirm"
    PAY = "pay"
    FAIL = "fail"
    ABANDON = "abandon"
    REOPEN = "reopen"  # asked too early: the payer has yet to agree


class ReceiptOutcome(StrEnum):
    """What became of money that arrived; what is not applied is refundable."""

    APPLIED = "applied"
    LATE = "late"
    SURPLUS = "surplus"
    CANCELLED_ORDER = "cancelled_order"
    SUSPENSE = "suspense"  # nobody knows yet what it is for


class ReceiptSource(StrEnum):
    """Who told us of money."""

    NOTICE = "notice"  # the gateway's server
    QUERY = "query"  # the gateway, when we asked
    CONFIRMATION = "confirmation"  # the gateway, when we took the money
    FILE = "file"  # a reconciliation file


class NoticeOutcome(StrEnum):
    """What a gateway's message changed; only the first two changed money or what the payer carries away."""

    APPLIED = "applied"
    CODE_STORED = "code_stored"
    REPEATED = "repeated"
    FORGED = "forged"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"
    NOTED = "noted"


# A card may be declined and then pass on the same number (payments.md 6, case 5); nothing follows a payment.
ATTEMPT_TRANSITIONS = {
    (AttemptState.STARTED, AttemptEvent.ISSUE_CODE): AttemptState.CODE_ISSUED,
    (AttemptState.STARTED, AttemptEvent.PAY): AttemptState.PAID,
    (AttemptState.STARTED, AttemptEvent.FAIL): AttemptState.FAILED,
    (AttemptState.STARTED, AttemptEvent.CONFIRM): AttemptState.CONFIRMING,
    (AttemptState.STARTED, AttemptEvent.ABANDON): AttemptState.ABANDONED,
    (AttemptState.CODE_ISSUED, AttemptEvent.ABANDON): AttemptState.ABANDONED,
    (AttemptState.CONFIRMING, AttemptEvent.CONFIRM): AttemptState.CONFIRMING,
    (AttemptState.CONFIRMING, AttemptEvent.PAY): AttemptState.PAID,
    (AttemptState.CONFIRMING, AttemptEvent.FAIL): AttemptState.FAILED,
    (AttemptState.CONFIRMING, AttemptEvent.REOPEN): AttemptState.STARTED,
    (AttemptState.ABANDONED, AttemptEvent.PAY): AttemptState.PAID,
    (AttemptState.CODE_ISSUED, AttemptEvent.PAY): AttemptState.PAID,
    (AttemptState.FAILED, AttemptEvent.PAY): AttemptState.PAID,
}


def can_happen(state: AttemptState, event: AttemptEvent) -> bool:
    """Return whether the event still means anything to an attempt in this state.

    Notices arrive twice and in any order, so one that comes too late is no error.
    """
    return (state, event) in ATTEMPT_TRANSITIONS


def next_state(state: AttemptState, event: AttemptEvent) -> AttemptState:
    """Return the state after the event; raises IllegalTransition when it cannot happen."""
    try:
        return ATTEMPT_TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(Message("這筆繳費目前的狀態不能這樣處理，請重新整理頁面")) from None


def receipt_outcome(
    *, amount_twd: int, applied_twd: int, last_day: date, cancelled: bool, paid_at: datetime
) -> ReceiptOutcome:
    """Return what becomes of a payment, whatever its amount: money is always recorded.

    Late is decided by when the payer paid, not by when we heard of it: a store reports two working
    days later. A late payment never revives an order (R087, Q22); it is refunded as 逾期繳費 even when
    the order has been cancelled meanwhile, as what is paid on top is refunded as 溢繳費用 (R101, R102).

    :param amount_twd: what the order asks for
    :param applied_twd: what has been counted for it so far
    :param paid_at: aware instant of payment, as the gateway says
    """
    if applied_twd >= amount_twd:
        return ReceiptOutcome.SURPLUS
    if not PaymentDeadline(last_day).is_open_at(paid_at):
        return ReceiptOutcome.LATE
    if cancelled:
        return ReceiptOutcome.CANCELLED_ORDER
    return ReceiptOutcome.APPLIED
