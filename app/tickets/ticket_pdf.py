"""The admission ticket: one A4 page per candidate (拾、准考證; R131, R136, R181)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from app.core.messages import N_
from app.core.pdf.canvas import (
    INK,
    INK_SOFT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    WASH,
    draw_line,
    draw_qr,
    draw_text,
    fill_box,
    fitting_size,
    open_pdf,
    width,
)
from app.core.pdf.flow import fit
from app.core.pdf.frame import CONTENT_BOTTOM, CONTENT_TOP, CONTENT_WIDTH, LEFT, RIGHT, Frame, draw_frame
from app.core.pdf.labels import bilingual, in_language
from app.tickets.ticket_rules_panel import QR_CAPTION_HEIGHT, QR_SIDE, Panel, draw_panel, draw_rules_page
from app.tickets.ticket_texts import (
    CANDIDATE_NOTES,
    DEVICE_DEDUCTIONS,
    EXAM_ROOM_RULES,
    DeviceDeduction,
    RoomRule,
)

DOCUMENT_TITLE = N_("准考證")

_LABEL_SIZE = 8
_VALUE_LEADING = 1.15
_IDENTITY_TOP = CONTENT_TOP
_IDENTITY_ROWS = (45, 36)
_PLACE_TOP = _IDENTITY_TOP - sum(_IDENTITY_ROWS) - 8
_PLACE_ROWS = (46, 52, 70, 46)
_PANEL_TOP = _PLACE_TOP - sum(_PLACE_ROWS) - 14
_PADDING = 10


class Field(NamedTuple):
    """A value under its label: the size it has when there is room, and its share of the row's width."""

    label: str
    value: str
    size: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketContent:
    """Everything one ticket says, as finished text: nothing is looked up or formatted while drawing.

    :ivar exam_title: e.g. ``112 年度客語能力基礎級暨初級認證``
    :ivar masked_id_number: e.g. ``A******789``; a number without a mask is refused with ValueError
    :ivar birth_date: in full, e.g. ``民國 93 年 9 月 2 日``
    :ivar levels: e.g. ``基礎級暨初級``
    :ivar round_name: e.g. ``全國認證第一梯次``
    :ivar area: 考區, e.g. ``臺北考區``
    :ivar test_date: e.g. ``112 年 9 月 2 日（六）``
    :ivar venue_name: 試區, e.g. ``國立臺灣師範大學``
    :ivar exam_room: 試場, e.g. ``第 03 試場``
    :ivar slot: 場次, e.g. ``第 2 場``
    :ivar entry_time: e.g. ``09:40``
    :ivar test_time: e.g. ``10:00–10:40``
    :ivar arrangement: what is provided on the day, e.g. ``可使用助聽器``, never why; None: nothing
    :ivar version: 1 for the first issue, one more for each correction (Q6)
    :ivar issued_at: aware instant of this version
    :ivar verification_url: what the QR code says; carries no personal data
    """

    organiser: str
    implementer: str
    office_name: str
    office_address: str
    office_phones: tuple[str, ...]

    exam_title: str
    round_name: str
    levels: str
    dialect: str
    area: str

    ticket_number: str
    name: str
    masked_id_number: str
    birth_date: str

    test_date: str
    venue_name: str
    venue_address: str
    exam_room: str
    slot: str
    seat_number: str
    entry_time: str
    test_time: str

    version: int
    issued_at: datetime
    verification_url: str

    arrangement: str | None = None
    # ``en``: English beside the Chinese, and the rules in English on a second page.
    language: str = "zh"
    notes: tuple[str, ...] = CANDIDATE_NOTES
    room_rules: tuple[RoomRule, ...] = EXAM_ROOM_RULES
    device_deductions: tuple[DeviceDeduction, ...] = DEVICE_DEDUCTIONS

    def __post_init__(self) -> None:
        if "*" not in self.masked_id_number:
            raise ValueError("a ticket carries the masked identity number only")


def build_ticket(content: TicketContent) -> bytes:
    """Return the ticket as a PDF of exactly one page; in English of two."""
    return build_tickets([content])


def build_tickets(contents: Iterable[TicketContent]) -> bytes:
    """Return one PDF with a page per ticket (in English two) in the order given, taken one at a time.

    :raises ValueError: if there is no ticket, or a text is too long for its place
    """
    tickets = iter(contents)
    first = next(tickets, None)
    if first is None:
        raise ValueError("no ticket to draw")
    title = f"{first.exam_title} {DOCUMENT_TITLE}"
    with open_pdf(title=title, author=first.office_name, created_at=first.issued_at) as pdf:
        panels: dict[Panel, str] = {}
        for ticket in chain([first], tickets):
            _draw_page(pdf.canvas, ticket, panels)
    return pdf.content


def _draw_page(canvas: Canvas, ticket: TicketContent, panels: dict[Panel, str]) -> None:
    pages = 2 if ticket.language == "en" else 1
    draw_frame(canvas, _frame(ticket), pages=pages)
    _draw_ticket_number(canvas, ticket)
    _draw_identity(canvas, ticket)
    _draw_time_and_place(canvas, ticket)
    canvas.doForm(_panel_form(canvas, ticket, panels, "zh"))
    _draw_code(canvas, ticket)
    canvas.showPage()
    if pages > 1:
        draw_frame(canvas, _frame(ticket), page=2, pages=pages)
        canvas.doForm(_panel_form(canvas, ticket, panels, "en"))
        canvas.showPage()


def _frame(ticket: TicketContent) -> Frame:
    return Frame(
        organiser=ticket.organiser,
        implementer=ticket.implementer,
        exam_title=ticket.exam_title,
        title=DOCUMENT_TITLE,
        office_name=ticket.office_name,
        office_address=ticket.office_address,
        office_phones=ticket.office_phones,
        version=ticket.version,
        issued_at=ticket.issued_at,
        language=ticket.language,
    )


def _draw_ticket_number(canvas: Canvas, ticket: TicketContent) -> None:
    y = CONTENT_TOP + 20
    draw_text(canvas, RIGHT, y, ticket.ticket_number, 20, bold=True, align="right")
    left_of_number = RIGHT - width(ticket.ticket_number, 20) - 8
    label = bilingual(ticket.language, N_("准考證號碼"))
    draw_text(canvas, left_of_number, y, label, _LABEL_SIZE, colour=INK_SOFT, align="right")


def _draw_identity(canvas: Canvas, ticket: TicketContent) -> None:
    """Who sits which exam: name, number, birth date; area, dialect, level."""
    upper = [
        _field(ticket, N_("姓名"), ticket.name, 20, 0.46),
        _field(ticket, N_("身分證統一編號"), ticket.masked_id_number, 12, 0.25),
        _field(ticket, N_("出生日期"), ticket.birth_date, 12, 0.29),
    ]
    shares = (0.18, 0.14, 0.2) if ticket.arrangement else (0.46, 0.25, 0.29)
    lower = [
        _field(ticket, label, value, 12, share)
        for label, value, share in zip(
            (N_("報考考區"), N_("報考腔調"), N_("認證級別")),
            (ticket.area, ticket.dialect, ticket.levels),
            shares,
            strict=True,
        )
    ]
    if ticket.arrangement:
        lower.append(_field(ticket, N_("特殊需求服務"), ticket.arrangement, 12, 0.48))
    middle = _IDENTITY_TOP - _IDENTITY_ROWS[0]
    _draw_row(canvas, upper, LEFT, _IDENTITY_TOP, CONTENT_WIDTH, _IDENTITY_ROWS[0])
    draw_line(canvas, LEFT, middle, RIGHT, middle)
    _draw_row(canvas, lower, LEFT, middle, CONTENT_WIDTH, _IDENTITY_ROWS[1])


def _draw_time_and_place(canvas: Canvas, ticket: TicketContent) -> None:
    """When and where, in print that is read across a room."""
    rows = [
        [
            _field(ticket, N_("報考梯次"), ticket.round_name, 19, 0.52),
            _field(ticket, N_("認證日期"), ticket.test_date, 19, 0.48),
        ],
        [
            _field(ticket, N_("應試場次"), ticket.slot, 24, 0.28),
            _field(ticket, N_("進場時間"), ticket.entry_time, 24, 0.24),
            _field(ticket, N_("認證時間"), ticket.test_time, 24, 0.48),
        ],
        [
            _field(ticket, N_("應試試場"), ticket.exam_room, 42, 0.52),
            _field(ticket, N_("座號"), ticket.seat_number, 42, 0.48),
        ],
        [
            _field(ticket, N_("應試試區"), ticket.venue_name, 14, 0.52),
            _field(ticket, N_("試區地址"), ticket.venue_address, 11, 0.48),
        ],
    ]
    height = sum(_PLACE_ROWS)
    fill_box(canvas, LEFT, _PLACE_TOP - height, CONTENT_WIDTH, height, WASH)
    y = _PLACE_TOP
    for fields, row_height in zip(rows, _PLACE_ROWS, strict=True):
        _draw_row(canvas, fields, LEFT + _PADDING, y, CONTENT_WIDTH - 2 * _PADDING, row_height, bold=True)
        y -= row_height
        if y > _PLACE_TOP - height:
            draw_line(canvas, LEFT + _PADDING, y, RIGHT - _PADDING, y)


def _field(ticket: TicketContent, label: str, value: str, size: float, share: float) -> Field:
    return Field(bilingual(ticket.language, label, value), value, size, share)


def _draw_row(
    canvas: Canvas,
    fields: list[Field],
    left: float,
    top: float,
    available: float,
    height: float,
    *,
    bold: bool = False,
) -> None:
    x = left
    for field in fields:
        room = field.share * available
        _draw_field(canvas, field, x, top, room - _PADDING, height, bold=bold or field.size >= 20)
        x += room


def _draw_field(
    canvas: Canvas, field: Field, x: float, top: float, available: float, height: float, *, bold: bool
) -> None:
    """Draw the label in small grey and the value under it, in as many lines as it needs."""
    label_size = fitting_size(field.label, _LABEL_SIZE, available)
    draw_text(canvas, x, top - 5 - _LABEL_SIZE, field.label, label_size, colour=INK_SOFT)
    room = height - _LABEL_SIZE - 12
    size, lines = fit(field.value, field.size, available, room, leading=_VALUE_LEADING)
    pitch = size * _VALUE_LEADING
    # The lines stand in the middle of what the label leaves; glyphs reach 0.12 em below the baseline.
    y = top - _LABEL_SIZE - 7 - (room - len(lines) * pitch) / 2 - (pitch - size) / 2 - 0.88 * size
    for line in lines:
        draw_text(canvas, x, y, line, size, bold=bold, colour=INK)
        y -= pitch


def _panel_form(canvas: Canvas, ticket: TicketContent, panels: dict[Panel, str], language: str) -> str:
    """Return the name of the drawing with this ticket's rules, drawn once for all pages that share it."""
    panel = Panel(ticket.notes, ticket.room_rules, ticket.device_deductions, language)
    if panel not in panels:
        panels[panel] = f"rules{len(panels) + 1}"
        canvas.beginForm(panels[panel], 0, 0, PAGE_WIDTH, PAGE_HEIGHT)
        if language == "en":
            draw_rules_page(canvas, panel)
        else:
            draw_panel(canvas, panel, _PANEL_TOP)
        canvas.endForm()
    return panels[panel]


def _draw_code(canvas: Canvas, ticket: TicketContent) -> None:
    y = CONTENT_BOTTOM + QR_CAPTION_HEIGHT
    draw_qr(canvas, RIGHT - QR_SIDE, y, QR_SIDE, ticket.verification_url)
    caption = in_language(ticket.language, N_("掃描此碼，可查驗本准考證真偽"))
    draw_text(canvas, RIGHT, CONTENT_BOTTOM + 4, caption, 7, colour=INK_SOFT, align="right")
