"""What may happen to a registration, and when one that was left lying lapses; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from app.core.clock import end_of_day
from app.core.decisions import Decision, allowed, refused
from app.core.messages import N_, Message
from app.core.roc_dates import format_roc_long
from app.payments.deadlines import same_day_limit
from app.registration.states import AmendmentState, CancelReason, FormState

# A payment made in a store on the last day is reported to us up to three days later (payments.md 1.2);
# until then the place is kept and nothing is cancelled.
REPORTING_DAYS = 3

SAME_DAY_CLAUSE = "捌、一※"
NO_CHANGE_CLAUSE = "捌、二、(五)1"
UNPAID_CLAUSE = "捌、二、(五)2"
ABSENCE_CLAUSE = "肆、一※"
AMENDMENT_CLAUSE = "拾、四"

# The brochure leaves the time to make good what is missing to the notice (捌、二、(五)2).
CORRECTION_DAYS = 7


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
    correction_last_day: date | None = None,
    now: datetime,
) -> CancelReason | None:
    """Return why a registration no longer counts although nobody has cancelled it yet, or None.

    A draft of a multi round lapses at the end of the day on which the round was chosen (捌、一※; R064, R209);
    a national draft (R065) when registration closes (R063). An unpaid registration lapses when its
    payment could no longer be reported (R088, R089). One that lacks something lapses after the last
    day of the notice (R068).

    :param closes_on: last day of registration, inclusive
    :param unpaid_last_day: the last day of an order that is still unpaid; None: nothing is owed
    :param correction_last_day: the last day for what a review found missing; None: nothing is asked for
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
    if (
        form_state == FormState.SUBMITTED
        and correction_last_day is not None
        and now >= end_of_day(correction_last_day)
    ):
        return CancelReason.NOT_CORRECTED
    return None


def free_again_from(absent_on: date) -> date:
    """Return the first test date for which somebody absent from a multi round may register again.

    The year is counted by month: absent on 111-04-23, the round held in April 112 is open again, although
    it is held on 112-04-15. 肆、一※; R043, R044, Q2.
    """
    return date(absent_on.year + 1, absent_on.month, 1)


def check_not_absent(test_on: date, absences: Iterable[date], *, first_round: str | None) -> Decision:
    """Decide whether absences from earlier multi rounds keep somebody out of a multi round.

    A national absence has no such consequence, and a multi absence none for the national rounds (R045,
    R046): they are not asked about here. 肆、一※; R043, R044, Q2.

    :param absences: test dates of multi rounds from which the person was absent
    :param first_round: name of the first round that is open again, if the year has one
    """
    blocking = [day for day in absences if day < test_on < free_again_from(day)]
    if not blocking:
        return allowed(Message("可以報名"), ABSENCE_CLAUSE)
    values = {"absent": format_roc_long(max(blocking))}
    if first_round is None:
        text = N_("這位考生 %(absent)s多梯次認證缺考，一年內不能再報多梯次認證；全國認證不受影響")
        return refused(Message(text, values), ABSENCE_CLAUSE, field="id_number")
    text = N_(
        "這位考生 %(absent)s多梯次認證缺考，一年內不能再報多梯次認證；最早可以報%(round)s，全國認證不受影響"
    )
    return refused(Message(text, values | {"round": first_round}), ABSENCE_CLAUSE, field="id_number")


def correction_deadline(today: date, test_on: date) -> date:
    """Return the last day, inclusive, for making good what is missing: a week, but before the test (R068)."""
    return max(today, min(today + timedelta(days=CORRECTION_DAYS), test_on - timedelta(days=1)))


def check_can_answer(*, asked: bool, lapse: CancelReason | None, form_state: FormState) -> Decision:
    """Decide whether the candidate can still answer a notice that something is missing (R068)."""
    if form_state == FormState.CANCELLED or lapse == CancelReason.NOT_CORRECTED:
        return refused(Message("補正期限已過，這份報名視同未報名；有疑問請電洽總試務中心"), UNPAID_CLAUSE)
    if not asked:
        return refused(Message("這份報名目前沒有需要補正的項目"))
    return allowed(Message("可以補正"), UNPAID_CLAUSE)


def check_can_change_contact(form_state: FormState) -> Decision:
    """Decide whether phone, e-mail and address can be changed: any time after submission (拾、四; R143)."""
    if form_state == FormState.CANCELLED:
        return refused(Message("這份報名已取消，不必再修改聯絡方式"))
    if form_state == FormState.DRAFT:
        return refused(Message("報名資料還沒送出，請直接修改報名表"))
    return allowed(Message("聯絡方式隨時可以修改"), AMENDMENT_CLAUSE)


def amendment_route(
    today: date,
    *,
    office_error: bool,
    registration_closes_on: date,
    ticket_correction_until: date,
) -> AmendmentState:
    """Return where identity data are corrected: by the office now (OPEN), or at the site (ON_SITE).

    One's own mistakes are the office's until registration closes, and the site's on the test day
    afterwards; what the office has wrong it corrects until the earlier of a week after tickets are open
    and the day before the test. 拾、二; 拾、四; R137, R141, R142, Q6.

    :param ticket_correction_until: inclusive, as is `registration_closes_on`
    """
    last_day = (
        max(registration_closes_on, ticket_correction_until) if office_error else registration_closes_on
    )
    return AmendmentState.OPEN if today <= last_day else AmendmentState.ON_SITE


def check_can_ask_amendment(form_state: FormState, *, today: date, test_on: date) -> Decision:
    """Decide whether a correction of identity data can be asked for: after submission, up to the test."""
    if form_state == FormState.CANCELLED:
        return refused(Message("這份報名已取消，不必再更正"))
    if form_state == FormState.DRAFT:
        return refused(Message("報名資料還沒送出，請直接修改報名表"))
    if today > test_on:
        return refused(Message("認證已經舉行，要更正請電洽總試務中心"), AMENDMENT_CLAUSE)
    return allowed(Message("可以申請更正"), AMENDMENT_CLAUSE)


def check_can_amend(route: AmendmentState, *, form_state: FormState, today: date, test_on: date) -> Decision:
    """Decide whether staff can correct identity data today: at the office, or on the test day at the site."""
    if form_state != FormState.SUBMITTED:
        return refused(Message("只有已送出的報名可以更正"))
    if route == AmendmentState.ON_SITE and today != test_on:
        text = N_("報名已截止：考生自己填錯的身分資料，%(day)s由試區核對證件後更正")
        return refused(Message(text, {"day": format_roc_long(test_on)}), AMENDMENT_CLAUSE)
    return allowed(Message("可以更正"), AMENDMENT_CLAUSE)


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
