"""A leader's requests for a session of the group's own (增開考區、到校施測)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import current_account
from app.core import clock
from app.core.errors import DomainError, Refused
from app.core.messages import Message
from app.exams import queries as exams
from app.exams.choices import Track
from app.groups import extra_session_queries as queries
from app.groups.extra_session_forms import ExtraSessionForm
from app.groups.extra_session_pages import STATE_TAGS, request_rows
from app.groups.services.extra_sessions import ask_extra_session
from app.groups.views.room import bp, leader_required
from app.web import current_actor


@bp.get("/sessions")
@leader_required
def extra_sessions() -> str:
    account = current_account()
    return render_template(
        "groups/sessions.html",
        requests=queries.list_mine(account.id),
        tags=STATE_TAGS,
        can_ask=account.track == Track.MULTI,
        track=account.track,
    )


@bp.route("/sessions/new", methods=["GET", "POST"])
@leader_required
def ask_session() -> ResponseReturnValue:
    account, today = current_account(), clock.today()
    if account.track != Track.MULTI:
        raise Refused(Message("只有多梯次認證可以申請增開考區或到校施測，請改用多梯次認證的帳號登入"))
    rounds = [each for each in exams.list_rounds(Track.MULTI) if today <= each.registration_closes_on]
    if not rounds:
        raise Refused(Message("今年多梯次認證的報名已全部截止，不能再申請"))
    form = ExtraSessionForm(rounds)
    if form.validate_on_submit():
        try:
            asked = ask_extra_session(account.id, form.exam_round.data, form.wish(), actor=current_actor())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("申請已送出，審核結果會寄到您的信箱。"), "done")
            return redirect(url_for(".extra_session", public_id=asked.public_id), 303)
    page = render_template("groups/session_form.html", form=form, track=account.track)
    return page, form.status_code


@bp.get("/sessions/<public_id>")
@leader_required
def extra_session(public_id: str) -> str:
    asked = queries.get_request(public_id, current_account().id)
    today = clock.today()
    return render_template(
        "groups/session.html",
        asked=asked,
        tag=STATE_TAGS[asked.state],
        rows=request_rows(asked),
        opens_later=today < asked.exam_round.registration_opens_on,
        closed=today > asked.exam_round.registration_closes_on,
        track=current_account().track,
    )
