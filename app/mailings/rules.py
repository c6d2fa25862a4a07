"""Who is mailed what, where to, from which day, and when it can be sent again; pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from app.core.decisions import Decision, allowed, refused
from app.core.messages import N_, Message
from app.core.roc_dates import day_message
from app.mailings.kinds import KINDS, MailingKind
from app.mailings.states import ResendCause
from app.registration.choices import MailTo
from app.registration.states import ReviewState

REISSUE_CLAUSE: Final = "拾、三、(三)"
POSTAGE_CLAUSE: Final = "拾肆、二"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Person:
    """What decides which post somebody gets.

    :ivar complete: form and payment are both done, and nothing was cancelled (R212)
    :ivar ticket_by_post: ticked "sent by the office" while registering (R132)
    :ivar published: has a result in a round whose results are published; an absence is one
    :ivar certified: has passed and holds a certificate in force
    """

    complete: bool
    review: ReviewState
    ticket_by_post: bool
    ticket_issued: bool
    published: bool
    certified: bool


@dataclass(frozen=True, slots=True)
class Sending:
    """One thing that went, or is about to go, to somebody by post.

    :ivar posted_on: None: not posted yet
    :ivar returned_on: None: it has not come back
    :ivar asked: whether a request to send it again is open or was granted
    """

    kind: MailingKind
    posted_on: date | None
    returned_on: date | None = None
    asked: bool = False


def check_gets(kind: MailingKind, person: Person) -> Decision:
    """Decide whether somebody is to be sent a kind of mailing (R014, R132, R153, R171)."""
    clause = KINDS[kind].clause
    if not person.complete:
        return refused(Message("報名沒有完成"), clause)
    match kind:
        case MailingKind.MATERIALS if person.review == ReviewState.RETURNED:
            return refused(Message("報名資料待補正"), clause)
        case MailingKind.TICKET if not person.ticket_by_post:
            return refused(Message("報名時選擇自行下載列印准考證，不寄發紙本"), clause)
        case MailingKind.TICKET if not person.ticket_issued:
            return refused(Message("准考證還沒有製發"), clause)
        case MailingKind.SCORE_REPORT if not person.published:
            return refused(Message("成績還沒有公布"), clause)
        case MailingKind.CERTIFICATE if not person.certified:
            return refused(Message("沒有有效的合格證書"), clause)
    return allowed(Message("寄發"), clause)


def check_can_post(kind: MailingKind, *, posted_on: date, first_day: date, today: date) -> Decision:
    """Decide whether a batch can be marked as posted on a day: not before the round's day for it, which is
    inside, and not in the future (R014, R018, R034, R132, R153, R171).
    """
    clause = KINDS[kind].clause
    if posted_on < first_day:
        values = {"kind": KINDS[kind].name, "day": day_message(first_day)}
        text = N_("%(kind)s自 %(day)s起寄發，不能登錄更早的日期")
        return refused(Message(text, values), clause, field="posted_on")
    if posted_on > today:
        return refused(Message("寄出日期不能在今天以後"), clause, field="posted_on")
    return allowed(Message("可以登錄寄出"), clause)


def check_can_return(sending: Sending, *, returned_on: date, today: date) -> Decision:
    """Decide whether something can be marked as come back on a day: from the day it was posted to today."""
    if sending.posted_on is None:
        return refused(Message("這件郵件還沒有寄出"))
    if sending.returned_on is not None:
        return refused(Message("這件郵件已經登錄退回"))
    if not sending.posted_on <= returned_on <= today:
        values = {"day": day_message(sending.posted_on)}
        text = N_("退回日期要在寄出日（%(day)s）到今天之間")
        return refused(Message(text, values), field="returned_on")
    return allowed(Message("可以登錄退回"))


def check_can_ask_resend(sending: Sending, *, ticket_by_post: bool, test_on: date, today: date) -> Decision:
    """Decide whether somebody can ask to be sent something again (R174).

    Of tickets no second one is sent to whoever did not tick mailing or whose letter came back (R140):
    they print theirs. Nor after the test day, which is inside.
    """
    if sending.kind == MailingKind.TICKET:
        if not ticket_by_post or sending.returned_on is not None:
            text = N_("沒有勾選寄發或遭退件的紙本准考證不予補寄，請自行下載列印准考證")
            return refused(Message(text), REISSUE_CLAUSE)
        if today > test_on:
            return refused(Message("認證已經舉行，不再寄發准考證"), REISSUE_CLAUSE)
    if sending.posted_on is None:
        return refused(Message("這件郵件還沒有寄出，請等候寄達"), POSTAGE_CLAUSE)
    if sending.asked:
        return refused(Message("已經申請過重寄，請等候處理"), POSTAGE_CLAUSE)
    return allowed(Message("可以申請重寄"), POSTAGE_CLAUSE)


def owes_postage(cause: ResendCause) -> bool:
    """Return whether sending again is at the candidate's postage: for all that R174 names."""
    return cause != ResendCause.OFFICE


def is_missing(sending: Sending | None, *, chase_after: date, today: date) -> bool:
    """Return whether a certificate has to be asked after: two weeks have passed since mailing began and it
    was not posted, or may not have arrived (R172).

    :param chase_after: the last of the two weeks
    """
    if today <= chase_after:
        return False
    return sending is None or sending.returned_on is None


def destination(choice: MailTo, *, in_group: bool) -> MailTo:
    """Return where something goes: as chosen; who is in no group has only the own address (R244, R252)."""
    return choice if in_group else MailTo.SELF


def pack(rows: Iterable[tuple[Hashable, Row]]) -> list[list[Row]]:
    """Return the contents of the parcels: rows with the same address together, in the order they came."""
    parcels: dict[Hashable, list[Row]] = {}
    for address, row in rows:
        parcels.setdefault(address, []).append(row)
    return list(parcels.values())
