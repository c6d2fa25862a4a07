"""The verbs of the exam day; each is one transaction."""

from app.examday.services.attendance import check_in, close_ended_rooms, close_room, correct_attendance
from app.examday.services.incidents import decide_incident, record_incident, withdraw_incident
from app.examday.services.reissues import check_can_reissue, reissue_ticket
from app.examday.services.reports import (
    answer_ticket_report,
    check_can_report,
    report_ticket_error,
)
from app.examday.services.resits import assign_resit, assign_resit_at, carry_over
from app.examday.services.tasks import finish_task

__all__ = [
    "answer_ticket_report",
    "assign_resit",
    "assign_resit_at",
    "carry_over",
    "check_can_reissue",
    "check_can_report",
    "check_in",
    "close_ended_rooms",
    "close_room",
    "correct_attendance",
    "decide_incident",
    "finish_task",
    "record_incident",
    "reissue_ticket",
    "report_ticket_error",
    "withdraw_incident",
]
