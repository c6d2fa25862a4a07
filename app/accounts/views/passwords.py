"""A forgotten password: ask for the link, open it, set a new one (security 6)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import password_changes, passwords, queries, throttle
from app.accounts.emails import parse_email
from app.accounts.forms import ForgotForm, ResetForm
from app.accounts.models import Account, TokenPurpose
from app.accounts.policy import open_to_all
from app.accounts.services import LinkSpent
from app.accounts.throttle import TooManyAttempts
from app.accounts.views.room import bp, refuse, show
from app.core import clock
from app.core.errors import InvalidValue
from app.web import current_actor


@bp.route("/password/forgot", methods=["GET", "POST"])
@open_to_all
def forgot_password() -> Any:
    form = ForgotForm()
    if form.validate_on_submit():
        try:
            throttle.count_reset(parse_email(form.email.data).key)
        except TooManyAttempts as error:
            return refuse(form, error, "accounts/forgot_password.html")
        password_changes.ask_for_reset(form.email.data, actor=current_actor())
        session["reset_asked_for"] = form.email.data.strip()
        return redirect(url_for(".reset_sent"), 303)
    return show(form, "accounts/forgot_password.html")


@bp.get("/password/forgot/sent")
@open_to_all
def reset_sent() -> Any:
    if "reset_asked_for" not in session:
        return redirect(url_for(".forgot_password"), 303)
    return render_template("accounts/reset_sent.html", email=session["reset_asked_for"])


@bp.get("/password/reset/<token>")
@open_to_all
def take_reset_link(token: str) -> Response:
    # As with the link that verifies: nothing happens yet, and the token leaves the address (security 6).
    session["reset_token"] = token
    return redirect(url_for(".reset_password"), 303)


@bp.route("/password/reset", methods=["GET", "POST"])
@open_to_all
def reset_password() -> Any:
    token = session.get("reset_token", "")
    account = queries.find_account_to_serve(token, now=clock.now(), purpose=TokenPurpose.RESET_PASSWORD)
    if account is None:
        return render_template("accounts/reset_spent.html"), 410
    form, facts = ResetForm(), {"account": account}
    form.owner_email = account.email
    form.minimum = passwords.STAFF_MINIMUM if account.is_staff else passwords.APPLICANT_MINIMUM
    if form.validate_on_submit():
        try:
            account = password_changes.reset_password(token, form.password.data, actor=current_actor())
        except LinkSpent:
            return render_template("accounts/reset_spent.html"), 410
        except InvalidValue as error:
            return refuse(form, error, "accounts/reset_password.html", **facts)
        session.pop("reset_token")
        flash(_("密碼已經換成新的，請用新密碼登入。"), "success")
        return redirect(_login_page_of(account), 303)
    return show(form, "accounts/reset_password.html", **facts)


def _login_page_of(account: Account) -> str:
    if account.is_staff:
        return url_for(".staff_login")
    return url_for(".login", track=account.realm.value)
