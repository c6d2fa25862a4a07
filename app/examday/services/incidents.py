"""Incidents: put on record against a seat, taken back when they were a mistake, decided by the committee."""

from __future__ import annotations

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import IllegalTransition, InvalidValue, Refused
from app.core.messages import Message
from app.examday import queries, rules
from app.examday.incidents import (
    ZERO_BY_COMMITTEE,
    ZERO_FOR_OPEN_TASK,
    Incident,
    committee_code,
)
from app.examday.models import IncidentReport
from app.examday.states import IncidentKind

# Not typed at the site: the first follows from a task left open, the second from a decision.
_DERIVED = (ZERO_FOR_OPEN_TASK, ZERO_BY_COMMITTEE)


def incidents_at_site(known: tuple[Incident, ...]) -> list[Incident]:
    """Return the incidents that are typed at the site, in the brochure's order."""
    return [each for each in known if each.code not in _DERIVED]


def record_incident(
    number: str, kind: IncidentKind, *, code: str | None = None, text: str, actor: Actor
) -> IncidentReport:
    """Put an incident on record against a seat and return it (R175, R181-R189).

    :param code: of a rule with a fixed cost; None for the other kinds
    :param text: what happened, in words
    :raises NotFound: when there is no such ticket
    :raises Refused: before the session, or about somebody who is absent
    :raises InvalidValue: when the code is none, or the words are missing where they are needed
    """
    with transaction() as session:
        seat = queries.get_seat_for_update(session, number)
        attendance = queries.find_attendance(seat)
        rules.check_can_record(
            seat.slot.entry_at, clock.now(), attendance.state if attendance else None
        ).raise_if_refused()
        known = incidents_at_site(queries.incidents_of(seat.slot.exam_round))
        if kind == IncidentKind.RULE:
            if code not in {each.code for each in known}:
                raise InvalidValue(Message("請選擇違規事項"), field="what")
        elif not text:
            raise InvalidValue(Message("請寫下發生什麼事"), field="text")
        else:
            code = None
        report = IncidentReport(
            registration=seat.registration,
            slot=seat.slot,
            kind=kind,
            code=code,
            text=text,
            reported_at=clock.now(),
        )
        session.add(report)
        audit.record("examday.incident", seat.registration, actor, kind=kind.value, code=code)
    return report


def withdraw_incident(public_id: str, *, reason: str, actor: Actor) -> IncidentReport:
    """Take back an incident that was typed by mistake; it stays on record.

    :raises NotFound: when there is no such report
    :raises Refused: when somebody sits again because of it
    """
    with transaction() as session:
        report = queries.get_incident_for_update(session, public_id)
        if report.resit is not None:
            raise Refused(Message("已經安排補考或保留資格，不能撤銷這筆紀錄"))
        if report.withdrawn_at is None:
            report.withdrawn_at = clock.now()
            audit.record(
                "examday.withdraw_incident", report.registration, actor, code=report.code, reason=reason
            )
    return report


def decide_incident(public_id: str, *, points: int | None, decision: str, actor: Actor) -> IncidentReport:
    """Record what the committee decided; a later decision replaces an earlier one (R189).

    :param points: whole points off, 0: nothing; None: the score counts as zero
    :param decision: which meeting decided it, and why
    :raises NotFound: when there is no such report
    :raises IllegalTransition: when it is not the committee's, or was taken back
    """
    with transaction() as session:
        report = queries.get_incident_for_update(session, public_id)
        if report.kind != IncidentKind.COMMITTEE or report.withdrawn_at is not None:
            raise IllegalTransition(Message("這筆紀錄不必由認證委員會決議，或已經撤銷"))
        before = report.code
        report.code = committee_code(points)
        report.decision, report.decided_at = decision, clock.now()
        audit.record("examday.decide", report.registration, actor, old=before, new=report.code)
    return report
