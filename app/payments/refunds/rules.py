"""Who gets how much back, why, and until when one can ask for it (玖); pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.core.decisions import Decision, allowed, refused
from app.core.messages import Message
from app.core.money import Twd, format_twd, twd
from app.core.roc_dates import format_roc_long

AMOUNT_CLAUSE: Final = "玖、表"
APPLY_CLAUSE: Final = "玖、一"
DECISION_CLAUSE: Final = "玖、三"


class RefundReason(StrEnum):
    """The closed list of the brochure: changing one's mind or being absent is none of them (R112)."""

    LATE = "late"
    OVERPAID = "overpaid"
    POSTPONED = "postponed"
    DISASTER = "disaster"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ReasonRule:
    """One line of the brochure's table (R101-R105).

    :ivar by_office: the exam centre starts the case itself; the payer need not apply
    :ivar needs_proof: cannot be granted without a document
    :ivar deducts: postage and administration are taken off
    """

    label: Message
    by_office: bool = False
    needs_proof: bool = False
    deducts: bool = False


RULES: Final[Mapping[RefundReason, ReasonRule]] = {
    RefundReason.LATE: ReasonRule(Message("逾期繳費"), by_office=True, deducts=True),
    RefundReason.OVERPAID: ReasonRule(Message("溢繳費用"), by_office=True, deducts=True),
    RefundReason.POSTPONED: ReasonRule(Message("因認證延期無法參加認證")),
    RefundReason.DISASTER: ReasonRule(Message("因天然災害無法參加認證")),
    RefundReason.OTHER: ReasonRule(
        Message("因其他無法歸責於考生之原因無法參加認證"), needs_proof=True, deducts=True
    ),
}
APPLICANTS_REASONS: Final = tuple(reason for reason, rule in RULES.items() if not rule.by_office)


@dataclass(frozen=True, slots=True)
class RefundAmount:
    """What goes back of an amount, and why; `amount_twd + deduction_twd == basis_twd`.

    :ivar basis_twd: what was paid in vain: late, too much, or for an exam that cannot be taken
    :ivar deduction_twd: what is kept of it, never more than there is
    """

    basis_twd: Twd
    deduction_twd: Twd
    amount_twd: Twd
    explanation: Message
    clause: str = AMOUNT_CLAUSE


@dataclass(frozen=True, slots=True)
class RefundDeadlines:
    """:ivar apply_by: last day of the postmark, inclusive
    :ivar pay_by: last day on which the money is sent, inclusive
    """

    apply_by: date
    pay_by: date


def refund_amount(reason: RefundReason, basis_twd: Twd, deduction_twd: Twd) -> RefundAmount:
    """Return what is paid back of an amount.

    In full after a postponement or a natural disaster, otherwise less postage and administration; what
    is smaller than these comes to nothing and never below it (Q21). One application is one money order,
    so a group's members who apply together bear the deduction once. 玖 table; R101-R105.

    :param basis_twd: what was paid late, too much, or for those who cannot take part
    :param deduction_twd: postage and administration of the year; 58 in 112
    """
    kept = min(twd(basis_twd), twd(deduction_twd)) if RULES[reason].deducts else 0
    values = {
        "basis": format_twd(basis_twd),
        "kept": format_twd(deduction_twd),
        "amount": format_twd(basis_twd - kept),
    }
    if not RULES[reason].deducts:
        explanation = Message("全額退還 %(amount)s", values)
    elif kept < basis_twd:
        explanation = Message("%(basis)s 扣除郵資及行政費 %(kept)s，退還 %(amount)s", values)
    else:
        explanation = Message("%(basis)s 不足以支付郵資及行政費 %(kept)s，沒有餘額可退", values)
    return RefundAmount(basis_twd, kept, basis_twd - kept, explanation)


def month_end(day: date, months_later: int = 0) -> date:
    """Return the last day of the day's month, or of a month so many later."""
    month = day.month - 1 + months_later
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def refund_deadlines(
    test_on: date, *, postponed_to: date | None = None, mass_pay_by: date | None = None
) -> RefundDeadlines:
    """Return until when an application is posted and the money sent.

    The end of the month of the test, and the end of the next. A new test date moves both, never
    earlier; a later payday is announced when very many are repaid. 玖、一 and 玖、四; R106, R109.

    :param postponed_to: the new test day of a postponement notice
    :param mass_pay_by: the later payday announced for a mass refund
    """
    last_test = max(test_on, postponed_to or test_on)
    pay_by = month_end(last_test, 1)
    return RefundDeadlines(month_end(last_test), max(pay_by, mass_pay_by or pay_by))


def offered_reasons(noticed: Collection[RefundReason]) -> tuple[RefundReason, ...]:
    """Return the reasons an applicant can choose: the first two only after their notice (R178).

    :param noticed: the reasons for which a notice about this round and area has been published
    """
    return tuple(reason for reason in APPLICANTS_REASONS if reason == RefundReason.OTHER or reason in noticed)


def check_can_request(*, paid: bool, anyone_left: bool, judged_on: date, apply_by: date) -> Decision:
    """Decide whether a refund can be asked for at all. 玖、一; R106, R112.

    :param paid: whether the fee was received in full; who was free has nothing to get back
    :param anyone_left: whether there is a paying candidate without a case
    :param judged_on: the postmark, or today when the application still has to be posted
    :param apply_by: last day of the postmark, inclusive
    """
    if not paid:
        return refused(Message("這份報名沒有繳過報名費，沒有費用可以退"), AMOUNT_CLAUSE)
    if not anyone_left:
        return refused(Message("已經申請過退費，不用再申請"), AMOUNT_CLAUSE)
    if judged_on > apply_by:
        day = {"day": format_roc_long(apply_by)}
        return refused(Message("退費申請書要在 %(day)s前寄出，郵戳為憑，現在已經不受理", day), APPLY_CLAUSE)
    return allowed(
        Message("請在 %(day)s前掛號寄出申請書，郵戳為憑", {"day": format_roc_long(apply_by)}), APPLY_CLAUSE
    )


def check_can_grant(
    reason: RefundReason, *, has_proof: bool, postmarked_on: date | None, apply_by: date | None
) -> Decision:
    """Decide whether a case can be granted. R105, R106.

    :param postmarked_on: the postmark of the signed application; None: not arrived
    :param apply_by: None: the office started the case, nothing has to be posted
    """
    if RULES[reason].by_office or apply_by is None:
        return allowed(RULES[reason].label, AMOUNT_CLAUSE)
    if postmarked_on is None:
        return refused(
            Message("請先登錄退費申請書的郵戳日期；申請書還沒寄到，不能核准"),
            APPLY_CLAUSE,
            field="postmarked_on",
        )
    if postmarked_on > apply_by:
        day = {"day": format_roc_long(apply_by)}
        return refused(Message("郵戳晚於 %(day)s，逾期不予受理", day), APPLY_CLAUSE, field="postmarked_on")
    if RULES[reason].needs_proof and not has_proof:
        return refused(Message("這個原因要有證明文件才能核准，請先請申請人補寄"), AMOUNT_CLAUSE)
    return allowed(RULES[reason].label, AMOUNT_CLAUSE)


def check_can_refuse(reason: RefundReason) -> Decision:
    """Decide whether a case can be refused: never money that came late or on top. 玖 table; R101, R102.

    It belongs to nobody but the payer; refused, it would be neither the exam's nor on its way back.
    """
    if RULES[reason].by_office:
        return refused(Message("逾期或溢繳的款項一定要退還，不能不予退費"), AMOUNT_CLAUSE, field="outcome")
    return allowed(Message("可以不予退費"), DECISION_CLAUSE)


def check_can_decide(*, proposed_by: int | None, decides: int | None) -> Decision:
    """Decide whether a person may decide on a proposal: never on the own one. 玖、三; R108."""
    if proposed_by == decides:
        return refused(Message("擬辦和核定要由不同的人辦理，請交給另一位同仁核定"), DECISION_CLAUSE)
    return allowed(Message("可以核定"), DECISION_CLAUSE)


def notice_due(*, test_on: date, event_on: date | None) -> date:
    """Return the last day on which a postponement notice is published.

    The day before the test; after something happened during the test, ten days from the event, its
    day not counted. 拾肆、四; R176, R177.

    :param event_on: the day of an event during the test; None: it is put off before
    """
    return test_on - timedelta(days=1) if event_on is None else event_on + timedelta(days=10)
