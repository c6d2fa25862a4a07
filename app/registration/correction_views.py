"""After submission: contact data, what a review found missing, identity data on request.

For candidates and for leaders alike: a member's registration is the leader's.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts.policy import applicant_required, current_account
from app.core import clock
from app.core.errors import InvalidValue
from app.core.roc_dates import format_roc_long
from app.registration import pages, queries, rules, services
from app.registration.correction_forms import OFFICE, AmendmentForm, ContactForm, CorrectionForm
from app.registration.models import Registration
from app.registration.states import AmendmentState
from app.web import current_actor

bp = Blueprint("corrections", __name__, url_prefix="/registrations")


@bp.route("/<public_id>/contact", methods=["GET", "POST"])
@applicant_required
def contact(public_id: str) -> ResponseReturnValue:
    registration = _mine(public_id)
    rules.check_can_change_contact(registration.form_state).raise_if_refused()
    form = ContactForm(registration)
    if form.validate_on_submit():
        changed = services.change_contact(
            public_id, current_account().id, form.contact(), actor=current_actor()
        )
        flash(_l("聯絡方式已更新。") if changed else _l("聯絡方式沒有變動。"), "done")
        return _back(registration)
    return _page("contact", registration, form)


@bp.route("/<public_id>/correction", methods=["GET", "POST"])
@applicant_required
def correction(public_id: str) -> ResponseReturnValue:
    registration = _mine(public_id)
    asked = queries.find_open_correction(registration)
    lapse = queries.find_lapse_of(registration, clock.now())
    rules.check_can_answer(
        asked=asked is not None, lapse=lapse, form_state=registration.form_state
    ).raise_if_refused()
    form = CorrectionForm()
    if form.validate_on_submit():
        try:
            services.answer_correction(
                public_id,
                current_account().id,
                form.answer.value or "",
                form.documents,
                actor=current_actor(),
            )
        except InvalidValue as error:
            form.refuse(error)
        else:
            flash(_l("補正資料已送出，等候總試務中心審查。"), "done")
            return _back(registration)
    return _page("correction", registration, form, asked=asked)


@bp.route("/<public_id>/amendment", methods=["GET", "POST"])
@applicant_required
def amendment(public_id: str) -> ResponseReturnValue:
    registration = _mine(public_id)
    exam_round, today = registration.exam_round, clock.today()
    rules.check_can_ask_amendment(
        registration.form_state, today=today, test_on=exam_round.test_on
    ).raise_if_refused()
    form = AmendmentForm()
    if form.validate_on_submit():
        asked = services.ask_amendment(
            public_id,
            current_account().id,
            form.wish.value,
            office_error=form.cause.data == OFFICE,
            actor=current_actor(),
        )
        if asked.state == AmendmentState.ON_SITE:
            day = format_roc_long(exam_round.test_on)
            flash(_l("已記下更正申請。請在 %(day)s帶身分證件到試區試務中心更正。", day=day), "done")
        else:
            flash(_l("已送出更正申請，處理後會寄信通知。"), "done")
        return _back(registration)
    return _page(
        "amendment",
        registration,
        form,
        waiting=queries.find_waiting_amendment(registration),
        at_office=services.route_of(registration, today, office_error=False) == AmendmentState.OPEN,
        facts=pages.identity_rows(registration),
    )


def _mine(public_id: str) -> Registration:
    return queries.get_registration(public_id, current_account().id)


def _back(registration: Registration) -> Response:
    return redirect(pages.home_of(registration), 303)


def _page(name: str, registration: Registration, form: Any, **facts: Any) -> ResponseReturnValue:
    page = render_template(
        f"registration/{name}.html",
        registration=registration,
        form=form,
        back_url=pages.home_of(registration),
        list_url=url_for("groups.index" if registration.in_group else "registration.index"),
        **facts,
    )
    return page, 422 if form.errors else 200
