"""Address labels: A4 sheets of two by eight, the size that Avery calls L7162 (99.1 × 33.9 mm)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.core.messages import Message
from app.core.pdf.canvas import INK, INK_SOFT, PAGE_HEIGHT, draw_text, open_pdf
from app.core.pdf.flow import fit
from app.mailings.parcel_row import ParcelRow

COLUMNS: Final = 2
ROWS: Final = 8
PER_SHEET: Final = COLUMNS * ROWS

_WIDTH: Final = 99.1 * mm
_HEIGHT: Final = 33.9 * mm
_LEFT: Final = 4.65 * mm
_TOP: Final = 12.9 * mm
_GAP: Final = 2.5 * mm
# No printer hits the sheet exactly: nothing stands nearer to the edge of a label.
_PADDING: Final = 4 * mm
_BOX: Final = 5.4 * mm
_ADDRESS_HEIGHT: Final = 29
_RECIPIENT_HEIGHT: Final = 23


def build_labels(rows: Sequence[ParcelRow], *, title: str, author: str) -> bytes:
    """Return the labels as a PDF, one per parcel, filling each sheet from left to right.

    :raises ValueError: without any parcel
    """
    if not rows:
        raise ValueError("no label to draw")
    with open_pdf(title=title, author=author) as pdf:
        for number, row in enumerate(rows):
            place = number % PER_SHEET
            if number and not place:
                pdf.canvas.showPage()
            line, column = divmod(place, COLUMNS)
            x = _LEFT + column * (_WIDTH + _GAP)
            _draw_label(pdf.canvas, x, PAGE_HEIGHT - _TOP - line * _HEIGHT, row)
        pdf.canvas.showPage()
    return pdf.content


def _draw_label(canvas: Canvas, x: float, top: float, row: ParcelRow) -> None:
    left, right = x + _PADDING, x + _WIDTH - _PADDING
    available = right - left
    y = top - _PADDING
    _draw_postcode(canvas, left, y, row.zip_code)
    draw_text(canvas, right, y - 8, f"{row.way}　{row.code}", 8, colour=INK_SOFT, align="right")
    draw_text(canvas, right, y - 17, row.contents, 8, colour=INK_SOFT, align="right")
    y -= _BOX + 3
    size, lines = fit(row.address, 11.5, available, _ADDRESS_HEIGHT, leading=1.25)
    for line in lines:
        y -= size * 1.25
        draw_text(canvas, left, y + size * 0.2, line, size)
    _draw_recipient(canvas, left, top - _HEIGHT + _PADDING + 2, available, row)


def _draw_postcode(canvas: Canvas, x: float, top: float, code: str) -> None:
    canvas.saveState()
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.6)
    for number, digit in enumerate(code):
        # The post office's boxes: three for the district, and after a gap the rest.
        left = x + number * (_BOX + 1) + (4 if number > 2 else 0)
        canvas.rect(left, top - _BOX, _BOX, _BOX)
        draw_text(canvas, left + _BOX / 2, top - _BOX + 4, digit, 12, bold=True, align="centre")
    canvas.restoreState()


def _draw_recipient(canvas: Canvas, x: float, y: float, available: float, row: ParcelRow) -> None:
    name = str(Message("%(name)s　收", {"name": row.recipient}))
    if not row.organisation:
        _draw_above(canvas, x, y, available, name, 15, bold=True)
        return
    _draw_above(canvas, x, y, available * 0.38, row.organisation, 11)
    _draw_above(canvas, x + available * 0.42, y, available * 0.58, name, 15, bold=True)


def _draw_above(
    canvas: Canvas, x: float, y: float, available: float, text: str, size: float, *, bold: bool = False
) -> None:
    """Draw text in as many lines as it needs, the last one with its baseline at y."""
    size, lines = fit(text, size, available, _RECIPIENT_HEIGHT, leading=1.15, smallest=4)
    for number, line in enumerate(reversed(lines)):
        draw_text(canvas, x, y + number * size * 1.15, line, size, bold=bold)
