"""Aids and proof for special arrangements, and the office's answer: candidates and leaders alike."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts.policy import applicant_required, current_account
from app.core.errors import DomainError
from app.registration import pages, queries, services
from app.registration.arrangement_forms import ArrangementForm
from app.registration.arrangement_rules import check_can_describe
from app.registration.models import Registration
from app.registration.states import FormState
from app.web import current_actor

bp = Blueprint("arrangements", __name__, url_prefix="/registrations")


@bp.route("/<public_id>/arrangement", methods=["GET", "POST"])
@applicant_required
def arrangement(public_id: str) -> ResponseReturnValue:
    registration = queries.get_registration(public_id, current_account().id)
    asked = registration.accommodation_sealed is not None
    if registration.form_state == FormState.DRAFT or not asked:
        check_can_describe(registration.form_state, asked=asked).raise_if_refused()
    form = ArrangementForm(registration)
    if form.validate_on_submit():
        try:
            services.describe_arrangement(
                public_id, current_account().id, form.aids.value, form.documents, actor=current_actor()
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(_next_page(registration), 303)
    page = render_template(
        "registration/arrangement.html",
        registration=registration,
        form=form,
        rows=pages.arrangement_rows(registration),
        answer=pages.arrangement_answer(registration),
        files=registration.arrangement.files if registration.arrangement else [],
        back_url=pages.home_of(registration),
        list_url=url_for("groups.index" if registration.in_group else "registration.index"),
    )
    return page, form.status_code


@bp.post("/<public_id>/arrangement/files/<file_id>/remove")
@applicant_required
def remove_file(public_id: str, file_id: str) -> Response:
    services.remove_arrangement_file(public_id, current_account().id, file_id, actor=current_actor())
    flash(_l("已移除這份文件。"), "done")
    return redirect(url_for(".arrangement", public_id=public_id), 303)


def _next_page(registration: Registration) -> str:
    if registration.in_group:
        return pages.home_of(registration)
    return url_for("registration.review", public_id=registration.public_id)
