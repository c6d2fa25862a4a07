"""The official refund form (退費申請書, appendix 三 of the brochure; R004, Q12, Q16) as one A4 page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

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
    open_pdf,
    width,
)
from app.core.pdf.flow import Block, draw_stack
from app.core.roc_dates import format_roc_long
from app.payments.refunds.rules import RULES, RefundReason

LEFT, RIGHT = MARGIN + 6, PAGE_WIDTH - MARGIN - 6
WIDTH = RIGHT - LEFT
_SIZE: Final = 12
_ADDRESSEE: Final = "客語能力認證總試務中心"  # R111
_MOST_NAMES: Final = 40  # more do not fit on the page
_ROUNDS: Final = (("national_1", "全國第一梯次"), ("national_2", "全國第二梯次"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContent:
    """Everything that stands on the form; empty text leaves a line to write on.

    :ivar round_choice: ``national_1``, ``national_2``, ``multi`` or empty
    :ivar overpaid: dollars paid too much, for that reason only
    :ivar members: for a group, whom it is about
    """

    exam_title: str
    organiser: str
    implementer: str
    roc_year: int
    mailbox: str
    number: str = ""
    applicant_name: str = ""
    round_choice: str = ""
    multi_number: str = ""
    area: str = ""
    reason: RefundReason | None = None
    overpaid: str = ""
    id_number: str = ""
    payee_name: str = ""
    address: str = ""
    phone: str = ""
    applied_on: date | None = None
    members: tuple[str, ...] = ()
    apply_by: date | None = None

    def filled(self, **values: Any) -> FormContent:
        """Return the form with these fields filled in."""
        return replace(self, **values)


def build_refund_form(content: FormContent) -> bytes:
    """Return the form as a PDF, ready to be signed and posted."""
    with open_pdf(title="退費申請書", author=content.implementer) as pdf:
        canvas = pdf.canvas
        y = _draw_head(canvas, content)
        y = _draw_opening(canvas, content, y)
        y = _draw_reasons(canvas, content, y)
        y = _draw_applicant(canvas, content, y)
        _draw_notes(canvas, content, y)
        canvas.showPage()
    return pdf.content


def _draw_head(canvas: Canvas, content: FormContent) -> float:
    top: float = PAGE_HEIGHT - MARGIN
    title = f"{content.roc_year} 年度客語能力基礎級暨初級認證"
    draw_text(canvas, PAGE_WIDTH / 2, top - 20, title, 15, bold=True, colour=INDIGO, align="centre")
    draw_text(canvas, PAGE_WIDTH / 2, top - 50, "退費申請書", 22, bold=True, align="centre", tracking=6)
    if content.number:
        draw_text(canvas, RIGHT, top - 6, f"案號 {content.number}", 9, colour=INK_SOFT, align="right")
    draw_line(canvas, LEFT, top - 64, RIGHT, top - 64, colour=INDIGO, weight=1)
    return top - 64


def _draw_opening(canvas: Canvas, content: FormContent, top: float) -> float:
    y = top - 30
    x = _text(canvas, LEFT, y, "本人")
    x = _blank(canvas, x, y, content.applicant_name, 110)
    _text(canvas, x, y, f"報名「{content.roc_year} 年度客語能力認證」")
    y -= 28
    x = LEFT
    for choice, label in _ROUNDS:
        x = _box(canvas, x, y, label, ticked=content.round_choice == choice) + 14
    x = _box(canvas, x, y, "多梯次第", ticked=content.round_choice == "multi")
    x = _blank(canvas, x, y, content.multi_number, 40)
    _text(canvas, x, y, "梯次")
    y -= 28
    x = _blank(canvas, LEFT, y, content.area, 70)
    _text(canvas, x, y, "考區認證，依簡章規定申請退還報名費用，敬請核辦。")
    if content.members:
        block = Block(_members_sentence(content.members), 10)
        y = block.draw(canvas, LEFT, y - 10, WIDTH) + 6
    return y


def _members_sentence(members: tuple[str, ...]) -> str:
    count = f"團體報名，申請退費的考生共 {len(members)} 人"
    if len(members) > _MOST_NAMES:
        return f"{count}，名單以報名系統所載為準。"
    return f"{count}：{'、'.join(members)}"


def _draw_reasons(canvas: Canvas, content: FormContent, top: float) -> float:
    y = top - 32
    draw_text(canvas, LEFT, y, "申請退費原因：", _SIZE, bold=True)
    for reason, rule in RULES.items():
        y -= 25
        x = _box(canvas, LEFT + 12, y, str(rule.label), ticked=content.reason == reason)
        if reason == RefundReason.OVERPAID:
            x = _text(canvas, x, y, "，溢繳")
            x = _blank(canvas, x, y, content.overpaid, 44)
            _text(canvas, x, y, "元（總試務中心得要求檢具繳費收據正本）。", size=10)
        elif reason == RefundReason.OTHER:
            note = "（須檢具相關證明文件，並由主辦單位決定是否退費）"
            draw_text(canvas, LEFT + 30, y - 15, note, 10, colour=INK_SOFT)
            y -= 15
    y -= 32
    draw_text(canvas, LEFT + 24, y, "此致", _SIZE)
    y -= 24
    draw_text(canvas, LEFT, y, _ADDRESSEE, 14, bold=True)
    return y


def _draw_applicant(canvas: Canvas, content: FormContent, top: float) -> float:
    y = top - 38
    rows = (
        ("申請人姓名", content.applicant_name, "（簽名或蓋章）"),
        ("身分證統一編號", content.id_number, ""),
        ("匯票受款人", content.payee_name, ""),
        ("收件地址", content.address, ""),
        ("電話（手機）", content.phone, ""),
    )
    for label, value, note in rows:
        draw_text(canvas, LEFT, y, f"{label}：", _SIZE)
        start, end = LEFT + 110, RIGHT - (100 if note else 0)
        size = fitting_size(value, _SIZE, end - start - 4)
        draw_text(canvas, start + 4, y, value, size)
        draw_line(canvas, start, y - 4, end, y - 4)
        if note:
            draw_text(canvas, end + 6, y, note, 10, colour=INK_SOFT)
        y -= 27
    draw_text(canvas, LEFT, y, "申請日期：", _SIZE)
    x = _text(canvas, LEFT + 110, y, "民國")
    day = content.applied_on
    parts = (str(day.year - 1911), str(day.month), str(day.day)) if day else ("", "", "")
    for value, unit in zip(parts, "年月日", strict=True):
        x = _blank(canvas, x, y, value, 36)
        x = _text(canvas, x, y, unit)
    return y


def _draw_notes(canvas: Canvas, content: FormContent, top: float) -> None:
    until = f"（最後一天是{format_roc_long(content.apply_by)}）" if content.apply_by else ""
    notes = [
        Block(
            f"請將本申請書於各梯次認證當月底前{until}與需檢附之相關證明文件，以掛號郵寄至"
            f"「{content.mailbox} 收」，郵戳為憑，逾期不予受理。",
            10,
            mark="注意事項：",
            mark_width=52,
        ),
        Block("費用以郵政匯票方式退還，不得要求其他受款方式。", 10, mark_width=52),
    ]
    draw_line(canvas, LEFT, top - 22, RIGHT, top - 22)
    bottom = draw_stack(canvas, notes, LEFT, top - 30, WIDTH, 2)
    publisher = f"{content.organiser}　{content.implementer}"
    draw_text(canvas, PAGE_WIDTH / 2, min(MARGIN, bottom - 12), publisher, 8, colour=INK_SOFT, align="centre")


def _text(canvas: Canvas, x: float, y: float, text: str, size: float = _SIZE) -> float:
    draw_text(canvas, x, y, text, size)
    return x + width(text, size)


def _blank(canvas: Canvas, x: float, y: float, value: str, space: float) -> float:
    """Draw a value over a line to write on; return where the text goes on."""
    space = max(space, width(value, _SIZE) + 8)
    draw_line(canvas, x + 3, y - 4, x + space, y - 4)
    draw_text(canvas, x + space / 2 + 2, y, value, _SIZE, bold=True, align="centre")
    return x + space + 4


def _box(canvas: Canvas, x: float, y: float, label: str, *, ticked: bool) -> float:
    canvas.saveState()
    canvas.setLineWidth(0.8)
    canvas.rect(x, y - 1, 10, 10)
    if ticked:
        canvas.setLineWidth(1.6)
        canvas.lines([(x + 2, y + 4, x + 4.5, y + 1), (x + 4.5, y + 1, x + 9, y + 9)])
    canvas.restoreState()
    draw_text(canvas, x + 15, y, label, _SIZE, bold=ticked)
    return x + 15 + width(label, _SIZE)
