"""The bill of a convenience store (繳費單): three bars to be scanned, as one A4 page (R081, R093, R094)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from app.core.messages import N_
from app.core.money import Twd, format_twd
from app.core.pdf.canvas import INDIGO, INK, INK_SOFT, WASH, draw_text, fill_box, open_pdf
from app.core.pdf.flow import Block, draw_stack, stack_height
from app.core.pdf.frame import CONTENT_TOP, CONTENT_WIDTH, LEFT, RIGHT, Frame, draw_frame
from app.core.pdf.labels import bilingual, in_language
from app.payments.books.fact_rows import Fact, draw_fact_rows
from app.payments.code39 import code39_bars

BILL_TITLE: Final = N_("便利商店繳費單")
_SCAN: Final = N_("請店員依序刷這三段條碼")
# A third of a millimetre: wide enough for any printer, and the longest bar is still held at arm's length.
_MODULE: Final = 1.0
_BAR_HEIGHT: Final = 44.0
_PAD: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BillContent:
    """Everything that stands on a bill, as finished text.

    :ivar pay_by: by when to pay, as a sentence
    :ivar facts: rows of who pays for what
    :ivar bars: the segments in the order in which they are scanned
    :ivar hints: what else the payer has to know
    """

    frame: Frame
    amount_twd: Twd
    pay_by: str
    facts: Sequence[Sequence[Fact]]
    bars: Sequence[str]
    hints: Sequence[str]


def build_bill(content: BillContent) -> bytes:
    """Return the bill as a PDF of one page."""
    frame = content.frame
    with open_pdf(title=frame.title, author=frame.office_name, created_at=frame.issued_at) as pdf:
        canvas = pdf.canvas
        draw_frame(canvas, frame)
        y = _draw_amount(canvas, content, CONTENT_TOP - 4)
        y = draw_fact_rows(canvas, content.facts, y - 4, language=frame.language)
        y = _draw_bars(canvas, content, y - 26)
        hints = [Block(each, 10, mark="•", mark_width=12) for each in content.hints]
        draw_stack(canvas, hints, LEFT, y - 14, CONTENT_WIDTH, 3)
        canvas.showPage()
    return pdf.content


def _draw_amount(canvas: Canvas, content: BillContent, top: float) -> float:
    language = content.frame.language
    until = Block(content.pay_by, 13, 1.4, bold=True)
    room = CONTENT_WIDTH * 0.64
    height = max(58.0, stack_height([until], room) + 34)
    fill_box(canvas, LEFT, top - height, CONTENT_WIDTH, height, WASH)
    draw_text(canvas, LEFT + _PAD, top - 16, bilingual(language, N_("繳費期限")), 8, colour=INK_SOFT)
    until.draw(canvas, LEFT + _PAD, top - 24, room)
    amount = bilingual(language, N_("應繳金額"))
    draw_text(canvas, RIGHT - _PAD, top - 16, amount, 8, colour=INK_SOFT, align="right")
    figures = format_twd(content.amount_twd)
    draw_text(canvas, RIGHT - _PAD, top - 45, figures, 26, bold=True, colour=INDIGO, align="right")
    return top - height


def _draw_bars(canvas: Canvas, content: BillContent, top: float) -> float:
    """Draw the bars one above the other, far enough apart that a scanner sees one at a time."""
    scan = in_language(content.frame.language, _SCAN)
    draw_text(canvas, LEFT, top, scan, 12, bold=True)
    y = top - 22
    for number, text in enumerate(content.bars, start=1):
        y -= _BAR_HEIGHT
        draw_text(canvas, LEFT, y + _BAR_HEIGHT / 2 - 5, str(number), 14, colour=INK_SOFT)
        _draw_bar(canvas, text, LEFT + 22, y)
        draw_text(canvas, LEFT + 22 + 10 * _MODULE, y - 13, text, 10, tracking=1.5)
        y -= 36
    return y


def _draw_bar(canvas: Canvas, text: str, x: float, y: float) -> None:
    canvas.saveState()
    canvas.setFillColor(INK)
    path = canvas.beginPath()
    for left, width in code39_bars(text).stripes:
        path.rect(x + left * _MODULE, y, width * _MODULE, _BAR_HEIGHT)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()
