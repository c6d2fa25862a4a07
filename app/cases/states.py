"""The states of a case and the legal transitions; pure."""

from __future__ import annotations

from enum import StrEnum

from app.core.errors import IllegalTransition
from app.core.messages import Message


class CaseState(StrEnum):
    RECEIVED = "received"  # at the central desk
    ASSIGNED = "assigned"  # at a unit that has not accepted it yet (待接收)
    ACCEPTED = "accepted"  # the preliminary report is due
    UNDERWAY = "underway"  # the result is due
    DECIDED = "decided"  # the result is recorded
    CLOSED = "closed"  # read-only (W040)


class CaseEvent(StrEnum):
    ASSIGN = "assign"
    ACCEPT = "accept"
    REPORT_PRELIMINARY = "report_preliminary"
    EXTEND = "extend"
    REPORT_RESULT = "report_result"
    CLOSE = "close"


CASE_TRANSITIONS = {
    (CaseState.RECEIVED, CaseEvent.ASSIGN): CaseState.ASSIGNED,
    (CaseState.ASSIGNED, CaseEvent.ASSIGN): CaseState.ASSIGNED,
    (CaseState.ASSIGNED, CaseEvent.ACCEPT): CaseState.ACCEPTED,
    (CaseState.ACCEPTED, CaseEvent.REPORT_PRELIMINARY): CaseState.UNDERWAY,
    (CaseState.UNDERWAY, CaseEvent.EXTEND): CaseState.UNDERWAY,
    (CaseState.UNDERWAY, CaseEvent.REPORT_RESULT): CaseState.DECIDED,
    (CaseState.DECIDED, CaseEvent.CLOSE): CaseState.CLOSED,
}


class Box(StrEnum):
    """The officers' inboxes (W022), and the central desk's."""

    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


BOX_STATES = {
    Box.UNASSIGNED: (CaseState.RECEIVED,),
    Box.WAITING: (CaseState.ASSIGNED,),
    Box.OPEN: (CaseState.ACCEPTED, CaseState.UNDERWAY, CaseState.DECIDED),
    Box.CLOSED: (CaseState.CLOSED,),
}

# What the applicant is told of a state; the public progress page says no more than this (W015).
PUBLIC_WORDS = {
    CaseState.RECEIVED: Message("已收件，等候分派"),
    CaseState.ASSIGNED: Message("已轉交權責單位"),
    CaseState.ACCEPTED: Message("權責單位處理中"),
    CaseState.UNDERWAY: Message("權責單位處理中"),
    CaseState.DECIDED: Message("已有處理結果"),
    CaseState.CLOSED: Message("已結案"),
}


def next_case_state(state: CaseState, event: CaseEvent) -> CaseState:
    """Return the state after the event; raises IllegalTransition when it cannot happen."""
    try:
        return CASE_TRANSITIONS[state, event]
    except KeyError:
        if state == CaseState.CLOSED:
            message = Message("這個案件已結案，只能查看，不能再變更")
        elif event == CaseEvent.REPORT_RESULT:
            message = Message("請先回報初步受理情形，才能回報處理結果")
        else:
            message = Message("這個案件目前的狀態不能這樣處理，請重新整理頁面")
        raise IllegalTransition(message) from None
