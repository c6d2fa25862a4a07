"""The collection form as one A4 page to be printed and filled in by hand (R217)."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

from app.core.pdf.canvas import INK_SOFT, draw_line, draw_text, fitting_size, open_pdf, width
from app.core.pdf.flow import Block
from app.core.pdf.frame import CONTENT_BOTTOM, CONTENT_TOP, CONTENT_WIDTH, LEFT, RIGHT, draw_frame
from app.groups.collection_form import CollectionContent, FormLine

_ROW, _MORE = 27.0, 17.0  # a row, and each further line of choices in it
_LABEL = 104.0
_HALF = CONTENT_WIDTH / 2
_SIZE, _BOX = 10.0, 8.0
_SIGNATURE_HEIGHT = 34.0


def build_collection_form(content: CollectionContent) -> bytes:
    """Return the form as a PDF.

    :raises ValueError: when there is more to ask than one page holds
    """
    title = f"{content.frame.exam_title} {content.frame.title}"
    with open_pdf(title=title, author=content.frame.implementer, created_at=content.frame.issued_at) as pdf:
        canvas = pdf.canvas
        draw_frame(canvas, content.frame)
        y = Block(content.introduction, 9.5).draw(canvas, LEFT, CONTENT_TOP, CONTENT_WIDTH) - 4
        for row in _rows(content.lines):
            y = _draw_row(canvas, row, y)
        y = _draw_signature(canvas, content, y)
        bottom = Block(content.privacy, 8, colour=INK_SOFT).draw(canvas, LEFT, y - 8, CONTENT_WIDTH)
        if bottom < CONTENT_BOTTOM:
            raise ValueError("the collection form does not fit on one page")
        canvas.showPage()
    return pdf.content


def _rows(lines: Sequence[FormLine]) -> list[list[FormLine]]:
    rows: list[list[FormLine]] = []
    for line in lines:
        if line.is_short and rows and len(rows[-1]) == 1 and rows[-1][0].is_short:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _draw_row(canvas: Canvas, row: Sequence[FormLine], top: float) -> float:
    if row[0].choices:
        bottom = _draw_choices(canvas, row[0], top)
    else:
        bottom = top - _ROW
        for number, line in enumerate(row):
            x = LEFT + number * _HALF
            room = (_HALF if len(row) > 1 else CONTENT_WIDTH) - _LABEL - 6
            draw_text(canvas, x, top - 17, line.label, 9, colour=INK_SOFT)
            draw_text(
                canvas, x + _LABEL, top - 17, line.value, fitting_size(line.value, _SIZE, room), bold=True
            )
            if number:
                draw_line(canvas, x - 5, top, x - 5, bottom)
    draw_line(canvas, LEFT, bottom, RIGHT, bottom)
    return bottom


def _draw_choices(canvas: Canvas, line: FormLine, top: float) -> float:
    draw_text(canvas, LEFT, top - 17, line.label, 9, colour=INK_SOFT)
    x, y = LEFT + _LABEL, top - 17
    for choice in line.choices:
        needed = _BOX + 4 + width(choice, _SIZE) + 14
        if x + needed > RIGHT:
            x, y = LEFT + _LABEL, y - _MORE
        ticked = choice == line.value
        canvas.rect(x, y - 1, _BOX, _BOX, fill=1 if ticked else 0)
        draw_text(canvas, x + _BOX + 4, y, choice, _SIZE, bold=ticked)
        x += needed
    return y - (_ROW - 17)


def _draw_signature(canvas: Canvas, content: CollectionContent, top: float) -> float:
    y = top - _SIGNATURE_HEIGHT + 8
    draw_text(canvas, LEFT, y, content.signature, 9, colour=INK_SOFT)
    draw_text(canvas, LEFT + 0.72 * CONTENT_WIDTH, y, content.signed_on, 9, colour=INK_SOFT)
    draw_line(canvas, LEFT, y - 8, RIGHT, y - 8)
    return y - 8
