"""What a leader is told about a group: where it stands, what to do, by when; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.decisions import Decision
from app.core.messages import Message
from app.core.roc_dates import format_roc_long
from app.payments.fees import FeeTotal
from app.registration import status
from app.registration.states import FormState
from app.registration.status import RegistrationFacts, Tag


class Step(StrEnum):
    """What the leader can do next; the page knows the address."""

    FILL = "fill"
    SUBMIT = "submit"
    PAY = "pay"
    TICKETS = "tickets"
    CANCEL = "cancel"
    AGAIN = "again"


_STEPS = {
    status.Step.PAY: Step.PAY,
    status.Step.TICKET: Step.TICKETS,
    status.Step.CANCEL: Step.CANCEL,
    status.Step.AGAIN: Step.AGAIN,
}


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """:ivar registration: the group seen as the one registration that it is once submitted (R227)
    :ivar total: its members, counted by who pays
    :ivar size: whether they are enough to submit (R222)
    """

    registration: RegistrationFacts
    total: FeeTotal
    size: Decision

    @property
    def is_open(self) -> bool:
        return self.registration.ended is None and self.registration.form_state == FormState.DRAFT

    @property
    def member_count(self) -> int:
        return self.total.free_count + self.total.paying_count


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer to "where are we": a word, a sentence, and the one thing to do, if there is one."""

    kind: Tag
    label: Message
    answer: Message
    step: Step | None = None


def group_standing(facts: GroupFacts, now: datetime) -> Standing:
    """Return the word of the management table (R220, R221), the sentence under it and the next step."""
    if facts.is_open:
        return _open_standing(facts)
    found = status.standing(facts.registration, now)
    return Standing(found.kind, found.label, found.answer, _STEPS[found.step] if found.step else None)


def _open_standing(facts: GroupFacts) -> Standing:
    registration = facts.registration
    day = {"day": format_roc_long(registration.closes_on)}
    label = Message("填寫報名表中")
    if registration.same_day_submission:
        send_by = Message("請在今天 23:59 前送出，逾時系統會取消團體、釋出名額。")
    else:
        send_by = Message("請在 %(day)s23:59 前送出。", day)
    if not facts.member_count:
        answer = Message("名單還是空的，請匯入或新增考生。%(send_by)s", {"send_by": send_by})
        return Standing(Tag.ATTENTION, label, answer, Step.FILL)
    if not facts.size:
        answer = Message("%(size)s。%(send_by)s", {"size": facts.size.reason, "send_by": send_by})
        return Standing(Tag.ATTENTION, label, answer, Step.FILL)
    values = {"members": facts.member_count, "send_by": send_by}
    answer = Message("名單有 %(members)s 人，還沒送出。%(send_by)s", values)
    return Standing(Tag.ATTENTION, label, answer, Step.SUBMIT)
