"""A plain text as paragraphs with links: nothing that is typed becomes markup; pure."""

from __future__ import annotations

import re

# Full-width signs and closing brackets end an address in a Chinese sentence.
_ADDRESS = re.compile(r"https?://[^\s<>\"'，。、；：！？（）「」『』【】《》]+")
_AFTER_ADDRESS = ".,;:!?)]"

Piece = tuple[str, str | None]


def paragraphs(text: str) -> list[list[list[Piece]]]:
    """Return paragraphs of lines of pieces: (words, the address they lead to or None).

    An empty line ends a paragraph. Only http and https addresses become links.
    """
    blocks = re.split(r"\n\s*\n", text.strip())
    return [[_pieces(line) for line in block.splitlines()] for block in blocks if block.strip()]


def _pieces(line: str) -> list[Piece]:
    pieces: list[Piece] = []
    end = 0
    for match in _ADDRESS.finditer(line):
        address = match[0].rstrip(_AFTER_ADDRESS)
        if match.start() > end:
            pieces.append((line[end : match.start()], None))
        pieces.append((address, address))
        end = match.start() + len(address)
    if end < len(line):
        pieces.append((line[end:], None))
    return pieces
