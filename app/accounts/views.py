"""The pages of an account: sign up, verify, sign in and out, choose the kind, look at it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_login import login_user
from werkzeug.wrappers import Response

from app.accounts import queries, services, throttle
from app.accounts.commands import create_staff
from app.accounts.emails import parse_email
from app.accounts.forms import LoginForm, SignUpForm, VerifyForm
from app.accounts.mails import TRACK_NAMES
from app.accounts.models import Account, AccountKind, Realm
from app.accounts.policy import (
    applicant_required,
    current_account,
    find_current_account,
    home_of,
    signed_in_required,
)
from app.accounts.redirects import safe_next
from app.accounts.texts import AGREEMENTS, TITLES
from app.accounts.throttle import TooManyAttempts
from app.core import clock
from app.core.errors import DomainError, InvalidValue
from app.core.forms import RefusableForm
from app.web import current_actor

bp = Blueprint("accounts", __name__)
bp.cli.add_command(create_staff)

_TRACK = "<any(national, multi):track>"
# What an anonymous visitor's session may carry over into an account's, and out of it (security 1).
_KEPT_IN_SESSION = ("lang", "text")


@bp.get("/signup", defaults={"purpose": "signup"})
@bp.get("/login", defaults={"purpose": "login"})
def choose_track(purpose: str) -> str:
    return render_template(
        "accounts/choose_track.html", purpose=purpose, tracks=TRACK_NAMES, next=request.args.get("next")
    )


@bp.route(f"/{_TRACK}/signup", methods=["GET", "POST"])
def signup(track: str) -> Any:
    form, realm = SignUpForm(), Realm(track)
    if form.validate_on_submit():
        try:
            throttle.count_sign_up(realm, parse_email(form.email.data).key)
            services.sign_up(realm, form.email.data, form.password.data, actor=current_actor())
        except (InvalidValue, TooManyAttempts) as error:
            return _refuse(form, error, "accounts/signup.html", **_track_facts(realm))
        session["signed_up_as"] = form.email.data.strip()
        return redirect(url_for(".signup_sent", track=track), 303)
    return _show(form, "accounts/signup.html", **_track_facts(realm))


@bp.get(f"/{_TRACK}/signup/sent")
def signup_sent(track: str) -> Any:
    if "signed_up_as" not in session:
        return redirect(url_for(".signup", track=track), 303)
    return render_template(
        "accounts/signup_sent.html", email=session["signed_up_as"], **_track_facts(Realm(track))
    )


@bp.get("/verify/<token>")
def take_link(token: str) -> Response:
    # Opening a link changes nothing, because mail scanners open links too; and from here on the
    # token stands in no address, history or access log (security 6).
    session["verify_token"] = token
    return redirect(url_for(".verify"), 303)


@bp.route("/verify", methods=["GET", "POST"])
def verify() -> Any:
    token = session.get("verify_token", "")
    account = queries.find_account_to_verify(token, now=clock.now())
    if account is None:
        return render_template("accounts/link_spent.html"), 410
    form, facts = VerifyForm(), {"email": account.email, **_track_facts(account.realm)}
    if form.validate_on_submit():
        try:
            with throttle.password_attempt(account.realm, account.email_key):
                account = services.verify_email(token, form.password.data, actor=current_actor())
        except services.LinkSpent:
            return render_template("accounts/link_spent.html"), 410
        except (services.LoginRefused, TooManyAttempts) as error:
            return _refuse(form, error, "accounts/verify.html", **facts)
        _begin_session(account)
        return redirect(home_of(account), 303)
    return _show(form, "accounts/verify.html", **facts)


@bp.route(f"/{_TRACK}/login", methods=["GET", "POST"])
def login(track: str) -> Any:
    return _login_page(Realm(track), "accounts/login.html", **_track_facts(Realm(track)))


@bp.route("/admin/login", methods=["GET", "POST"])
def staff_login() -> Any:
    return _login_page(Realm.STAFF, "accounts/staff_login.html")


@bp.post("/logout")
def logout() -> Response:
    account = find_current_account()
    if account is not None:
        services.log_out(account, actor=current_actor())
    _empty_session()
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


@bp.get("/account")
@signed_in_required
def account() -> str:
    mine = current_account()
    return render_template(
        "accounts/account.html",
        account=mine,
        track_name=TRACK_NAMES.get(mine.realm),
        consents=queries.list_consents(mine.id),
        titles=TITLES,
    )


def _login_page(realm: Realm, template: str, **facts: Any) -> Any:
    signed_in = find_current_account()
    if signed_in is not None and signed_in.realm == realm:
        return redirect(_next_page(signed_in), 303)
    form = LoginForm()
    if form.validate_on_submit():
        try:
            with throttle.password_attempt(realm, parse_email(form.email.data).key):
                account = services.authenticate(
                    realm, form.email.data, form.password.data, actor=current_actor()
                )
        except (services.LoginRefused, TooManyAttempts) as error:
            return _refuse(form, error, template, **facts)
        _begin_session(account)
        return redirect(_next_page(account), 303)
    return _show(form, template, **facts)


def _next_page(account: Account) -> str:
    home = home_of(account)
    if account.kind is None and not account.is_staff:
        return home  # nothing else is open before the kind is chosen
    return safe_next(request.args.get("next"), default=home)


def _begin_session(account: Account) -> None:
    _empty_session()
    login_user(account)


def _empty_session() -> None:
    kept = {key: session[key] for key in _KEPT_IN_SESSION if key in session}
    session.clear()
    session.update(kept)


def _track_facts(realm: Realm) -> dict[str, Any]:
    return {"track": realm.value, "track_name": TRACK_NAMES[realm], "next": request.args.get("next")}


def _show(form: RefusableForm, template: str, **facts: Any) -> Any:
    return render_template(template, form=form, **facts), 422 if form.errors else 200


def _refuse(form: RefusableForm, error: DomainError, template: str, **facts: Any) -> Any:
    form.refuse(error)
    response = (render_template(template, form=form, **facts), error.status_code)
    if isinstance(error, TooManyAttempts):
        return (*response, {"Retry-After": str(error.retry_after_seconds)})
    return response
