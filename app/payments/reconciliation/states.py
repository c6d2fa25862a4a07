"""What becomes of a file's lines, and of what does not agree; pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.core.messages import Message
from app.payments.reconciliation.lines import Line, LineKind


class FileState(StrEnum):
    READING = "reading"
    DONE = "done"


class LineState(StrEnum):
    """What the portal knew of a line when it last met it."""

    MATCHED = "matched"
    HEALED = "healed"  # nobody had told us of this payment: the file did (case 16)
    SUSPENSE = "suspense"  # of no attempt of ours: kept as money that nobody knows what it is for
    MISSING = "missing"  # the portal has nothing of it, and the file says too little to record it
    DIFFERS = "differs"
    NOT_OURS = "not_ours"  # money that went back without our doing (case 26)


class FindingKind(StrEnum):
    """The lists of what does not agree (case 29), and what somebody else has given back (case 26)."""

    NOT_IN_PORTAL = "not_in_portal"
    NOT_IN_FILE = "not_in_file"
    AMOUNT_DIFFERS = "amount_differs"
    EXTERNAL_REFUND = "external_refund"


class ClosingAction(StrEnum):
    AGREED = "agreed"  # it came to agree by itself: a later file, a later notice, suspense matched
    CORRECTED = "corrected"
    REFUNDED = "refunded"
    BORNE = "borne"
    EXPLAINED = "explained"


class SuspenseAction(StrEnum):
    MATCHED = "matched"
    RETURN = "return"


KIND_NAMES: Final = {
    FindingKind.NOT_IN_PORTAL: Message("檔案有、本站沒有"),
    FindingKind.NOT_IN_FILE: Message("本站有、檔案沒有"),
    FindingKind.AMOUNT_DIFFERS: Message("金額不符"),
    FindingKind.EXTERNAL_REFUND: Message("不是本站辦的退款"),
}
ACTION_NAMES: Final = {
    ClosingAction.AGREED: Message("後來自行相符"),
    ClosingAction.CORRECTED: Message("金流或銀行已更正"),
    ClosingAction.REFUNDED: Message("已另外退還繳費人"),
    ClosingAction.BORNE: Message("差額由試務中心承擔"),
    ClosingAction.EXPLAINED: Message("已查明，不用處理"),
}
#: What a person can choose; the first closes itself.
CHOSEN_ACTIONS: Final = tuple(action for action in ClosingAction if action is not ClosingAction.AGREED)


def line_state(
    line: Line, *, brings_money: bool, receipt_twd: int | None, has_attempt: bool, is_own_refund: bool = False
) -> LineState:
    """Return what a line is to the portal; a payment that HEALED is to be recorded, SUSPENSE to be kept.

    :param brings_money: whether payments are recorded from files of this source
    :param receipt_twd: what the portal has received of this payment; None: nothing
    :param has_attempt: whether the payment is of an attempt of ours
    :param is_own_refund: whether the money went back because we asked for it
    """
    if line.kind is not LineKind.PAYMENT:
        return LineState.MATCHED if is_own_refund else LineState.NOT_OURS
    if receipt_twd is not None:
        return LineState.MATCHED if receipt_twd == line.amount_twd else LineState.DIFFERS
    if not brings_money or (has_attempt and not line.is_exact):
        return LineState.MISSING
    return LineState.HEALED if has_attempt else LineState.SUSPENSE
