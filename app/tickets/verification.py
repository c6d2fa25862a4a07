"""The code on a ticket: its number and version under a seal only the portal can make (security.md 12)."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from app.core.crypto import keyring
from app.core.identity import mask_name
from app.registration.states import FormState
from app.tickets.models import Ticket


class CodeState(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CodeOutcome:
    """What a scanned code is worth.

    :ivar ticket: None when we have not printed such a code
    """

    state: CodeState
    ticket: Ticket | None = None

    @property
    def masked_name(self) -> str:
        return mask_name(self.ticket.seat.registration.chinese_name) if self.ticket else ""


# 96 bits: not to be guessed, and short enough for a small code.
_SEAL_BYTES = 12


def verification_url(base_url: str, number: str, version: int) -> str:
    """Return the address that a ticket's QR code leads to; it carries no personal data.

    :param base_url: where people reach the portal, without a slash at the end
    """
    query = urlencode({"n": number, "v": version, "s": _seal(number, version)})
    return f"{base_url}/verify-document?{query}"


def check_code(ticket: Ticket | None, number: str, version: str, seal: str) -> CodeOutcome:
    """Return what a scanned code says about the ticket it names.

    :param ticket: of that number; None: there is none
    """
    if ticket is None or not hmac.compare_digest(_seal(number, version).encode(), seal.encode()):
        return CodeOutcome(CodeState.UNKNOWN)
    if ticket.seat.registration.form_state == FormState.CANCELLED:
        return CodeOutcome(CodeState.WITHDRAWN, ticket)
    if version != str(ticket.version):
        return CodeOutcome(CodeState.REPLACED, ticket)
    return CodeOutcome(CodeState.VALID, ticket)


def _seal(number: str, version: int | str) -> str:
    full = keyring().blind("ticket", f"{number}|{version}")
    return base64.urlsafe_b64encode(full[:_SEAL_BYTES]).decode()
