"""What an applicant is told about a refund: a word, and a sentence on what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.messages import Message
from app.core.money import format_twd
from app.core.roc_dates import format_roc_long
from app.payments.models import RefundCase
from app.payments.refunds.states import STATE_LABELS, RefundState
from app.payments.refunds.through_gateway import check_can_repay


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """:ivar kind: of the status tag"""

    kind: str
    label: Message
    sentence: Message


_KINDS = {
    RefundState.WAITING: "waiting",
    RefundState.PROPOSED: "waiting",
    RefundState.GRANTED: "waiting",
    RefundState.SENDING: "waiting",
    RefundState.PAID: "done",
    RefundState.REFUSED: "overdue",
    RefundState.WITHDRAWN: "neutral",
    RefundState.CLOSED: "neutral",
}


def case_standing(case: RefundCase) -> CaseStanding:
    """Return where a case stands, as the applicant sees it."""
    if case.state == RefundState.WAITING and case.apply_by is not None and case.postmarked_on is None:
        sentence = Message("請在 %(day)s前掛號寄出申請書", {"day": format_roc_long(case.apply_by)})
        return CaseStanding("attention", Message("待寄申請書"), sentence)
    return CaseStanding(_KINDS[case.state], STATE_LABELS[case.state], _sentence(case))


def _sentence(case: RefundCase) -> Message:
    amount = format_twd(case.amount_twd)
    if case.state in (RefundState.WAITING, RefundState.PROPOSED):
        return Message("總試務中心辦理中，預計退還 %(amount)s", {"amount": amount})
    if case.state == RefundState.GRANTED:
        values = {"amount": amount, "day": format_roc_long(case.pay_by) if case.pay_by else ""}
        if check_can_repay(case):
            return Message("%(amount)s 會在 %(day)s前退回原來的信用卡或 LINE Pay，或以郵政匯票寄出", values)
        return Message("%(amount)s 會在 %(day)s前以郵政匯票寄出", values)
    if case.state == RefundState.SENDING:
        return Message("%(amount)s 正在退回原來的信用卡或 LINE Pay", {"amount": amount})
    if case.state == RefundState.PAID and case.paid_by_gateway and case.paid_on is not None:
        values = {"amount": amount, "day": format_roc_long(case.paid_on)}
        return Message("%(amount)s 已在 %(day)s退回原來的信用卡或 LINE Pay", values)
    if case.state == RefundState.PAID and case.paid_on is not None:
        values = {
            "amount": amount,
            "day": format_roc_long(case.paid_on),
            "number": case.money_order_number or "",
        }
        return Message("%(amount)s 的郵政匯票已在 %(day)s寄出，號碼 %(number)s", values)
    if case.state == RefundState.REFUSED:
        return Message("原因：%(note)s", {"note": case.decision_note or ""})
    if case.state == RefundState.CLOSED:
        values = {"basis": format_twd(case.basis_twd), "kept": format_twd(case.deduction_twd)}
        return Message("%(basis)s 扣除郵資及行政費後沒有餘額", values)
    return Message("您撤回了這件申請")
