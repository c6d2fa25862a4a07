"""An uploaded file becomes staged rows: at once when it is small, by a job when it is large."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import SYSTEM, Actor
from app.core.crypto import blind_id, keyring
from app.core.db import after_commit, transaction
from app.core.errors import DomainError, InvalidValue, Refused
from app.core.messages import N_, Message
from app.core.spreadsheets import Workbook, read_workbook
from app.groups import queries as groups
from app.groups.models import Group
from app.groups.services.facts import template_facts
from app.groups.services.guards import check_open, get_open_group
from app.groups.sheets.cell_readers import RowContext
from app.groups.sheets.columns import COLUMN_OF
from app.groups.sheets.matching import (
    Matching,
    check_mark_of,
    heading_key,
    heading_samples,
    propose_matching,
    table_notes,
    table_rows,
)
from app.groups.sheets.packing import pack
from app.groups.sheets.rows import SheetRow, read_row
from app.groups.staging import queries
from app.groups.staging.bodies import write_body
from app.groups.staging.models import ROWS, HeadingMemory, StagedChange, StagedRow, StagedSheet, row_place
from app.groups.staging.services.members import locked_texts
from app.groups.staging.services.standing import evaluate, finish, finish_if_settled
from app.groups.staging.states import RowState, SheetState, codes_of, own_state

_LONGEST_FILE_NAME = 120
_LONGEST_HEADING = 60
_BATCH = 500
_MOST_ATTEMPTS = 3


class _Overtaken(Exception):
    """Another worker has taken the reading over, or the sheet was discarded."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A file that has been read, with what is known about its columns."""

    workbook: Workbook
    matching: Matching
    samples: list[tuple[str, tuple[str, ...]]]

    @property
    def is_clear(self) -> bool:
        return self.matching.certain and not self.matching.missing()

    def reading(self) -> bytes:
        samples = [] if self.is_clear else [[heading, list(texts)] for heading, texts in self.samples]
        return json.dumps({"matching": self.matching.as_json(), "samples": samples}).encode()


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
    if not _is_large(len(content)):
        # Read before the transaction: a slow file must not keep others from writing.
        table = _read(group, content)
        rows = _rows_at_once(group, table) if table.is_clear else None
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
    if not _is_large(len(content)):
        workbook = _open_file(content)
        rows = _rows_at_once(group, _Table(workbook, matching, []))
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


def _digest(content: bytes) -> bytes:
    return keyring().blind("staged-sheet", hashlib.sha256(content).hexdigest())


def _is_large(size_bytes: int) -> bool:
    return size_bytes > int(current_app.extensions["settings"].import_kilobytes) * 1000


def _open_file(content: bytes) -> Workbook:
    return read_workbook(content, limits=current_app.extensions["settings"].sheet_limits())


def _read(group: Group, content: bytes) -> _Table:
    workbook = _open_file(content)
    check_mark_of(workbook, template_facts(group))
    with transaction() as session:
        memories = queries.list_heading_memories(session, group.account_id)
    remembered = {heading: memory.column_key for heading, memory in memories.items()}
    matching = propose_matching(workbook, remembered=remembered)
    return _Table(workbook, matching, heading_samples(workbook, matching))


def _rows_at_once(group: Group, table: _Table) -> list[dict[str, Any]] | None:
    """Return the rows to store, without their sheet; None: there are too many to do it at once.

    :raises InvalidValue: when there is nobody in the list
    """
    most = int(current_app.extensions["settings"].import_rows)
    found = list(islice(table_rows(table.workbook, table.matching), most + 1))
    if not found:
        raise _empty(table.matching)
    return None if len(found) > most else list(_readings(group, found, table.matching, clock.today()))


def _empty(matching: Matching) -> InvalidValue:
    text = N_("「%(sheet)s」裡沒有考生。請從第 %(row)s 列開始填寫，存檔後再上傳")
    return InvalidValue(Message(text, {"sheet": matching.sheet, "row": matching.heading_row + 1}))


def _readings(
    group: Group, rows: Iterable[SheetRow], matching: Matching, today: date
) -> Iterator[dict[str, Any]]:
    locked = locked_texts(group)
    for row in rows:
        reading = read_row(row, locked=locked, for_all=matching.for_all, today=today)
        codes = codes_of(reading.marks)
        yield {
            "number": row.number,
            "state": RowState.LEFT_OUT if row.hidden else own_state(codes),
            "id_blind": blind_id(reading.id_number) if reading.id_number else None,
            "version": 1,
            "body": write_body(reading.texts, reading.marks, reading.draft),
            "mark_codes": codes,
        }


def _insert(session: Session, sheet: StagedSheet, rows: Iterable[dict[str, Any]]) -> int:
    """Write rows and return how many."""
    seal, sheet_id, public_id = keyring().seal_bytes, sheet.id, sheet.public_id
    values = []
    for row in rows:
        sealed = seal(row.pop("body"), row_place(public_id, row["number"]))
        values.append({**row, "sheet_id": sheet_id, "body_sealed": sealed})
    session.execute(sa.insert(ROWS), values)
    return len(values)


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
    table: _Table | None,
    rows: list[dict[str, Any]] | None,
    content: bytes,
    *,
    actor: Actor,
) -> None:
    if table is not None:
        sheet.reading = table.reading()
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
    sheet.rows_total = sheet.rows_done = _insert(session, sheet, rows)
    _open(session, group, sheet, actor=actor)


def _open(session: Session, group: Group, sheet: StagedSheet, *, actor: Actor) -> None:
    sheet.state, sheet.content_sealed = SheetState.OPEN, None
    evaluate(session, group, actor=actor)
    finish_if_settled(session, sheet)


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
    answers = {key: text for key, text in for_all.items() if text and key not in columns}
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
    table = _read(group, content) if stored is None else _Table(_open_file(content), stored, [])
    if not table.is_clear:
        _step(sheet_id, attempt, state=SheetState.MATCHING, reading=table.reading())
        return
    total = sum(1 for _ in table_rows(table.workbook, table.matching))
    if total == 0:
        raise _empty(table.matching)
    notes = [pack(note) for note in table_notes(table.workbook, table.matching)]
    _step(sheet_id, attempt, rows_total=total, notes=notes, reading=table.reading())
    readings = _readings(group, table_rows(table.workbook, table.matching), table.matching, clock.today())
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
            sheet.rows_done += _insert(session, sheet, batch)


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
        _open(session, group, _ours(session, sheet_id, attempt), actor=SYSTEM)


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


def discard(group_id: str, sheet_id: str, *, account_id: int | None, actor: Actor) -> StagedSheet:
    """Throw a sheet away with all its rows; members that it has made stay. Once more changes nothing.

    :raises NotFound: when the account has no such group, or the group no such sheet
    """
    with transaction() as session:
        group = groups.get_group_for_update(session, group_id, account_id)
        sheet = queries.get_sheet(group, sheet_id)
        if sheet.state in (SheetState.DONE, SheetState.FAILED, SheetState.DISCARDED):
            return sheet
        throw_away(session, group, sheet, actor=actor)
        audit.record("group.discard_sheet", group, actor, sheet=sheet.public_id, on_behalf=account_id is None)
    return sheet


def throw_away(session: Session, group: Group, sheet: StagedSheet, *, actor: Actor) -> None:
    """Discard a sheet of a locked group in the open unit of work."""
    session.refresh(sheet)
    blinds = session.scalars(
        sa.select(StagedRow.id_blind).where(StagedRow.sheet_id == sheet.id, StagedRow.id_blind.is_not(None))
    ).all()
    finish(session, sheet, SheetState.DISCARDED)
    delete_rows(session, sheet.id)
    # Rows of other sheets that stood back for these go first now.
    evaluate(session, group, blinds={blind for blind in blinds if blind is not None}, actor=actor)


def delete_rows(session: Session, sheet_id: int) -> None:
    """Delete what names persons: rows, what was done to them, how the file was read."""
    session.execute(sa.delete(StagedRow).where(StagedRow.sheet_id == sheet_id))
    session.execute(sa.delete(StagedChange).where(StagedChange.sheet_id == sheet_id))
    session.execute(
        sa.update(StagedSheet)
        .where(StagedSheet.id == sheet_id)
        .values(content_sealed=None, reading_sealed=None)
    )
