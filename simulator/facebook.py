"""A stand-in for Facebook Login: its dialog, the exchange of the code, and ``/me``; demo mode only.

Facebook's own protocol, OAuth 2 with errors and extras of its own: no ID token, the e-mail may be
missing, every Graph call carries an ``appsecret_proof``. Codes and tokens live in this process.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from simulator.openid.people import PEOPLE, Person, find_person

blueprint = Blueprint("facebook", __name__, url_prefix="/facebook/v23.0")

APP_ID: Final = "demo-facebook"
APP_SECRET: Final = "demo-facebook-secret"  # noqa: S105 - the demo's, and nobody else's
_CODE_SECONDS: Final = 600
_TOKEN_SECONDS: Final = 60 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person has allowed the app, behind a code or a token."""

    person: Person
    redirect_uri: str
    scopes: frozenset[str]
    given_at: float = field(default_factory=time.time)


_codes: dict[str, Grant] = {}
_tokens: dict[str, Grant] = {}


def bind_facebook(simulator: Flask, portal_url: str) -> None:
    """Set Facebook up for the portal at an address."""
    simulator.extensions["facebook_redirect_uri"] = f"{portal_url.rstrip('/')}/login/facebook/callback"
    simulator.register_blueprint(blueprint)


@blueprint.get("/dialog/oauth")
def ask_who() -> ResponseReturnValue:
    return _refused_dialog() or _who_page(None)


@blueprint.post("/dialog/oauth")
def answer() -> ResponseReturnValue:
    if refusal := _refused_dialog():
        return refusal
    who = request.form.get("who", "")
    if who == "cancel":
        return _back(
            error="access_denied",
            error_code="200",
            error_description="Permissions error",
            error_reason="user_denied",
        )
    person = _typed_person() if who == "typed" else find_person(who)
    if person is None:
        return _who_page("請選一個人，或輸入電子信箱。"), 422
    scopes = frozenset(request.args.get("scope", "").replace(",", " ").split()) | {"public_profile"}
    code = secrets.token_urlsafe(48)
    _codes[code] = Grant(person, request.args["redirect_uri"], scopes)
    return _back(code=code)


@blueprint.route("/oauth/access_token", methods=["GET", "POST"])
def give_token() -> ResponseReturnValue:
    asked = request.values
    if asked.get("client_id") != APP_ID:
        return _graph_error("Error validating application. Cannot get application info.", 101)
    if not hmac.compare_digest(asked.get("client_secret", "").encode(), APP_SECRET.encode()):
        return _graph_error("Error validating client secret.", 1)
    grant = _codes.pop(asked.get("code", ""), None)
    if grant is None or time.time() - grant.given_at > _CODE_SECONDS:
        return _graph_error("This authorization code has been used.", 100)
    if asked.get("redirect_uri") != grant.redirect_uri:
        return _graph_error("Error validating verification code.", 100)
    token = f"EAA{secrets.token_urlsafe(96)}"
    _tokens[token] = grant
    return jsonify(access_token=token, token_type="bearer", expires_in=_TOKEN_SECONDS)  # noqa: S106


@blueprint.get("/me")
def show_person() -> ResponseReturnValue:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ") or request.args.get(
        "access_token", ""
    )
    grant = _tokens.get(token)
    if grant is None:
        return _graph_error("Invalid OAuth access token - Cannot parse access token", 190)
    proof = hmac.new(APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(request.args.get("appsecret_proof", "").encode(), proof.encode()):
        return _graph_error("Invalid appsecret_proof provided", 100, "GraphMethodException")
    wanted = request.args.get("fields", "id,name").split(",")
    person = {"id": grant.person.subject}
    if "name" in wanted:
        person["name"] = grant.person.name
    if "email" in wanted and "email" in grant.scopes and grant.person.email:
        person["email"] = grant.person.email
    return jsonify(person)


def _refused_dialog() -> ResponseReturnValue | None:
    if request.args.get("client_id") != APP_ID:
        sentence = "Invalid App ID"
    elif request.args.get("redirect_uri") != current_app.extensions["facebook_redirect_uri"]:
        sentence = "URL Blocked: this redirect failed because the redirect URI is not whitelisted"
    else:
        return None
    return render_template("simulator/refused.html", code="191", sentence=sentence), 400


def _who_page(mistake: str | None) -> str:
    return render_template(
        "simulator/openid/who.html", name="Facebook", people=list(enumerate(PEOPLE)), mistake=mistake
    )


def _typed_person() -> Person | None:
    email = request.form.get("email", "").strip()
    return Person(email, email) if "@" in email else None


def _back(**values: str) -> ResponseReturnValue:
    if state := request.args.get("state"):
        values["state"] = state
    # The real one ends every answer so.
    return redirect(f"{request.args['redirect_uri']}?{urlencode(values)}#_=_")


def _graph_error(message: str, code: int, kind: str = "OAuthException") -> ResponseReturnValue:
    error = {"message": message, "type": kind, "code": code, "fbtrace_id": secrets.token_urlsafe(8)}
    return jsonify(error=error), 400


@blueprint.after_request
def forbid_framing(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
