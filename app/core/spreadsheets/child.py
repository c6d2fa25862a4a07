"""The process in which strangers' spreadsheets are parsed: bytes on stdin, JSON lines on stdout.

It is run by its path, not as a module, and imports nothing of the portal: so it starts in some
hundredths of a second, and the native parser, which a crafted file can abort (security.md 11.1),
takes nothing down but this process. Lines, in order: for each sheet ``{"sheet": name, "visible": …}``
and one ``[row number, [cells…]]`` per filled row; at the end ``{"end": true}``, or ``{"problem": …}``
as soon as something stands in the way.
"""

from __future__ import annotations

import datetime
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import python_calamine


class Problem(Exception):
    """Why we stop reading: a code that the parent turns into a sentence, and where it happened."""

    def __init__(self, code: str, **place: object) -> None:
        super().__init__(code)
        self.line = {"problem": code, **place}


def main(limits: dict[str, int]) -> None:
    """Parse stdin within `limits` and write what it holds to stdout."""
    _restrict(limits)
    left = limits["output_bytes"]
    try:
        for line in _read(sys.stdin.buffer.read(), limits):
            encoded = json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
            left -= len(encoded)
            if left < 0:
                raise Problem("too_long")
            sys.stdout.buffer.write(encoded)
        ending: dict[str, Any] = {"end": True}
    except Problem as problem:
        ending = problem.line
    sys.stdout.buffer.write(json.dumps(ending).encode() + b"\n")


def _restrict(limits: dict[str, int]) -> None:
    for kind, amount in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CORE, 0),  # a core file would keep the pupils' data on disk
    ):
        resource.setrlimit(kind, (amount, amount))


def _read(content: bytes, limits: dict[str, int]) -> Iterator[object]:
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        if len(workbook.sheets_metadata) > limits["sheets"]:
            raise Problem("too_many_sheets")
        for position, sheet in enumerate(workbook.sheets_metadata):
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet:
                visible = sheet.visible == python_calamine.SheetVisibleEnum.Visible
                yield {"sheet": sheet.name, "visible": visible}
                yield from _read_rows(workbook.get_sheet_by_index(position), content, position, limits)
    except python_calamine.PasswordError:
        raise Problem("password") from None
    except (python_calamine.CalamineError, ValueError, OSError):
        raise Problem("damaged") from None


def _read_rows(
    sheet: python_calamine.CalamineSheet, content: bytes, position: int, limits: dict[str, int]
) -> Iterator[object]:
    # Not total_height and total_width, which are one short (python-calamine 0.9.1).
    last_row, last_column = sheet.end or (0, 0)
    if last_column >= limits["columns"]:
        raise Problem("too_many_columns", sheet=sheet.name)
    if last_row >= limits["physical_rows"]:
        raise Problem("too_many_rows", sheet=sheet.name)
    unknown = _cells_without_result(content, position)
    filled = 0
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = [
            {"unknown": True} if (number, column) in unknown else _encode(value)
            for column, value in enumerate(values)
        ]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        filled += 1
        if filled > limits["filled_rows"]:
            raise Problem("too_many_people", sheet=sheet.name)
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) > limits["cell_characters"]:
                raise Problem("cell_too_long", sheet=sheet.name, row=number, column=column)
        yield [number, cells]


def _cells_without_result(content: bytes, position: int) -> set[tuple[int, int]]:
    """Return where a sheet of an .xlsx has formulas that failed or were never worked out.

    The parser gives them as blank, and a blank cell may mean something: take over the leader's
    address. Places are the row, from 1, and the column, from 0.
    """
    if not content.startswith(b"PK"):
        return set()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            body = archive.read(_sheet_part(archive, position))
        if b't="e"' not in body and b"<f>" not in body and b"<f " not in body:
            return set()
        return {_place(cell) for cell in _elements(body, "c") if _lacks_result(cell)}
    except (KeyError, ElementTree.ParseError):
        return set()  # an .ods, or an .xlsx of a shape that only the parser understands


def _sheet_part(archive: zipfile.ZipFile, position: int) -> str:
    sheet = list(_elements(archive.read("xl/workbook.xml"), "sheet"))[position]
    link = next(value for name, value in sheet.items() if name.endswith("}id"))
    relations = _elements(archive.read("xl/_rels/workbook.xml.rels"), "Relationship")
    target = {relation.get("Id"): relation.get("Target", "") for relation in relations}[link]
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _elements(body: bytes, name: str) -> Iterator[ElementTree.Element]:
    # Parts with a DOCTYPE were refused before, so there are no entities to expand.
    for _, element in ElementTree.iterparse(io.BytesIO(body)):  # noqa: S314
        tag = element.tag.rpartition("}")[2]
        if tag == name:
            yield element
        elif tag == "row":
            element.clear()


def _lacks_result(cell: ElementTree.Element) -> bool:
    parts = {part.tag.rpartition("}")[2]: part.text for part in cell}
    # A formula whose result is an empty text says so by its type.
    return cell.get("t") == "e" or ("f" in parts and not parts.get("v") and cell.get("t") != "str")


def _place(cell: ElementTree.Element) -> tuple[int, int]:
    column = 0
    for letter in cell.get("r", "").rstrip("0123456789"):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(cell.get("r", "").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0), column - 1


def _encode(value: object) -> object:
    """Return a cell as JSON can carry it: days as {"day": …}, instants as {"at": …}, blanks as null."""
    if isinstance(value, datetime.datetime):
        return (
            {"at": value.isoformat()}
            if value.time() != datetime.time()
            else {"day": value.date().isoformat()}
        )
    if isinstance(value, datetime.date):
        return {"day": value.isoformat()}
    if isinstance(value, datetime.time | datetime.timedelta):
        return str(value)
    if isinstance(value, float):
        # A spreadsheet knows one kind of number; 930902.0 was typed as 930902.
        return int(value) if value.is_integer() else value
    if isinstance(value, str) and not value.strip():
        return None
    return value


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
