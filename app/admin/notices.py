"""Postponement notices: written, looked at once more, published to everybody concerned (R176-R178)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin.refund_forms import NoticeForm
from app.core import clock
from app.core.errors import DomainError
from app.exams.notices import list_notices
from app.exams.queries import get_round, list_rounds
from app.payments.refunds.rules import notice_due
from app.registration.queries import list_mail_addresses
from app.registration.services import check_notice, publish_notice
from app.web import current_actor

bp = Blueprint("notices", __name__, url_prefix="/postponements")
publishes = permission_required(Permission.NEWS)


@bp.get("/")
@publishes
def index() -> str:
    rounds = [(each, list_notices(each.id)) for each in list_rounds()]
    return render_template("admin/postponements.html", rounds=rounds)


@bp.route("/<round_code>", methods=["GET", "POST"])
@publishes
def publish(round_code: str) -> ResponseReturnValue:
    """Ask for the notice, show it once more with how many it reaches, then publish it."""
    exam_round = get_round(round_code)
    form = NoticeForm(exam_round)
    if form.validate_on_submit():
        notice = form.notice()
        try:
            check_notice(exam_round, notice)
            if request.form.get("confirmed") == "yes":
                publish_notice(round_code, notice, actor=current_actor())
                flash(_l("公告已發布，並寄信通知考生。退費申請已開放。"), "done")
                return redirect(url_for(".index"), 303)
        except DomainError as error:
            form.refuse(error)
        else:
            due = notice_due(test_on=exam_round.test_on, event_on=notice.event_on)
            return render_template(
                "admin/postponement_confirm.html",
                exam_round=exam_round,
                asked=notice,
                form=form,
                told=len(list_mail_addresses(exam_round.id, notice.area)),
                due=due,
                late=clock.today() > due,
            )
    page = render_template("admin/postponement.html", exam_round=exam_round, form=form)
    return page, 422 if form.errors or form.form_errors else 200
