"""Signed statements: what the code on a printed document says, under a signature only the portal can make.

Anybody who has the public key can check one without asking us; whether the document is still in force
only the portal knows, so the code leads to its page (`verification_url`).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app

# Keeps a signature made here from being taken for one over anything else.
_PURPOSE = b"portal-document\0"
_SIGNED = re.compile(
    r"(?P<body>(?P<kind>[A-Z])\.(?P<number>[0-9A-Z]{1,16})\.(?P<version>[1-9][0-9]{0,3})\.(?P<day>[0-9]{8})"
    r"\.(?P<claim>[0-9A-Z-]{0,12})\.(?P<key>[1-9][0-9]{0,2}))\.(?P<seal>[A-Za-z0-9_-]{86})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a document says of itself in its code; never a name, an ID number or a date of birth.

    :ivar kind: one capital letter: which sort of document
    :ivar number: digits and capitals
    :ivar version: counts up when the document is made anew with other content
    :ivar claim: what a forger would want to change, in a few capitals and digits; empty: nothing
    """

    kind: str
    number: str
    version: int
    issued_on: date
    claim: str = ""


class Signer:
    """The signing keys in force.

    :param active: number (1 to 255) of the key that signs; all of them verify
    :param seeds: 32 bytes each
    """

    def __init__(self, active: int, seeds: Mapping[int, bytes]) -> None:
        self._active = active
        self._keys = {number: Ed25519PrivateKey.from_private_bytes(seed) for number, seed in seeds.items()}

    def sign(self, statement: Statement) -> str:
        """Return the statement with its signature as text that needs no quoting in an address."""
        day = f"{statement.issued_on:%Y%m%d}"
        body = (
            f"{statement.kind}.{statement.number}.{statement.version}.{day}.{statement.claim}.{self._active}"
        )
        seal = self._keys[self._active].sign(_PURPOSE + body.encode())
        signed = f"{body}.{base64.urlsafe_b64encode(seal).rstrip(b'=').decode()}"
        if not _SIGNED.fullmatch(signed):
            raise ValueError("a statement holds digits and capitals only")
        return signed

    def read(self, text: str) -> Statement | None:
        """Return the statement if the portal signed exactly this text, else None."""
        match = _SIGNED.fullmatch(text)
        key = self._keys.get(int(match["key"])) if match else None
        if match is None or key is None:
            return None
        try:
            seal = base64.urlsafe_b64decode(match["seal"] + "==")
            key.public_key().verify(seal, _PURPOSE + match["body"].encode())
            day = date.fromisoformat(match["day"])
        except (InvalidSignature, ValueError):
            return None
        return Statement(match["kind"], match["number"], int(match["version"]), day, match["claim"])


def signer() -> Signer:
    """Return the signing keys of the running app."""
    found: Signer = current_app.extensions["signer"]
    return found


def verification_url(base_url: str, statement: Statement) -> str:
    """Return the address that a document's QR code leads to.

    :param base_url: where people reach the portal, without a slash at the end
    """
    return f"{base_url}/verify-document?{urlencode({'d': signer().sign(statement)})}"
