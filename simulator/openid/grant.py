"""The authorization code: given to the browser, taken from the portal's server, good once (RFC 6749 4.1).

Codes live in this process; the demo runs the simulator as one.
"""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass, field
from typing import Any, Final

from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oidc.core import AuthorizationCodeMixin
from authlib.oidc.core.grants import OpenIDCode
from joserfc.jwk import RSAKey

from simulator.openid.people import Person

_CODE_SECONDS: Final = 120


@dataclass(frozen=True)
class Client(ClientMixin):  # type: ignore[misc]
    """The portal, as one provider knows it.

    :ivar provider: google
    :ivar redirect_uri: the one address that codes may be sent to
    """

    provider: str
    client_id: str
    secret: str
    redirect_uri: str
    issuer: str

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(word for word in (scope or "").split() if word in ("openid", "email"))

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(self.secret.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == "client_secret_post"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(frozen=True)
class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    """One code, and all that was said when it was given."""

    code: str
    client: Client
    person: Person
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str | None
    code_challenge_method: str | None
    given_at: float = field(default_factory=time.time)

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(self.given_at)

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


_codes: dict[str, Code] = {}


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """Codes in memory; taking one out uses it up, whatever comes of it."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_post",)

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked = request.payload.data
        _codes[code] = Code(
            code,
            request.client,
            request.user,
            redirect_uri=request.payload.redirect_uri,
            scope=request.scope,
            nonce=asked.get("nonce"),
            code_challenge=asked.get("code_challenge"),
            code_challenge_method=asked.get("code_challenge_method"),
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        found = _codes.pop(code, None)
        if found is None or found.client != client or time.time() - found.given_at > _CODE_SECONDS:
            return None
        return found

    def delete_authorization_code(self, _code: Code) -> None:
        """Nothing is left to do: `query_authorization_code` has taken it out."""

    def authenticate_user(self, authorization_code: Code) -> Person:
        return authorization_code.person


class IdToken(OpenIDCode):  # type: ignore[misc]
    """Says who the person is, signed with a key that is made when the simulator starts."""

    def __init__(self, key: RSAKey) -> None:
        super().__init__(require_nonce=True)
        self._key = key

    def exists_nonce(self, nonce: str, _request: Any) -> bool:
        return any(code.nonce == nonce for code in _codes.values())

    def resolve_client_private_key(self, _client: Client) -> RSAKey:
        return self._key

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": client.issuer, "aud": client.client_id, "exp": int(time.time()) + 600}

    def get_encode_header(self, _client: Client) -> dict[str, str]:
        return {"alg": "RS256", "kid": str(self._key.kid)}

    def generate_user_info(self, user: Person, scope: str) -> dict[str, Any]:
        claims: dict[str, Any] = {"sub": user.subject}
        if "email" in scope.split() and user.email:
            claims |= {"email": user.email, "email_verified": user.email_verified}
        return claims
