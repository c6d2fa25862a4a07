"""The drawing kit: an open document, text in runs, hairlines, tints, QR codes. Points, origin bottom left."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any, Literal

import segno
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.core.clock import TAIPEI
from app.core.pdf.fonts import Run, chain

Align = Literal["left", "centre", "right"]

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 18 * mm

# The portal's tokens (ui.md); on a grey printer indigo is a dark grey and the wash nearly white.
INK = HexColor("#000000")
INK_SOFT = HexColor("#566273")
LINE = HexColor("#c3cad3")
INDIGO = HexColor("#1f4068")
WASH = HexColor("#eaf0f7")

# The stroke around a glyph that makes it bold, in em: none of the faces has a bold cut.
_BOLD_STROKE = 0.028
# The same for a Ming glyph among sans ones, beside regular and bold.
_PALER_STROKE = 0.014

# Cutting the fonts down moves a read position inside the shared font objects.
_saving = threading.Lock()


class PdfFile:
    """A PDF in the making; `content` holds its bytes once the `open_pdf` block has ended."""

    def __init__(self, canvas: Canvas, buffer: BytesIO) -> None:
        self.canvas = canvas
        self._buffer = buffer

    @property
    def content(self) -> bytes:
        """The finished file."""
        return self._buffer.getvalue()


@contextmanager
def open_pdf(*, title: str, author: str, created_at: datetime | None = None) -> Iterator[PdfFile]:
    """Open an A4 document in Chinese and finish it at the end of the block.

    The same drawing gives the same bytes. The title shows in the reader's window and in the file's
    properties: never put a person's name or number there (security.md 12).

    :param created_at: aware instant for the file's properties
    """
    buffer = BytesIO()
    canvas = Canvas(
        buffer,
        pagesize=A4,
        pageCompression=1,
        invariant=1,
        lang="zh-TW",
        # reportlab would otherwise name Helvetica on every page and not embed it.
        initialFontName=chain().body_font_name,
    )
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setSubject("")
    canvas.setKeywords("")
    canvas.setCreator(author)
    canvas.setProducer("ReportLab")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    if created_at is not None:
        canvas.setDateFormatter(_always(created_at))
    yield PdfFile(canvas, buffer)
    with _saving:
        canvas.save()


def width(text: str, size: float) -> float:
    """Return how wide the text is drawn, in points; bold is as wide as regular."""
    return chain().width(text, size)


def fitting_size(text: str, size: float, available: float, *, smallest: float = 5) -> float:
    """Return the size, at most `size` and at least `smallest`, at which one line of text fits the width."""
    natural = width(text, size)
    return size if natural <= available else max(smallest, size * available / natural)


def draw_text(
    canvas: Canvas,
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    bold: bool = False,
    colour: Color = INK,
    align: Align = "left",
    tracking: float = 0,
) -> None:
    """Draw one line with its baseline at y.

    :param align: which end or the middle of the text stands at x
    :param tracking: space added after every character, in points
    """
    left = x - _shift(align, width(text, size) + tracking * max(len(text) - 1, 0))
    canvas.saveState()
    canvas.setFillColor(colour)
    canvas.setStrokeColor(colour)
    canvas.setLineJoin(1)
    for run in chain().runs(text):
        _draw_run(canvas, left, y, run, size, bold=bold, tracking=tracking)
        left += width(run.text, size) + tracking * len(run.text)
    canvas.restoreState()


def _draw_run(
    canvas: Canvas, x: float, y: float, run: Run, size: float, *, bold: bool, tracking: float
) -> None:
    stroke = (_BOLD_STROKE if bold else 0) + (_PALER_STROKE if run.paler else 0)
    # The stroke of one run outlives its text object, and reportlab does not know that: it leaves out
    # the change back to mode 0.
    canvas.saveState()
    canvas.setLineWidth(stroke * size)
    piece = canvas.beginText(x, y + run.rise * size)
    piece.setFont(run.font_name, size)
    piece.setTextRenderMode(2 if stroke else 0)
    piece.setCharSpace(tracking)
    piece.textOut(run.text)
    canvas.drawText(piece)
    canvas.restoreState()


def draw_line(
    canvas: Canvas, x1: float, y1: float, x2: float, y2: float, *, colour: Color = LINE, weight: float = 0.5
) -> None:
    """Draw a straight rule."""
    canvas.saveState()
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(weight)
    canvas.line(x1, y1, x2, y2)
    canvas.restoreState()


def fill_box(canvas: Canvas, x: float, y: float, box_width: float, height: float, colour: Color) -> None:
    """Fill a rectangle whose lower left corner is at x, y."""
    canvas.saveState()
    canvas.setFillColor(colour)
    canvas.rect(x, y, box_width, height, stroke=0, fill=1)
    canvas.restoreState()


def draw_qr(canvas: Canvas, x: float, y: float, side: float, payload: str) -> None:
    """Draw a QR code of the payload into a square whose lower left corner is at x, y.

    Keep a tenth of the side white all around, as readers ask. Error correction M stands a crease.
    """
    matrix = segno.make_qr(payload, error="m").matrix
    module = side / len(matrix)
    canvas.saveState()
    canvas.setFillColor(INK)
    path = canvas.beginPath()
    for row, cells in enumerate(matrix):
        for start, length in _dark_stretches(cells):
            bottom = y + side - (row + 1) * module
            path.rect(x + start * module, bottom, length * module, module)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


def _dark_stretches(cells: bytearray) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for column, dark in enumerate((*cells, 0)):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            yield start, column - start
            start = None


def _shift(align: Align, text_width: float) -> float:
    return {"left": 0.0, "centre": text_width / 2, "right": text_width}[align]


def _always(instant: datetime) -> Callable[..., str]:
    local = instant.astimezone(TAIPEI)

    def formatter(*_: Any) -> str:
        return local.strftime("D:%Y%m%d%H%M%S+08'00'")

    return formatter
