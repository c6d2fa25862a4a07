"""What every document of the portal has around its content: the head, the indigo rule, the foot (ui.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reportlab.pdfgen.canvas import Canvas

from app.core.pdf.canvas import (
    INDIGO,
    INK_SOFT,
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    draw_line,
    draw_text,
    fitting_size,
    width,
)
from app.core.roc_dates import format_instant

LEFT, RIGHT = MARGIN, PAGE_WIDTH - MARGIN
CONTENT_WIDTH = RIGHT - LEFT

# The content of a document stands between these two heights.
CONTENT_TOP = PAGE_HEIGHT - MARGIN - 62
CONTENT_BOTTOM = MARGIN + 16

_TITLE_SIZE = 20
_FOOT_SIZE = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The finished text of head and foot (R001, R003).

    :ivar exam_title: the exam's name with its year
    :ivar title: what the document is, e.g. ``准考證``
    :ivar version: 1 for the first issue of this document
    :ivar issued_at: aware instant of this version
    """

    organiser: str
    implementer: str
    exam_title: str
    title: str
    office_name: str
    office_address: str
    office_phones: tuple[str, ...]
    version: int
    issued_at: datetime


def draw_frame(canvas: Canvas, frame: Frame, *, page: int = 1, pages: int = 1) -> None:
    """Draw head and foot of one page; the content goes between CONTENT_TOP and CONTENT_BOTTOM."""
    _draw_head(canvas, frame)
    _draw_foot(canvas, frame, page, pages)


def _draw_head(canvas: Canvas, frame: Frame) -> None:
    top = PAGE_HEIGHT - MARGIN
    publisher = f"{frame.organiser}　{frame.implementer}"
    draw_text(canvas, RIGHT, top - 8, publisher, 8, colour=INK_SOFT, align="right")
    available = CONTENT_WIDTH - width(publisher, 8) - 12
    size = fitting_size(frame.exam_title, 11, available)
    draw_text(canvas, LEFT, top - 9, frame.exam_title, size, colour=INDIGO, bold=True)
    draw_text(canvas, LEFT, top - 42, frame.title, _TITLE_SIZE, colour=INDIGO, bold=True, tracking=4)
    draw_line(canvas, LEFT, top - 52, RIGHT, top - 52, colour=INDIGO, weight=1)


def _draw_foot(canvas: Canvas, frame: Frame, page: int, pages: int) -> None:
    y = MARGIN
    draw_line(canvas, LEFT, y + 11, RIGHT, y + 11)
    phones = "、".join(frame.office_phones)
    office = f"{frame.office_name}　{frame.office_address}　電話 {phones}"
    issue = f"第 {page}／{pages} 頁　第 {frame.version} 版　{format_instant(frame.issued_at)} 製發"
    available = CONTENT_WIDTH - width(issue, _FOOT_SIZE) - 12
    size = fitting_size(office, _FOOT_SIZE, available, smallest=4)
    draw_text(canvas, LEFT, y, office, size, colour=INK_SOFT)
    draw_text(canvas, RIGHT, y, issue, _FOOT_SIZE, colour=INK_SOFT, align="right")
