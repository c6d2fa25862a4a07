"""The desk for dates: those of a round are moved together, looked at once more, and told to all (R009)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin.date_forms import DatesForm
from app.core import clock
from app.core.errors import DomainError, InvalidValue
from app.core.messages import Message
from app.exams.date_changes import list_date_changes
from app.exams.models import Round
from app.exams.queries import get_round, list_rounds
from app.exams.round_dates import DATE_FIELDS, find_refusals
from app.registration.queries import count_submitted, list_mail_addresses
from app.registration.services import dates_of, move_dates, moved_dates
from app.tickets.queries import count_seated
from app.web import current_actor

bp = Blueprint("dates", __name__, url_prefix="/dates")
publishes = permission_required(Permission.NEWS)
LABELS = {field.name: field.label for field in DATE_FIELDS}


@bp.get("/")
@publishes
def index() -> str:
    changes = [change for change in list_date_changes() if change.field in LABELS]
    return render_template("admin/dates/index.html", rounds=list_rounds(), changes=changes, labels=LABELS)


@bp.route("/<round_code>", methods=["GET", "POST"])
@publishes
def move(round_code: str) -> ResponseReturnValue:
    """Show a round's dates to be changed, show once more what moves and whom it concerns, then move."""
    exam_round = get_round(round_code)
    form = DatesForm(dates_of(exam_round))
    if form.validate_on_submit() and _is_sound(form, exam_round):
        try:
            if request.form.get("confirmed") != "yes":
                return _confirm(form, exam_round)
            moved = move_dates(
                round_code,
                form.wanted(),
                seen=form.seen(),
                reason=form.reason.value,
                reason_en=form.reason_en.value or None,
                actor=current_actor(),
            )
        except DomainError as error:
            form.refuse(error)
            form.renew_state(dates_of(exam_round))
        else:
            flash(_l("已調整 %(count)s 個日期，公告已發布，並寄信通知考生。", count=len(moved)), "done")
            return redirect(url_for(".index"), 303)
    return render_template("admin/dates/edit.html", exam_round=exam_round, form=form), form.status_code


def _is_sound(form: DatesForm, exam_round: Round) -> bool:
    """Put what cannot be beside its date; all of it at once."""
    current, wanted = dates_of(exam_round), form.wanted()
    if current == wanted:
        form.refuse(InvalidValue(Message("沒有要移動的日期，請先改日期")))
    for name, message in find_refusals(current, wanted, today=clock.today()):
        form.refuse(InvalidValue(message, field=name))
    return form.status_code == 200


def _confirm(form: DatesForm, exam_round: Round) -> str:
    return render_template(
        "admin/dates/confirm.html",
        exam_round=exam_round,
        form=form,
        moved=moved_dates(exam_round, form.wanted()),
        people=count_submitted(exam_round.id),
        told=len(list_mail_addresses(exam_round.id, None)),
        seated=count_seated(exam_round.id),
    )
