"""The score report: what was reached on the first page, the form for a re-check on the back (R153, R156)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain

from reportlab.pdfgen.canvas import Canvas

from app.core.messages import N_, Message, Wording
from app.core.pdf.canvas import (
    INDIGO,
    INK_SOFT,
    WASH,
    Align,
    draw_line,
    draw_qr,
    draw_text,
    fill_box,
    fitting_size,
    open_pdf,
)
from app.core.pdf.flow import Block, draw_stack, fit
from app.core.pdf.frame import CONTENT_BOTTOM, CONTENT_TOP, CONTENT_WIDTH, LEFT, RIGHT, Frame, draw_frame
from app.core.pdf.labels import bilingual, in_language
from app.core.translation import translate_for
from app.results.recheck_form import draw_recheck_form

DOCUMENT_TITLE = N_("成績單")

_LABEL_SIZE = 8
_IDENTITY_ROW = 40
_RESULT_HEIGHT = 74
_TABLE_ROW = 26
_QR_SIDE = 84
# 測驗類型 and 滿分; what is left is shared by the levels' thresholds and the points reached.
_FIRST_COLUMNS = (0.26, 0.14)
_LAST_COLUMN = 0.2


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part: what it is worth, what each level asks for, what was reached; finished text."""

    name: str
    full: str
    thresholds: tuple[str, ...]
    reached: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """Everything one score report says, as finished text.

    :ivar level_names: the levels of the round, the higher first; `totals` and thresholds in the same order
    :ivar deducted: what was taken from the total, e.g. ``−1``; empty: nothing
    :ivar outcome: e.g. ``初級合格``
    :ivar incidents: what was recorded in the exam room, with clause and cost
    :ivar recheck_until: last day to send the form
    """

    organiser: str
    implementer: str
    office_name: str
    office_address: str
    office_phones: tuple[str, ...]

    exam_title: str
    round_name: str
    test_date: str
    area: str
    dialect: str

    ticket_number: str
    name: str
    masked_id_number: str

    level_names: tuple[str, ...]
    parts: tuple[PartLine, ...]
    totals: tuple[str, ...]
    full_total: str
    deducted: str
    total: str
    outcome: str
    incidents: tuple[str, ...]
    notes: tuple[str, ...]
    recheck_until: str
    mailbox: str

    version: int
    issued_at: datetime
    verification_url: str
    language: str = "zh"

    def __post_init__(self) -> None:
        if "*" not in self.masked_id_number:
            raise ValueError("a score report carries the masked identity number only")


def build_reports(contents: Iterable[ReportContent]) -> bytes:
    """Return one PDF with two pages per report, in the order given; the reports are taken one at a time.

    :raises ValueError: if there is no report, or a text is too long for its place
    """
    reports = iter(contents)
    first = next(reports, None)
    if first is None:
        raise ValueError("no score report to draw")
    title = f"{first.exam_title} {DOCUMENT_TITLE}"
    with open_pdf(title=title, author=first.office_name, created_at=first.issued_at) as pdf:
        for report in chain([first], reports):
            _draw_first_page(pdf.canvas, report)
            _draw_second_page(pdf.canvas, report)
    return pdf.content


def _draw_first_page(canvas: Canvas, report: ReportContent) -> None:
    draw_frame(canvas, _frame(report, DOCUMENT_TITLE), page=1, pages=2)
    draw_text(canvas, RIGHT, CONTENT_TOP + 20, report.ticket_number, 18, bold=True, align="right")
    y = _draw_identity(canvas, report, CONTENT_TOP)
    y = _draw_result(canvas, report, y - 10)
    y = _draw_table(canvas, report, y - 18)
    _draw_notes(canvas, report, y - 18)
    _draw_code(canvas, report)
    canvas.showPage()


def _draw_second_page(canvas: Canvas, report: ReportContent) -> None:
    draw_frame(canvas, _frame(report, N_("成績複查申請表")), page=2, pages=2)
    values = {"outcome": report.outcome, "total": report.total}
    facts = (
        (N_("姓名"), report.name),
        (N_("准考證號碼"), report.ticket_number),
        (N_("報考梯次"), f"{report.round_name}　{report.test_date}"),
        (N_("報考腔調"), report.dialect),
        (N_("原成績"), str(Message("%(outcome)s　總分 %(total)s", values))),
    )
    draw_recheck_form(
        canvas, facts, until=report.recheck_until, mailbox=report.mailbox, language=report.language
    )
    canvas.showPage()


def _frame(report: ReportContent, title: str) -> Frame:
    return Frame(
        organiser=report.organiser,
        implementer=report.implementer,
        exam_title=report.exam_title,
        title=title,
        office_name=report.office_name,
        office_address=report.office_address,
        office_phones=report.office_phones,
        version=report.version,
        issued_at=report.issued_at,
        language=report.language,
    )


def _draw_identity(canvas: Canvas, report: ReportContent, top: float) -> float:
    rows = (
        ((N_("姓名"), report.name, 18, 0.42), (N_("身分證統一編號"), report.masked_id_number, 12, 0.29),
         (N_("報考腔調"), report.dialect, 12, 0.29)),
        ((N_("報考梯次"), report.round_name, 12, 0.42), (N_("認證日期"), report.test_date, 12, 0.29),
         (N_("報考考區"), report.area, 12, 0.29)),
    )  # fmt: skip
    for row in rows:
        x = LEFT
        for label, value, size, share in row:
            room = share * CONTENT_WIDTH
            _draw_label(canvas, x, top - 14, bilingual(report.language, label, value), room - 8)
            fitted, lines = fit(value, size, room - 8, _IDENTITY_ROW - 16)
            for number, line in enumerate(lines):
                y = top - 18 - 0.88 * fitted - number * fitted * 1.2
                draw_text(canvas, x, y, line, fitted, bold=size > 12)
            x += room
        top -= _IDENTITY_ROW
        draw_line(canvas, LEFT, top, RIGHT, top)
    return top


def _draw_result(canvas: Canvas, report: ReportContent, top: float) -> float:
    """The answer, in print that is read across a room."""
    bottom = top - _RESULT_HEIGHT
    fill_box(canvas, LEFT, bottom, CONTENT_WIDTH, _RESULT_HEIGHT, WASH)
    middle = LEFT + CONTENT_WIDTH / 2
    for x, label, value in ((LEFT + 14, N_("認證結果"), report.outcome), (middle, N_("總分"), report.total)):
        _draw_label(canvas, x, top - 18, bilingual(report.language, label, value), CONTENT_WIDTH / 2 - 20)
        draw_text(canvas, x, bottom + 17, value, 34, bold=True, colour=INDIGO)
    return bottom


def _draw_label(canvas: Canvas, x: float, y: float, label: str, room: float) -> None:
    draw_text(canvas, x, y, label, fitting_size(label, _LABEL_SIZE, room), colour=INK_SOFT)


def _draw_table(canvas: Canvas, report: ReportContent, top: float) -> float:
    said = partial(bilingual, report.language)
    thresholds = [Message("%(level)s通過門檻", {"level": name}) for name in report.level_names]
    columns = [Wording(str(each), each) for each in thresholds]
    headings = (
        said(N_("測驗類型")),
        said(N_("滿分")),
        *(_both(report, each) for each in columns),
        said(N_("得分")),
    )
    rows = [(_both(report, line.name), line.full, *line.thresholds, line.reached) for line in report.parts]
    blanks = ("",) * (len(report.level_names) + 1)
    if report.deducted:
        rows.append((said(N_("試場違規扣分")), *blanks, report.deducted))
    rows.append((said(N_("總分")), report.full_total, *report.totals, report.total))
    edges = _right_edges(len(report.level_names))
    _draw_table_row(canvas, headings, edges, top, bold=True)
    draw_line(canvas, LEFT, top - _TABLE_ROW, RIGHT, top - _TABLE_ROW, colour=INDIGO, weight=1)
    for row in rows:
        top -= _TABLE_ROW
        _draw_table_row(canvas, row, edges, top, bold=row is rows[-1])
        draw_line(canvas, LEFT, top - _TABLE_ROW, RIGHT, top - _TABLE_ROW)
    return top - _TABLE_ROW


def _both(report: ReportContent, text: str) -> str:
    """Return a text with its English after it, for an English reader."""
    said = str(translate_for(report.language, text))
    return text if said == text else f"{text}  {said}"


def _right_edges(levels: int) -> list[float]:
    """Return where each column ends; the first is written from its left."""
    rest = (1 - sum(_FIRST_COLUMNS) - _LAST_COLUMN) / max(levels, 1)
    edges, share = [], 0.0
    for column in (*_FIRST_COLUMNS, *[rest] * levels):
        share += column
        edges.append(LEFT + share * CONTENT_WIDTH)
    return [*edges, RIGHT]


def _draw_table_row(
    canvas: Canvas, cells: tuple[str, ...], edges: list[float], top: float, *, bold: bool
) -> None:
    y = top - _TABLE_ROW + 9
    left: Align = "left"
    right: Align = "right"
    for number, (cell, edge) in enumerate(zip(cells, edges, strict=True)):
        x, align = (edge - 6, right) if number else (LEFT, left)
        # English stands in small print under its Chinese.
        text, _, english = cell.partition("  ")
        draw_text(canvas, x, y + 3 if english else y, text, 11, bold=bold, align=align)
        if english:
            draw_text(canvas, x, y - 5, english, 7, colour=INK_SOFT, align=align)


def _draw_notes(canvas: Canvas, report: ReportContent, top: float) -> None:
    if report.incidents:
        top = (
            _draw_list(
                canvas, bilingual(report.language, N_("試場違規紀錄")), report.incidents, top, numbered=False
            )
            - 12
        )
    _draw_list(canvas, bilingual(report.language, N_("說明")), report.notes, top, numbered=True)


def _draw_list(canvas: Canvas, title: str, texts: tuple[str, ...], top: float, *, numbered: bool) -> float:
    blocks = [Block(title, 10, bold=True, colour=INDIGO)]
    for number, text in enumerate(texts, start=1):
        blocks.append(Block(text, 9, mark=f"{number}." if numbered else "・", mark_width=14))
    return draw_stack(canvas, blocks, LEFT, top, CONTENT_WIDTH, gap=3)


def _draw_code(canvas: Canvas, report: ReportContent) -> None:
    y = CONTENT_BOTTOM + 18
    draw_qr(canvas, RIGHT - _QR_SIDE, y, _QR_SIDE, report.verification_url)
    caption = in_language(report.language, N_("掃描此碼，可查驗本成績單真偽"))
    draw_text(canvas, RIGHT, CONTENT_BOTTOM + 5, caption, 7, colour=INK_SOFT, align="right")
