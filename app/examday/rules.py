"""Who is let in, until when, and what follows from it (拾、准考證; 拾伍、試場規則); pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.core.clock import TAIPEI, end_of_day, taipei_day
from app.core.decisions import Decision, allowed, refused
from app.core.messages import N_, Message
from app.core.roc_dates import format_instant, format_roc_long
from app.examday.states import AttendanceState

ENTRY_CLAUSE = "拾伍、二"
TASK_CLAUSE = "拾伍、四"
REISSUE_CLAUSE = "拾、三(二)"
REPORT_CLAUSE = "拾、二"
RESIT_CLAUSE = "拾肆、三"
ENTRY_MINUTES = 10


def last_entry_at(entry_at: datetime) -> datetime:
    """Return the last instant, inclusive, at which somebody is let in: ten minutes after the bell."""
    return entry_at + timedelta(minutes=ENTRY_MINUTES)


def is_too_late(entry_at: datetime, now: datetime) -> bool:
    """Return whether entry is refused and counts as given up (拾伍、二; R180)."""
    return now > last_entry_at(entry_at)


def check_entry_begun(entry_at: datetime, now: datetime) -> Decision:
    """Decide whether people of a session may come in yet: from the entry bell, not before (R180)."""
    if now < entry_at:
        text = N_("這一場 %(at)s 才開始入場，請稍後再點名")
        return refused(Message(text, {"at": _hour(entry_at)}), ENTRY_CLAUSE)
    return allowed(Message("可以入場"), ENTRY_CLAUSE)


def check_can_close(entry_at: datetime, now: datetime) -> Decision:
    """Decide whether the attendance of a room can be closed: once nobody can come in any more (R180)."""
    if not is_too_late(entry_at, now):
        text = N_("%(at)s 以前都還可以入場，之後才能結束點名")
        return refused(Message(text, {"at": _hour(last_entry_at(entry_at))}), ENTRY_CLAUSE)
    return allowed(Message("可以結束點名"), ENTRY_CLAUSE)


def attends(state: AttendanceState | None) -> bool | None:
    """Return whether somebody sat the exam; None while nobody has said so."""
    return None if state is None else state == AttendanceState.PRESENT


def task_costs_score(test_on: date, now: datetime) -> bool:
    """Return whether a task that is still open makes the score zero: its day is over (拾伍、四; R182)."""
    return now >= end_of_day(test_on)


def check_can_reissue(entry_at: datetime, now: datetime, *, owed: bool) -> Decision:
    """Decide whether a ticket can be issued again at the site (R138, R139, R182, R186).

    On the test day before the entry time; afterwards only to who was let in without one, or had to hand
    it back because of what was written on it. Before the day it is downloaded again.

    :param owed: whether a re-issue after the session is due
    """
    day = taipei_day(entry_at)
    if taipei_day(now) < day:
        return refused(Message("認證當天才在試區補發；之前請考生上網重新下載列印"), REISSUE_CLAUSE)
    if now < entry_at or (owed and taipei_day(now) == day):
        return allowed(Message("核對身分證件後可以補發"), REISSUE_CLAUSE)
    text = N_("補發要在進場時間 %(at)s 以前辦理")
    return refused(Message(text, {"at": _hour(entry_at)}), REISSUE_CLAUSE)


def check_can_report(*, opens_at: datetime, last_day: date, seated: bool, now: datetime) -> Decision:
    """Decide whether an error on the ticket can be reported (拾、二; R137, Q6).

    :param last_day: inclusive: the earlier of a week after tickets are open and the day before the test
    """
    if now < opens_at or not seated:
        text = N_("准考證 %(at)s 起開放下載，收到後發現錯誤再回報")
        return refused(Message(text, {"at": format_instant(opens_at)}), REPORT_CLAUSE)
    if now >= end_of_day(last_day):
        text = N_("回報到 %(day)s為止。身分資料請在認證當天帶身分證件到試區更正，其他問題請電洽總試務中心")
        return refused(Message(text, {"day": format_roc_long(last_day)}), REPORT_CLAUSE)
    return allowed(Message("可以回報到 %(day)s23:59", {"day": format_roc_long(last_day)}), REPORT_CLAUSE)


def check_can_record(entry_at: datetime, now: datetime, state: AttendanceState | None) -> Decision:
    """Decide whether an incident can be put on record against a seat: of who may have been in the room."""
    if now < entry_at:
        text = N_("這一場 %(at)s 才開始入場，還不能登錄")
        return refused(Message(text, {"at": _hour(entry_at)}))
    if attends(state) is False:
        return refused(Message("這位考生登錄為缺考，不會有試場事件；點名有誤請先更正"))
    return allowed(Message("可以登錄"))


def check_resit_time(entry_at: datetime, now: datetime) -> Decision:
    """Decide whether a session can still be given to somebody who sits again (R175)."""
    if entry_at <= now:
        return refused(Message("這一場已經開始入場，請選之後的場次"), RESIT_CLAUSE)
    return allowed(Message("可以安排"), RESIT_CLAUSE)


def _hour(instant: datetime) -> str:
    return f"{instant.astimezone(TAIPEI):%H:%M}"
