"""The provider's addresses: discovery, keys, the page where one says who one is, and the token."""

from __future__ import annotations

from typing import Any, Final

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Blueprint, Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from joserfc.jwk import RSAKey

from simulator.openid.grant import Client, CodeGrant, IdToken
from simulator.openid.people import PEOPLE, Person, find_person

blueprint = Blueprint("openid", __name__, url_prefix="/openid/<any(google):provider>")

NAMES: Final = {"google": "Google"}


def bind_openid(simulator: Flask, portal_url: str) -> None:
    """Set the providers up for the portal at an address; its client ids and secrets are ``demo-…``."""
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, private=True)
    key.ensure_kid()
    server = AuthorizationServer(simulator, _find_client, _forget_token)
    server.register_grant(CodeGrant, [IdToken(key), CodeChallenge(required=True)])
    simulator.extensions["openid"] = (server, key, portal_url.rstrip("/"))
    simulator.register_blueprint(blueprint)


@blueprint.get("/.well-known/openid-configuration")
def describe(provider: str) -> ResponseReturnValue:
    issuer = _issuer(provider)
    return jsonify(
        issuer=issuer,
        authorization_endpoint=f"{issuer}/auth",
        token_endpoint=f"{issuer}/token",
        jwks_uri=f"{issuer}/jwks",
        response_types_supported=["code"],
        subject_types_supported=["pairwise"],
        id_token_signing_alg_values_supported=["RS256"],
        token_endpoint_auth_methods_supported=["client_secret_post"],
        code_challenge_methods_supported=["S256"],
        scopes_supported=["openid", "email"],
    )


@blueprint.get("/jwks")
def show_keys(**_provider: str) -> ResponseReturnValue:
    key: RSAKey = current_app.extensions["openid"][1]
    return jsonify(keys=[key.as_dict(private=False)])


@blueprint.get("/auth")
def ask_who(provider: str) -> ResponseReturnValue:
    try:
        _server().get_consent_grant(end_user=None)
    except OAuth2Error as error:
        return _refuse(error)
    return render_template(
        "simulator/openid/who.html", name=NAMES[provider], people=list(enumerate(PEOPLE)), mistake=None
    )


@blueprint.post("/auth")
def answer(provider: str) -> ResponseReturnValue:
    who = request.form.get("who", "")
    if who == "cancel":
        return _answer(None)
    person = _typed_person() if who == "typed" else find_person(who)
    if person is None:
        page = render_template(
            "simulator/openid/who.html",
            name=NAMES[provider],
            people=list(enumerate(PEOPLE)),
            mistake="請選一個人，或輸入電子信箱。",
        )
        return page, 422
    return _answer(person)


@blueprint.post("/token")
def give_token(**_provider: str) -> ResponseReturnValue:
    response: Response = _server().create_token_response()
    return response


def _answer(person: Person | None) -> ResponseReturnValue:
    try:
        grant = _server().get_consent_grant(end_user=person)
    except OAuth2Error as error:
        return _refuse(error)
    response: Response = _server().create_authorization_response(grant=grant, grant_user=person)
    return response


def _typed_person() -> Person | None:
    email = request.form.get("email", "").strip()
    return Person(email, email) if "@" in email else None


def _refuse(error: OAuth2Error) -> ResponseReturnValue:
    return render_template("simulator/refused.html", code=error.error, sentence=error.description), 400


def _find_client(client_id: str) -> Client | None:
    provider = (request.view_args or {}).get("provider", "")
    portal_url = current_app.extensions["openid"][2]
    if client_id != f"demo-{provider}":
        return None
    return Client(
        provider=provider,
        client_id=client_id,
        secret=f"demo-{provider}-secret",
        redirect_uri=f"{portal_url}/login/{provider}/callback",
        issuer=_issuer(provider),
    )


def _forget_token(_token: dict[str, Any], _request: Any) -> None:
    """Access tokens open nothing here, so none is kept."""


def _issuer(provider: str) -> str:
    return f"{request.host_url}openid/{provider}"


def _server() -> AuthorizationServer:
    server: AuthorizationServer = current_app.extensions["openid"][0]
    return server


@blueprint.after_request
def forbid_framing(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
