"""Code 39 bars, worked out here so that a page needs neither an image service nor a script; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Nine elements a character, bar first and bar and space in turn: 1 is wide. Three of nine are wide.
_PATTERNS: Final = {
    "0": "000110100", "1": "100100001", "2": "001100001", "3": "101100000", "4": "000110001",
    "5": "100110000", "6": "001110000", "7": "000100101", "8": "100100100", "9": "001100100",
    "A": "100001001", "B": "001001001", "C": "101001000", "D": "000011001", "E": "100011000",
    "F": "001011000", "G": "000001101", "H": "100001100", "I": "001001100", "J": "000011100",
    "K": "100000011", "L": "001000011", "M": "101000010", "N": "000010011", "O": "100010010",
    "P": "001010010", "Q": "000000111", "R": "100000110", "S": "001000110", "T": "000010110",
    "U": "110000001", "V": "011000001", "W": "111000000", "X": "010010001", "Y": "110010000",
    "Z": "011010000", "*": "010010100",
}  # fmt: skip

_WIDE: Final = 3  # the widest ratio the standard allows reads best from a screen
_QUIET: Final = 10  # modules left white on either side
_HEIGHT: Final = 64


@dataclass(frozen=True, slots=True)
class Bars:
    """(left edge, width) of each bar, and the whole width with both quiet zones; in modules."""

    stripes: tuple[tuple[int, int], ...]
    width: int


def code39_bars(text: str) -> Bars:
    """Return the bars of a text between its start and stop signs.

    :param text: capital letters and digits; no check character is added (payments.md 3)
    :raises ValueError: if it is empty or has any other character
    """
    if not text or any(character not in _PATTERNS or character == "*" for character in text):
        raise ValueError(f"not capital letters and digits: {text!r}")
    position, stripes = _QUIET, []
    for character in f"*{text}*":
        for index, wide in enumerate(_PATTERNS[character]):
            width = _WIDE if wide == "1" else 1
            if index % 2 == 0:
                stripes.append((position, width))
            position += width
        position += 1
    return Bars(tuple(stripes), position - 1 + _QUIET)


def code39_svg(text: str) -> str:
    """Return the bars of a text as an SVG element; raises ValueError as `code39_bars` does.

    One module is one unit, and the width is whole pixels, so that no edge falls between two pixels.
    """
    bars = code39_bars(text)
    path = "".join(f"M{left} 0h{width}v{_HEIGHT}h-{width}z" for left, width in bars.stripes)
    return (
        f'<svg viewBox="0 0 {bars.width} {_HEIGHT}" width="{bars.width}" height="{_HEIGHT}" fill="#000"'
        f' shape-rendering="crispEdges" preserveAspectRatio="none" aria-hidden="true">'
        f'<path d="{path}"/></svg>'
    )
