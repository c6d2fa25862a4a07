"""What every document of the portal has around its content: the head, the indigo rule, the foot (ui.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reportlab.pdfgen.canvas import Canvas

from app.core.messages import N_, Listing, Message, Wording
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
from app.core.pdf.labels import in_language
from app.core.roc_dates import format_instant
from app.core.translation import translate_for

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
    :ivar language: ``en`` puts the English beside the title and makes the foot English
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
    language: str = "zh"


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
    if frame.language == "en":
        exam = str(translate_for("en", frame.exam_title))
        draw_text(canvas, LEFT, top - 19, exam, 7.5, colour=INK_SOFT)
        beside = LEFT + width(frame.title, _TITLE_SIZE) + 4 * len(frame.title) + 8
        draw_text(canvas, beside, top - 42, _title_in_english(frame.title), 12, colour=INDIGO)
    draw_line(canvas, LEFT, top - 52, RIGHT, top - 52, colour=INDIGO, weight=1)


def _title_in_english(title: str) -> str:
    return str(translate_for("en", title if isinstance(title, Wording) else Message(title)))


def _draw_foot(canvas: Canvas, frame: Frame, page: int, pages: int) -> None:
    y = MARGIN
    draw_line(canvas, LEFT, y + 11, RIGHT, y + 11)
    office = in_language(
        frame.language,
        N_("%(office)s　%(address)s　電話 %(phones)s"),
        office=frame.office_name,
        address=frame.office_address,
        phones=Listing(frame.office_phones),
    )
    issue = in_language(
        frame.language,
        N_("第 %(page)s／%(pages)s 頁　第 %(version)s 版　%(at)s 製發"),
        page=page,
        pages=pages,
        version=frame.version,
        at=format_instant(frame.issued_at),
    )
    available = CONTENT_WIDTH - width(issue, _FOOT_SIZE) - 12
    if frame.language == "en":  # too long to stand beside the issue
        draw_text(canvas, LEFT, y - 9, office, _FOOT_SIZE, colour=INK_SOFT)
    else:
        size = fitting_size(office, _FOOT_SIZE, available, smallest=4)
        draw_text(canvas, LEFT, y, office, size, colour=INK_SOFT)
    draw_text(canvas, RIGHT, y, issue, _FOOT_SIZE, colour=INK_SOFT, align="right")
