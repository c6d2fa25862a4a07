"""A leader's sheet from upload to members, beside what merely opening it costs."""

from __future__ import annotations

import io
import statistics

import python_calamine

from app.core import clock
from app.core.actors import SYSTEM
from app.core.spreadsheets import read_workbook
from app.groups.models import Group, SheetImport
from app.groups.services import import_sheet
from app.groups.sheets.reading import read_members
from bench.measure import Measure, median_seconds, timed
from bench.people import make_group, pupils_sheet
from bench.portal import fresh_portal
from scripts.make_samples import FACTS

FULL_ROWS, SHORT_ROWS = 500, 50
REPEATS = 3


def run(*, short: bool) -> list[Measure]:
    """Return the times of reading, checking and importing a sheet, and their ratios to a bare read."""
    rows = SHORT_ROWS if short else FULL_ROWS
    repeats = 1 if short else REPEATS
    sheets = [pupils_sheet(number, rows) for number in range(repeats)]
    bare = median_seconds(lambda: _read_bare(sheets[0]), times=repeats)
    read = median_seconds(lambda: read_workbook(sheets[0]), times=repeats)
    workbook = read_workbook(sheets[0])
    check = median_seconds(lambda: read_members(workbook, expected=FACTS, today=clock.today()), times=repeats)
    first, again = _import_all(sheets, rows)
    figures = [
        (f"bare python-calamine read, {rows} rows", bare, "s"),
        ("read in a limited child process", read, "s"),
        ("check every cell", check, "s"),
        ("whole import: read, check, commit", first, "s"),
        ("whole import, ms per row", first / rows * 1000, "ms"),
        ("the same file again (all known)", again, "s"),
        ("read : bare read", read / bare, "×"),
        ("check : bare read", check / bare, "×"),
        ("whole import : bare read", first / bare, "×"),
    ]
    return [Measure("group import", *figure) for figure in figures]


def _read_bare(content: bytes) -> None:
    workbook = python_calamine.load_workbook(io.BytesIO(content))
    for position in range(len(workbook.sheets_metadata)):
        workbook.get_sheet_by_index(position).to_python()


def _import_all(sheets: list[bytes], rows: int) -> tuple[float, float]:
    """Return the median seconds of a first import and of the same file once more."""
    first, again = [], []
    with fresh_portal():
        for number, sheet in enumerate(sheets):
            group = make_group(number)
            seconds, result = timed(lambda: _import(group, sheet))  # noqa: B023  called at once
            first.append(seconds)
            if len(result.report["imported"]) != rows:
                raise RuntimeError(f"the sheet was not imported: {result.report['refused'][:3]}")
            again.append(timed(lambda: _import(group, sheet))[0])  # noqa: B023  called at once
    return statistics.median(first), statistics.median(again)


def _import(group: Group, sheet: bytes) -> SheetImport:
    return import_sheet(group.public_id, group.account_id, "pupils.xlsx", sheet, actor=SYSTEM)
