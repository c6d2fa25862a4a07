"""Sheets written row by row, so that memory does not grow with them: .xlsx, .ods, or CSV in a zip."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Final
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from app.core.messages import Message

_PIECE: Final = 65536

Cell = str | int | None
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """:ivar width: in characters
    :ivar summed: whether its sum stands at the foot
    """

    heading: str
    width: int = 14
    summed: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; its rows are taken once, one at a time."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row]

    def lines(self) -> Iterator[tuple[Row, bool]]:
        """Yield every line and whether it is bold: headings, rows, and the sums under them."""
        yield [column.heading for column in self.columns], True
        sums = [0 if column.summed else None for column in self.columns]
        for row in self.rows:
            for number, value in enumerate(row):
                before = sums[number]
                if before is not None and isinstance(value, int):
                    sums[number] = before + value
            yield row, False
        yield [("合計" if number == 0 else total) for number, total in enumerate(sums)], True


@dataclass(frozen=True, slots=True)
class Format:
    """How sheets are written, and what the file is called in an answer."""

    label: Message
    suffix: str
    mimetype: str
    write: Callable[[Iterable[Sheet], IO[bytes]], None]


def write_sheets(sheets: Iterable[Sheet], file_format: Format) -> IO[bytes]:
    """Return an open temporary file that holds the sheets, to be read from its beginning."""
    file = TemporaryFile()  # noqa: SIM115 - who sends it closes it
    file_format.write(sheets, file)
    file.seek(0)
    return file


def in_pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what an open file holds, and close it at the end."""
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _xlsx(sheets: Iterable[Sheet], file: IO[bytes]) -> None:
    book = Workbook(write_only=True)
    bold = Font(bold=True)
    for sheet in sheets:
        written = book.create_sheet(sheet.name)
        written.freeze_panes = "A2"
        for number, column in enumerate(sheet.columns, start=1):
            written.column_dimensions[get_column_letter(number)].width = column.width
        for row, is_bold in sheet.lines():
            cells = [WriteOnlyCell(written, value) for value in row]
            for cell in cells:
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # never a formula, whatever it begins with (security.md 11.3)
                if is_bold:
                    cell.font = bold
            written.append(cells)
    book.save(file)


def _ods(sheets: Iterable[Sheet], file: IO[bytes]) -> None:
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        package.writestr("mimetype", _ODS_TYPE, ZIP_STORED)  # first and plain: programs look for it there
        package.writestr("META-INF/manifest.xml", _MANIFEST)
        with package.open("content.xml", "w", force_zip64=True) as content:
            content.write(_ODS_HEAD.encode())
            for sheet in sheets:
                content.write(_ods_table_head(sheet).encode())
                for row, is_bold in sheet.lines():
                    content.write(_ods_row(row, bold=is_bold).encode())
                content.write(b"</table:table>")
            content.write(_ODS_FOOT.encode())


def _ods_table_head(sheet: Sheet) -> str:
    columns = "".join(f'<table:table-column table:style-name="w{column.width}"/>' for column in sheet.columns)
    return f"<table:table table:name={quoteattr(sheet.name)}>{columns}"


def _ods_row(row: Row, *, bold: bool) -> str:
    style = ' table:style-name="bold"' if bold else ""
    return f"<table:table-row>{''.join(_ods_cell(value, style) for value in row)}</table:table-row>"


def _ods_cell(value: Cell, style: str) -> str:
    if value is None or value == "":
        return f"<table:table-cell{style}/>"
    if isinstance(value, int):
        kind = f'office:value-type="float" office:value="{value}"'
        return f"<table:table-cell{style} {kind}><text:p>{value}</text:p></table:table-cell>"
    text = escape("".join(character for character in value if character >= " "))
    return f'<table:table-cell{style} office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def _csv(sheets: Iterable[Sheet], file: IO[bytes]) -> None:
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for sheet in sheets:
            with (
                package.open(f"{sheet.name}.csv", "w", force_zip64=True) as entry,
                # With its mark Excel knows the file for UTF-8.
                io.TextIOWrapper(entry, "utf-8-sig", newline="") as text,
            ):
                writer = csv.writer(text)
                for row, _bold in sheet.lines():
                    writer.writerow([_harmless(value) for value in row])


def _harmless(value: Cell) -> Cell:
    """Return a cell that Excel does not compute: an apostrophe makes it text again (security.md 11.3)."""
    dangerous = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if dangerous else value


_ODS_TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_OASIS: Final = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_WIDTHS: Final = range(8, 61)
_ODS_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<office:document-content xmlns:office="{_OASIS}:office:1.0" xmlns:table="{_OASIS}:table:1.0"'
    f' xmlns:text="{_OASIS}:text:1.0" xmlns:style="{_OASIS}:style:1.0"'
    f' xmlns:fo="{_OASIS}:xsl-fo-compatible:1.0" office:version="1.2"><office:automatic-styles>'
    '<style:style style:name="bold" style:family="table-cell"><style:text-properties fo:font-weight="bold"'
    ' style:font-weight-asian="bold"/></style:style>'
    + "".join(
        f'<style:style style:name="w{width}" style:family="table-column"><style:table-column-properties'
        f' style:column-width="{width * 0.2:.1f}cm"/></style:style>'
        for width in _WIDTHS
    )
    + "</office:automatic-styles><office:body><office:spreadsheet>"
)
_ODS_FOOT: Final = "</office:spreadsheet></office:body></office:document-content>"

FORMATS: Final = {
    "xlsx": Format(
        Message("Excel（.xlsx）"),
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _xlsx,
    ),
    "ods": Format(Message("LibreOffice（.ods）"), "ods", _ODS_TYPE, _ods),
    "csv": Format(Message("CSV（每張表一個檔案，.zip）"), "zip", "application/zip", _csv),
}
