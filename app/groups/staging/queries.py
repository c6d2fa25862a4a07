"""Reads of staged sheets for pages and services."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.models import Round
from app.groups.models import Group
from app.groups.sheets.marks import MarkKind, Reason
from app.groups.sheets.matching import Matching
from app.groups.staging.models import HeadingMemory, StagedChange, StagedRow, StagedSheet
from app.groups.staging.states import SETTLED, UNFINISHED, RowState, SheetState, read_codes
from app.groups.states import GroupState

# Of these nothing is asked any more, or another row goes first.
_NOT_ASKED = (RowState.IN, RowState.LEFT_OUT, RowState.DUPLICATE)


def get_sheet(group: Group, public_id: str) -> StagedSheet:
    """Return a group's staged sheet by its public id; raises NotFound."""
    query = sa.select(StagedSheet).where(StagedSheet.group_id == group.id, StagedSheet.public_id == public_id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(Message("沒有這份匯入的檔案，請回到團體頁面查看"))
    return found


def list_open_sheets(group: Group) -> Sequence[StagedSheet]:
    """Return the sheets with which something can still be done, the newest first."""
    query = sa.select(StagedSheet).where(StagedSheet.group_id == group.id, StagedSheet.state.in_(UNFINISHED))
    return db.session.scalars(query.order_by(StagedSheet.id.desc())).all()


def list_sheets(group: Group, *, limit: int = 20) -> Sequence[StagedSheet]:
    """Return the last sheets uploaded into a group, finished or not, the newest first."""
    query = sa.select(StagedSheet).where(StagedSheet.group_id == group.id)
    return db.session.scalars(query.order_by(StagedSheet.id.desc()).limit(limit)).all()


def find_same_sheet(session: Session, group: Group, digest: bytes) -> StagedSheet | None:
    """Return the unfinished sheet of a group that was the same file, or None."""
    query = sa.select(StagedSheet).where(
        StagedSheet.group_id == group.id, StagedSheet.digest == digest, StagedSheet.state.in_(UNFINISHED)
    )
    return session.scalars(query.order_by(StagedSheet.id).limit(1)).one_or_none()


def find_sheet_by_id(session: Session, public_id: str) -> StagedSheet | None:
    """Return a sheet for the job that reads it, read anew; None: it is gone."""
    query = sa.select(StagedSheet).where(StagedSheet.public_id == public_id)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def count_states(sheet: StagedSheet) -> dict[RowState, int]:
    """Return how many rows stand in each state; all states are there. One query, none when finished."""
    counts = dict.fromkeys(RowState, 0)
    if sheet.counts is not None:
        return counts | {RowState(state): number for state, number in sheet.counts.items()}
    query = sa.select(StagedRow.state, sa.func.count()).where(StagedRow.sheet_id == sheet.id)
    return counts | dict(db.session.execute(query.group_by(StagedRow.state)).all())


def has_open_rows(session: Session, sheet: StagedSheet) -> bool:
    """Return whether a row has neither gone in, nor been left out, nor been known."""
    query = sa.select(StagedRow.number).where(StagedRow.sheet_id == sheet.id, StagedRow.state.not_in(SETTLED))
    return session.scalars(query.limit(1)).first() is not None


def list_rows(
    sheet: StagedSheet,
    states: Collection[RowState] | None = None,
    *,
    code: tuple[MarkKind, Reason, str] | None = None,
    after: int = 0,
    limit: int = 50,
    offset: int = 0,
) -> Sequence[StagedRow]:
    """Return rows in the order of the sheet.

    :param states: None: all
    :param code: only rows with such a mark: kind, reason, column key
    :param after: only rows with a higher number
    """
    query = sa.select(StagedRow).where(StagedRow.sheet_id == sheet.id, StagedRow.number > after)
    if states is not None:
        query = query.where(StagedRow.state.in_(states))
    if code is not None:
        query = query.where(has_code(".".join(code)))
    return db.session.scalars(query.order_by(StagedRow.number).limit(limit).offset(offset)).all()


def get_row(sheet: StagedSheet, number: int) -> StagedRow:
    """Return a row by its number; raises NotFound."""
    query = sa.select(StagedRow).where(StagedRow.sheet_id == sheet.id, StagedRow.number == number)
    row = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound(Message("檔案裡沒有這一列，請重新整理頁面"))
    return row


def list_rows_by_number(session: Session, sheet: StagedSheet, numbers: Collection[int]) -> list[StagedRow]:
    """Return these rows, read anew, in the order of the sheet; those that do not exist are left out."""
    wanted, found = sorted(set(numbers)), list[StagedRow]()
    query = sa.select(StagedRow).where(StagedRow.sheet_id == sheet.id).order_by(StagedRow.number)
    for part in parts(wanted):
        here = query.where(StagedRow.number.in_(part)).execution_options(populate_existing=True)
        found += session.scalars(here)
    return found


def has_code(code: str) -> sa.ColumnElement[bool]:
    """Return the condition that a row has a mark ``kind.reason.key``."""
    return StagedRow.mark_codes.contains(f"|{code}|", autoescape=True)


def find_change(sheet: StagedSheet) -> StagedChange | None:
    """Return the last act that can be undone, or None."""
    query = sa.select(StagedChange).where(StagedChange.sheet_id == sheet.id)
    return db.session.scalars(query.order_by(StagedChange.id.desc()).limit(1)).one_or_none()


def repairs_by_reason(sheet: StagedSheet) -> dict[tuple[MarkKind, Reason, str], int]:
    """Return how many cells are marked, by kind, reason and column key, the most frequent first.

    Rows that went in, were left out or repeat another do not count. One query.
    """
    query = (
        sa.select(StagedRow.mark_codes, sa.func.count())
        .where(StagedRow.sheet_id == sheet.id, StagedRow.mark_codes != "", StagedRow.state.not_in(_NOT_ASKED))
        .group_by(StagedRow.mark_codes)
    )
    counts: Counter[tuple[MarkKind, Reason, str]] = Counter()
    for codes, number in db.session.execute(query):
        for code in read_codes(codes):
            counts[code] += number
    return dict(counts.most_common())


@dataclass(frozen=True, slots=True)
class SheetReading:
    """How the file was read; for the page on which the leader says which column is what.

    :ivar samples: every heading from column A on with the first values below it
    """

    matching: Matching
    samples: tuple[tuple[str, tuple[str, ...]], ...]


def get_reading(sheet: StagedSheet) -> SheetReading:
    """Return which column is which; raises NotFound while the file has not been read."""
    if sheet.reading is None:
        raise NotFound(Message("檔案還沒讀完，請稍候"))
    stored = json.loads(sheet.reading)
    samples = tuple((heading, tuple(texts)) for heading, texts in stored["samples"])
    return SheetReading(Matching.from_json(stored["matching"]), samples)


def list_heading_memories(session: Session, account_id: int) -> dict[str, HeadingMemory]:
    """Return what the headings of a leader's own sheets stand for, by compacted heading."""
    query = sa.select(HeadingMemory).where(HeadingMemory.account_id == account_id)
    return {memory.heading: memory for memory in session.scalars(query)}


def list_abandoned(before: datetime, *, limit: int = 20) -> Sequence[str]:
    """Return the public ids of sheets whose reading nobody has touched since, oldest first."""
    query = sa.select(StagedSheet.public_id).where(
        StagedSheet.state == SheetState.READING, StagedSheet.touched_at < before
    )
    return db.session.scalars(query.order_by(StagedSheet.touched_at, StagedSheet.id).limit(limit)).all()


def list_overdue(today: date, *, limit: int = 50) -> Sequence[tuple[str, str]]:
    """Return (group's, sheet's public id) of unfinished sheets whose group cannot be changed any more."""
    query = (
        sa.select(Group.public_id, StagedSheet.public_id)
        .join(StagedSheet.group)
        .join(Group.exam_round)
        .where(
            StagedSheet.state.in_(UNFINISHED),
            sa.or_(Group.state != GroupState.OPEN, Round.registration_closes_on < today),
        )
    )
    return db.session.execute(query.order_by(StagedSheet.id).limit(limit)).all()


def list_kept_too_long(before: datetime, today: date, *, limit: int = 50) -> Sequence[int]:
    """Return the ids of finished sheets that still have rows although their time is over.

    :param before: what was finished earlier has been kept long enough
    """
    over = sa.or_(
        StagedSheet.finished_at < before,
        Group.state != GroupState.OPEN,
        Round.registration_closes_on < today,
    )
    query = (
        sa.select(StagedSheet.id)
        .join(StagedSheet.group)
        .join(Group.exam_round)
        .where(
            StagedSheet.finished_at.is_not(None),
            over,
            sa.exists().where(StagedRow.sheet_id == StagedSheet.id),
        )
    )
    return db.session.scalars(query.order_by(StagedSheet.id).limit(limit)).all()


def list_waiting_rows(account_id: int) -> Sequence[StagedRow]:
    """Return all rows of a leader's sheets that have not become members, for the leader to take along."""
    query = (
        sa.select(StagedRow)
        .join(StagedRow.sheet)
        .join(StagedSheet.group)
        .where(Group.account_id == account_id, StagedRow.state != RowState.IN)
        .options(contains_eager(StagedRow.sheet).contains_eager(StagedSheet.group))
    )
    return db.session.scalars(query.order_by(StagedRow.sheet_id, StagedRow.number)).all()


def parts(things: Sequence[Any], size: int = 500) -> list[Sequence[Any]]:
    """Return a sequence in parts, each small enough for one query."""
    return [things[start : start + size] for start in range(0, len(things), size)]
