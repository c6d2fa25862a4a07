"""Spreadsheets nobody should send: each built here in a few lines, small on disk, large in memory."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Iterable

import xlwt

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="{target}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
WORKBOOK = (
    f'<workbook {MAIN} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="團員名單" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Parts = dict[str, str | bytes]


def row(number: int, text: str = "黃大宏", column: str = "A") -> str:
    """Return one row of one cell as XML."""
    return f'<row r="{number}"><c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def parts_of_xlsx(rows: str, extra: str = "") -> Parts:
    """Return the parts of a smallest .xlsx whose one sheet has these rows."""
    return {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONSHIPS.format(target="xl/workbook.xml", kind="officeDocument"),
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": RELATIONSHIPS.format(target="worksheets/sheet1.xml", kind="worksheet"),
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{rows}</sheetData>{extra}</worksheet>",
    }


def packed(parts: Parts | Iterable[tuple[str | zipfile.ZipInfo, str | bytes]]) -> bytes:
    """Return the parts as a ZIP file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, body, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def xlsx(rows: str, extra: str = "") -> bytes:
    return packed(parts_of_xlsx(rows, extra))


def xlsx_with(**changes: str | bytes) -> bytes:
    """Return a harmless .xlsx with one part more or replaced; names are given in ``part`` and ``body``."""
    return packed(parts_of_xlsx(row(1)) | {str(changes["part"]): changes["body"]})


def far_cell() -> bytes:
    return xlsx(row(1) + row(1_048_576, column="XFD"))


def far_cell_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("團員名單")
    sheet.write(0, 0, "黃大宏")
    sheet.write(65_535, 255, "x")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def ods(rows: str) -> bytes:
    """Return a smallest .ods whose one sheet has these rows."""
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="團員名單">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": "<manifest/>"})


def ods_row(attributes: str = "") -> str:
    return (
        f"<table:table-row {attributes}>"
        '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    )


def million_rows() -> bytes:
    return xlsx(
        "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(1, 1_000_001))
    )


def unpacking_to(megabytes: int) -> bytes:
    return packed(parts_of_xlsx(row(1)) | {"xl/media/blank.bin": b" " * (megabytes << 20)})


def with_lying_size() -> bytes:
    """Return a ZIP whose directory says that its largest part unpacks to 10 bytes."""
    content = bytearray(unpacking_to(70))
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/media/blank.bin"))
    struct.pack_into("<L", content, entry + 24, 10)
    return bytes(content)


def overlapping() -> bytes:
    """Return a ZIP in which two entries of the directory point at the same part."""
    content = bytearray(packed(parts_of_xlsx(row(1)) | {"a.bin": b"x" * 100, "b.bin": b"x" * 100}))
    first = content.rindex(b"PK\x01\x02", 0, content.rindex(b"a.bin"))
    second = content.rindex(b"PK\x01\x02", 0, content.rindex(b"b.bin"))
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    return bytes(content)


def ole_with_stream(name: str) -> bytes:
    """Return the beginning of an OLE file whose directory names a stream."""
    return OLE_MAGIC + bytes(504) + f"{name}\0".encode("utf-16-le") + bytes(512)


def with_wrong_checksum() -> bytes:
    content = bytearray(xlsx(row(1)))
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 16] ^= 0xFF
    return bytes(content)


def with_link() -> bytes:
    """Return a ZIP in which one part is a symbolic link."""
    link = zipfile.ZipInfo("xl/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return packed([*parts_of_xlsx(row(1)).items(), (link, "/etc/passwd")])
