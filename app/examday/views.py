"""Reporting an error on a ticket, for candidates and for leaders: a member's registration is the leader's."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import applicant_required, current_account
from app.core import clock
from app.examday import queries, services
from app.examday.forms import TicketReportForm
from app.examday.rules import check_can_report
from app.examday.states import ReportItem
from app.exams.models import Round
from app.registration import pages
from app.registration.queries import get_registration
from app.web import current_actor

bp = Blueprint("examday", __name__, url_prefix="/registrations")


@bp.app_context_processor
def _for_group_pages() -> dict[str, object]:
    """Tell the leader's page of a group whether errors on tickets can be reported."""
    return {"can_report_tickets": _can_report_tickets}


def _can_report_tickets(exam_round: Round) -> bool:
    return bool(
        check_can_report(
            opens_at=exam_round.ticket_opens_at,
            last_day=exam_round.ticket_correction_until,
            seated=True,
            now=clock.now(),
        )
    )


@bp.route("/<public_id>/ticket-report", methods=["GET", "POST"])
@applicant_required
def report(public_id: str) -> ResponseReturnValue:
    registration = get_registration(public_id, current_account().id)
    decision = services.check_can_report(registration)
    decision.raise_if_refused()
    form = TicketReportForm()
    if form.validate_on_submit():
        services.report_ticket_error(
            public_id,
            current_account().id,
            ReportItem(form.item.data),
            form.text.value,
            actor=current_actor(),
        )
        flash(_l("已送出回報，處理後會寄信通知。"), "done")
        return redirect(pages.home_of(registration), 303)
    page = render_template(
        "examday/report.html",
        registration=registration,
        form=form,
        decision=decision,
        reported=queries.find_ticket_report(registration.id),
        back_url=pages.home_of(registration),
        list_url=url_for("groups.index" if registration.in_group else "registration.index"),
    )
    return page, 422 if form.errors else 200
