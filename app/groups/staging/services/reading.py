"""The job that reads a large sheet, some hundred rows at a time."""

from __future__ import annotations

from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.messages import Message
from app.groups.services.guards import get_open_group
from app.groups.sheets.matching import (
    table_notes,
    table_rows,
)
from app.groups.sheets.packing import pack
from app.groups.staging import queries
from app.groups.staging.models import StagedRow, StagedSheet
from app.groups.staging.services import files
from app.groups.staging.services.standing import finish
from app.groups.staging.states import SheetState

_BATCH = 500
_MOST_ATTEMPTS = 3


class _Overtaken(Exception):
    """Another worker has taken the reading over, or the sheet was discarded."""


def read_staged_sheet(sheet_id: str) -> None:
    """Read a large sheet's rows, some hundred at a time; what a worker that died left behind is read anew.

    :param sheet_id: the sheet's public id; one that needs no reading is left alone
    """
    attempt = _claim(sheet_id)
    if attempt is None:
        return
    try:
        _read_in_steps(sheet_id, attempt)
    except _Overtaken:
        return
    except DomainError as error:
        _fail(sheet_id, attempt, error.message)


def _claim(sheet_id: str) -> int | None:
    """Begin a reading, the only one from now on, and return its number; None: there is nothing to read."""
    with transaction() as session:
        sheet = queries.find_sheet_by_id(session, sheet_id)
        if sheet is None or sheet.state is not SheetState.READING:
            return None
        attempt = sheet.attempt + 1
        claimed = sa.update(StagedSheet).where(
            StagedSheet.id == sheet.id,
            StagedSheet.state == SheetState.READING,
            StagedSheet.attempt == sheet.attempt,
        )
        values = {"attempt": attempt, "rows_done": 0, "touched_at": clock.system_now()}
        if session.scalars(claimed.values(values).returning(StagedSheet.id)).one_or_none() is None:
            return None
        session.execute(sa.delete(StagedRow).where(StagedRow.sheet_id == sheet.id))
        if attempt > _MOST_ATTEMPTS:
            session.expire(sheet)
            _end_failed(session, sheet, Message("檔案讀了幾次都沒有讀完，請改存成 .xlsx 再上傳"))
            return None
    return attempt


def _read_in_steps(sheet_id: str, attempt: int) -> None:
    with transaction() as session:
        sheet = queries.find_sheet_by_id(session, sheet_id)
        if sheet is None or sheet.content is None:
            raise _Overtaken
        content, reading, group = sheet.content, sheet.reading, sheet.group
        stored = None if reading is None else queries.get_reading(sheet).matching
    if stored is None:
        table = files.read_table(group, content)
        if not table.is_clear:
            _step(sheet_id, attempt, state=SheetState.MATCHING, reading=table.as_json())
            return
    else:  # clear from the beginning, or confirmed by the leader: a column that is missing stays so
        table = files.Table(files.open_file(content), stored, [])
    total = sum(1 for _ in table_rows(table.workbook, table.matching))
    if total == 0:
        raise files.nobody_in(table.matching)
    notes = [pack(note) for note in table_notes(table.workbook, table.matching)]
    _step(sheet_id, attempt, rows_total=total, notes=notes, reading=table.as_json())
    readings = files.readings_of(
        group, table_rows(table.workbook, table.matching), table.matching, clock.today()
    )
    while batch := list(islice(readings, _BATCH)):
        _step(sheet_id, attempt, batch=batch)
    _open_read(sheet_id, attempt)


def _step(sheet_id: str, attempt: int, *, batch: list[dict[str, Any]] | None = None, **changes: Any) -> None:
    """Write one part of a reading, in a transaction of its own; raises _Overtaken when it is not ours."""
    with transaction() as session:
        sheet = _ours(session, sheet_id, attempt)
        for name, value in changes.items():
            setattr(sheet, name, value)
        if batch:
            sheet.rows_done += files.insert_rows(session, sheet, batch)


def _ours(session: Session, sheet_id: str, attempt: int) -> StagedSheet:
    query = (
        sa.update(StagedSheet)
        .where(
            StagedSheet.public_id == sheet_id,
            StagedSheet.attempt == attempt,
            StagedSheet.state == SheetState.READING,
        )
        .values(touched_at=clock.system_now())
        .returning(StagedSheet.id)
    )
    if session.scalars(query).one_or_none() is None:
        raise _Overtaken
    sheet = queries.find_sheet_by_id(session, sheet_id)
    if sheet is None:
        raise _Overtaken
    return sheet


def _open_read(sheet_id: str, attempt: int) -> None:
    with transaction() as session:
        sheet = queries.find_sheet_by_id(session, sheet_id)
        if sheet is None:
            raise _Overtaken
        # The group first, then the sheet: the order of all verbs.
        group = get_open_group(session, sheet.group.public_id, None)
        files.open_sheet(session, group, _ours(session, sheet_id, attempt), actor=SYSTEM)


def _fail(sheet_id: str, attempt: int, problem: Message) -> None:
    with transaction() as session:
        try:
            sheet = _ours(session, sheet_id, attempt)
        except _Overtaken:
            return
        session.execute(sa.delete(StagedRow).where(StagedRow.sheet_id == sheet.id))
        _end_failed(session, sheet, problem)


def _end_failed(session: Session, sheet: StagedSheet, problem: Message) -> None:
    finish(session, sheet, SheetState.FAILED)
    sheet.problem, sheet.reading_sealed = pack(problem), None
