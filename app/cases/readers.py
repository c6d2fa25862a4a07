"""What people write about a case, read into the text that is kept; pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.core.errors import InvalidValue
from app.core.identity import IdentityNumber, parse_identity
from app.core.messages import Message
from app.core.phones import parse_phone
from app.core.text import compact, fold_width, strip_invisible

# The manual's own sample 039-2345678 (W008): an area code of three or four digits from before 1990 is
# still written by many, and the library of numbers does not know it.
_OLD_AREA_CODE = re.compile(r"(0[2-8][0-9]{0,2})-([0-9]{5,8})(?:#([0-9]{1,6}))?")


def read_line(longest: int) -> Callable[[str], str]:
    """Return the reader of one line of at most so many characters."""

    def read(text: str) -> str:
        return _no_longer_than(longest, " ".join(strip_invisible(fold_width(text)).split()))

    return read


def read_text(longest: int) -> Callable[[str], str]:
    """Return the reader of a text of several lines; a line break counts as one character."""

    def read(text: str) -> str:
        lines = (strip_invisible(line).rstrip() for line in text.strip().splitlines())
        return _no_longer_than(longest, "\n".join(lines))

    return read


def read_contact_phone(text: str) -> str:
    """Return any number that can be called: area codes of two to four digits, or ten digits of a mobile."""
    try:
        return str(parse_phone(text))
    except InvalidValue:
        old = _OLD_AREA_CODE.fullmatch(compact(text))
        if old is None or not 9 <= len(old[1] + old[2]) <= 10:
            raise
        return old[1] + old[2] + (f"#{old[3]}" if old[3] else "")


def read_identity(text: str) -> IdentityNumber:
    """Return a citizen's, resident's or passport number."""
    try:
        return parse_identity(text, nationality_foreign=False)
    except InvalidValue as error:
        try:
            return parse_identity(text, nationality_foreign=True)
        except InvalidValue:
            raise error from None


def read_ticket_number(text: str) -> str:
    """Return a ticket number in half width and upper case."""
    return _no_longer_than(20, compact(text).upper())


def _no_longer_than(longest: int, text: str) -> str:
    if len(text) > longest:
        values = {"longest": longest, "length": len(text)}
        raise InvalidValue(Message("最多 %(longest)s 個字，您寫了 %(length)s 個字，請精簡後再送出", values))
    return text
