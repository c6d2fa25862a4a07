"""The official refund form (退費申請書, appendix 三 of the brochure; R004, Q12, Q16) as one A4 page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final

from reportlab.pdfgen.canvas import Canvas

from app.core.messages import N_, Listing, Message
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
from app.core.pdf.labels import in_language
from app.core.roc_dates import format_roc_long, format_roc_year
from app.core.translation import translate_for
from app.payments.refunds.rules import RULES, RefundReason

LEFT, RIGHT = MARGIN + 6, PAGE_WIDTH - MARGIN - 6
WIDTH = RIGHT - LEFT
_SIZE: Final = 12
_ADDRESSEE: Final = N_("客語能力認證總試務中心")  # R111
_MOST_NAMES: Final = 40  # more do not fit on the page
_ROUNDS: Final = (("national_1", N_("全國第一梯次")), ("national_2", N_("全國第二梯次")))


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
    # ``en``: the English in small print under the Chinese, for who fills it in.
    language: str = "zh"

    def filled(self, **values: Any) -> FormContent:
        """Return the form with these fields filled in."""
        return replace(self, **values)


def build_refund_form(content: FormContent) -> bytes:
    """Return the form as a PDF, ready to be signed and posted."""
    with open_pdf(title=N_("退費申請書"), author=content.implementer) as pdf:
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
    year = format_roc_year(content.roc_year)
    title = Message("%(year)s 年度客語能力基礎級暨初級認證", {"year": year})
    draw_text(canvas, PAGE_WIDTH / 2, top - 20, str(title), 15, bold=True, colour=INDIGO, align="centre")
    draw_text(canvas, PAGE_WIDTH / 2, top - 50, N_("退費申請書"), 22, bold=True, align="centre", tracking=6)
    if content.language == "en":
        said = f"{translate_for('en', Message('退費申請書'))}: {translate_for('en', title)}"
        draw_text(canvas, PAGE_WIDTH / 2, top - 61, said, 8, colour=INK_SOFT, align="centre")
    if content.number:
        number = in_language(content.language, N_("案號 %(number)s"), number=content.number)
        draw_text(canvas, RIGHT, top - 6, number, 9, colour=INK_SOFT, align="right")
    draw_line(canvas, LEFT, top - 64, RIGHT, top - 64, colour=INDIGO, weight=1)
    return top - 64


def _draw_opening(canvas: Canvas, content: FormContent, top: float) -> float:
    y = top - 30
    x = _text(canvas, LEFT, y, N_("本人"))
    x = _blank(canvas, x, y, content.applicant_name, 110)
    values = {"year": format_roc_year(content.roc_year)}
    registered = Message("報名「%(year)s 年度客語能力認證」", values)
    _text(canvas, x, y, str(registered))
    _gloss(canvas, content, LEFT, y, Message("本人"))
    _gloss(canvas, content, x, y, registered)
    y -= 28
    x = LEFT
    for choice, label in _ROUNDS:
        _gloss(canvas, content, x + 15, y, Message(label))
        x = _box(canvas, x, y, label, ticked=content.round_choice == choice) + 14
    _gloss(canvas, content, x + 15, y, Message("多梯次第"))
    x = _box(canvas, x, y, N_("多梯次第"), ticked=content.round_choice == "multi")
    x = _blank(canvas, x, y, content.multi_number, 40)
    _text(canvas, x, y, N_("梯次"))
    y -= 28
    x = _blank(canvas, LEFT, y, content.area, 70)
    request = Message("考區認證，依簡章規定申請退還報名費用，敬請核辦。")
    _text(canvas, x, y, str(request))
    _gloss(canvas, content, x, y, request)
    if content.members:
        y -= 8 if content.language == "en" else 0
        sentence = str(translate_for(content.language, _members_sentence(content.members)))
        block = Block(sentence, 10)
        y = block.draw(canvas, LEFT, y - 10, WIDTH) + 6
    return y


def _members_sentence(members: tuple[str, ...]) -> Message:
    values = {"count": len(members), "names": Listing(members)}
    if len(members) > _MOST_NAMES:
        return Message("團體報名，申請退費的考生共 %(count)s 人，名單以報名系統所載為準。", values)
    return Message("團體報名，申請退費的考生共 %(count)s 人：%(names)s", values)


def _draw_reasons(canvas: Canvas, content: FormContent, top: float) -> float:
    y = top - 32
    heading = Message("申請退費原因：")
    draw_text(canvas, LEFT, y, str(heading), _SIZE, bold=True)
    _gloss(canvas, content, LEFT, y, heading)
    for reason, rule in RULES.items():
        y -= 25
        x = _box(canvas, LEFT + 12, y, str(rule.label), ticked=content.reason == reason)
        _gloss(canvas, content, LEFT + 27, y, rule.label)
        if reason == RefundReason.OVERPAID:
            x = _text(canvas, x, y, N_("，溢繳"))
            x = _blank(canvas, x, y, content.overpaid, 44)
            note = Message("元（總試務中心得要求檢具繳費收據正本）。")
            _text(canvas, x, y, str(note), size=10)
            _gloss(canvas, content, x, y, note)
        elif reason == RefundReason.OTHER:
            note = Message("（須檢具相關證明文件，並由主辦單位決定是否退費）")
            y -= 21 if content.language == "en" else 15
            draw_text(canvas, LEFT + 30, y, str(note), 10, colour=INK_SOFT)
            _gloss(canvas, content, LEFT + 38, y, note)
    y -= 32
    draw_text(canvas, LEFT + 24, y, N_("此致"), _SIZE)
    _gloss(canvas, content, LEFT + 24, y, Message("此致"))
    y -= 24
    draw_text(canvas, LEFT, y, _ADDRESSEE, 14, bold=True)
    _gloss(canvas, content, LEFT, y - 1, Message(_ADDRESSEE))
    return y


def _draw_applicant(canvas: Canvas, content: FormContent, top: float) -> float:
    y = top - 38
    rows = (
        (Message("申請人姓名"), content.applicant_name, Message("（簽名或蓋章）")),
        (Message("身分證統一編號"), content.id_number, None),
        (Message("匯票受款人"), content.payee_name, None),
        (Message("收件地址"), content.address, None),
        (Message("電話（手機）"), content.phone, None),
    )
    for label, value, note in rows:
        draw_text(canvas, LEFT, y, str(Message("%(label)s：", {"label": label})), _SIZE)
        _gloss(canvas, content, LEFT, y, label)
        start, end = LEFT + 110, RIGHT - (100 if note else 0)
        size = fitting_size(value, _SIZE, end - start - 4)
        draw_text(canvas, start + 4, y, value, size)
        draw_line(canvas, start, y - 4, end, y - 4)
        if note:
            draw_text(canvas, end + 6, y, str(note), 10, colour=INK_SOFT)
            _gloss(canvas, content, end + 12, y, note)
        y -= 27
    draw_text(canvas, LEFT, y, str(Message("%(label)s：", {"label": Message("申請日期")})), _SIZE)
    _gloss(canvas, content, LEFT, y, Message("申請日期"))
    x = _text(canvas, LEFT + 110, y, N_("民國"))
    _gloss(canvas, content, LEFT + 110, y, Message("民國"))
    day = content.applied_on
    parts = (str(day.year - 1911), str(day.month), str(day.day)) if day else ("", "", "")
    for value, unit in zip(parts, (N_("年"), N_("月"), N_("日")), strict=True):
        x = _blank(canvas, x, y, value, 36)
        x = _text(canvas, x, y, unit)
    return y


def _draw_notes(canvas: Canvas, content: FormContent, top: float) -> None:
    last = content.apply_by
    until: object = Message("（最後一天是%(day)s）", {"day": format_roc_long(last)}) if last else ""
    send = Message(
        "請將本申請書於各梯次認證當月底前%(until)s與需檢附之相關證明文件，以掛號郵寄至"
        "「%(mailbox)s 收」，郵戳為憑，逾期不予受理。",
        {"until": until, "mailbox": content.mailbox},
    )
    said = partial(translate_for, content.language)
    mark = str(said(Message("注意事項：")))
    size = 10 if content.language != "en" else 8.5
    notes = [
        Block(str(said(send)), size, mark=mark, mark_width=52),
        Block(str(said(Message("費用以郵政匯票方式退還，不得要求其他受款方式。"))), size, mark_width=52),
    ]
    draw_line(canvas, LEFT, top - 22, RIGHT, top - 22)
    bottom = draw_stack(canvas, notes, LEFT, top - 30, WIDTH, 2)
    publisher = f"{content.organiser}　{content.implementer}"
    draw_text(canvas, PAGE_WIDTH / 2, min(MARGIN, bottom - 12), publisher, 8, colour=INK_SOFT, align="centre")


def _gloss(canvas: Canvas, content: FormContent, x: float, y: float, text: Message) -> None:
    """Put the English of a text in small print under it, for an English reader."""
    if content.language == "en":
        draw_text(canvas, x, y - 10, str(translate_for("en", text)), 6, colour=INK_SOFT)


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
