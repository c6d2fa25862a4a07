"""The list for buying and posting money orders (郵政匯票, 玖、二): as a sheet, and to be signed on paper."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from reportlab.pdfgen.canvas import Canvas

from app.core.money import format_twd
from app.core.pdf.canvas import INDIGO, INK, INK_SOFT, draw_line, draw_text, open_pdf
from app.core.pdf.flow import fit
from app.core.pdf.frame import CONTENT_BOTTOM, CONTENT_TOP, CONTENT_WIDTH, LEFT, RIGHT, Frame, draw_frame
from app.core.roc_dates import format_roc

_ROW_HEIGHT: Final = 26
_ROWS_PER_PAGE: Final = int((CONTENT_TOP - CONTENT_BOTTOM - 60) // _ROW_HEIGHT)
# Heading, width of the sheet's column in characters, share of the page's width.
_COLUMNS: Final = (
    ("案號", 10, 0.09),
    ("受款人", 16, 0.14),
    ("收件地址", 48, 0.37),
    ("電話", 16, 0.15),
    ("金額", 10, 0.10),
    ("匯票號碼", 18, 0.15),
)


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """One money order to be bought.

    :ivar pay_by: last day on which it is posted; None: not fixed
    """

    number: str
    payee_name: str
    address: str
    phone: str
    amount_twd: int
    round_name: str
    pay_by: date | None

    @property
    def cells(self) -> tuple[str, str, str, str, str, str]:
        """The printed columns; the number of the money order is written by hand."""
        return self.number, self.payee_name, self.address, self.phone, format_twd(self.amount_twd), ""


def build_payout_sheet(rows: Sequence[PayoutRow]) -> bytes:
    """Return the list as an .xlsx file; what people have written is text and never a formula."""
    book = Workbook()
    sheet = cast(Worksheet, book.active)
    sheet.title = "退費匯票清單"
    headings = [heading for heading, _width, _share in _COLUMNS] + ["梯次", "最遲寄出日"]
    sheet.append(headings)
    for index, width in enumerate([*(width for _h, width, _s in _COLUMNS), 20, 14], start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.cell(1, index).font = Font(bold=True)
    for number, row in enumerate(rows, start=2):
        pay_by = format_roc(row.pay_by) if row.pay_by else ""
        texts = (row.number, row.payee_name, row.address, row.phone, None, "", row.round_name, pay_by)
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(number, column)
            cell.value = row.amount_twd if text is None else text
            if text is not None:
                cell.data_type = "s"
                cell.number_format = "@"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def build_payout_pdf(frame: Frame, rows: Sequence[PayoutRow]) -> bytes:
    """Return the list as a PDF with a line for each signature that it needs."""
    pages = [rows[start : start + _ROWS_PER_PAGE] for start in range(0, len(rows), _ROWS_PER_PAGE)] or [()]
    total = sum(row.amount_twd for row in rows)
    with open_pdf(title=frame.title, author=frame.implementer, created_at=frame.issued_at) as pdf:
        for number, page in enumerate(pages, start=1):
            draw_frame(pdf.canvas, frame, page=number, pages=len(pages))
            y = _draw_rows(pdf.canvas, page)
            if number == len(pages):
                _draw_end(pdf.canvas, y, len(rows), total)
            pdf.canvas.showPage()
    return pdf.content


def _draw_rows(canvas: Canvas, rows: Sequence[PayoutRow]) -> float:
    y: float = CONTENT_TOP - 14
    _draw_cells(canvas, y, tuple(heading for heading, _w, _s in _COLUMNS), heading=True)
    draw_line(canvas, LEFT, y - 6, RIGHT, y - 6, colour=INDIGO, weight=1)
    y -= 8
    for row in rows:
        y -= _ROW_HEIGHT
        _draw_cells(canvas, y + 11, row.cells)
        draw_line(canvas, LEFT, y, RIGHT, y)
    return y


def _draw_cells(canvas: Canvas, y: float, texts: Sequence[str], *, heading: bool = False) -> None:
    x = LEFT
    for text, (_heading, _width, share) in zip(texts, _COLUMNS, strict=True):
        room = CONTENT_WIDTH * share
        size, lines = fit(text, 9, room - 8, 22, smallest=4) if text else (9, ())
        top = y + (len(lines) - 1) * size * 0.55
        for line in lines:
            draw_text(canvas, x + 2, top, line, size, bold=heading, colour=INK_SOFT if heading else INK)
            top -= size * 1.1
        x += room


def _draw_end(canvas: Canvas, y: float, count: int, total: int) -> None:
    draw_text(canvas, RIGHT, y - 18, f"共 {count} 件，合計 {format_twd(total)}", 11, bold=True, align="right")
    for index, role in enumerate(("製表", "覆核", "主管")):
        x = LEFT + index * CONTENT_WIDTH / 3
        draw_text(canvas, x, y - 44, f"{role}：", 10)
        draw_line(canvas, x + 34, y - 47, x + CONTENT_WIDTH / 3 - 16, y - 47)
