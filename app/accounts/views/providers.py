"""Away to Google or Facebook and back: sign in, complete a sign-up (R198), or link one's account."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import browser, linking, providers, throttle
from app.accounts.browser import begin_session
from app.accounts.emails import parse_email
from app.accounts.forms import CompletionForm
from app.accounts.models import Provider, Realm, SignInLevel
from app.accounts.policy import (
    applicant_required,
    current_account,
    find_current_account,
    fresh_sign_in_required,
    home_of,
    open_to_all,
)
from app.accounts.providers import NAMES, Identity, ProviderRefused
from app.accounts.throttle import TooManyAttempts
from app.accounts.views.room import TRACK, bp, next_page, refuse, show, track_facts
from app.core import clock
from app.core.errors import DomainError, InvalidValue
from app.web import current_actor

_PROVIDER = "<any(google, facebook):name>"
# Between coming back from the provider and sending the completed form.
_COMPLETE_WITHIN = timedelta(minutes=30)


@bp.get(f"/{TRACK}/login/{_PROVIDER}")
@open_to_all
def leave_to_sign_in(track: str, name: str) -> Any:
    return _leave(Provider(name), track=track, next=request.args.get("next"))


@bp.get(f"/account/logins/{_PROVIDER}")
@applicant_required
@fresh_sign_in_required
def link_login(name: str) -> str:
    return render_template("accounts/link_login.html", provider=name, name=NAMES[Provider(name)])


@bp.get(f"/account/logins/{_PROVIDER}/start")
@applicant_required
@fresh_sign_in_required
def leave_to_link(name: str) -> Any:
    return _leave(Provider(name), track=current_account().realm.value, link=True)


@bp.post(f"/account/logins/{_PROVIDER}/unlink")
@applicant_required
@fresh_sign_in_required
def unlink_login(name: str) -> Response:
    provider = Provider(name)
    linking.unlink(current_account().id, provider, keep=browser.current_token(), actor=current_actor())
    flash(_("已經取消連結 %(name)s，其他裝置上的登入也已經結束。", name=NAMES[provider]), "success")
    return redirect(url_for(".account"), 303)


@bp.get(f"/login/{_PROVIDER}/callback")
@open_to_all
def come_back(name: str) -> Any:
    trip = session.pop("provider_trip", None)
    try:
        identity = providers.identify(Provider(name))
    except ProviderRefused as error:
        return _show_refusal(error, trip)
    if trip is None:
        return redirect(url_for(".choose_track", purpose="login"), 303)
    if trip["link"]:
        return _link(identity, trip)
    return _sign_in(identity, trip)


@bp.route(f"/{TRACK}/signup/complete", methods=["GET", "POST"])
@open_to_all
def complete_signup(track: str) -> Any:
    realm, identity = Realm(track), _waiting_identity(track)
    if identity is None:
        return redirect(url_for(".signup", track=track), 303)
    form = CompletionForm()
    form.brought_email = identity.email
    facts = {"identity": identity, "provider_name": NAMES[identity.provider], **track_facts(realm)}
    if form.validate_on_submit():
        typed = identity.email or form.email.data
        try:
            throttle.count_sign_up(realm, parse_email(typed).key)
            account = linking.sign_up(realm, identity, typed, form.password.data, actor=current_actor())
        except (InvalidValue, TooManyAttempts, linking.HasAccount, linking.LinkedElsewhere) as error:
            return refuse(form, error, "accounts/complete_signup.html", **facts)
        if account is None:
            session.pop("provider_identity")
            session["signed_up_as"] = typed.strip()
            return redirect(url_for(".signup_sent", track=track), 303)
        begin_session(account, level=SignInLevel.PROVIDER, actor=current_actor())
        return redirect(home_of(account), 303)
    return show(form, "accounts/complete_signup.html", **facts)


def _leave(provider: Provider, *, track: str, link: bool = False, next: str | None = None) -> Any:
    trip = {"track": track, "link": link, "next": next}
    try:
        response = providers.leave_for(provider)
    except ProviderRefused as error:
        return _show_refusal(error, trip)
    session["provider_trip"] = trip
    return response


def _sign_in(identity: Identity, trip: dict[str, Any]) -> Response:
    account = linking.sign_in(Realm(trip["track"]), identity, actor=current_actor())
    if account is not None:
        begin_session(account, level=SignInLevel.PROVIDER, actor=current_actor())
        return redirect(next_page(account, trip["next"]), 303)
    now = clock.system_now().timestamp()
    session["provider_identity"] = {**asdict(identity), "track": trip["track"], "at": now}
    return redirect(url_for(".complete_signup", track=trip["track"]), 303)


def _link(identity: Identity, trip: dict[str, Any]) -> Any:
    account = find_current_account()
    if account is None:
        return redirect(url_for(".choose_track", purpose="login", next=url_for(".account")), 303)
    try:
        linking.link(account.id, identity, keep=browser.current_token(), actor=current_actor())
    except linking.LinkedElsewhere as error:
        return _show_refusal(error, trip)
    flash(_("已經連結 %(name)s，以後可以用它登入。", name=NAMES[identity.provider]), "success")
    return redirect(url_for(".account"), 303)


def _waiting_identity(track: str) -> Identity | None:
    """Return who came back from a provider to sign up on this track, in this browser, not long ago."""
    kept = dict(session.get("provider_identity") or {})
    if kept.pop("track", None) != track:
        return None
    if clock.system_now().timestamp() - kept.pop("at") > _COMPLETE_WITHIN.total_seconds():
        return None
    return Identity(**(kept | {"provider": Provider(kept["provider"])}))


def _show_refusal(error: DomainError, trip: dict[str, Any] | None) -> tuple[str, int]:
    page = render_template("accounts/provider_refused.html", message=error.message, trip=trip)
    return page, error.status_code
