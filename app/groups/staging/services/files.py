"""A file that was uploaded, as a table and as rows to stage."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actors import Actor
from app.core.crypto import blind_id, keyring
from app.core.db import transaction
from app.core.errors import InvalidValue
from app.core.messages import N_, Message
from app.core.spreadsheets import Workbook, read_workbook
from app.groups.models import Group
from app.groups.services.facts import template_facts
from app.groups.sheets.matching import (
    Matching,
    check_mark_of,
    heading_samples,
    plain_lists,
    propose_matching,
    table_rows,
)
from app.groups.sheets.rows import SheetRow, read_row
from app.groups.staging import queries
from app.groups.staging.bodies import write_body
from app.groups.staging.models import ROWS, StagedSheet, row_place
from app.groups.staging.services.members import locked_texts
from app.groups.staging.services.standing import evaluate, finish_if_settled
from app.groups.staging.states import RowState, SheetState, codes_of, own_state


@dataclass(frozen=True, slots=True)
class Table:
    """A file that has been read, with what is known about its columns."""

    workbook: Workbook
    matching: Matching
    samples: list[tuple[str, tuple[str, ...]]]

    @property
    def is_clear(self) -> bool:
        return self.matching.certain and not self.matching.missing()

    def as_json(self) -> bytes:
        """Return what is kept of the reading until the rows are staged."""
        samples = [] if self.is_clear else [[heading, list(texts)] for heading, texts in self.samples]
        return json.dumps({"matching": self.matching.as_json(), "samples": samples}).encode()


def is_large(size_bytes: int) -> bool:
    """Tell whether a file is left to a job unseen."""
    return size_bytes > int(current_app.extensions["settings"].import_kilobytes) * 1000


def open_file(content: bytes) -> Workbook:
    """Return a file's lists as tables; raises InvalidValue when it cannot be used."""
    return plain_lists(read_workbook(content, limits=current_app.extensions["settings"].sheet_limits()))


def read_table(group: Group, content: bytes) -> Table:
    """Return a file with what its headings seem to say.

    :raises InvalidValue: when it cannot be used, or is the template of another group, round or year
    """
    workbook = open_file(content)
    check_mark_of(workbook, template_facts(group))
    with transaction() as session:
        memories = queries.list_heading_memories(session, group.account_id)
    remembered = {heading: memory.column_key for heading, memory in memories.items()}
    matching = propose_matching(workbook, remembered=remembered)
    return Table(workbook, matching, heading_samples(workbook, matching))


def rows_at_once(group: Group, table: Table) -> list[dict[str, Any]] | None:
    """Return the rows to store, without their sheet; None: there are too many to do it at once.

    :raises InvalidValue: when there is nobody in the list
    """
    most = int(current_app.extensions["settings"].import_rows)
    found = list(islice(table_rows(table.workbook, table.matching), most + 1))
    if not found:
        raise nobody_in(table.matching)
    return None if len(found) > most else list(readings_of(group, found, table.matching, clock.today()))


def check_anybody(table: Table) -> None:
    """Raise `InvalidValue` when nothing stands below the headings: there is nothing to match then."""
    sheet = table.workbook.find_sheet(table.matching.sheet)
    if sheet is None or sheet.rows[-1].number <= table.matching.heading_row:
        raise nobody_in(table.matching)


def nobody_in(matching: Matching) -> InvalidValue:
    """Return what to say of a list without a single person."""
    text = N_("「%(sheet)s」裡沒有考生。請從第 %(row)s 列開始填寫，存檔後再上傳")
    return InvalidValue(Message(text, {"sheet": matching.sheet, "row": matching.heading_row + 1}))


def readings_of(
    group: Group, rows: Iterable[SheetRow], matching: Matching, today: date
) -> Iterator[dict[str, Any]]:
    """Yield what to store of each row, without its sheet.

    :param today: what a year written with two digits is read against
    """
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


def insert_rows(session: Session, sheet: StagedSheet, rows: Iterable[dict[str, Any]]) -> int:
    """Write rows and return how many."""
    seal, sheet_id, public_id = keyring().seal_bytes, sheet.id, sheet.public_id
    values = []
    for row in rows:
        sealed = seal(row.pop("body"), row_place(public_id, row["number"]))
        values.append({**row, "sheet_id": sheet_id, "body_sealed": sealed})
    session.execute(sa.insert(ROWS), values)
    return len(values)


def open_sheet(session: Session, group: Group, sheet: StagedSheet, *, actor: Actor) -> None:
    """Lay a sheet whose rows are all staged on the workbench, in the open unit of work."""
    sheet.state, sheet.content_sealed = SheetState.OPEN, None
    evaluate(session, group, actor=actor)
    finish_if_settled(session, sheet)
