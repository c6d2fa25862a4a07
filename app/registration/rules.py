"""What may happen to a registration, and when one that was left lying lapses; pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.core.clock import end_of_day
from app.core.decisions import Decision, allowed, refused
from app.core.messages import Message
from app.payments.deadlines import same_day_limit
from app.registration.states import CancelReason, FormState

# A payment made in a store on the last day is reported to us up to three days later (payments.md 1.2);
# until then the place is kept and nothing is cancelled.
REPORTING_DAYS = 3

SAME_DAY_CLAUSE = "捌、一※"
NO_CHANGE_CLAUSE = "捌、二、(五)1"
UNPAID_CLAUSE = "捌、二、(五)2"


def kept_until(last_day: date) -> datetime:
    """Return the exclusive instant until which an unpaid registration keeps its place.

    Three days after the last day of payment: what was paid in time may be reported as late as that.
    R088, R095.
    """
    return end_of_day(last_day + timedelta(days=REPORTING_DAYS))


def find_lapse(
    *,
    form_state: FormState,
    same_day_submission: bool,
    created_at: datetime,
    closes_on: date,
    unpaid_last_day: date | None,
    now: datetime,
) -> CancelReason | None:
    """Return why a registration no longer counts although nobody has cancelled it yet, or None.

    A draft of a multi round lapses at the end of the day on which the round was chosen (捌、一※; R064);
    a national draft (R065) when registration closes (R063). An unpaid registration lapses when its
    payment could no longer be reported (R088, R089).

    :param closes_on: last day of registration, inclusive
    :param unpaid_last_day: the last day of an order that is still unpaid; None: nothing is owed
    """
    if form_state == FormState.DRAFT and same_day_submission and now >= same_day_limit(created_at):
        return CancelReason.NOT_SUBMITTED
    if form_state == FormState.DRAFT and now >= end_of_day(closes_on):
        return CancelReason.CLOSED
    if (
        form_state == FormState.SUBMITTED
        and unpaid_last_day is not None
        and now >= kept_until(unpaid_last_day)
    ):
        return CancelReason.UNPAID
    return None


def check_can_register(*, individual: bool, same_track: bool) -> Decision:
    """Decide whether an account may register single candidates for a round's track (R192, R195)."""
    if not individual:
        return refused(Message("這是團體報名帳號，請到「我的團體」報名"))
    if not same_track:
        return refused(Message("全國認證與多梯次認證的帳號分開建立，請改用另一個系統的帳號登入"))
    return allowed(Message("可以報名"))


def check_can_change(form_state: FormState, lapse: CancelReason | None) -> Decision:
    """Decide whether the data of a registration can still be changed: only those of a living draft.

    Clause 捌、二、(五)1; R067, R069, R208.
    """
    if form_state == FormState.CANCELLED:
        return refused(Message("這份報名已取消，請重新報名"), NO_CHANGE_CLAUSE)
    if lapse == CancelReason.NOT_SUBMITTED:
        return refused(Message("這份報名沒有在選取梯次當天送出，已自動取消，請重新選取梯次"), SAME_DAY_CLAUSE)
    if lapse == CancelReason.CLOSED:
        return refused(Message("報名已截止，這份報名沒有送出，已自動取消"), SAME_DAY_CLAUSE)
    if form_state == FormState.SUBMITTED:
        return refused(Message("報名資料已送出，不能再修改；資料有誤請洽總試務中心"), NO_CHANGE_CLAUSE)
    return allowed(Message("送出前都可以修改"), NO_CHANGE_CLAUSE)


def check_can_cancel(
    form_state: FormState, *, in_group: bool, has_receipts: bool, registration_open: bool, owes: bool
) -> Decision:
    """Decide whether the candidate can withdraw by a button.

    A draft or an unpaid registration can always be withdrawn; one that is free of charge until
    registration closes, because seats are given after that. Money already received is given back by
    the refund procedure instead (玖).

    :param has_receipts: whether any payment was counted for it
    :param owes: whether an order is waiting to be paid
    """
    if form_state == FormState.CANCELLED:
        return refused(Message("這份報名已經取消了"))
    if in_group:
        return refused(Message("團體報名的考生請由團報負責人處理"))
    if has_receipts:
        return refused(Message("這份報名已經繳費，請改為申請退費"), "玖")
    if form_state == FormState.SUBMITTED and not owes and not registration_open:
        return refused(Message("報名已截止，要取消請電洽總試務中心"))
    return allowed(Message("可以取消"))


def check_can_review(form_state: FormState, *, complete: bool) -> Decision:
    """Decide whether eligibility can be reviewed: form and payment must both be done (R212, R213)."""
    if form_state == FormState.CANCELLED:
        return refused(Message("這份報名已取消，不需要審查"))
    if not complete:
        return refused(Message("報名表或繳費尚未完成，還不能審查"), UNPAID_CLAUSE)
    return allowed(Message("可以審查"))
