"""Form bodies from outside, read under limits before anything looks at their meaning (security.md 14.1)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from app.payments.gateways.base import MalformedNotice

MAX_BYTES = 16 * 1024
MAX_FIELDS = 100


def parse_form_body(body: bytes) -> list[tuple[str, str]]:
    """Return the names and values of a form-urlencoded body in their order, blank values kept.

    :raises MalformedNotice: over 16 kB or 100 fields, not UTF-8, a name twice, a part without ``=``,
        or a control character (PostgreSQL cannot store NUL, and no gateway sends the others)
    """
    if len(body) > MAX_BYTES:
        raise MalformedNotice(f"a body of {len(body)} bytes")
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError as error:
        raise MalformedNotice("not a form of UTF-8 names and values") from error
    if any(ord(character) < 32 for pair in pairs for text in pair for character in text):
        raise MalformedNotice("a control character")
    if len({name for name, _ in pairs}) != len(pairs):
        raise MalformedNotice("a name occurs twice")
    return pairs
