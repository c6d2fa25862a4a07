"""When results can be graded, published, seen and certified; pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from app.core.clock import taipei_day
from app.core.decisions import Decision, allowed, refused
from app.core.messages import N_, Listing, Message
from app.core.roc_dates import format_instant, format_roc_long
from app.exams.choices import Level
from app.exams.words import LEVEL_NAMES

MARKS_CLAUSE = "柒、一、二"
RESULT_CLAUSE = "拾壹、一"
CERTIFICATE_CLAUSE = "拾參、一"


def check_marks_set(levels: Sequence[Level], marked: Collection[Level]) -> Decision:
    """Decide whether a round can be graded: every level it has needs its marks first (R058, Q14)."""
    missing = Listing(LEVEL_NAMES[level] for level in levels if level not in marked)
    if missing:
        text = N_("還沒有設定%(levels)s的通過標準，不能評定成績。請先設定通過標準")
        return refused(Message(text, {"levels": missing}), MARKS_CLAUSE)
    return allowed(Message("通過標準已設定"), MARKS_CLAUSE)


def check_can_publish(
    marks: Decision, *, test_on: date, seated: int, entered: int, without_codes: int = 0, today: date
) -> Decision:
    """Decide whether a round's results can be published: marks are set and nobody's score is missing.

    Nor may a score lack what the site or the committee has put on record (R182, R184-R189).

    It may be done before the day of R151: nothing is seen until then.

    :param seated: people who have a ticket, those who have cancelled not counted
    :param entered: of these, with scores or an absence
    :param without_codes: scores that lack a code that was put on record
    """
    if not marks:
        return marks
    if today <= test_on:
        text = N_("認證在 %(day)s舉行，之後才能公布成績")
        return refused(Message(text, {"day": format_roc_long(test_on)}), RESULT_CLAUSE)
    if seated == 0:
        return refused(Message("這個梯次沒有應考的考生"), RESULT_CLAUSE)
    if entered < seated:
        text = N_("還有 %(count)s 位考生沒有成績。請匯入成績，或登錄缺考")
        return refused(Message(text, {"count": seated - entered}), RESULT_CLAUSE)
    if without_codes:
        text = N_("有 %(count)s 位考生的成績少了試區登錄的違規代碼。請重新下載成績表，補上再匯入")
        return refused(Message(text, {"count": without_codes}), RESULT_CLAUSE)
    return allowed(Message("可以公布成績"), RESULT_CLAUSE)


def check_result_open(*, published: bool, opens_at: datetime, now: datetime) -> Decision:
    """Decide whether a result can be seen: from 09:00 of the day, that second included (R151, Q7)."""
    if now < opens_at:
        text = N_("成績自 %(at)s 起公布")
        return refused(Message(text, {"at": format_instant(opens_at)}), RESULT_CLAUSE)
    if not published:
        return refused(Message("這個梯次的成績還在整理中，請稍後再查詢"), RESULT_CLAUSE)
    return allowed(Message("成績已公布"), RESULT_CLAUSE)


def check_certificate_open(
    result: Decision, *, passed: bool, in_force: bool, opens_on: date, now: datetime
) -> Decision:
    """Decide whether somebody's certificate can be had: the day itself is inside (R171).

    :param in_force: whether there is one that the office has not revoked
    """
    if not result:
        return result
    if not passed:
        return refused(Message("成績合格才有合格證書"), CERTIFICATE_CLAUSE)
    if not in_force:
        return refused(Message("合格證書已撤銷，有疑問請電洽總試務中心"), CERTIFICATE_CLAUSE)
    if taipei_day(now) < opens_on:
        text = N_("合格證書自 %(day)s起製發")
        return refused(Message(text, {"day": format_roc_long(opens_on)}), CERTIFICATE_CLAUSE)
    return allowed(Message("合格證書可以下載了"), CERTIFICATE_CLAUSE)
