"""The process in which strangers' spreadsheets are parsed: bytes on stdin, JSON lines on stdout.

It is run by its path, not as a module, and imports nothing of the portal but its own neighbours named
``child_…``: so it starts in some hundredths of a second, and the native parser, which a crafted file can
abort (security.md 11.1), takes nothing down but this process. Lines, in order: for each sheet
``{"sheet": name, "visible": …, "hidden": [rows], "merged": [[row, column, row, column]…]}``, then its filled
rows, some hundred to a line: ``[[row numbers], [[cells]…], [[place in the line, column, kind, text]…]]``,
where the last part gives the cells that JSON has no word for. At the end ``{"end": true}``, or
``{"problem": …}`` as soon as something stands in the way.
"""

from __future__ import annotations

import datetime
import io
import json
import resource
import sys
import types
from collections.abc import Iterator
from os.path import dirname
from typing import Any

import python_calamine

if __name__ == "__main__":
    # Empty stand-ins for the packages above us, whose own modules would load the whole portal.
    _folder = dirname(__file__)
    for _name in ("app.core.spreadsheets", "app.core", "app"):
        sys.modules[_name] = types.ModuleType(_name)
        sys.modules[_name].__path__ = [_folder]
        _folder = dirname(_folder)

from app.core.spreadsheets import child_days, child_ods, child_text, child_xlsx
from app.core.spreadsheets.child_details import NO_DETAILS, Details, Problem

_ROWS_A_LINE = 200
_FIRST_SERIAL, _LAST_SERIAL = 61, 75_000  # what may be a day in a cell that shows one
_PLAIN = {str, type(None)}
Special = list[object]


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
    if content.startswith((b"PK", b"\xd0\xcf")):
        yield from _read_workbook(content, limits)
    else:
        yield _sheet_line(child_text.SHEET_NAME, True, NO_DETAILS)
        rows = child_text.read_rows(content, limits)
        yield from _lines(child_text.SHEET_NAME, rows, NO_DETAILS, limits)


def _read_workbook(content: bytes, limits: dict[str, int]) -> Iterator[object]:
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        if len(workbook.sheets_metadata) > limits["sheets"]:
            raise Problem("too_many_sheets")
        for position, metadata in enumerate(workbook.sheets_metadata):
            if metadata.typ == python_calamine.SheetTypeEnum.WorkSheet:
                # Before the parser's own copy of the sheet is made: the two need not be in memory at once.
                details = _details(content, position)
                sheet = workbook.get_sheet_by_index(position)
                # Not total_height and total_width, which are one short (python-calamine 0.9.1).
                last_row, last_column = sheet.end or (0, 0)
                if last_column >= limits["columns"]:
                    raise Problem("too_many_columns", sheet=metadata.name)
                if last_row >= limits["physical_rows"]:
                    raise Problem("too_many_rows", sheet=metadata.name)
                if sheet.merged_cell_ranges is not None:  # of an .ods it does not know them
                    details.merged = [
                        (top + 1, left, bottom + 1, right)
                        for (top, left), (bottom, right) in sheet.merged_cell_ranges
                    ]
                visible = metadata.visible == python_calamine.SheetVisibleEnum.Visible
                yield _sheet_line(metadata.name, visible, details)
                yield from _lines(metadata.name, sheet.iter_rows(), details, limits)
    except python_calamine.PasswordError:
        raise Problem("password") from None
    except (python_calamine.CalamineError, ValueError, OSError):
        raise Problem("damaged") from None


def _details(content: bytes, position: int) -> Details:
    """Return what the parser does not tell about a sheet."""
    if not content.startswith(b"PK"):
        return Details()
    if child_ods.is_ods(content):
        return child_ods.read_details(content, position)
    return child_xlsx.read_details(content, position)


def _sheet_line(name: str, visible: bool, details: Details) -> dict[str, object]:
    return {
        "sheet": name,
        "visible": visible,
        "hidden": sorted(details.hidden),
        "merged": details.largest_merged(),
    }


def _lines(
    name: str, rows: Iterator[list[Any]], details: Details, limits: dict[str, int]
) -> Iterator[object]:
    """Return a sheet's filled rows in lines of some hundred; blank rows are skipped but counted."""
    numbers: list[int] = []
    line: list[list[Any]] = []
    specials: list[Special] = []
    filled = 0
    for number, values in enumerate(rows, start=1):
        cells: list[Any] = [None if value == "" else value for value in values]
        special = details.by_row.get(number)
        kinds = set(map(type, cells))
        if special or not kinds <= _PLAIN:
            _take_specials(cells, len(line), special or {}, specials, julian=details.julian)
        while cells and (cells[-1] is None or (isinstance(cells[-1], str) and cells[-1].isspace())):
            if specials and specials[-1][:2] == [len(line), len(cells) - 1]:
                break
            cells.pop()
        if not cells:
            continue
        filled += 1
        if filled > limits["filled_rows"]:
            raise Problem("too_many_people", sheet=name)
        if len(cells) > limits["columns"]:
            raise Problem("too_many_columns", sheet=name)
        if number > limits["physical_rows"]:
            raise Problem("too_many_rows", sheet=name)
        _check_lengths(name, number, cells, limits["cell_characters"])
        numbers.append(number)
        line.append(cells)
        if len(line) == _ROWS_A_LINE:
            yield [numbers, line, specials]
            numbers, line, specials = [], [], []
    if line:
        yield [numbers, line, specials]


def _check_lengths(name: str, number: int, cells: list[Any], longest: int) -> None:
    texts = [cell for cell in cells if type(cell) is str]
    if sum(map(len, texts)) <= longest:
        return
    for column, cell in enumerate(cells):
        if isinstance(cell, str) and len(cell) > longest:
            raise Problem("cell_too_long", sheet=name, row=number, column=column)


def _take_specials(
    cells: list[Any], place: int, marked: dict[int, str], specials: list[Special], *, julian: bool
) -> None:
    """Make a row fit for JSON; days, instants and unknown results move to `specials`."""
    for column, value in enumerate(cells):
        mark = marked.get(column)
        if mark == "unknown":
            specials.append([place, column, "unknown", ""])
            cells[column] = None
            continue
        if value is None or isinstance(value, str | bool):
            continue
        if mark == "minguo" and isinstance(value, int | float) and _FIRST_SERIAL <= value <= _LAST_SERIAL:
            # Of a date that shows its year only, the parser gives the count of days.
            value = child_days.EPOCH + datetime.timedelta(days=int(value))
        early = _early_day(value, mark, julian=julian)
        if early is not None:
            cells[column] = early
            continue
        if isinstance(value, datetime.datetime) and value.time() == datetime.time():
            value = value.date()
        if isinstance(value, datetime.datetime):
            specials.append([place, column, "at", value.isoformat()])
            cells[column] = None
        elif isinstance(value, datetime.date):
            specials.append([place, column, "minguo" if mark == "minguo" else "day", value.isoformat()])
            cells[column] = None
        elif isinstance(value, float):
            # A spreadsheet knows one kind of number; 930902.0 was typed as 930902.
            cells[column] = int(value) if value.is_integer() else value
        elif not isinstance(value, int):
            cells[column] = str(value)  # a time of day, a duration


def _early_day(value: object, mark: str | None, *, julian: bool) -> str | None:
    """Return a day that lies before 1900 as it was typed, with a Minguo year; None for anything else."""
    if mark is not None and mark.startswith("-") and isinstance(value, datetime.time):
        return child_days.typed_day(int(mark))
    if isinstance(value, datetime.date) and value.year < child_days.EPOCH.year:
        return child_days.typed_day_of(value, julian=julian)
    return None


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
