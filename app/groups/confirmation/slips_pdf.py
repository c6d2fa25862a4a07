"""The slips that a school hands out: eight on an A4 sheet, cut along the lines, each with its own code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.core.messages import N_
from app.core.pdf.canvas import (
    INDIGO,
    INK,
    INK_SOFT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    draw_line,
    draw_qr,
    draw_text,
    fitting_size,
    open_pdf,
    width,
)
from app.core.pdf.flow import Block, fit
from app.core.pdf.labels import bilingual, in_language

DOCUMENT_TITLE = N_("報名資料核對單")

COLUMNS: Final = 2
ROWS: Final = 4
PER_SHEET: Final = COLUMNS * ROWS

_WIDTH: Final = PAGE_WIDTH / COLUMNS
_HEIGHT: Final = PAGE_HEIGHT / ROWS
# Printers leave an edge white, and scissors stray: nothing stands nearer to a line.
_SIDE: Final = 10 * mm
_EDGE: Final = 7.5 * mm
_QR: Final = 28 * mm
_GAP: Final = 5 * mm
_LABEL: Final = 6.5
_BOX: Final = 7


@dataclass(frozen=True, slots=True)
class Slip:
    """One member's slip, as finished text.

    :ivar url: what the code leads to; opens this member's data and nobody else's
    """

    name: str
    birth: str
    dialect: str
    area: str
    test_date: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipSheet:
    """What all slips of a group share.

    :ivar last_day: until when the code opens anything, e.g. ``112 年 6 月 9 日（五）``
    :ivar language: ``en`` puts the English beside the labels
    """

    exam_title: str
    round_name: str
    group_name: str
    leader_name: str
    last_day: str
    author: str
    issued_at: datetime
    slips: Sequence[Slip]
    language: str = "zh"


def build_slips(sheet: SlipSheet) -> bytes:
    """Return the slips as a PDF, filling each sheet from left to right.

    :raises ValueError: without any slip, or when a text is too long for its place
    """
    if not sheet.slips:
        raise ValueError("no slip to draw")
    title = f"{sheet.exam_title} {DOCUMENT_TITLE}"
    with open_pdf(title=title, author=sheet.author, created_at=sheet.issued_at) as pdf:
        for start in range(0, len(sheet.slips), PER_SHEET):
            here = sheet.slips[start : start + PER_SHEET]
            _draw_cut_lines(pdf.canvas, rows=-(-len(here) // COLUMNS))
            for place, slip in enumerate(here):
                row, column = divmod(place, COLUMNS)
                _draw_slip(pdf.canvas, column * _WIDTH, PAGE_HEIGHT - row * _HEIGHT, sheet, slip)
            pdf.canvas.showPage()
    return pdf.content


def _draw_cut_lines(canvas: Canvas, *, rows: int) -> None:
    canvas.saveState()
    canvas.setDash(3, 3)
    bottom = PAGE_HEIGHT - rows * _HEIGHT
    draw_line(canvas, _WIDTH, PAGE_HEIGHT, _WIDTH, bottom, colour=INK_SOFT)
    for row in range(1, min(rows + 1, ROWS)):
        y = PAGE_HEIGHT - row * _HEIGHT
        draw_line(canvas, 0, y, PAGE_WIDTH, y, colour=INK_SOFT)
    canvas.restoreState()


def _draw_slip(canvas: Canvas, x: float, top: float, sheet: SlipSheet, slip: Slip) -> None:
    left, right = x + _SIDE, x + _WIDTH - _SIDE
    y = _draw_head(canvas, left, right, top - _EDGE, sheet)
    qr_left = right - _QR
    draw_qr(canvas, qr_left, y - _QR, _QR, slip.url)
    caption = in_language(sheet.language, N_("掃描核對，不必登入"))
    size = fitting_size(caption, 7, _QR)
    draw_text(canvas, qr_left + _QR / 2, y - _QR - 10, caption, size, colour=INK_SOFT, align="centre")
    _draw_facts(canvas, left, y, qr_left - _GAP - left, sheet, slip)
    _draw_foot(canvas, left, right, top - _HEIGHT + _EDGE, sheet)


def _draw_head(canvas: Canvas, left: float, right: float, top: float, sheet: SlipSheet) -> float:
    """Draw who asks and what for, with the rule under it; return where the facts begin."""
    title = in_language(sheet.language, DOCUMENT_TITLE)
    draw_text(canvas, left, top - 10, title, 11, bold=True, colour=INDIGO)
    room = right - left - width(title, 11) - 10
    size = fitting_size(sheet.exam_title, 7, room, smallest=4)
    draw_text(canvas, right, top - 9, sheet.exam_title, size, colour=INK_SOFT, align="right")
    draw_text(canvas, right, top - 23, sheet.round_name, 7, colour=INK_SOFT, align="right")
    who, room = f"{sheet.group_name}　{sheet.leader_name}", right - left - width(sheet.round_name, 7) - 8
    draw_text(canvas, left, top - 23, who, fitting_size(who, 8.5, room, smallest=4))
    draw_line(canvas, left, top - 29, right, top - 29, colour=INDIGO, weight=0.8)
    return top - 36


def _draw_facts(canvas: Canvas, x: float, top: float, available: float, sheet: SlipSheet, slip: Slip) -> None:
    size, lines = fit(slip.name, 17, available, 25, leading=1.1)
    y = top - 3
    for line in lines:
        y -= size * 1.1
        draw_text(canvas, x, y + size * 0.15, line, size, bold=True)
    y = top - 34
    half = available * 0.7
    for column, (label, value, room) in enumerate(
        (
            (N_("出生日期"), slip.birth, half - 8),
            (N_("報考腔調"), slip.dialect, available - half),
        )
    ):
        _draw_fact(canvas, x + column * half, y, room, sheet, label, value)
    _draw_fact(canvas, x, y - 27, half - 8, sheet, N_("認證日期"), slip.test_date)
    _draw_fact(canvas, x + half, y - 27, available - half, sheet, N_("應考考區"), slip.area)


def _draw_fact(
    canvas: Canvas, x: float, top: float, available: float, sheet: SlipSheet, text: str, value: str
) -> None:
    label = bilingual(sheet.language, text, value)
    if width(label, _LABEL) > available:  # rather the English alone than both too small to be read
        label = label.removeprefix(f"{text}  ")
    size = fitting_size(label, _LABEL, available, smallest=4)
    draw_text(canvas, x, top - _LABEL, label, size, colour=INK_SOFT)
    draw_text(canvas, x, top - 18, value, fitting_size(value, 9.5, available))


def _draw_foot(canvas: Canvas, left: float, right: float, bottom: float, sheet: SlipSheet) -> None:
    """Say what to do, and leave room to do it by hand for whoever has no telephone."""
    what = in_language(
        sheet.language,
        N_("請在 %(day)s23:59 前掃描，按「資料都正確」或回報錯誤。也可在下面勾選，簽名後交回："),
        day=sheet.last_day,
    )
    size = 7.5
    while len(Block(what, size, 1.35).lines(right - left)) > 2 and size > 5:
        size -= 0.25
    Block(what, size, 1.35).draw(canvas, left, bottom + 16 + 2 * size * 1.35, right - left)
    x = _draw_box(canvas, left, bottom, in_language(sheet.language, N_("資料都正確")))
    x = _draw_box(canvas, x + 8, bottom, in_language(sheet.language, N_("有誤：")))
    sign = in_language(sheet.language, N_("家長簽名："))
    # What the words leave is shared: less for the mistake, which can be written beside the value as well.
    room = right - x - width(sign, 8) - 6
    sign_left = x + 0.4 * room + 6
    draw_line(canvas, x + 1, bottom, sign_left - 6, bottom, colour=INK, weight=0.4)
    draw_text(canvas, sign_left, bottom + 1.5, sign, 8)
    draw_line(canvas, sign_left + width(sign, 8), bottom, right, bottom, colour=INK, weight=0.4)


def _draw_box(canvas: Canvas, x: float, y: float, label: str) -> float:
    canvas.saveState()
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.6)
    canvas.rect(x, y, _BOX, _BOX)
    canvas.restoreState()
    draw_text(canvas, x + _BOX + 3, y + 0.8, label, 8)
    return x + _BOX + 3 + width(label, 8)
