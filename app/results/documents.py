"""The blank form for a re-check on the downloads page (R156)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.messages import Message
from app.core.pdf.canvas import open_pdf
from app.core.pdf.frame import Frame, draw_frame
from app.exams.models import ExamYear, Round
from app.results.recheck_form import draw_recheck_form
from app.site.frames import year_frame
from app.site.models import DocumentCategory
from app.site.portal_documents import PortalDocument, register

_TITLE = Message("成績複查申請表")
_FACTS = (Message("姓名"), Message("准考證號碼"), Message("報考梯次"), Message("報考腔調"), Message("原成績"))
_UNTIL = Message("成績單所載的複查截止日")


@dataclass(frozen=True, slots=True)
class _Content:
    frame: Frame
    labels: tuple[str, ...]
    until: str
    mailbox: str


def _content(year: ExamYear, _rounds: Sequence[Round]) -> _Content:
    frame = year_frame(year, str(_TITLE))
    return _Content(frame, tuple(map(str, _FACTS)), str(_UNTIL), year.facts["contacts"]["mailbox"])


def _draw(content: _Content) -> bytes:
    frame = content.frame
    title = f"{frame.exam_title} {frame.title}"
    with open_pdf(title=title, author=frame.implementer, created_at=frame.issued_at) as pdf:
        draw_frame(pdf.canvas, frame)
        facts = [(label, "") for label in content.labels]
        draw_recheck_form(pdf.canvas, facts, until=content.until, mailbox=content.mailbox)
        pdf.canvas.showPage()
    return pdf.content


register(
    PortalDocument(
        name="recheck-form",
        suffix="pdf",
        category=DocumentCategory.FORM,
        title=_TITLE,
        note=Message("成績單背面也有這張表，已經印好您的資料"),
        content=_content,
        draw=_draw,
    )
)
