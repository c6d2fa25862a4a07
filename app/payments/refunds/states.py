"""How a refund case moves from hand to hand; pure."""

from __future__ import annotations

from enum import StrEnum

from app.core.errors import IllegalTransition
from app.core.messages import Message


class RefundState(StrEnum):
    WAITING = "waiting"  # for the office to look into it
    PROPOSED = "proposed"  # for somebody else to decide
    GRANTED = "granted"  # for the money order
    SENDING = "sending"  # the gateway was asked to give it back, and has not said that it did
    PAID = "paid"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the applicant
    CLOSED = "closed"  # nothing is left after the deduction (Q21)


class RefundEvent(StrEnum):
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    GRANT = "grant"
    REFUSE = "refuse"
    SEND = "send"
    FAIL = "fail"
    PAY = "pay"
    WITHDRAW = "withdraw"


TRANSITIONS = {
    (RefundState.WAITING, RefundEvent.PROPOSE): RefundState.PROPOSED,
    (RefundState.WAITING, RefundEvent.WITHDRAW): RefundState.WITHDRAWN,
    (RefundState.PROPOSED, RefundEvent.SEND_BACK): RefundState.WAITING,
    (RefundState.PROPOSED, RefundEvent.GRANT): RefundState.GRANTED,
    (RefundState.PROPOSED, RefundEvent.REFUSE): RefundState.REFUSED,
    (RefundState.GRANTED, RefundEvent.PAY): RefundState.PAID,
    (RefundState.GRANTED, RefundEvent.SEND): RefundState.SENDING,
    (RefundState.SENDING, RefundEvent.PAY): RefundState.PAID,
    (RefundState.SENDING, RefundEvent.FAIL): RefundState.GRANTED,
}


class GatewayRefundState(StrEnum):
    IN_TRANSIT = "in_transit"  # asked for; whether it was done is not known yet
    DONE = "done"
    FAILED = "failed"


# Cases that lay claim to money; a refused or withdrawn one can be asked for anew.
CLAIMING = frozenset(RefundState) - {RefundState.REFUSED, RefundState.WITHDRAWN}
# Cases whose money has left the order for good: sent, or kept as the deduction.
SETTLED = frozenset({RefundState.PAID, RefundState.CLOSED})

STATE_LABELS = {
    RefundState.WAITING: Message("待處理"),
    RefundState.PROPOSED: Message("待核定"),
    RefundState.GRANTED: Message("待退款"),
    RefundState.SENDING: Message("退款中"),
    RefundState.PAID: Message("已退費"),
    RefundState.REFUSED: Message("未核准"),
    RefundState.WITHDRAWN: Message("已撤回"),
    RefundState.CLOSED: Message("無餘額可退"),
}


def next_state(state: RefundState, event: RefundEvent) -> RefundState:
    """Return the state after the event; raises IllegalTransition when it cannot happen."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(Message("這件退費目前的狀態不能這樣處理，請重新整理頁面")) from None
