"""合格證書: one A4 page in a frame, for the higher level reached (柒、三; R059, R060)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.core.messages import N_, Message
from app.core.pdf.canvas import (
    INDIGO,
    INK,
    INK_SOFT,
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    draw_qr,
    draw_text,
    fitting_size,
    open_pdf,
)
from app.core.pdf.flow import Block, draw_stack
from app.core.pdf.labels import in_language
from app.core.translation import translate_for

_MIDDLE = PAGE_WIDTH / 2
_TEXT_LEFT = MARGIN + 24 * mm
_TEXT_WIDTH = PAGE_WIDTH - 2 * _TEXT_LEFT
_QR_SIDE = 26 * mm


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateContent:
    """Everything one certificate says, as finished text.

    :ivar title: e.g. ``112年度客語能力初級認證合格證書``
    :ivar number: e.g. ``112客初字第000001號``
    :ivar sentence: what is certified, without the name
    :ivar issued_on: e.g. ``民國112年12月8日``
    """

    organiser: str
    title: str
    number: str
    name: str
    birth_date: str
    masked_id_number: str
    sentence: str
    issued_on: str
    verification_url: str
    language: str = "zh"

    def __post_init__(self) -> None:
        if "*" not in self.masked_id_number:
            raise ValueError("a certificate carries the masked identity number only")


def build_certificates(contents: Iterable[CertificateContent]) -> bytes:
    """Return one PDF with a page per certificate, in the order given; raises ValueError without any."""
    certificates = iter(contents)
    first = next(certificates, None)
    if first is None:
        raise ValueError("no certificate to draw")
    with open_pdf(title=N_("客語能力認證合格證書"), author=first.organiser) as pdf:
        for certificate in chain([first], certificates):
            _draw_page(pdf.canvas, certificate)
    return pdf.content


def _draw_page(canvas: Canvas, certificate: CertificateContent) -> None:
    _draw_border(canvas)
    _centred(canvas, PAGE_HEIGHT - 58 * mm, certificate.organiser, 22, tracking=10)
    head, _, tail = certificate.title.partition(N_("合格證書"))
    _centred(canvas, PAGE_HEIGHT - 80 * mm, head + tail, 20)
    _centred(canvas, PAGE_HEIGHT - 100 * mm, N_("合格證書"), 40, tracking=16)
    right = PAGE_WIDTH - _TEXT_LEFT
    draw_text(canvas, right, PAGE_HEIGHT - 114 * mm, certificate.number, 11, colour=INK_SOFT, align="right")
    values = {"day": certificate.birth_date, "number": certificate.masked_id_number}
    size = fitting_size(certificate.name, 30, _TEXT_WIDTH)
    draw_text(canvas, _MIDDLE, PAGE_HEIGHT - 137 * mm, certificate.name, size, bold=True, align="centre")
    facts = str(Message("出生日期　%(day)s　　身分證統一編號　%(number)s", values))
    draw_text(canvas, _MIDDLE, PAGE_HEIGHT - 149 * mm, facts, 10, colour=INK_SOFT, align="centre")
    sentence = Block(certificate.sentence, 18, leading=1.9, justified=True)
    bottom = sentence.draw(canvas, _TEXT_LEFT, PAGE_HEIGHT - 162 * mm, _TEXT_WIDTH)
    if certificate.language == "en":
        _draw_english(canvas, certificate, values, bottom - 14)
    draw_text(canvas, _TEXT_LEFT, 66 * mm, certificate.organiser, 20, bold=True, tracking=4)
    draw_text(canvas, _TEXT_LEFT, 52 * mm, certificate.issued_on, 16, colour=INK)
    draw_qr(canvas, right - _QR_SIDE, 48 * mm, _QR_SIDE, certificate.verification_url)
    caption = in_language(certificate.language, N_("掃描此碼，可查驗本證書真偽"))
    draw_text(canvas, right, 43 * mm, caption, 7, colour=INK_SOFT, align="right")
    canvas.showPage()


def _draw_english(
    canvas: Canvas, certificate: CertificateContent, values: Mapping[str, object], top: float
) -> None:
    """The same under the Chinese, for a reader abroad."""
    title = in_language("en", N_("合格證書"))
    draw_text(canvas, _MIDDLE, PAGE_HEIGHT - 107 * mm, title, 12, colour=INDIGO, align="centre")
    texts = (
        certificate.sentence,
        Message("出生日期　%(day)s　　身分證統一編號　%(number)s", values),
        Message("%(organiser)s，%(day)s", {"organiser": certificate.organiser, "day": certificate.issued_on}),
    )
    blocks = [Block(str(translate_for("en", text)), 10, leading=1.5, colour=INK_SOFT) for text in texts]
    draw_stack(canvas, blocks, _TEXT_LEFT, top, _TEXT_WIDTH, gap=3)


def _draw_border(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.setStrokeColor(INDIGO)
    for inset, weight in ((MARGIN - 3 * mm, 2.5), (MARGIN, 0.7)):
        canvas.setLineWidth(weight)
        canvas.rect(inset, inset, PAGE_WIDTH - 2 * inset, PAGE_HEIGHT - 2 * inset, stroke=1, fill=0)
    canvas.restoreState()


def _centred(canvas: Canvas, y: float, text: str, size: float, *, tracking: float = 0) -> None:
    fitted = fitting_size(text, size, _TEXT_WIDTH)
    draw_text(canvas, _MIDDLE, y, text, fitted, bold=True, colour=INDIGO, align="centre", tracking=tracking)
