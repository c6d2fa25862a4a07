"""The receipt (收據) of an order that is paid, as one A4 page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from app.core.messages import N_
from app.core.money import Twd, format_twd
from app.core.numerals import capital_amount
from app.core.pdf.canvas import (
    INDIGO,
    INK,
    INK_SOFT,
    WASH,
    draw_line,
    draw_text,
    fill_box,
    fitting_size,
    open_pdf,
)
from app.core.pdf.flow import Block, draw_stack, fit, stack_height
from app.core.pdf.frame import CONTENT_TOP, CONTENT_WIDTH, LEFT, RIGHT, Frame, draw_frame
from app.core.pdf.labels import bilingual, in_language
from app.core.translation import translate_for
from app.payments.books.fact_rows import Fact, draw_fact_rows

RECEIPT_TITLE: Final = N_("收據")
_SELF_MADE: Final = N_("本收據由報名系統製發。繳費與退費的最新情形，以報名系統所載為準。")
_COUNTED: Final = N_("共 %(count)s 人：繳費 %(paying)s 人，免繳費 %(free)s 人")
_NUMBER: Final = N_("收據編號")
_HEADINGS: Final = (N_("繳費項目"), N_("人數"), N_("單價"), N_("小計"))
# Where the columns of the lines end, as shares of the width; numbers stand at the right.
_ENDS: Final = (0.0, 0.66, 0.82, 1.0)
_PAD: Final = 8.0


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line of what was paid for; `unit_twd` is 0 for those who are free (R078)."""

    title: str
    quantity: int
    unit_twd: Twd


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptContent:
    """Everything that stands on a receipt, as finished text.

    :ivar number: stays the same for the same money, e.g. ``112-000123``
    :ivar facts: rows of who paid for what, when and how
    :ivar amount_twd: of the fee; money that came on top of it is not on this receipt
    :ivar given_back: a sentence for each refund of it, so that nothing is shown as kept that went back
    :ivar recipient: rows of who received it
    """

    frame: Frame
    number: str
    facts: Sequence[Sequence[Fact]]
    lines: Sequence[ReceiptLine]
    amount_twd: Twd
    given_back: Sequence[str]
    recipient: Sequence[Sequence[Fact]]


def build_receipt(content: ReceiptContent) -> bytes:
    """Return the receipt as a PDF of one page."""
    frame = content.frame
    with open_pdf(title=frame.title, author=frame.office_name, created_at=frame.issued_at) as pdf:
        canvas = pdf.canvas
        draw_frame(canvas, frame)
        number = f"{bilingual(frame.language, _NUMBER)}　{content.number}"
        draw_text(canvas, RIGHT, CONTENT_TOP + 20, number, 11, align="right")
        y = draw_fact_rows(canvas, content.facts, CONTENT_TOP, language=frame.language)
        y = _draw_lines(canvas, content, y - 16)
        y = _draw_amount(canvas, content, y - 14)
        y = _draw_given_back(canvas, content, y - 14)
        y = draw_fact_rows(canvas, content.recipient, y - 10, language=frame.language, size=11)
        note = Block(in_language(frame.language, _SELF_MADE), 9, colour=INK_SOFT)
        note.draw(canvas, LEFT, y - 10, CONTENT_WIDTH)
        canvas.showPage()
    return pdf.content


def _draw_lines(canvas: Canvas, content: ReceiptContent, top: float) -> float:
    language = content.frame.language
    fill_box(canvas, LEFT, top - 22, CONTENT_WIDTH, 22, WASH)
    _draw_cells(canvas, top - 15, [bilingual(language, each) for each in _HEADINGS], heading=True)
    y = top - 22
    for line in content.lines:
        y -= 26
        total = format_twd(line.quantity * line.unit_twd)
        _draw_cells(canvas, y + 10, [line.title, str(line.quantity), format_twd(line.unit_twd), total])
        if language == "en":
            said = str(translate_for("en", line.title))
            draw_text(canvas, LEFT + _PAD, y + 2.5, said, 6, colour=INK_SOFT)
        draw_line(canvas, LEFT, y, RIGHT, y)
    free = sum(line.quantity for line in content.lines if not line.unit_twd)
    paying = sum(line.quantity for line in content.lines if line.unit_twd)
    if free + paying == 1:
        return y
    counted = in_language(language, _COUNTED, count=free + paying, paying=paying, free=free)
    draw_text(canvas, LEFT + _PAD, y - 17, counted, 10, colour=INK_SOFT)
    return y - 22


def _draw_cells(canvas: Canvas, y: float, texts: Sequence[str], *, heading: bool = False) -> None:
    colour = INDIGO if heading else INK
    for text, end, start in zip(texts, _ENDS, (0.0, 0.54, 0.68, 0.84), strict=True):
        if not end:
            size, lines = fit(text, 9 if heading else 11, CONTENT_WIDTH * 0.54 - 2 * _PAD, 22, smallest=5)
            draw_text(canvas, LEFT + _PAD, y, lines[0], size, bold=heading, colour=colour)
            continue
        x = LEFT + CONTENT_WIDTH * end - _PAD
        size = fitting_size(text, 9 if heading else 11, CONTENT_WIDTH * (end - start))
        draw_text(canvas, x, y, text, size, bold=heading, colour=colour, align="right")


def _draw_amount(canvas: Canvas, content: ReceiptContent, top: float) -> float:
    height = 62.0
    language = content.frame.language
    fill_box(canvas, LEFT, top - height, CONTENT_WIDTH, height, WASH)
    label = bilingual(language, N_("金額"))
    draw_text(canvas, LEFT + _PAD, top - 16, label, 8, colour=INK_SOFT)
    capital = capital_amount(content.amount_twd)
    size = fitting_size(capital, 18, CONTENT_WIDTH * 0.62)
    draw_text(canvas, LEFT + _PAD, top - 44, capital, size, bold=True)
    figures = format_twd(content.amount_twd)
    draw_text(canvas, RIGHT - _PAD, top - 45, figures, 24, bold=True, colour=INDIGO, align="right")
    return top - height


def _draw_given_back(canvas: Canvas, content: ReceiptContent, top: float) -> float:
    if not content.given_back:
        return top
    blocks = [Block(each, 12, 1.4, bold=True) for each in content.given_back]
    inner = CONTENT_WIDTH - 4 * _PAD
    height = stack_height(blocks, inner, 4) + 2 * _PAD
    canvas.saveState()
    canvas.setLineWidth(1)
    canvas.setStrokeColor(INK)
    canvas.rect(LEFT, top - height, CONTENT_WIDTH, height)
    canvas.restoreState()
    draw_stack(canvas, blocks, LEFT + 2 * _PAD, top - _PAD, inner, 4)
    return top - height - 8
