"""A second look into an .xlsx for what the native parser leaves out: formulas without a result, dates
shown in Minguo years, days before 1900, hidden rows."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from app.core.spreadsheets.child_details import Details

# Parts with a DOCTYPE were refused before, so what looks like a tag is one. Tags may have a prefix.
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ROOT = re.compile(rb"<(\w+:)?worksheet\b")
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^<>]*)>")
_CELL_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.S)
_STYLE = re.compile(rb"<(?:\w+:)?xf\s([^<>]*)>")
_QUOTED = re.compile(rb'&quot;.*?&quot;|"[^"]*"|\\.')
# Formats that spreadsheets in Taiwan have built in (ECMA-376, 18.8.30).
_MINGUO_FORMATS = {b"27", b"28", b"29", b"36", b"50", b"51", b"54", b"57", b"58"}


def read_details(content: bytes, position: int) -> Details:
    """Return what is special about the sheet at that position; nothing where the shape is unknown to us."""
    found = Details()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            body = archive.read(_sheet_part(archive, position))
            styles = _minguo_styles(archive)
    except (KeyError, IndexError, StopIteration):
        return found
    root = _ROOT.search(body)
    prefix = (root[1] or b"") if root else b""
    for tag in _tags_with(body, b"hidden", b"<%brow" % prefix):
        row = _attributes(tag)
        if row.get(b"hidden") in (b"1", b"true") and row.get(b"r", b"").isdigit():
            found.hidden.add(int(row[b"r"]))
    cell = b"<%bc" % prefix
    for style in styles:
        for tag in _tags_with(body, b's="%b"' % style, cell):
            _mark(found, tag, "minguo")
    for tag in _tags_with(body, b't="e"', cell):
        _mark(found, tag, "unknown")
    _mark_formulas(found, body, prefix)
    for early in re.finditer(rb"<%bv>(-[0-9]{6})</%bv>" % (prefix, prefix), body):
        _mark(found, body[body.rfind(cell, 0, early.start()) : early.start()], early[1].decode())
    return found


def _tags_with(body: bytes, sign: bytes, opening: bytes) -> Iterator[bytes]:
    """Return the tags that begin with `opening` and hold the sign somewhere before their end."""
    place = body.find(sign)
    while place >= 0:
        start, end = body.rfind(b"<", 0, place), body.find(b">", place)
        if start >= 0 and body.startswith(opening, start) and body[start + len(opening)] in b" \t\r\n":
            yield body[start:end]
        place = body.find(sign, place + 1)


def _mark_formulas(found: Details, body: bytes, prefix: bytes) -> None:
    """Mark the cells whose formula was never worked out; they have no value, or an empty one."""
    end_of_cell = b"</%bc>" % prefix
    value = re.compile(rb"<%bv>[^<]" % prefix)
    for formula in re.finditer(rb"<%bf[ />\t\r\n]" % prefix, body):
        start = body.rfind(b"<", 0, formula.start())
        tag = body[start : formula.start()]
        rest = body[formula.start() : body.find(end_of_cell, formula.start())]
        # A formula whose result is an empty text says so by its type.
        if not value.search(rest) and _attributes(tag).get(b"t") != b"str":
            _mark(found, tag, "unknown")


def _sheet_part(archive: zipfile.ZipFile, position: int) -> str:
    sheet = _attributes(_SHEET.findall(archive.read("xl/workbook.xml"))[position])
    link = next(value for name, value in sheet.items() if name.endswith(b":id"))
    relations = map(_attributes, _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")))
    target = next(each[b"Target"] for each in relations if each.get(b"Id") == link).decode()
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _minguo_styles(archive: zipfile.ZipFile) -> set[bytes]:
    """Return the numbers of the cell styles that show a date's Minguo year."""
    try:
        styles = archive.read("xl/styles.xml")
    except KeyError:
        return set()
    formats = {
        each[b"numFmtId"]
        for each in map(_attributes, _FORMAT.findall(styles))
        if b"numFmtId" in each and _shows_minguo(each.get(b"formatCode", b""))
    } | _MINGUO_FORMATS
    used = _CELL_STYLES.search(styles)
    return {
        b"%d" % number
        for number, style in enumerate(map(_attributes, _STYLE.findall(used[0] if used else b"")))
        if style.get(b"numFmtId") in formats
    }


def _shows_minguo(code: bytes) -> bool:
    # 404 is the language of Taiwan; its era years are Minguo years.
    return b"404]" in code and b"e" in re.sub(rb"\[[^\]]*\]", b"", _QUOTED.sub(b"", code)).lower()


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def _mark(found: Details, tag: bytes, kind: str) -> None:
    place = re.fullmatch(rb"([A-Z]{1,3})([0-9]{1,7})", _attributes(tag).get(b"r", b""))
    if place is None:
        return
    column = 0
    for letter in place[1]:
        column = column * 26 + letter - ord("A") + 1
    found.mark(int(place[2]), column - 1, kind)
