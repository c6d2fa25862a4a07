"""Errors on tickets: reported by the candidate or the leader, dealt with by the office (拾、二; R137, Q6)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.decisions import Decision
from app.core.errors import IllegalTransition, InvalidValue
from app.core.messages import Message
from app.examday import mails, queries, rules
from app.examday.models import TicketReport
from app.examday.states import ReportItem, ReportState
from app.registration.correction_models import AmendmentRequest
from app.registration.models import Registration
from app.registration.queries import find_waiting_amendment, get_registration_for_update
from app.registration.states import AmendmentState
from app.tickets.queries import find_valid_seat
from app.tickets.services import renew_ticket


def report_ticket_error(
    public_id: str, account_id: int, item: ReportItem, text: str, *, actor: Actor
) -> TicketReport:
    """Report an error on a ticket; one that still waits is written over.

    :raises NotFound: when the account has no such registration
    :raises Refused: before tickets are open, without a ticket, or after the last day
    """
    with transaction() as session:
        registration = get_registration_for_update(session, public_id, account_id)
        check_can_report(registration).raise_if_refused()
        report = queries.find_ticket_report(registration.id)
        if report is None or report.state != ReportState.OPEN:
            report = TicketReport(registration=registration, state=ReportState.OPEN)
            session.add(report)
        report.item, report.text, report.reported_at = item, text, clock.now()
        session.flush()
        audit.record("examday.report_ticket", registration, actor, item=item.value)
    return report


def check_can_report(registration: Registration) -> Decision:
    """Return whether an error on this registration's ticket can be reported now, and why not."""
    exam_round = registration.exam_round
    return rules.check_can_report(
        opens_at=exam_round.ticket_opens_at,
        last_day=exam_round.ticket_correction_until,
        seated=find_valid_seat(registration) is not None,
        now=clock.now(),
    )


def answer_ticket_report(
    public_id: str, state: ReportState, reply: str | None, *, actor: Actor
) -> TicketReport:
    """Close a reported error: put right on a new version, pointed to the test day, or declined; by mail.

    One's own wrong identity data become a request that waits at the site (R142).

    :raises NotFound: when there is no such report
    :raises IllegalTransition: when it is closed, or the candidate has no ticket any more
    :raises InvalidValue: when it is declined without a word
    """
    if state == ReportState.DECLINED and not reply:
        raise InvalidValue(Message("請說明為什麼不更改，這段文字會寄給考生"), field="reply")
    with transaction() as session:
        report = queries.get_ticket_report_for_update(session, public_id)
        registration = report.registration
        seat = find_valid_seat(registration)
        if report.state != ReportState.OPEN or seat is None:
            raise IllegalTransition(Message("這筆回報已經處理過，或考生已取消報名，請重新整理列表"))
        report.state, report.reply, report.decided_at = state, reply, clock.now()
        if state == ReportState.FIXED:
            renew_ticket(seat.ticket, actor=actor)
            mails.tell_renewed(registration, reply)
        elif state == ReportState.ON_SITE:
            _wait_at_site(session, report)
            mails.tell_on_site(registration, reply)
        else:
            mails.tell_not_wrong(registration, reply or "")
        audit.record("examday.answer_report", registration, actor, state=state.value)
    return report


def _wait_at_site(session: Session, report: TicketReport) -> None:
    request = find_waiting_amendment(report.registration)
    if request is None:
        request = AmendmentRequest(registration=report.registration)
        session.add(request)
    request.wish, request.office_error = report.text, False
    request.asked_at, request.state = report.reported_at, AmendmentState.ON_SITE
