"""E-mail addresses: one spelling to send to, one canonical form to compare (security 22)."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.text import fold_width, strip_invisible

# Only ASCII letters: `ADMıN` and the Kelvin sign become other people's addresses under lower().
_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """:ivar address: where mail goes: as typed, with the domain in ASCII; at most 254 characters
    :ivar key: what is compared; equal exactly when two addresses are the same mailbox for us
    """

    address: str
    key: str

    def __str__(self) -> str:
        return self.address


def parse_email(text: str, *, field: str = "email") -> EmailAddress:
    """Return the address in a typed text; full-width characters and spaces around it are undone.

    :raises InvalidValue: when mail cannot be sent to it
    """
    typed = unicodedata.normalize("NFC", strip_invisible(fold_width(text))).strip()
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise InvalidValue(
            Message("電子信箱寫法不對，請填像 name@example.com 這樣的完整信箱"), field=field
        ) from None
    address = f"{found.local_part}@{found.ascii_domain}"
    return EmailAddress(address, address.translate(_ASCII_LOWER))
