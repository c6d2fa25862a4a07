"""What people's keyboards and spreadsheets do to text, undone before anything is parsed."""

from __future__ import annotations

import unicodedata

# NFKC would do this too, but it also rewrites characters of names; only the width is folded here.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def fold_width(text: str) -> str:
    """Return text with full-width Latin letters, digits, signs and spaces as half-width ones."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def strip_invisible(text: str) -> str:
    """Return text without zero-width and control characters; line breaks and tabs become spaces."""
    if text.isprintable():  # no control or format character, no space but the usual one
        return text
    spaced = (" " if character.isspace() else character for character in text)
    return "".join(character for character in spaced if unicodedata.category(character) not in ("Cf", "Cc"))


def compact(text: str) -> str:
    """Return a typed code or date as one half-width word: no spaces, nothing invisible, NFKC."""
    if text.isascii() and text.isprintable():
        return text.replace(" ", "")
    return "".join(strip_invisible(unicodedata.normalize("NFKC", text)).split())
