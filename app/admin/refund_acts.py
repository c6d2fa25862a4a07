"""What can be done to many refund cases at once, by the state they are in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext as _l

from app.accounts.policy import may_open
from app.payments.refunds.states import RefundState


@dataclass(frozen=True, slots=True)
class Batch:
    """What can be done to many cases of one state.

    :ivar endpoint: where it is asked for and, once confirmed, done
    """

    endpoint: str
    state: RefundState
    button: str
    question: str
    warning: str


PROPOSE = Batch(
    "admin.refunds.propose_picked",
    RefundState.WAITING,
    _l("擬准予退費"),
    _l("要把勾選的案件都擬為准予退費嗎？"),
    _l("擬好後由另一位同仁核定。缺郵戳、證明或受款人的案件不會送出，會列出原因。"),
)
GRANT = Batch(
    "admin.refunds.grant_picked",
    RefundState.PROPOSED,
    _l("核准退費"),
    _l("要核准勾選的案件嗎？"),
    _l("核准後會通知申請人，報名也隨之取消，不能再改。您自己擬辦的案件不會核准，會列出原因。"),
)
REPAY = Batch(
    "admin.refunds.repay_picked",
    RefundState.GRANTED,
    _l("原路退回"),
    _l("要把勾選案件的款項原路退回嗎？"),
    _l("款項會退回當時的信用卡或 LINE Pay，送出後不能收回。不能原路退回的案件會列出原因，改寄匯票。"),
)
BATCHES: Final = (PROPOSE, GRANT, REPAY)


def offered_batch(state: RefundState) -> Batch | None:
    """Return what the person at the desk may do to many cases of a state; None: nothing."""
    batch = next((each for each in BATCHES if each.state == state), None)
    return batch if batch is not None and may_open(batch.endpoint) else None
