"""What ECPay and we say to each other over HTTP: signed when it leaves, verified when it comes (case 21)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import requests

from app.core import clock
from app.core.errors import GatewayError
from app.payments.gateways import check_mac
from app.payments.gateways.base import ForeignNotice, ForgedNotice, GatewayBusy, MalformedNotice
from app.payments.gateways.ecpay_settings import EcpaySettings

_CONNECT_SECONDS: Final = 3
_BUSY: Final = (403, 429)


class Wire:
    """The two directions of one merchant's traffic."""

    def __init__(self, settings: EcpaySettings) -> None:
        self.settings = settings

    def sign(self, fields: Mapping[str, str]) -> dict[str, str]:
        """Return the fields with their digest, always made with the present keys."""
        return check_mac.sign(fields, self.settings.hash_key, self.settings.hash_iv)

    def genuine(self, pairs: list[tuple[str, str]]) -> dict[str, str]:
        """Return the fields of a message once its digest and its merchant are right.

        :raises ForgedNotice: the digest is missing, wrong, or made with keys that have run out
        :raises ForeignNotice: it names another merchant
        :raises MalformedNotice: a name occurs twice
        """
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise MalformedNotice("a name occurs twice")
        if not any(check_mac.verify(fields, *keys) for keys in self.settings.keys_on(clock.today())):
            raise ForgedNotice("its CheckMacValue is missing or wrong")
        if fields.get("MerchantID") != self.settings.merchant_id:
            raise ForeignNotice("it names another merchant")
        return fields

    def ask(
        self,
        path: str,
        question: Mapping[str, str],
        *,
        host: str = "",
        seconds: int = 10,
        most_bytes: int = 1 << 20,
    ) -> bytes:
        """Send a signed question and return the bytes of the answer, whatever they say.

        :param seconds: how long to wait for the next bytes
        :raises GatewayBusy: asked too often
        :raises GatewayError: no answer, one that is no 200, or more than `most_bytes`
        """
        try:
            with requests.post(
                (host or self.settings.base_url) + path,
                data=self.sign(question),
                timeout=(_CONNECT_SECONDS, seconds),
                allow_redirects=False,
                stream=True,
            ) as answer:
                if answer.status_code in _BUSY:
                    raise GatewayBusy(f"ecpay {path}: status {answer.status_code}")
                if answer.status_code != 200:
                    raise GatewayError(f"ecpay {path}: status {answer.status_code}")
                return _whole(answer, path, most_bytes)
        except requests.RequestException as error:
            raise GatewayError(f"ecpay {path}: {type(error).__name__}") from error


def _whole(answer: requests.Response, path: str, most_bytes: int) -> bytes:
    content = bytearray()
    for piece in answer.iter_content(1 << 16):
        content += piece
        if len(content) > most_bytes:
            raise GatewayError(f"ecpay {path}: an answer of more than {most_bytes} bytes")
    return bytes(content)
