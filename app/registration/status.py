"""What a candidate is told about one registration: where it stands, what to do, what lies ahead; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.core.clock import taipei_day
from app.core.messages import N_, Message
from app.core.roc_dates import format_instant, format_roc_long
from app.payments.status import PaymentKind, PaymentStatus
from app.registration.rules import REPORTING_DAYS
from app.registration.states import CancelReason, FormState, ReviewState


class Step(StrEnum):
    """What the candidate can do next; the page knows the address."""

    REVIEW = "review"
    PAY = "pay"
    TICKET = "ticket"
    CANCEL = "cancel"
    AGAIN = "again"
    CORRECT = "correct"


class Tag(StrEnum):
    """The kinds of a status tag, as the macro has them."""

    DONE = "done"
    WAITING = "waiting"
    ATTENTION = "attention"
    OVERDUE = "overdue"
    NEUTRAL = "neutral"


# In this order an account's registrations are listed: what waits for the candidate comes first.
URGENCY = (Tag.ATTENTION, Tag.OVERDUE, Tag.WAITING, Tag.DONE, Tag.NEUTRAL)


@dataclass(frozen=True, slots=True)
class RegistrationFacts:
    """The independent facts of a registration, as they are at one instant.

    :ivar ended: why it was cancelled or has lapsed; None: it counts
    :ivar closes_on: last day of registration, inclusive
    :ivar correction_last_day: until when what a review found missing can be made good; None: nothing is asked
    :ivar can_withdraw: whether it can be cancelled by a button, to register anew
    """

    form_state: FormState
    review_state: ReviewState
    ended: CancelReason | None
    payment: PaymentStatus
    same_day_submission: bool
    submitted_at: datetime | None
    closes_on: date
    materials_from: date
    ticket_opens_at: datetime
    ticket_by_post: bool
    test_on: date
    score_opens_at: datetime
    certificate_from: date
    certificate_chase_after: date
    correction_last_day: date | None = None
    can_withdraw: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether form and payment are both done (R212)."""
        return self.form_state == FormState.SUBMITTED and self.payment.is_settled


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer to "where am I": a word, a sentence, and the one thing to do, if there is one."""

    kind: Tag
    label: Message
    answer: Message
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One fact of the status page (R211): its state, its date, and whether it is what to do now.

    :ivar key: by which a room above replaces it with what it knows better
    """

    title: Message
    kind: Tag
    label: Message
    when: Message | str | None = None
    note: Message | None = None
    step: Step | None = None
    key: str = ""


_ENDED = {
    CancelReason.NOT_SUBMITTED: Message("這份報名沒有在選取梯次當天送出，已自動取消，名額也已釋出。"),
    CancelReason.CLOSED: Message("報名截止前沒有送出，這份報名已自動取消。"),
    CancelReason.UNPAID: Message("這份報名沒有在期限內繳費，已自動取消。"),
    CancelReason.WITHDRAWN: Message("您取消了這份報名。"),
    CancelReason.REMOVED: Message("團報負責人取消了這份報名。"),
    CancelReason.REFUNDED: Message("退費已核准，這份報名已取消，不再參加這個梯次的認證。"),
    CancelReason.NOT_CORRECTED: Message(
        "沒有在期限內補正資料，這份報名視同未報名，不能應試。有疑問請電洽總試務中心。"
    ),
}


_CONFIRMING = Message("正在向 LINE Pay 確認您的付款，通常幾分鐘內就有結果。這段時間請不要再繳。")


def standing(facts: RegistrationFacts, now: datetime) -> Standing:
    """Return the one sentence to open the page with, and the one next step."""
    today = taipei_day(now)
    if facts.ended is not None:
        again = Step.AGAIN if today <= facts.closes_on else None
        return Standing(Tag.NEUTRAL, Message("已取消"), _ENDED[facts.ended], again)
    if facts.form_state == FormState.DRAFT:
        return _draft_standing(facts)
    if not facts.payment.is_settled:
        return _unpaid_standing(facts, today)
    return _complete_standing(facts, now)


def overview(standings: Sequence[Standing]) -> Message:
    """Return the sentence above a list of registrations, at least one: it speaks of the worst of them."""
    counts = Counter(each.kind for each in standings)
    waiting, overdue, ended = counts[Tag.ATTENTION], counts[Tag.OVERDUE], counts[Tag.NEUTRAL]
    values = {"waiting": waiting, "overdue": overdue, "ended": ended}
    if waiting and overdue:
        return Message("有 %(waiting)s 份報名等您處理，另有 %(overdue)s 份繳費期限已過。", values)
    if waiting:
        return Message("有 %(waiting)s 份報名等您處理。", values)
    if overdue:
        return Message("有 %(overdue)s 份報名繳費期限已過，請看下面怎麼處理。", values)
    if ended == len(standings):
        return Message("這裡的報名都已取消。")
    if ended:
        return Message("有 %(ended)s 份報名已取消；其他的現在不必做任何事。", values)
    return Message("都處理好了，現在不必做任何事。")


def timeline(facts: RegistrationFacts, now: datetime) -> list[TimelineItem]:
    """Return the facts of R211 in the order in which they come about.

    Of a registration that has ended nothing is left to come.
    """
    if facts.ended is not None:
        return []
    today = taipei_day(now)
    items = {
        "form": _form_item(facts),
        "payment": _payment_item(facts),
        "review": _review_item(facts),
        "materials": _materials_item(facts, today),
        "ticket": _ticket_item(facts, now),
        "test": _test_item(facts, today),
        "score": _score_item(facts, now),
        "certificate": _certificate_item(facts, today),
    }
    return [replace(item, key=key) for key, item in items.items()]


def _draft_standing(facts: RegistrationFacts) -> Standing:
    if facts.same_day_submission:
        answer = Message("還沒送出。請在今天 23:59 前檢查並送出，逾時系統會取消報名、釋出名額。")
    else:
        day = {"day": format_roc_long(facts.closes_on)}
        answer = Message("還沒送出。請在 %(day)s23:59 前檢查並送出。", day)
    return Standing(Tag.ATTENTION, Message("待送出"), answer, Step.REVIEW)


def _unpaid_standing(facts: RegistrationFacts, today: date) -> Standing:
    payment = facts.payment
    if not payment.can_pay:
        step, otherwise = None, Message("沒有繳足的話，請電洽總試務中心。")
        if today > facts.closes_on:
            otherwise = Message("沒有繳的話，這份報名會自動取消；報名已截止，不能重新報名。")
        elif facts.can_withdraw:
            step = Step.CANCEL
            otherwise = Message("還沒繳的話，請先取消這份報名，就可以馬上重新報名。")
        text = N_("繳費期限已過。已在期限內繳費的話，入帳約需 2 到 3 個工作天，不必再繳。%(otherwise)s")
        return Standing(Tag.OVERDUE, payment.label, Message(text, {"otherwise": otherwise}), step)
    if payment.confirming:
        return Standing(Tag.WAITING, payment.label, _CONFIRMING)
    return Standing(Tag.ATTENTION, payment.label, _pay_by(payment), Step.PAY)


def _pay_by(payment: PaymentStatus) -> Message:
    day = {"day": format_roc_long(payment.last_day) if payment.last_day else "", "days": payment.days_left}
    if payment.days_left == 0:
        return Message("請在今天 23:59 前繳費，今天是最後一天。")
    return Message("請在 %(day)s23:59 前繳費，還有 %(days)s 天。", day)


def _complete_standing(facts: RegistrationFacts, now: datetime) -> Standing:
    if facts.review_state == ReviewState.RETURNED and facts.correction_last_day is not None:
        day = {"day": format_roc_long(facts.correction_last_day)}
        answer = Message("請在 %(day)s23:59 前補正報名資料，逾期視同未報名。", day)
        return Standing(Tag.ATTENTION, Message("待補正"), answer, Step.CORRECT)
    if facts.review_state == ReviewState.RETURNED:
        # A group as a whole: what is missing stands with its members.
        answer = Message("請補正報名資料：在名單中待補正的考生旁選「補正資料」，逾期視同未報名。")
        return Standing(Tag.ATTENTION, Message("待補正"), answer)
    if facts.review_state == ReviewState.PENDING:
        # The words are those of the screens' list, not of the text (Q13).
        label = (
            Message("待審中") if facts.payment.kind == PaymentKind.EXEMPT else Message("已繳費，資料審核中")
        )
        answer = Message("報名完成，等候總試務中心審查資格。您現在不必做任何事。")
        return Standing(Tag.WAITING, label, answer)
    return _approved_standing(facts, now)


def _approved_standing(facts: RegistrationFacts, now: datetime) -> Standing:
    done = Message("報名完成")
    test_on = {"day": format_roc_long(facts.test_on)}
    if now < facts.ticket_opens_at:
        opens = {"at": format_instant(facts.ticket_opens_at)}
        return Standing(Tag.DONE, done, Message("資格審查通過。准考證 %(at)s 起開放下載。", opens))
    if taipei_day(now) <= facts.test_on:
        answer = Message("請下載准考證，%(day)s帶著准考證和身分證件到試區應試。", test_on)
        return Standing(Tag.DONE, done, answer, Step.TICKET)
    if now < facts.score_opens_at:
        opens = test_on | {"at": format_instant(facts.score_opens_at)}
        return Standing(Tag.DONE, done, Message("認證已於 %(day)s舉行，成績 %(at)s 起公布。", opens))
    return Standing(
        Tag.DONE, done, Message("認證已於 %(day)s舉行，成績請看報名進度裡的「成績單」。", test_on)
    )


def _form_item(facts: RegistrationFacts) -> TimelineItem:
    title = Message("報名表")
    if facts.submitted_at is not None:
        return TimelineItem(title, Tag.DONE, Message("完成"), when=format_instant(facts.submitted_at))
    draft = _draft_standing(facts)
    return TimelineItem(title, draft.kind, draft.label, step=draft.step)


def _payment_item(facts: RegistrationFacts) -> TimelineItem:
    title, payment = Message("繳費"), facts.payment
    if facts.form_state == FormState.DRAFT:
        return TimelineItem(title, Tag.NEUTRAL, Message("送出後繳費"))
    if payment.kind == PaymentKind.EXEMPT:
        return TimelineItem(title, Tag.DONE, Message("免繳費"))
    if payment.kind == PaymentKind.PAID:
        when = format_instant(payment.paid_at) if payment.paid_at else None
        return TimelineItem(title, Tag.DONE, Message("完成"), when=when)
    if payment.confirming:
        return TimelineItem(title, Tag.WAITING, payment.label, _last_day(payment), _CONFIRMING)
    if payment.can_pay:
        note = Message("超商與 ATM 繳費約 2 到 3 個工作天入帳，這裡會自動更新。")
        return TimelineItem(title, Tag.ATTENTION, payment.label, _last_day(payment), note, Step.PAY)
    last_day = payment.last_day or facts.closes_on
    values = {"day": format_roc_long(last_day + timedelta(days=REPORTING_DAYS))}
    note = Message("到 %(day)s仍沒有入帳，這份報名會自動取消。", values)
    return TimelineItem(title, Tag.OVERDUE, payment.label, _last_day(payment), note)


def _last_day(payment: PaymentStatus) -> Message | None:
    if payment.last_day is None:
        return None
    return _until(payment.last_day)


def _until(last_day: date) -> Message:
    return Message("%(day)s23:59 截止", {"day": format_roc_long(last_day)})


def _review_item(facts: RegistrationFacts) -> TimelineItem:
    title = Message("資格審查")
    if not facts.is_complete:
        return TimelineItem(title, Tag.NEUTRAL, Message("報名完成後審查"))
    if facts.review_state == ReviewState.APPROVED:
        return TimelineItem(title, Tag.DONE, Message("已通過"))
    if facts.review_state == ReviewState.RETURNED:
        note = Message("要補正的項目已寄到您的電子信箱。")
        when = _until(facts.correction_last_day) if facts.correction_last_day else None
        step = Step.CORRECT if facts.correction_last_day else None
        return TimelineItem(title, Tag.ATTENTION, Message("待補正"), when, note, step)
    return TimelineItem(title, Tag.WAITING, Message("待審"))


def _materials_item(facts: RegistrationFacts, today: date) -> TimelineItem:
    title, when = Message("教材寄送"), _from(facts.materials_from)
    if today < facts.materials_from or not facts.is_complete:
        return TimelineItem(title, Tag.NEUTRAL, Message("尚未寄發"), when)
    return TimelineItem(title, Tag.WAITING, Message("陸續寄發中"), when)


def _ticket_item(facts: RegistrationFacts, now: datetime) -> TimelineItem:
    title = Message("准考證")
    post = Message("總試務中心也會以限時專送寄一份紙本給您。") if facts.ticket_by_post else None
    if now < facts.ticket_opens_at:
        when = Message("%(at)s 起開放下載", {"at": format_instant(facts.ticket_opens_at)})
        return TimelineItem(title, Tag.NEUTRAL, Message("尚未開放下載"), when, post)
    if facts.is_complete and facts.review_state == ReviewState.APPROVED:
        return TimelineItem(title, Tag.DONE, Message("可以下載"), None, post, Step.TICKET)
    return TimelineItem(title, Tag.NEUTRAL, Message("資格審查通過後開放"), None, post)


def _test_item(facts: RegistrationFacts, today: date) -> TimelineItem:
    label = (
        Message("已舉行") if today > facts.test_on else Message("今天") if today == facts.test_on else None
    )
    kind = Tag.DONE if label else Tag.NEUTRAL
    return TimelineItem(Message("認證"), kind, label or Message("尚未舉行"), format_roc_long(facts.test_on))


def _score_item(facts: RegistrationFacts, now: datetime) -> TimelineItem:
    if now < facts.score_opens_at:
        when = Message("%(at)s 起開放下載", {"at": format_instant(facts.score_opens_at)})
        return TimelineItem(Message("成績單"), Tag.NEUTRAL, Message("尚未開放下載"), when)
    return TimelineItem(
        Message("成績單"), Tag.WAITING, Message("已到公布時間"), _from(taipei_day(facts.score_opens_at))
    )


def _certificate_item(facts: RegistrationFacts, today: date) -> TimelineItem:
    title, when = Message("合格證書"), _from(facts.certificate_from)
    if today < facts.certificate_from:
        return TimelineItem(title, Tag.NEUTRAL, Message("尚未寄發"), when)
    note = None
    if today > facts.certificate_chase_after:
        note = Message("成績合格而還沒收到證書，請電洽總試務中心。")
    return TimelineItem(title, Tag.WAITING, Message("陸續寄發中"), when, note)


def _from(day: date) -> Message:
    return Message("%(day)s起", {"day": format_roc_long(day)})
