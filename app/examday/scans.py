"""From what a scanner types, or a person, to a ticket number."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.signing import signer
from app.core.text import compact
from app.tickets.content import TICKET

_NUMBER = re.compile(r"[0-9]{12}", re.ASCII)


def read_ticket_number(text: str) -> str:
    """Return the number of a ticket, typed, or scanned from its code: the address or the statement in it.

    Scanners type full-width letters when an input method is on.

    :raises InvalidValue: when it is neither
    """
    written = compact(text)
    if _NUMBER.fullmatch(written):
        return written
    signed = parse_qs(urlsplit(written).query).get("d", [written])[0] if "?" in written else written
    statement = signer().read(signed)
    if statement is None:
        raise InvalidValue(Message("請輸入 12 碼准考證號碼，或掃描准考證上的條碼"), field="q")
    if statement.kind != TICKET:
        raise InvalidValue(Message("這不是准考證的條碼，請掃描准考證右下角的條碼"), field="q")
    return statement.number
