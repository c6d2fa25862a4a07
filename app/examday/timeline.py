"""What the status page says of the day itself: who came, a re-sit, an error on the ticket (R211)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for

from app.core.clock import taipei_day
from app.core.messages import Message
from app.core.roc_dates import day_message, format_instant, format_roc_long
from app.examday import queries
from app.examday.models import Attendance
from app.examday.services import check_can_report
from app.examday.states import ATTENDANCE_WORDS, AttendanceState, ReportState
from app.registration.models import Registration
from app.registration.states import FormState
from app.registration.status import Tag
from app.registration.timeline import UpperFact, timeline_source

_TEST = Message("認證")
_REPORTS = {
    ReportState.OPEN: (Tag.WAITING, Message("已回報，處理中")),
    ReportState.FIXED: (Tag.DONE, Message("已更正，請重新下載准考證")),
    ReportState.ON_SITE: (Tag.ATTENTION, Message("認證當天帶證件到試區更正")),
    ReportState.DECLINED: (Tag.NEUTRAL, Message("沒有更改，說明已寄到您的電子信箱")),
}


@timeline_source
def facts_of(registration: Registration, now: datetime) -> Sequence[UpperFact]:
    """Return the line `test` once more is known than the date, and `ticket_report` while there is reason."""
    if registration.form_state != FormState.SUBMITTED or now < registration.exam_round.ticket_opens_at:
        return []
    facts = [*_report(registration)]
    if taipei_day(now) >= registration.exam_round.test_on:
        facts += _test(registration)
    return facts


def _test(registration: Registration) -> list[UpperFact]:
    seat = queries.find_seat_of(registration.id)
    if seat is None:
        return []
    resit, attendance = queries.find_resit(registration.id), queries.find_attendance(seat)
    if resit is not None and resit.slot is None:
        year = {"year": registration.exam_round.exam_year.roc_year + 1}
        label = Message("應試資格保留到 %(year)s 年度，報名免繳費", year)
        return [UpperFact("test", _TEST, Tag.WAITING, label)]
    if attendance is not None:
        return [_came(attendance)]
    if resit is not None:
        at = Message("%(at)s 進場", {"at": format_instant(resit.slot.entry_at)})
        return [UpperFact("test", _TEST, Tag.ATTENTION, Message("補考，請重新下載准考證"), at)]
    return []


def _came(attendance: Attendance) -> UpperFact:
    _, label = ATTENDANCE_WORDS[attendance.state]
    kind = Tag.DONE if attendance.state == AttendanceState.PRESENT else Tag.OVERDUE
    if kind == Tag.DONE and any(task.done_at is None for task in attendance.tasks):
        kind, label = Tag.ATTENTION, Message("到考，請在今天到試區試務中心補辦手續，沒有辦理成績以零分計算")
    day = Message("%(day)s", {"day": format_roc_long(taipei_day(attendance.slot.entry_at))})
    return UpperFact("test", _TEST, kind, label, day)


def _report(registration: Registration) -> list[UpperFact]:
    report, decision = queries.find_ticket_report(registration.id), check_can_report(registration)
    if report is None and not decision:
        return []
    kind, label = _REPORTS[report.state] if report else (Tag.NEUTRAL, Message("資料有誤可以回報"))
    last_day = registration.exam_round.ticket_correction_until
    url = url_for("examday.report", public_id=registration.public_id)
    return [
        UpperFact(
            "ticket_report",
            Message("准考證資料有誤"),
            kind,
            label,
            Message("受理到 %(last)s為止", {"last": day_message(last_day)}) if decision else None,
            (Message("回報准考證錯誤"), url) if decision else None,
        )
    ]
