"""The words of the exam day that are stored; pure."""

from __future__ import annotations

from enum import StrEnum

from app.core.messages import Message


class AttendanceState(StrEnum):
    PRESENT = "present"
    LATE = "late"  # came too late and was not let in: counts as given up (R180)
    ABSENT = "absent"


class TaskKind(StrEnum):
    """What somebody who was let in without a paper does at once after the session (R182)."""

    AFFIDAVIT = "affidavit"  # no identity document: a photo and a signed affidavit
    TICKET = "ticket"  # no ticket: it is issued again


class IncidentKind(StrEnum):
    RULE = "rule"  # has a code and a fixed cost (R181-R188)
    COMMITTEE = "committee"  # is put to the committee, which decides (R189)
    MACHINE = "machine"  # no full recording: sits again (R175)


class ReportItem(StrEnum):
    """What is wrong on a ticket."""

    IDENTITY = "identity"
    EXAM = "exam"
    SEAT = "seat"
    OTHER = "other"


class ReportState(StrEnum):
    OPEN = "open"
    FIXED = "fixed"
    ON_SITE = "on_site"
    DECLINED = "declined"


ATTENDANCE_WORDS = {
    AttendanceState.PRESENT: ("done", Message("到考")),
    AttendanceState.LATE: ("overdue", Message("逾時，視同放棄")),
    AttendanceState.ABSENT: ("overdue", Message("缺考")),
}
TASK_WORDS = {
    TaskKind.AFFIDAVIT: Message("拍照並簽切結書"),
    TaskKind.TICKET: Message("補發准考證"),
}
INCIDENT_WORDS = {
    IncidentKind.RULE: Message("違反試場規則"),
    IncidentKind.COMMITTEE: Message("提認證委員會審議"),
    IncidentKind.MACHINE: Message("設備故障、停電或錄音不全"),
}
REPORT_ITEMS = {
    ReportItem.IDENTITY: Message("姓名、證號或出生日期"),
    ReportItem.EXAM: Message("梯次、考區或腔調"),
    ReportItem.SEAT: Message("試區、試場、場次、時間或座號"),
    ReportItem.OTHER: Message("其他"),
}
