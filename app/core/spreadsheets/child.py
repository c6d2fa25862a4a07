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
from collections.abc import Iterator
from typing import Any

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
        for sheet in workbook.sheets_metadata:
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet:
                visible = sheet.visible == python_calamine.SheetVisibleEnum.Visible
                yield {"sheet": sheet.name, "visible": visible}
                yield from _read_rows(workbook.get_sheet_by_name(sheet.name), limits)
    except python_calamine.PasswordError:
        raise Problem("password") from None
    except (python_calamine.CalamineError, ValueError, OSError):
        raise Problem("damaged") from None


def _read_rows(sheet: python_calamine.CalamineSheet, limits: dict[str, int]) -> Iterator[object]:
    # Not total_height and total_width, which are one short (python-calamine 0.9.1).
    last_row, last_column = sheet.end or (0, 0)
    if last_column >= limits["columns"]:
        raise Problem("too_many_columns", sheet=sheet.name)
    if last_row >= limits["physical_rows"]:
        raise Problem("too_many_rows", sheet=sheet.name)
    filled = 0
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = [_encode(value) for value in values]
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
