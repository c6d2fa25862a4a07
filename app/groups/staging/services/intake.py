"""An uploaded file becomes staged rows: at once when it is small, by a job when it is large."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.crypto import keyring
from app.core.db import after_commit, transaction
from app.core.errors import InvalidValue, Refused
from app.core.messages import Message
from app.groups import queries as groups
from app.groups.models import Group
from app.groups.services.guards import check_open, get_open_group
from app.groups.sheets.cell_readers import RowContext
from app.groups.sheets.columns import COLUMN_OF
from app.groups.sheets.matching import (
    Matching,
    heading_key,
    table_notes,
)
from app.groups.sheets.packing import pack
from app.groups.staging import queries
from app.groups.staging.models import HeadingMemory, StagedSheet
from app.groups.staging.services import files
from app.groups.staging.states import SheetState

_LONGEST_FILE_NAME = 120
_LONGEST_HEADING = 60


def stage_sheet(
    group_id: str, file_name: str, content: bytes, *, account_id: int | None, actor: Actor
) -> StagedSheet:
    """Stage a file and return its sheet: on the workbench, waiting to be matched, or being read by a job.

    Nothing goes into the group. The same file once more is the sheet that there is.

    :param account_id: the leader's; None: the office acts on the leader's behalf
    :raises NotFound: when the account has no such group
    :raises Refused: when the group cannot be changed any more
    :raises InvalidValue: when the file as a whole cannot be used; nothing is stored then
    """
    group = groups.get_group(group_id, account_id)
    check_open(group)
    digest = _digest(content)
    table, rows = None, None
    if not files.is_large(len(content)):
        # Read before the transaction: a slow file must not keep others from writing.
        table = files.read_table(group, content)
        rows = files.rows_at_once(group, table) if table.is_clear else None
        files.check_anybody(table)
    with transaction() as session:
        group = get_open_group(session, group_id, account_id)
        same = queries.find_same_sheet(session, group, digest)
        if same is not None:
            return same
        sheet = _new_sheet(group, file_name, digest)
        session.add(sheet)
        session.flush()
        _put(session, group, sheet, table, rows, content, actor=actor)
        audit.record(
            "group.stage_sheet",
            group,
            actor,
            sheet=sheet.public_id,
            rows=sheet.rows_total,
            on_behalf=account_id is None,
        )
    return sheet


def confirm_matching(
    group_id: str,
    sheet_id: str,
    *,
    columns: Mapping[str, int],
    for_all: Mapping[str, str],
    account_id: int | None,
    actor: Actor,
) -> StagedSheet:
    """Read a sheet's rows now that the leader has said which column is which, and remember the headings.

    :param columns: the place of each column from 0, by column key
    :param for_all: one answer for all rows, by column key
    :raises NotFound: when the account has no such group, or the group no such sheet
    :raises Refused: when the group cannot be changed any more, or the sheet is not waiting for this
    :raises InvalidValue: when a required column is missing, a place used twice, or an answer unreadable
    """
    group = groups.get_group(group_id, account_id)
    check_open(group)
    sheet = queries.get_sheet(group, sheet_id)
    _check_waiting(sheet)
    content = sheet.content
    matching = _confirmed(queries.get_reading(sheet).matching, columns, for_all)
    rows = None
    if not files.is_large(len(content)):
        workbook = files.open_file(content)
        rows = files.rows_at_once(group, files.Table(workbook, matching, []))
        notes = [pack(note) for note in table_notes(workbook, matching)]
    with transaction() as session:
        group = get_open_group(session, group_id, account_id)
        sheet = queries.get_sheet(group, sheet_id)
        _check_waiting(sheet)
        _remember(session, group.account_id, matching)
        sheet.reading = json.dumps({"matching": matching.as_json(), "samples": []}).encode()
        if rows is None:
            _leave_to_job(sheet)
        else:
            sheet.notes = notes
            _take_rows(session, group, sheet, rows, actor=actor)
        audit.record("group.match_sheet", group, actor, sheet=sheet.public_id)
    return sheet


def _digest(content: bytes) -> bytes:
    return keyring().blind("staged-sheet", hashlib.sha256(content).hexdigest())


def _new_sheet(group: Group, file_name: str, digest: bytes) -> StagedSheet:
    return StagedSheet(
        group=group,
        file_name=file_name[-_LONGEST_FILE_NAME:],
        digest=digest,
        uploaded_at=clock.now(),
        touched_at=clock.system_now(),
        state=SheetState.READING,
        attempt=0,
        rows_total=0,
        rows_done=0,
        notes=[],
    )


def _put(
    session: Session,
    group: Group,
    sheet: StagedSheet,
    table: files.Table | None,
    rows: list[dict[str, Any]] | None,
    content: bytes,
    *,
    actor: Actor,
) -> None:
    if table is not None:
        sheet.reading = table.as_json()
        sheet.notes = [pack(note) for note in table_notes(table.workbook, table.matching)]
    if rows is not None:
        _take_rows(session, group, sheet, rows, actor=actor)
        return
    sheet.content = content
    if table is not None and not table.is_clear:
        sheet.state = SheetState.MATCHING
    else:
        _leave_to_job(sheet)


def _take_rows(
    session: Session, group: Group, sheet: StagedSheet, rows: list[dict[str, Any]], *, actor: Actor
) -> None:
    session.flush()
    sheet.rows_total = sheet.rows_done = files.insert_rows(session, sheet, rows)
    files.open_sheet(session, group, sheet, actor=actor)


def _leave_to_job(sheet: StagedSheet) -> None:
    sheet.state, sheet.touched_at = SheetState.READING, clock.system_now()
    public_id = sheet.public_id

    def ask() -> None:
        from app.groups.staging.tasks import read_sheet

        read_sheet.later(public_id)

    after_commit(f"read-{public_id}", ask)


def _check_waiting(sheet: StagedSheet) -> None:
    if sheet.state is not SheetState.MATCHING:
        raise Refused(Message("這份檔案的欄位已經確認過了，請重新整理頁面"))


def _confirmed(proposed: Matching, columns: Mapping[str, int], for_all: Mapping[str, str]) -> Matching:
    places = [place for key, place in columns.items() if key in COLUMN_OF]
    if len(places) != len(set(places)) or any(place not in range(len(proposed.headings)) for place in places):
        raise InvalidValue(Message("同一欄只能對應到一個項目，請檢查後再送出"))
    # What the page does not ask about stays as it was proposed.
    unasked = {key: text for key, text in proposed.for_all.items() if not COLUMN_OF[key].required}
    answers = {key: text for key, text in {**unasked, **for_all}.items() if text and key not in columns}
    for key, text in answers.items():
        COLUMN_OF[key].clean(text, context=RowContext(clock.today()))
    matching = replace(proposed, columns=dict(columns), for_all=answers, certain=True)
    # Whatever else is missing can be filled in row by row; without names nobody would know whom it concerns.
    if "chinese_name" not in columns:
        raise InvalidValue(Message("請指出哪一欄是中文姓名"))
    return matching


def _remember(session: Session, account_id: int, matching: Matching) -> None:
    known = queries.list_heading_memories(session, account_id)
    key_at = {place: key for key, place in matching.columns.items()}
    for place, heading in enumerate(matching.headings):
        name = heading_key(heading)
        if not 0 < len(name) <= _LONGEST_HEADING:
            continue
        memory = known.get(name)
        if memory is None:
            memory = known[name] = HeadingMemory(account_id=account_id, heading=name)
            session.add(memory)
        memory.column_key = key_at.get(place, "")
