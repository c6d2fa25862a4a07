"""The affidavit (切結書) of who sat without an identity document: one A4 page to be signed (R182)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from app.core.messages import Message
from app.core.pdf.canvas import INK_SOFT, LINE, draw_line, draw_text, fitting_size, open_pdf
from app.core.pdf.flow import Block, draw_stack
from app.core.pdf.frame import CONTENT_TOP, CONTENT_WIDTH, LEFT, RIGHT, Frame, draw_frame

_SIZE: Final = 12
_PHOTO_WIDTH, _PHOTO_HEIGHT = 130.0, 165.0
_ROW = 27.0

TITLE = Message("切結書")
_OPENING = Message(
    "本人參加 %(exam)s（%(round)s），應試時未攜帶身分證明文件，經監試人員核對後先行應試。"
    "茲依試場規則第四條，於該節結束後至試區試務中心拍照存證，並具結如下："
)
_STATEMENTS = (
    Message("本人確為下列准考證所載之考生本人，所填資料均屬實。"),
    Message("如有冒名頂替或其他不實情事，同意認證成績以零分計算，並自負法律責任。"),
    Message("同意試務中心就本次應試拍照，只用於核對身分。"),
)
_TO = Message("此致")
_PHOTO = Message("現場拍照存證")
_SIGN = Message("（親筆簽名）")
_WRITE = Message("（請考生當場填寫完整號碼）")


@dataclass(frozen=True, slots=True, kw_only=True)
class AffidavitContent:
    """Everything that the page says, as finished text; nothing is looked up or formatted while drawing.

    :ivar place: venue, room, session and seat in one line
    :ivar signed_on: the day as printed
    """

    organiser: str
    implementer: str
    office_name: str
    office_address: str
    office_phones: tuple[str, ...]
    exam_title: str
    round_name: str
    name: str
    birth_date: str
    ticket_number: str
    place: str
    test_date: str
    signed_on: str
    issued_at: datetime


def build_affidavit(content: AffidavitContent) -> bytes:
    """Return the affidavit as a PDF of one page, filled in but for the number and the signatures."""
    with open_pdf(title=str(TITLE), author=content.office_name, created_at=content.issued_at) as pdf:
        canvas = pdf.canvas
        draw_frame(canvas, _frame(content))
        y = _draw_words(canvas, content)
        y = _draw_person(canvas, content, y - 26)
        _draw_signatures(canvas, content, y - 34)
        canvas.showPage()
    return pdf.content


def _frame(content: AffidavitContent) -> Frame:
    return Frame(
        organiser=content.organiser,
        implementer=content.implementer,
        exam_title=content.exam_title,
        title=str(TITLE),
        office_name=content.office_name,
        office_address=content.office_address,
        office_phones=content.office_phones,
        version=1,
        issued_at=content.issued_at,
    )


def _draw_words(canvas: Canvas, content: AffidavitContent) -> float:
    opening = Message(_OPENING.template, {"exam": content.exam_title, "round": content.round_name})
    blocks = [Block(str(opening), _SIZE, leading=1.8)]
    for mark, statement in zip("一二三", _STATEMENTS, strict=True):
        blocks.append(Block(str(statement), _SIZE, leading=1.8, mark=f"{mark}、", mark_width=26))
    y = draw_stack(canvas, blocks, LEFT, CONTENT_TOP - 14, CONTENT_WIDTH, 6)
    draw_text(canvas, LEFT + 26, y - 26, str(_TO), _SIZE)
    draw_text(canvas, LEFT, y - 50, content.office_name, 14, bold=True)
    return y - 50


def _draw_person(canvas: Canvas, content: AffidavitContent, top: float) -> float:
    """Draw who it is on the left, and the frame for the photo on the right."""
    canvas.saveState()
    canvas.setStrokeColor(LINE)
    canvas.rect(RIGHT - _PHOTO_WIDTH, top - _PHOTO_HEIGHT, _PHOTO_WIDTH, _PHOTO_HEIGHT)
    canvas.restoreState()
    middle = RIGHT - _PHOTO_WIDTH / 2
    draw_text(canvas, middle, top - _PHOTO_HEIGHT / 2, str(_PHOTO), 10, colour=INK_SOFT, align="centre")
    rows = (
        (Message("考生姓名"), content.name),
        (Message("出生日期"), content.birth_date),
        (Message("准考證號碼"), content.ticket_number),
        (Message("認證日期"), content.test_date),
        (Message("試場座號"), content.place),
        (Message("證件號碼"), ""),
    )
    y, right = top - 14, RIGHT - _PHOTO_WIDTH - 20
    for label, value in rows:
        y = _draw_row(canvas, label, value, y, right)
    draw_text(canvas, LEFT + 84, y + 10, str(_WRITE), 8, colour=INK_SOFT)
    return min(y, top - _PHOTO_HEIGHT)


def _draw_signatures(canvas: Canvas, content: AffidavitContent, top: float) -> None:
    y = top
    for label, note in (
        (Message("立切結書人"), str(_SIGN)),
        (Message("聯絡電話"), ""),
        (Message("監試人員"), str(_SIGN)),
        (Message("試務中心承辦"), str(_SIGN)),
    ):
        draw_text(canvas, RIGHT - 70, y, note, 9, colour=INK_SOFT)
        y = _draw_row(canvas, label, "", y, RIGHT - 76) - 6
    _draw_row(canvas, Message("日期"), content.signed_on, y, RIGHT - 76)


def _draw_row(canvas: Canvas, label: Message, value: str, y: float, right: float) -> float:
    draw_text(canvas, LEFT, y, str(label), _SIZE, colour=INK_SOFT)
    start = LEFT + 80
    draw_text(canvas, start + 4, y, value, fitting_size(value, 13, right - start - 6), bold=True)
    draw_line(canvas, start, y - 5, right, y - 5)
    return y - _ROW
