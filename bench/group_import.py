"""A leader's sheet from uploaded bytes to staged rows, and from there to members, beside a bare read of it.

A group has at most 1,000 members and a sheet 3,000 rows; both bounds are lifted here, so that what grows
with the rows is seen.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import python_calamine

from app.core.actors import SYSTEM
from app.core.db import db
from app.groups import rules
from app.groups.models import Group
from app.groups.staging import services
from app.groups.staging.states import SheetState
from bench.import_memory import peaks_of
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
    with fresh_portal(**LIFTED), large_groups():
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
    for step, megabytes in peaks_of(workbook).items():
        yield f"{max(FULL_ROWS):,} rows: peak of memory, {step}", megabytes, "MB"


@contextmanager
def large_groups() -> Iterator[None]:
    """Let a group have any number of members."""
    before = rules.LARGEST_GROUP
    rules.LARGEST_GROUP = 1_000_000
    try:
        yield
    finally:
        rules.LARGEST_GROUP = before
