"""One's own account: devices that are signed in, linked logins, password, language."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import (
    browser,
    password_changes,
    passwords,
    providers,
    queries,
    second_factor,
    sessions,
    throttle,
)
from app.accounts.forms import ChangePasswordForm, VerifyForm
from app.accounts.mails import TRACK_NAMES
from app.accounts.policy import current_account, signed_in_required
from app.accounts.redirects import safe_next
from app.accounts.services import LoginRefused
from app.accounts.texts import TITLES
from app.accounts.throttle import TooManyAttempts
from app.accounts.user_agents import describe
from app.accounts.views.room import bp, refuse, show
from app.core.errors import InvalidValue
from app.web import LANGUAGES, current_actor


@bp.get("/account")
@signed_in_required
def account() -> str:
    mine = current_account()
    here = browser.current_session()
    return render_template(
        "accounts/account.html",
        account=mine,
        track_name=TRACK_NAMES.get(mine.realm),
        consents=queries.list_consents(mine.id),
        titles=TITLES,
        devices=[(each, describe(each.browser), each == here) for each in sessions.list_live(mine)],
        logins={each.provider: each for each in queries.list_linked_logins(mine.id)},
        providers=[] if mine.is_staff else providers.offered(),
        recovery_codes=second_factor.count_recovery_codes(mine) if mine.is_staff else 0,
    )


@bp.post("/account/sessions/<public_id>/end")
@signed_in_required
def end_session(public_id: str) -> Response:
    sessions.end_one(current_account(), public_id, actor=current_actor())
    flash(_("已經登出那個裝置。"), "success")
    return redirect(url_for(".account"), 303)


@bp.post("/account/sessions/end-others")
@signed_in_required
def end_other_sessions() -> Response:
    sessions.end_all(current_account(), actor=current_actor(), but=browser.current_token())
    flash(_("已經登出其他所有裝置。"), "success")
    return redirect(url_for(".account"), 303)


@bp.post("/account/language")
@signed_in_required
def choose_language() -> Response:
    language = request.form.get("language")
    if language not in LANGUAGES:
        abort(400)
    browser.choose_language(language, actor=current_actor())
    return redirect(safe_next(request.form.get("back"), default=url_for(".account")), 303)


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in_required
def change_password() -> Any:
    mine, form = current_account(), ChangePasswordForm()
    form.owner_email = mine.email
    form.minimum = passwords.STAFF_MINIMUM if mine.is_staff else passwords.APPLICANT_MINIMUM
    if form.validate_on_submit():
        try:
            with throttle.password_attempt(mine.realm, mine.email_key):
                password_changes.change_password(
                    mine,
                    form.current.data,
                    form.password.data,
                    keep=browser.current_token(),
                    actor=current_actor(),
                )
        except (LoginRefused, InvalidValue, TooManyAttempts) as error:
            return refuse(form, error, "accounts/change_password.html", minimum=form.minimum)
        browser.confirm_session()
        flash(_("密碼已經變更，其他裝置上的登入都已經結束。"), "success")
        return redirect(url_for(".account"), 303)
    return show(form, "accounts/change_password.html", minimum=form.minimum)


@bp.route("/account/confirm", methods=["GET", "POST"])
@signed_in_required
def confirm_password() -> Any:
    mine, form = current_account(), VerifyForm()
    wanted = safe_next(request.args.get("next"), default=url_for(".account"))
    if form.validate_on_submit():
        try:
            with throttle.password_attempt(mine.realm, mine.email_key):
                password_changes.check_password_of(mine, form.password.data)
        except (LoginRefused, TooManyAttempts) as error:
            return refuse(form, error, "accounts/confirm_password.html")
        browser.confirm_session()
        return redirect(wanted, 303)
    return show(form, "accounts/confirm_password.html")
