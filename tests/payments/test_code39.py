"""The bars that stores scan, read back with another library's table of Code 39."""

import re

import pytest
from reportlab.graphics.barcode.code39 import _patterns

from app.payments.code39 import code39_svg

CHARACTERS = {pattern: sign for sign, (pattern, _) in _patterns.items()}


def read_back(svg: str) -> str:
    """Return what a scanner reads: the widths of bars and spaces, nine elements and a gap a character."""
    bars = [(int(x), int(width)) for x, width in re.findall(r"M(\d+) 0h(\d+)v64", svg)]
    elements = []
    for (x, width), following in zip(bars, [*bars[1:], None], strict=True):
        elements.append("B" if width == 3 else "b")
        if following:
            elements.append("S" if following[0] - x - width == 3 else "s")
    groups = ["".join(elements[start : start + 9]) for start in range(0, len(elements), 10)]
    return "".join(CHARACTERS[group] for group in groups)


@pytest.mark.parametrize(
    "text",
    [
        "1105036EA",
        "3453011539919569",
        "042677000001500",
        "0126AX000000250",
        "0123456789",
        "ABCDEFGHIJKLM",
        "NOPQRSTUVWXYZ",
    ],
)
def test_the_bars_read_as_the_text_between_two_stars(text):
    assert read_back(code39_svg(text)) == f"*{text}*"


def test_a_white_zone_of_ten_modules_stands_on_either_side():
    svg = code39_svg("6EA")
    bars = [(int(x), int(width)) for x, width in re.findall(r"M(\d+) 0h(\d+)v64", svg)]

    width = int(re.search(r' width="(\d+)"', svg)[1])

    assert bars[0][0] == 10
    assert width - sum(bars[-1]) == 10


@pytest.mark.parametrize("text", ["", "abc", "1*2", "12 34", "１２"])
def test_refuses_what_has_no_bars(text):
    with pytest.raises(ValueError, match="not capital letters and digits"):
        code39_svg(text)
