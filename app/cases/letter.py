"""The answer to an application as a letter to be posted or downloaded (R158)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from reportlab.lib.colors import Color

from app.cases.models import Case
from app.cases.pages import result_words
from app.cases.rules import remedy_last_day
from app.core.clock import taipei_day
from app.core.messages import Message, Wording
from app.core.pdf.canvas import INDIGO, INK, INK_SOFT, open_pdf
from app.core.pdf.flow import Block, wrap
from app.core.pdf.frame import CONTENT_BOTTOM, CONTENT_TOP, CONTENT_WIDTH, LEFT, Frame, draw_frame
from app.core.roc_dates import format_roc_long
from app.core.translation import translate_for
from app.exams.queries import find_current_year
from app.exams.words import exam_wording, name_wording

_SIZE, _LEADING = 11, 1.6
_GAP = 8


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything an answer says, as finished text.

    :ivar paragraphs: heading and text of each part, in order; a text may have several lines
    """

    frame: Frame
    paragraphs: tuple[tuple[str, str], ...]


def answer_letter(case: Case, *, language: str = "zh") -> bytes:
    """Return the answer of a decided case as a PDF."""
    return draw_letter(letter_of(case, language=language))


def letter_of(case: Case, *, language: str = "zh") -> Letter:
    """Return what the answer of a decided case says, with the remedy and its last day (R158)."""
    year = case.exam_round.exam_year if case.exam_round else find_current_year()
    assert year is not None and case.decided_at is not None  # noqa: S101, PT018 - decided in some exam year
    contacts, implementer = year.facts["contacts"], year.facts["implementer"]
    title = Message("%(kind)s處理結果通知", {"kind": case.kind.name})
    frame = Frame(
        organiser=name_wording(year.facts["organiser"]["name"]),
        implementer=name_wording(implementer["name"]),
        exam_title=exam_wording(year.title),
        title=Wording(str(title), title),
        office_name=name_wording(implementer["office"]),
        office_address=name_wording(contacts["address"]),
        office_phones=tuple(contacts["phones"]),
        version=1,
        issued_at=case.decided_at,
        language=language,
    )
    return Letter(frame, tuple(_paragraphs(case, case.decided_at, language)))


def draw_letter(letter: Letter) -> bytes:
    """Return the letter as a PDF of as many pages as it takes."""
    pages: list[list[tuple[Block, float]]] = [[]]
    room = CONTENT_TOP - CONTENT_BOTTOM
    left = room
    for block, gap in _lines(letter):
        height = block.height(CONTENT_WIDTH) + gap
        if height > left:
            pages.append([])
            left = room
        pages[-1].append((block, gap if pages[-1] else 0))
        left -= height
    frame = letter.frame
    title = f"{frame.exam_title} {frame.title}"
    with open_pdf(title=title, author=frame.office_name, created_at=frame.issued_at) as pdf:
        for number, page in enumerate(pages, start=1):
            draw_frame(pdf.canvas, frame, page=number, pages=len(pages))
            y = CONTENT_TOP
            for block, gap in page:
                y = block.draw(pdf.canvas, LEFT, y - gap, CONTENT_WIDTH)
            pdf.canvas.showPage()
    return pdf.content


def _paragraphs(case: Case, decided_at: datetime, language: str) -> Iterator[tuple[str, str]]:
    def said(text: object) -> str:
        return str(translate_for(language, text))

    content = case.content
    yield said(Message("受文者")), "\n".join(filter(None, [content.get("name"), content.get("address")]))
    yield said(Message("案件號碼")), case.number
    yield said(Message("申請日期")), said(format_roc_long(case.filed_on))
    yield said(Message("處理結果")), "\n".join(said(each) for each in result_words(case))
    if case.reply:
        yield said(Message("說明")), case.reply
    for remedy in case.kind.remedies:
        day = taipei_day(decided_at)
        last = Message(
            "以本通知製發日 %(day)s收受計算，最後一日為 %(last)s。",
            {"day": format_roc_long(day), "last": format_roc_long(remedy_last_day(day))},
        )
        yield said(Message("救濟方式")), f"{said(remedy)}\n{said(last)}"


def _lines(letter: Letter) -> Iterator[tuple[Block, float]]:
    """Yield every line as a block of its own, so that a long answer may break anywhere between pages."""
    for heading, text in letter.paragraphs:
        yield _block(heading, 9, INK_SOFT), _GAP
        for line in text.splitlines():
            for piece in wrap(line, _SIZE, CONTENT_WIDTH):
                yield _block(piece, _SIZE, INK), 0
    yield _block(str(translate_for(letter.frame.language, letter.frame.office_name)), _SIZE, INDIGO), 3 * _GAP


def _block(text: str, size: float, colour: Color) -> Block:
    return Block(text, size, _LEADING, colour=colour)
