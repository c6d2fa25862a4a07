"""A second look into an .ods for what the native parser leaves out: formulas without a result, dates
shown in Minguo years, the calendar of early days, hidden rows, merged cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from app.core.spreadsheets.child_details import Details

_TABLE = re.compile(r"<table:table\s[^<>]*>(.*?)</table:table>", re.S)
_TAG = re.compile(r"<table:(table-row|table-cell|covered-table-cell)\b([^<>]*)>")
_STYLE = re.compile(r'<style:style\s([^<>]*style:data-style-name="[^<>]*)>')
_FORMAT = re.compile(r"<number:date-style\s([^<>]*)>(.*?)</number:date-style>", re.S)
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_WORTH_A_LOOK = ('number:calendar="ROC"', 'table:visibility="', "-spanned=", 'value-type="error"')
_JULIAN_WRITERS = re.compile(r"<meta:generator>(?:LibreOffice|OpenOffice|Collabora)")
_MOST_ROWS = 1 << 20
_MANY_ROWS = 1_000  # so many at once are the blank rest of the sheet


def is_ods(content: bytes) -> bool:
    """Return whether a ZIP based spreadsheet is an OpenDocument one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "content.xml" in archive.namelist()


def read_details(content: bytes, position: int) -> Details:
    """Return what is special about the sheet at that position."""
    found = Details()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = set(archive.namelist()) & {"content.xml", "styles.xml", "meta.xml"}
        texts = {part: archive.read(part).decode("utf-8", "replace") for part in parts}
    body, shared = texts.get("content.xml", ""), texts.get("styles.xml", "")
    found.julian = bool(_JULIAN_WRITERS.search(texts.get("meta.xml", "")))
    if not any(sign in body or sign in shared for sign in _WORTH_A_LOOK):
        return found
    styles = _minguo_styles(shared + body)
    table = next((each for number, each in enumerate(_TABLE.finditer(body)) if number == position), None)
    if table is None:
        return found
    row, column, next_row = 0, 0, 1
    for tag in _TAG.finditer(table[1]):
        attributes = dict(_ATTRIBUTE.findall(tag[2]))
        if tag[1] == "table-row":
            repeated = min(_number(attributes, "table:number-rows-repeated"), _MOST_ROWS)
            row, column, next_row = next_row, 0, next_row + repeated
            if attributes.get("table:visibility") in ("collapse", "filter") and repeated < _MANY_ROWS:
                found.hidden.update(range(row, next_row))
            continue
        _take_cell(found, row, column, attributes, styles)
        column += _number(attributes, "table:number-columns-repeated")
    return found


def _take_cell(found: Details, row: int, column: int, attributes: dict[str, str], styles: set[str]) -> None:
    if attributes.get("calcext:value-type") == "error":
        found.mark(row, column, "unknown")
    elif attributes.get("office:value-type") == "date" and attributes.get("table:style-name") in styles:
        found.mark(row, column, "minguo")
    down = _number(attributes, "table:number-rows-spanned")
    right = _number(attributes, "table:number-columns-spanned")
    if down > 1 or right > 1:
        found.merged.append((row, column, row + down - 1, column + right - 1))


def _minguo_styles(body: str) -> set[str]:
    formats = {
        name
        for attributes, parts in _FORMAT.findall(body)
        if 'number:calendar="ROC"' in parts
        for name in _names(attributes, "style:name")
    }
    # The first part of a format of several parts is named after the whole, with P0 behind.
    formats |= {name.removesuffix("P0") for name in formats}
    return {
        name
        for attributes in _STYLE.findall(body)
        if formats.intersection(_names(attributes, "style:data-style-name"))
        for name in _names(attributes, "style:name")
    }


def _names(attributes: str, wanted: str) -> Iterator[str]:
    return (value for name, value in _ATTRIBUTE.findall(attributes) if name == wanted)


def _number(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "")
    return int(text) if text.isdigit() and len(text) < 8 else 1
