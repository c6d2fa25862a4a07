"""LINE Pay's way of speaking: signed JSON over HTTP, answered by an envelope (payments.md 2.1); no meaning.

An answer is judged by its ``returnCode`` alone. Anything else that comes back, or nothing, raises
GatewayError: what became of the call is then not known.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

import requests

from app.core.errors import GatewayError
from app.payments.gateways.base import GatewayBusy

CHANNEL_HEADER: Final = "X-LINE-ChannelId"
NONCE_HEADER: Final = "X-LINE-Authorization-Nonce"
SIGNATURE_HEADER: Final = "X-LINE-Authorization"

CONNECT_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class LinePaySettings:
    """One channel at LINE Pay.

    :ivar base_url: scheme and host without a path, e.g. ``https://api-pay.line.me``
    :ivar version: ``v3`` or ``v4``: how every path begins
    """

    channel_id: str
    channel_secret: str = field(repr=False)
    base_url: str
    version: str = "v3"

    @property
    def is_simulated(self) -> bool:
        return self.channel_id == SIMULATED.channel_id


#: The channel that the simulator plays; its secret is known to everybody.
SIMULATED: Final = LinePaySettings(
    channel_id="1650000001",
    channel_secret="simulated-channel-of-nobody",  # noqa: S106 - the simulator's, and nobody else's
    base_url="http://127.0.0.1:8001",
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One answer: `info` is whatever the call gives; no number in it has been a float."""

    code: str
    message: str
    info: Any


def signature(secret: str, path: str, payload: str, nonce: str) -> str:
    """Return what X-LINE-Authorization carries: Base64 of the HMAC-SHA256 over secret, path, payload, nonce.

    :param path: from ``/v3/``, without host and query
    :param payload: the body of a POST, or the query string of a GET, exactly as it is sent
    """
    digest = hmac.new(secret.encode(), f"{secret}{path}{payload}{nonce}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def read_envelope(body: bytes) -> Envelope:
    """Return what an answer says; raises GatewayError when it is none."""
    try:
        answer = json.loads(body, parse_float=Decimal)
    except ValueError as error:
        raise GatewayError("line_pay: an answer that is not JSON") from error
    if not isinstance(answer, dict) or not isinstance(answer.get("returnCode"), str):
        raise GatewayError("line_pay: an answer without a returnCode")
    return Envelope(answer["returnCode"], str(answer.get("returnMessage", "")), answer.get("info"))


def id_text(value: Any) -> str:
    """Return one of LINE Pay's numbers, which have 19 digits, as text.

    :raises GatewayError: if it is no whole number: a float has lost its last digits already
    """
    if (
        isinstance(value, bool)
        or not isinstance(value, int | str)
        or not re.fullmatch(r"[0-9]{1,19}", str(value))
    ):
        raise GatewayError("line_pay: a number that is none")
    return str(value)


def dollars(value: Any) -> int:
    """Return an amount in whole dollars, with its sign; raises GatewayError when it is none."""
    whole = isinstance(value, int) or (isinstance(value, Decimal) and value == value.to_integral_value())
    if isinstance(value, bool) or not whole or abs(value) >= 10**9:
        raise GatewayError("line_pay: an amount that is no whole number of dollars")
    return int(value)


class Wire:
    """Sends signed calls of one channel; each method returns the envelope of the answer."""

    def __init__(self, settings: LinePaySettings) -> None:
        self._settings = settings

    def post(self, path: str, content: Mapping[str, Any], *, seconds: int) -> Envelope:
        """Post JSON to a path without its version; wait so many seconds for the answer."""
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return self._send("POST", path, body, seconds)

    def get(self, path: str, query: Sequence[tuple[str, str]] = (), *, seconds: int) -> Envelope:
        return self._send("GET", path, urlencode(query), seconds)

    def _send(self, verb: str, path: str, payload: str, seconds: int) -> Envelope:
        path = f"/{self._settings.version}{path}"
        url = f"{self._settings.base_url}{path}"
        try:
            answer = requests.request(
                verb,
                f"{url}?{payload}" if verb == "GET" and payload else url,
                data=payload.encode() if verb == "POST" else None,
                headers=self._headers(path, payload),
                timeout=(CONNECT_SECONDS, seconds),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise GatewayError(f"line_pay {path}: {type(error).__name__}") from error
        if answer.status_code in (403, 429):
            raise GatewayBusy(f"line_pay {path}: status {answer.status_code}")
        if answer.status_code >= 500:
            raise GatewayError(f"line_pay {path}: status {answer.status_code}")
        return read_envelope(answer.content)

    def _headers(self, path: str, payload: str) -> dict[str, str]:
        nonce = str(uuid.uuid4())
        return {
            "Content-Type": "application/json",
            CHANNEL_HEADER: self._settings.channel_id,
            NONCE_HEADER: nonce,
            SIGNATURE_HEADER: signature(self._settings.channel_secret, path, payload, nonce),
        }
