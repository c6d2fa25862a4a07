"""Who somebody is at Facebook: asked of its Graph API with a proof that we are the app (security 3)."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any


class GraphRefused(Exception):
    """The Graph API did not answer as it says it does."""


def appsecret_proof(access_token: str, app_secret: str) -> str:
    """Return the proof that goes with a call: a token that leaks is of no use without the app's secret."""
    return hmac.new(app_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()


def fetch_person(client: Any, token: dict[str, Any]) -> dict[str, Any]:
    """Return the person's app-scoped ``id`` and, unless it is missing or was not shared, ``email``.

    :param client: Authlib's client for Facebook
    :param token: what the code was exchanged for
    :raises GraphRefused: when the answer is no person
    :raises requests.RequestException: when there is none
    """
    proof = appsecret_proof(token["access_token"], client.client_secret)
    params = {"fields": "id,email", "appsecret_proof": proof}
    answer = client.get("me", params=params, token=token)
    person = answer.json() if answer.ok else None
    if not isinstance(person, dict) or "id" not in person:
        raise GraphRefused(f"status {answer.status_code}")
    return person
