"""The list of those who passed, for the council's two sites (R152): ticket number, masked name, level."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

HEADINGS = ("准考證號碼", "姓名", "合格級別", "腔調", "考區")
_SHEET = "合格名單"

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format of the list: how it is written, and what it is called in an answer."""

    write: Callable[[Iterable[Row]], bytes]
    mimetype: str


def _xlsx(rows: Iterable[Row]) -> bytes:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_SHEET)
    for row in (HEADINGS, *rows):
        cells = [WriteOnlyCell(sheet, value) for value in row]
        for cell in cells:
            # Text stays text: nothing that begins with an equals sign becomes a formula (security.md 11.3).
            cell.data_type = "s"
        sheet.append(cells)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _ods(rows: Iterable[Row]) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name=_SHEET)
    for row in (HEADINGS, *rows):
        line = TableRow()
        for value in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()


def _csv(rows: Iterable[Row]) -> bytes:
    file = io.StringIO(newline="")
    # A leading sign would make Excel compute the cell; an apostrophe makes it text again.
    csv.writer(file).writerows(
        [f"'{value}" if value.startswith(("=", "+", "-", "@")) else value for value in row]
        for row in (HEADINGS, *rows)
    )
    # With its mark Excel knows the file for UTF-8.
    return file.getvalue().encode("utf-8-sig")


FORMATS = {
    "xlsx": Format(_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": Format(_ods, "application/vnd.oasis.opendocument.spreadsheet"),
    "csv": Format(_csv, "text/csv; charset=utf-8"),
}
