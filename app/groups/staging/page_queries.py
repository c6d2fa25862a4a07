"""Reads that only the workbench's pages need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa

from app.core.db import db
from app.groups.sheets.marks import Mark, MarkKind, Reason
from app.groups.staging.models import StagedRow, StagedSheet
from app.groups.staging.queries import list_rows
from app.groups.staging.states import RowState, SheetState


def count_states_of(sheets: Sequence[StagedSheet]) -> dict[int, dict[RowState, int]]:
    """Return how many rows of each sheet stand in each state, by the sheet's id; one query."""
    counts: dict[int, dict[RowState, int]] = defaultdict(dict)
    open_sheets = [sheet.id for sheet in sheets if sheet.state is SheetState.OPEN]
    query = (
        sa.select(StagedRow.sheet_id, StagedRow.state, sa.func.count())
        .where(StagedRow.sheet_id.in_(open_sheets))
        .group_by(StagedRow.sheet_id, StagedRow.state)
    )
    for sheet_id, state, number in db.session.execute(query) if open_sheets else ():
        counts[sheet_id][state] = number
    for sheet in sheets:
        if sheet.counts is not None:
            counts[sheet.id] = {RowState(state): number for state, number in sheet.counts.items()}
    return counts


def find_examples(
    sheet: StagedSheet, codes: Iterable[tuple[MarkKind, Reason, str]]
) -> dict[tuple[MarkKind, Reason], tuple[Mark, str]]:
    """Return a mark of each kind and reason and the text of its cell, as an example; one query each."""
    examples: dict[tuple[MarkKind, Reason], tuple[Mark, str]] = {}
    for kind, reason, key in codes:
        if (kind, reason) not in examples:
            for row in list_rows(sheet, code=(kind, reason, key), limit=1):
                examples[kind, reason] = row.marks[key], row.texts[key]
    return examples


def list_numbers_of(sheet: StagedSheet, persons: Collection[bytes | None]) -> Sequence[int]:
    """Return the numbers of the rows that name one of these persons: one change may settle several rows."""
    known = [person for person in persons if person is not None]
    query = sa.select(StagedRow.number).where(StagedRow.sheet_id == sheet.id, StagedRow.id_blind.in_(known))
    return db.session.scalars(query).all() if known else ()
