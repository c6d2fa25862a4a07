"""A leader's sheet from uploaded bytes to staged rows, and from there to members, beside a bare read of it.

A group has at most 500 members and a sheet 3,000 rows; both bounds are lifted here, so that what grows
with the rows is seen.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import python_calamine
from flask import current_app

from app.core.actors import SYSTEM
from app.core.db import db
from app.core.spreadsheets import reader
from app.groups import rules
from app.groups.models import Group
from app.groups.staging import services
from app.groups.staging.states import SheetState
from bench.measure import Measure, timed
from bench.people import full_sheet, in_format, make_group
from bench.portal import fresh_portal

FULL_ROWS, SHORT_ROWS = (30, 500, 5_000, 50_000), (30, 500)
FORMATS = ("xlsx", "xls", "ods")
#: Beyond, opening the .ods with LibreOffice and importing it takes minutes and shows nothing new.
MOST_IN_ODS = 10_000
LIFTED = {"SHEET_ROWS": "60000", "SHEET_MEGABYTES": "30"}


def run(*, short: bool) -> list[Measure]:
    """Return rows per second up to each step, the ratios to a bare read, and the peak of memory."""
    figures: list[tuple[str, float, str]] = []
    with fresh_portal(**LIFTED), _large_groups():
        _import(make_group(0), full_sheet(0, 30), "xlsx")  # what is loaded once is not measured
        for number, rows in enumerate(SHORT_ROWS if short else FULL_ROWS, start=1):
            for position, suffix in enumerate(FORMATS):
                if suffix == "ods" and rows > MOST_IN_ODS:
                    continue
                serial = number * 10 + position
                content = in_format(full_sheet(serial, rows), suffix)
                figures += _measure(make_group(serial), content, suffix, rows)
            if rows == max(FULL_ROWS):
                figures += _peaks(full_sheet(number, rows))
    return [Measure("group import", *figure) for figure in figures]


def _measure(group: Group, content: bytes, suffix: str, rows: int) -> Iterator[tuple[str, float, str]]:
    name = f".{suffix}, {rows:,} rows"
    bare, _ = timed(lambda: _read_bare(content))
    staged, committed = _import(group, content, suffix)
    yield f"{name}: upload to staged", rows / staged, "rows/s"
    yield f"{name}: upload to staged : bare read", staged / bare, "×"
    yield f"{name}: staged to committed", rows / committed, "rows/s"


def _import(group: Group, content: bytes, suffix: str) -> tuple[float, float]:
    """Return the seconds of staging and of committing."""
    who: dict[str, Any] = {"account_id": group.account_id, "actor": SYSTEM}
    staged, sheet = timed(lambda: services.stage_sheet(group.public_id, f"pupils.{suffix}", content, **who))
    db.session.refresh(sheet)
    if sheet.state is not SheetState.OPEN:
        raise RuntimeError(f"the sheet was not staged: {sheet.state} {sheet.problem}")
    committed, result = timed(lambda: services.commit(group.public_id, sheet.public_id, **who))
    if not result.added:
        raise RuntimeError(f"nobody was committed: {result}")
    return staged, committed


def _read_bare(content: bytes) -> None:
    workbook = python_calamine.load_workbook(io.BytesIO(content))
    for position in range(len(workbook.sheets_metadata)):
        workbook.get_sheet_by_index(position).to_python()


def _peaks(workbook: bytes) -> Iterator[tuple[str, float, str]]:
    """Yield the peaks of memory while a large sheet is read: of this process, and of the reader."""
    Path("/proc/self/clear_refs").write_text("5")  # begin to count anew
    limits = current_app.extensions["settings"].sheet_limits()
    found = reader.read_workbook(workbook, limits=limits)
    yield "50,000 rows: peak of memory, portal", _peak_megabytes(), "MB"
    del found
    yield "50,000 rows: peak of memory, reader", _child_peak(reader.child_command(limits), workbook), "MB"


def _child_peak(command: list[str], workbook: bytes) -> float:
    with open(os.devnull, "wb") as nowhere:
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nowhere)
        if child.stdin is None:
            raise RuntimeError("no way to feed the reader")
        child.stdin.write(workbook)
        child.stdin.close()
        _pid, _status, used = os.wait4(child.pid, 0)
    return used.ru_maxrss / (1 << 10 if sys.platform == "linux" else 1 << 20)


def _peak_megabytes() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


@contextmanager
def _large_groups() -> Iterator[None]:
    before = rules.LARGEST_GROUP
    rules.LARGEST_GROUP = 1_000_000  # type: ignore[misc]
    try:
        yield
    finally:
        rules.LARGEST_GROUP = before  # type: ignore[misc]
