"""Signing in with Google or Facebook: OpenID Connect with code, state, nonce and PKCE (security 3).

Nothing here touches an account: a provider says who somebody is, and `linking` what that opens. Tokens
of the provider are looked at once and not kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, request
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from app.accounts.models import Provider
from app.config import Settings
from app.core.errors import DomainError
from app.core.messages import Message

NAMES = {Provider.GOOGLE: "Google", Provider.FACEBOOK: "Facebook"}

# The endpoints of the real ones, so that no answer from the network can move them. Any other issuer
# is asked for its own, which must lie on its own origin (CVE-2026-104056).
_PINNED = {
    "https://accounts.google.com": {
        "authorization_endpoint": "https://accounts.google.com/o/oauth2/v2/auth",
        "token_endpoint": "https://oauth2.googleapis.com/token",
        "jwks_uri": "https://www.googleapis.com/oauth2/v3/certs",
    },
    "https://www.facebook.com": {
        "authorization_endpoint": "https://www.facebook.com/v23.0/dialog/oauth",
        "token_endpoint": "https://graph.facebook.com/v23.0/oauth/access_token",
        "jwks_uri": "https://www.facebook.com/.well-known/oauth/openid/jwks/",
    },
}
_OTHER_SPELLINGS = {"https://accounts.google.com": ("accounts.google.com",)}  # Google uses both
_SCOPES = {Provider.GOOGLE: "openid email", Provider.FACEBOOK: "openid email"}
_SECONDS = (3, 10)  # to connect, to answer
_EMAIL_LENGTH, _SUBJECT_LENGTH = 254, 255


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at a provider.

    :ivar subject: the provider's name for the person; the only thing a person is recognised by
    :ivar email: None when the provider gives none
    :ivar email_is_proven: whether the provider vouches for it; Facebook never does
    """

    provider: Provider
    subject: str
    email: str | None
    email_is_proven: bool


class ProviderRefused(DomainError):
    """The provider did not say who the person is: they cancelled, or something went wrong on the way."""

    status_code = 422


def bind_providers(app: Flask, settings: Settings) -> None:
    """Offer the providers that have a client id in the settings."""
    registry, issuers = OAuth(app), {}
    for provider in Provider:
        issuer = getattr(settings, f"{provider}_issuer").rstrip("/")
        client_id = getattr(settings, f"{provider}_client_id")
        if not client_id:
            continue
        issuers[provider] = issuer
        registry.register(
            provider.value,
            client_id=client_id,
            client_secret=getattr(settings, f"{provider}_client_secret"),
            client_kwargs={
                "scope": _SCOPES[provider],
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": "client_secret_post",
                "default_timeout": _SECONDS,
                "max_redirects": 0,
            },
            **_endpoints(issuer),
        )
    app.extensions["login_providers"] = (registry, issuers)


def offered() -> list[tuple[Provider, str]]:
    """Return the providers that this portal offers, each with its name."""
    _registry, issuers = current_app.extensions["login_providers"]
    return [(provider, NAMES[provider]) for provider in issuers]


def leave_for(provider: Provider) -> Response:
    """Return the redirect to a provider; state, nonce and PKCE verifier wait in the browser's session.

    :raises ProviderRefused: when the provider is not offered or does not answer
    """
    client, _issuer = _client(provider)
    try:
        response: Response = client.authorize_redirect(_callback_address(provider))
    except (AuthlibBaseError, requests.RequestException, ValueError) as error:
        raise _unreachable(provider) from error
    return response


def identify(provider: Provider) -> Identity:
    """Return who came back from a provider with the current request.

    The code is exchanged server to server; the ID token's signature (RS256 only), issuer, audience,
    times and nonce are verified.

    :raises ProviderRefused: when the person cancelled, or anything does not fit
    """
    client, issuer = _client(provider)
    if request.args.get("error") == "access_denied":
        raise ProviderRefused(Message("您在 %(name)s 取消了登入", {"name": NAMES[provider]}))
    if request.args.get("iss", issuer) != issuer:  # RFC 9207: the answer of another provider
        raise _failed(provider)
    try:
        token = client.authorize_access_token(
            claims_options={
                "iss": {"essential": True, "values": [issuer, *_OTHER_SPELLINGS.get(issuer, ())]},
                "aud": {"essential": True, "value": client.client_id},
                "sub": {"essential": True},
            }
        )
    except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError) as error:
        raise _failed(provider) from error
    claims = token.get("userinfo")
    if not claims:
        raise _failed(provider)
    return _read(provider, claims)


def _read(provider: Provider, claims: Any) -> Identity:
    subject, email = claims["sub"], claims.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_LENGTH:
        raise _failed(provider)
    if not isinstance(email, str) or not 0 < len(email) <= _EMAIL_LENGTH:
        email = None
    proven = provider is Provider.GOOGLE and email is not None and claims.get("email_verified") is True
    return Identity(provider, subject, email, proven)


def _client(provider: Provider) -> tuple[Any, str]:
    registry, issuers = current_app.extensions["login_providers"]
    if provider not in issuers:
        raise ProviderRefused(Message("這個網站沒有開放用 %(name)s 登入", {"name": NAMES[provider]}))
    client, issuer = registry.create_client(provider.value), issuers[provider]
    try:
        metadata = client.load_server_metadata()
    except (requests.RequestException, ValueError) as error:
        raise _unreachable(provider) from error
    if issuer not in _PINNED and not _is_at_home(metadata, issuer):
        raise _unreachable(provider)
    metadata["id_token_signing_alg_values_supported"] = ["RS256"]
    return client, issuer


def _endpoints(issuer: str) -> dict[str, Any]:
    if issuer in _PINNED:
        return {"issuer": issuer, **_PINNED[issuer]}
    return {"server_metadata_url": f"{issuer}/.well-known/openid-configuration"}


def _is_at_home(metadata: dict[str, Any], issuer: str) -> bool:
    addresses = [metadata.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    home = urlsplit(issuer)[:2]
    return metadata.get("issuer") == issuer and all(urlsplit(str(a))[:2] == home for a in addresses)


def _callback_address(provider: Provider) -> str:
    # One exact address per provider, from the settings: the Host header is the sender's to choose.
    base = str(current_app.extensions["settings"].base_url).rstrip("/")
    return f"{base}/login/{provider}/callback"


def _failed(provider: Provider) -> ProviderRefused:
    return ProviderRefused(
        Message("用 %(name)s 登入沒有成功，請再試一次，或改用電子信箱和密碼登入", {"name": NAMES[provider]})
    )


def _unreachable(provider: Provider) -> ProviderRefused:
    return ProviderRefused(
        Message("%(name)s 現在沒有回應，請稍後再試，或改用電子信箱和密碼登入", {"name": NAMES[provider]})
    )
