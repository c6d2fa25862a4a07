"""The list that goes with a batch to the post office, on paper to be stamped, and as a sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final, cast

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from reportlab.pdfgen.canvas import Canvas

from app.core.messages import Message
from app.core.pdf.canvas import INDIGO, INK, INK_SOFT, draw_line, draw_text, open_pdf
from app.core.pdf.flow import fit
from app.core.pdf.frame import CONTENT_BOTTOM, CONTENT_TOP, CONTENT_WIDTH, LEFT, RIGHT, Frame, draw_frame
from app.mailings.parcel_row import ParcelRow

_ROW_HEIGHT: Final = 24
ROWS_PER_PAGE: Final = int((CONTENT_TOP - CONTENT_BOTTOM - 110) // _ROW_HEIGHT)
# Heading and share of the page's width, as in the post office's own form.
_PRINTED: Final = (
    (Message("順序"), 0.07),
    (Message("掛號號碼"), 0.17),
    (Message("收件人姓名"), 0.22),
    (Message("寄達地址"), 0.35),
    (Message("郵資"), 0.08),
    (Message("備註"), 0.11),
)
# Heading and width of the sheet's column in characters.
_COLUMNS: Final = (
    (Message("標籤編號"), 10),
    (Message("掛號號碼"), 18),
    (Message("郵遞區號"), 10),
    (Message("地址"), 48),
    (Message("單位"), 24),
    (Message("收件人"), 14),
    (Message("內容"), 16),
    (Message("考生"), 40),
)


def build_posting_list(frame: Frame, rows: Sequence[ParcelRow], *, sender: str) -> bytes:
    """Return the list as a PDF, with the sender on every page and room for the stamp on the last."""
    pages = [rows[start : start + ROWS_PER_PAGE] for start in range(0, len(rows), ROWS_PER_PAGE)] or [()]
    with open_pdf(title=frame.title, author=frame.implementer, created_at=frame.issued_at) as pdf:
        for number, page in enumerate(pages, start=1):
            draw_frame(pdf.canvas, frame, page=number, pages=len(pages))
            y = _draw_rows(pdf.canvas, page, sender)
            if number == len(pages):
                _draw_end(pdf.canvas, y, len(rows))
            pdf.canvas.showPage()
    return pdf.content


def build_posting_sheet(rows: Sequence[ParcelRow]) -> bytes:
    """Return the list as an .xlsx file; what people have written is text and never a formula."""
    book = Workbook()
    sheet = cast(Worksheet, book.active)
    sheet.title = str(Message("郵寄清單"))
    sheet.append([str(heading) for heading, _width in _COLUMNS])
    for index, (_heading, column_width) in enumerate(_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column_width
        sheet.cell(1, index).font = Font(bold=True)
    for number, row in enumerate(rows, start=2):
        for column, text in enumerate(_cells(row), start=1):
            cell = sheet.cell(number, column)
            cell.value = text
            cell.data_type = "s"
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cells(row: ParcelRow) -> tuple[str, ...]:
    return (
        row.code,
        row.registered_number,
        row.zip_code,
        row.address,
        row.organisation,
        row.recipient,
        row.contents,
        row.names,
    )


def _draw_rows(canvas: Canvas, rows: Sequence[ParcelRow], sender: str) -> float:
    y: float = CONTENT_TOP - 10
    draw_text(canvas, LEFT, y, str(Message("寄件人：%(sender)s", {"sender": sender})), 9)
    y -= 22
    _draw_cells(canvas, y, [str(heading) for heading, _share in _PRINTED], heading=True)
    draw_line(canvas, LEFT, y - 6, RIGHT, y - 6, colour=INDIGO, weight=1)
    y -= 8
    for row in rows:
        y -= _ROW_HEIGHT
        name = f"{row.organisation}　{row.recipient}" if row.organisation else row.recipient
        address = f"{row.zip_code} {row.address}"
        _draw_cells(
            canvas, y + 9, (str(row.position), row.registered_number, name, address, "", row.contents)
        )
        draw_line(canvas, LEFT, y, RIGHT, y)
    return y


def _draw_cells(canvas: Canvas, y: float, texts: Sequence[str], *, heading: bool = False) -> None:
    x = LEFT
    for text, (_heading, share) in zip(texts, _PRINTED, strict=True):
        room = CONTENT_WIDTH * share
        size, lines = fit(text, 9, room - 8, 22, smallest=3) if text else (9, ())
        top = y + (len(lines) - 1) * size * 0.55
        for line in lines:
            draw_text(canvas, x + 2, top, line, size, bold=heading, colour=INK_SOFT if heading else INK)
            top -= size * 1.1
        x += room


def _draw_end(canvas: Canvas, y: float, count: int) -> None:
    total = str(Message("共 %(count)s 件", {"count": count}))
    draw_text(canvas, RIGHT, y - 18, total, 11, bold=True, align="right")
    places = (Message("交寄人："), Message("經辦員："), Message("郵局郵戳："))
    for index, place in enumerate(places):
        x = LEFT + index * CONTENT_WIDTH / 3
        draw_text(canvas, x, y - 50, str(place), 10)
        draw_line(canvas, x + 50, y - 53, x + CONTENT_WIDTH / 3 - 14, y - 53)
