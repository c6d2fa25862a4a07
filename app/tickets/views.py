"""Tickets to download: one for a candidate, all of a group for its leader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, render_template, request

from app.accounts.models import AccountKind
from app.accounts.policy import applicant_required, current_account, kind_required
from app.accounts.throttle import count_pdf
from app.core import clock
from app.core.decisions import Decision
from app.core.downloads import attachment
from app.core.translation import reader_language
from app.exams.models import Round
from app.groups.queries import get_group
from app.registration.queries import get_registration
from app.tickets import queries
from app.tickets.content import ticket_contents
from app.tickets.models import Seat
from app.tickets.rules import check_can_download
from app.tickets.ticket_pdf import build_tickets

bp = Blueprint("tickets", __name__)


@bp.get("/registrations/<public_id>/ticket.pdf")
@applicant_required
def registration_ticket(public_id: str) -> Any:
    registration = get_registration(public_id, current_account().id)
    seat = queries.find_valid_seat(registration)
    seats = [seat] if seat else []
    return _download(registration.exam_round, seats, back_path=f"/registrations/{public_id}")


@bp.get("/groups/<public_id>/tickets.pdf")
@kind_required(AccountKind.GROUP)
def group_tickets(public_id: str) -> Any:
    group = get_group(public_id, current_account().id)
    return _download(group.exam_round, queries.list_group_seats(group.id), back_path=f"/groups/{public_id}")


def _download(exam_round: Round, seats: Sequence[Seat], *, back_path: str) -> Any:
    decision = check_can_download(opens_at=exam_round.ticket_opens_at, seated=bool(seats), now=clock.now())
    if not decision:
        return _explain(decision, back_path)
    count_pdf(current_account().id)
    base_url = current_app.extensions["settings"].base_url.rstrip("/")
    return attachment(
        build_tickets(ticket_contents(seats, base_url=base_url, language=reader_language())),
        mimetype="application/pdf",
        name=f"准考證-{exam_round.name}.pdf",
        plain_name=f"ticket-{exam_round.code}.pdf",
    )


def _explain(decision: Decision, back_path: str) -> tuple[str, int]:
    page = render_template(
        "tickets/not_yet.html", message=decision.reason, back=request.script_root + back_path
    )
    return page, 409
