"""What is mailed, and how: the brochure's four kinds of mailing; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.core.messages import N_, Message


class MailingKind(StrEnum):
    MATERIALS = "materials"
    TICKET = "ticket"
    SCORE_REPORT = "score_report"
    CERTIFICATE = "certificate"


class Way(StrEnum):
    """How something is handed to the post office."""

    ORDINARY = "ordinary"
    PROMPT = "prompt"
    REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What is the same in every round.

    :ivar name: as it is called on pages, labels and lists
    :ivar title: of its line on the status page
    :ivar date_field: the round's field with the first day on which it is mailed
    :ivar choice_field: the registration's field that says where it goes (R244)
    """

    name: Message
    title: Message
    way: Way
    date_field: str
    choice_field: str
    clause: str


WAY_NAMES: Final = {
    Way.ORDINARY: Message("普通郵件"),
    Way.PROMPT: Message("限時專送"),
    Way.REGISTERED: Message("掛號"),
}

# R014; R132; R153; R018 and R171. The brochure does not say how materials go.
KINDS: Final = {
    MailingKind.MATERIALS: KindFacts(
        Message("教材"), Message("教材寄送"), Way.ORDINARY, "materials_from", "materials_to", N_("重要日程 3")
    ),
    MailingKind.TICKET: KindFacts(
        Message("紙本准考證"),
        Message("准考證寄送"),
        Way.PROMPT,
        "ticket_from",
        "ticket_to",
        "拾、一、(二)",
    ),
    MailingKind.SCORE_REPORT: KindFacts(
        Message("成績單"), Message("成績單寄送"), Way.PROMPT, "score_from", "score_to", "拾壹、一、(二)"
    ),
    MailingKind.CERTIFICATE: KindFacts(
        Message("合格證書"),
        Message("證書寄送"),
        Way.REGISTERED,
        "certificate_from",
        "score_to",
        "拾參、一",
    ),
}
