"""Why post comes back, why it is sent again, and how far a request for that has come; pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.core.errors import IllegalTransition
from app.core.messages import Message


class ReturnReason(StrEnum):
    """What the post office writes on a letter that comes back."""

    UNCLAIMED = "unclaimed"
    MOVED = "moved"
    NO_SUCH_ADDRESS = "no_such_address"
    UNKNOWN_PERSON = "unknown_person"
    REFUSED = "refused"


RETURN_REASONS: Final = {
    ReturnReason.UNCLAIMED: Message("招領逾期"),
    ReturnReason.MOVED: Message("遷移新址不明"),
    ReturnReason.NO_SUCH_ADDRESS: Message("查無地址或地址欠詳"),
    ReturnReason.UNKNOWN_PERSON: Message("查無此人"),
    ReturnReason.REFUSED: Message("拒收"),
}


class ResendCause(StrEnum):
    """Why somebody asks to be sent something again (拾肆、二; R174)."""

    WRONG_ENTRY = "wrong_entry"
    MOVED = "moved"
    UNCLAIMED = "unclaimed"
    OFFICE = "office"


RESEND_CAUSES: Final = {
    ResendCause.WRONG_ENTRY: Message("報名時地址或收件資料填錯"),
    ResendCause.MOVED: Message("搬家，沒有來得及更新地址"),
    ResendCause.UNCLAIMED: Message("沒有在期限內領取郵件"),
    ResendCause.OFFICE: Message("地址正確，是寄送的疏失"),
}


class ResendState(StrEnum):
    """``postage_due``: the amount is known and not there yet; ``ready``: it goes with the next batch."""

    ASKED = "asked"
    POSTAGE_DUE = "postage_due"
    READY = "ready"
    REFUSED = "refused"


class ResendEvent(StrEnum):
    BILL = "bill"
    RECEIVE = "receive"
    WAIVE = "waive"
    REFUSE = "refuse"


RESEND_LABELS: Final = {
    ResendState.ASKED: Message("待處理"),
    ResendState.POSTAGE_DUE: Message("待付郵資"),
    ResendState.READY: Message("待重寄"),
    ResendState.REFUSED: Message("不予重寄"),
}
OPEN: Final = (ResendState.ASKED, ResendState.POSTAGE_DUE)

_TRANSITIONS: Final = {
    (ResendState.ASKED, ResendEvent.BILL): ResendState.POSTAGE_DUE,
    (ResendState.ASKED, ResendEvent.WAIVE): ResendState.READY,
    (ResendState.ASKED, ResendEvent.REFUSE): ResendState.REFUSED,
    (ResendState.POSTAGE_DUE, ResendEvent.RECEIVE): ResendState.READY,
    (ResendState.POSTAGE_DUE, ResendEvent.WAIVE): ResendState.READY,
    (ResendState.POSTAGE_DUE, ResendEvent.REFUSE): ResendState.REFUSED,
}


def next_resend_state(state: ResendState, event: ResendEvent) -> ResendState:
    """Return the state after an event; raises IllegalTransition when it cannot happen."""
    after = _TRANSITIONS.get((state, event))
    if after is None:
        values = {"state": RESEND_LABELS[state]}
        raise IllegalTransition(
            Message("這件重寄申請目前是「%(state)s」，不能這樣處理，請重新整理頁面", values)
        )
    return after
