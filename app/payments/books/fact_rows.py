"""Facts as the papers about money set them: a small grey label, the value under it, hairlines between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from app.core.pdf.canvas import INK_SOFT, draw_line, draw_text, fitting_size
from app.core.pdf.flow import fit
from app.core.pdf.frame import CONTENT_WIDTH, LEFT, RIGHT
from app.core.pdf.labels import bilingual

_ROW_HEIGHT = 42.0
_VALUE_HEIGHT = 24.0
_GAP = 16.0


class Fact(NamedTuple):
    """:ivar value: finished text; its English, where it has one, stands beside the label"""

    label: str
    value: str


def draw_fact_rows(
    canvas: Canvas, rows: Sequence[Sequence[Fact]], top: float, *, language: str, size: float = 12
) -> float:
    """Draw rows of facts, those of one row side by side; return the lower edge, in points."""
    y = top
    for row in rows:
        room = CONTENT_WIDTH / len(row)
        for number, fact in enumerate(row):
            _draw_fact(canvas, fact, LEFT + number * room, y, room - _GAP, language=language, size=size)
        y -= _ROW_HEIGHT
        draw_line(canvas, LEFT, y, RIGHT, y)
    return y


def _draw_fact(
    canvas: Canvas, fact: Fact, x: float, top: float, room: float, *, language: str, size: float
) -> None:
    label = bilingual(language, fact.label, fact.value)
    draw_text(canvas, x, top - 14, label, fitting_size(label, 8, room), colour=INK_SOFT)
    fitted, lines = fit(fact.value, size, room, _VALUE_HEIGHT, smallest=4)
    y = top - 31 + (len(lines) - 1) * fitted * 0.6
    for line in lines:
        draw_text(canvas, x, y, line, fitted)
        y -= fitted * 1.2
