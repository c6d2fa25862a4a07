"""Sign up, verify, sign in and out, choose the kind."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.accounts import queries, services, throttle
from app.accounts.browser import begin_session, leave_session
from app.accounts.emails import parse_email
from app.accounts.forms import LoginForm, SignUpForm, VerifyForm
from app.accounts.mails import TRACK_NAMES
from app.accounts.models import AccountKind, Realm
from app.accounts.policy import (
    applicant_required,
    current_account,
    find_current_account,
    home_of,
    open_to_all,
)
from app.accounts.texts import AGREEMENTS
from app.accounts.throttle import TooManyAttempts
from app.accounts.views.room import TRACK, bp, next_page, refuse, show, track_facts
from app.core import clock
from app.core.errors import InvalidValue
from app.web import current_actor


@bp.get("/signup", defaults={"purpose": "signup"})
@bp.get("/login", defaults={"purpose": "login"})
@open_to_all
def choose_track(purpose: str) -> str:
    return render_template(
        "accounts/choose_track.html", purpose=purpose, tracks=TRACK_NAMES, next=request.args.get("next")
    )


@bp.route(f"/{TRACK}/signup", methods=["GET", "POST"])
@open_to_all
def signup(track: str) -> Any:
    form, realm = SignUpForm(), Realm(track)
    if form.validate_on_submit():
        try:
            throttle.count_sign_up(realm, parse_email(form.email.data).key)
            services.sign_up(realm, form.email.data, form.password.data, actor=current_actor())
        except (InvalidValue, TooManyAttempts) as error:
            return refuse(form, error, "accounts/signup.html", **track_facts(realm))
        session["signed_up_as"] = form.email.data.strip()
        return redirect(url_for(".signup_sent", track=track), 303)
    return show(form, "accounts/signup.html", **track_facts(realm))


@bp.get(f"/{TRACK}/signup/sent")
@open_to_all
def signup_sent(track: str) -> Any:
    if "signed_up_as" not in session:
        return redirect(url_for(".signup", track=track), 303)
    return render_template(
        "accounts/signup_sent.html", email=session["signed_up_as"], **track_facts(Realm(track))
    )


@bp.get("/verify/<token>")
@open_to_all
def take_link(token: str) -> Response:
    # Opening a link changes nothing, because mail scanners open links too; and from here on the
    # token stands in no address, history or access log (security 6).
    session["verify_token"] = token
    return redirect(url_for(".verify"), 303)


@bp.route("/verify", methods=["GET", "POST"])
@open_to_all
def verify() -> Any:
    token = session.get("verify_token", "")
    account = queries.find_account_to_serve(token, now=clock.now())
    if account is None:
        return render_template("accounts/link_spent.html"), 410
    form, facts = VerifyForm(), {"email": account.email, **track_facts(account.realm)}
    if form.validate_on_submit():
        try:
            with throttle.password_attempt(account.realm, account.email_key):
                account = services.verify_email(token, form.password.data, actor=current_actor())
        except services.LinkSpent:
            return render_template("accounts/link_spent.html"), 410
        except (services.LoginRefused, TooManyAttempts) as error:
            return refuse(form, error, "accounts/verify.html", **facts)
        begin_session(account, actor=current_actor())
        return redirect(home_of(account), 303)
    return show(form, "accounts/verify.html", **facts)


@bp.route(f"/{TRACK}/login", methods=["GET", "POST"])
@open_to_all
def login(track: str) -> Any:
    return _login_page(Realm(track), "accounts/login.html", **track_facts(Realm(track)))


@bp.route("/admin/login", methods=["GET", "POST"])
@open_to_all
def staff_login() -> Any:
    return _login_page(Realm.STAFF, "accounts/staff_login.html")


@bp.post("/logout")
@open_to_all
def logout() -> Response:
    account = find_current_account()
    if account is not None:
        services.log_out(account, actor=current_actor())
    leave_session()
    response = redirect(url_for("site.home"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.route("/account/kind", methods=["GET", "POST"])
@applicant_required
def choose_kind() -> Any:
    account = current_account()
    if request.method == "POST":
        kind = request.form.get("kind", type=AccountKind) or abort(400)
        account = services.choose_kind(account.id, kind, actor=current_actor())
        return redirect(home_of(account), 303)
    if account.kind is not None:
        return redirect(home_of(account), 303)
    return render_template("accounts/choose_kind.html", agreements=AGREEMENTS, track=account.track)


def _login_page(realm: Realm, template: str, **facts: Any) -> Any:
    signed_in = find_current_account()
    if signed_in is not None and signed_in.realm == realm:
        return redirect(next_page(signed_in), 303)
    form = LoginForm()
    if form.validate_on_submit():
        try:
            with throttle.password_attempt(realm, parse_email(form.email.data).key):
                account = services.authenticate(
                    realm, form.email.data, form.password.data, actor=current_actor()
                )
        except (services.LoginRefused, TooManyAttempts) as error:
            return refuse(form, error, template, **facts)
        begin_session(account, actor=current_actor())
        return redirect(next_page(account), 303)
    return show(form, template, **facts)
