"""What is done to single rows on the workbench: typed, answered, left out, undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actors import Actor
from app.core.crypto import blind_id, keyring
from app.core.db import transaction
from app.core.errors import InvalidValue, Refused
from app.core.messages import N_, Message
from app.groups.models import Group
from app.groups.sheets.columns import COLUMN_OF
from app.groups.sheets.marks import Mark, MarkKind, Marks, Reason, Texts
from app.groups.sheets.packing import pack, pack_marks, unpack_marks
from app.groups.sheets.rows import RowReading, accept, refuse
from app.groups.staging import queries
from app.groups.staging.bodies import Body, write_body
from app.groups.staging.models import StagedChange, StagedRow, StagedSheet, row_place
from app.groups.staging.services.guards import check_changeable, get_row_at, open_desk
from app.groups.staging.services.members import reread
from app.groups.staging.services.standing import evaluate
from app.groups.staging.states import RowState, codes_of, own_state

CHANGES_KEPT = 20
_LONGEST_TEXT = 2_000
# In these a mark is not asked about: the row has gone in, or does not go in anyway.
_SETTLED = (RowState.IN, RowState.LEFT_OUT)
_Answer = Callable[[Body], "RowReading | None"]


def change_row(
    group_id: str,
    sheet_id: str,
    *,
    number: int,
    version: int,
    changes: Mapping[str, str],
    account_id: int | None,
    actor: Actor,
) -> StagedRow:
    """Write what somebody typed into cells of a row and return it, checked anew.

    :param version: of the row, as the typist has seen it
    :param changes: texts by column key
    :raises NotFound: when the account has no such group, the group no such sheet, the sheet no such row
    :raises Stale: when the row has been changed since; it carries the row as it is
    :raises Refused: when the group, the sheet or the row cannot be changed any more
    :raises InvalidValue: when there is no such column, or a text is far too long
    """
    _check_typed(changes)
    with transaction() as session:
        group, sheet = open_desk(session, group_id, sheet_id, account_id)
        row = get_row_at(sheet, number, version)
        summary = Message("修改第 %(row)s 列", {"row": number})
        reading = reread(group, number, row.body, changes)
        return _write_one(session, group, row, reading, summary, actor=actor)


def answer_mark(
    group_id: str,
    sheet_id: str,
    *,
    number: int,
    version: int,
    key: str,
    accept: bool,
    account_id: int | None,
    actor: Actor,
) -> StagedRow:
    """Confirm a repair or a doubtful reading of one cell, or take our repair back; raises as `change_row`.

    :param key: the column's
    """
    with transaction() as session:
        group, sheet = open_desk(session, group_id, sheet_id, account_id)
        row = get_row_at(sheet, number, version)
        reading = _answered(group, number, row.body, key, accept=accept)
        if reading is None:
            return row
        text = N_("接受第 %(row)s 列的修正") if accept else N_("還原第 %(row)s 列的修正")
        summary = Message(text, {"row": number})
        return _write_one(session, group, row, reading, summary, actor=actor)


def answer_all(
    group_id: str,
    sheet_id: str,
    *,
    reason: Reason,
    accept: bool = True,
    suggestion: int | None = None,
    key: str | None = None,
    kind: MarkKind | None = None,
    text: str | None = None,
    account_id: int | None,
    actor: Actor,
) -> int:
    """Answer all marks of a reason at once and return how many rows were changed.

    :param accept: confirm repairs and doubtful readings; False: take repairs back
    :param suggestion: take over this suggestion, from 0, in wrong and doubtful cells; None: the text stays
    :param key: only cells of this column; None: of all columns
    :param kind: only marks of this kind; None: of all kinds
    :param text: write this into the cells; None: nothing
    :raises NotFound: when the account has no such group, or the group no such sheet
    :raises Refused: when the group or the sheet cannot be changed any more
    """
    with transaction() as session:
        group, sheet = open_desk(session, group_id, sheet_id, account_id)

        def answer(number: int, body: Body) -> RowReading | None:
            wanted = _marks_of(body, reason, key, kind)
            if text is not None:
                return reread(group, number, body, dict.fromkeys(wanted, text)) if wanted else None
            return _answered_all(group, number, body, wanted, accept=accept, suggestion=suggestion)

        codes = {
            ".".join(code)
            for code in queries.repairs_by_reason(sheet)
            if kind in (None, code[0]) and code[1] is reason and key in (None, code[2])
        }
        changed = _write_many(session, sheet, sorted(codes), answer)
        if changed:
            words = N_("一次確認 %(count)s 列") if accept else N_("一次還原 %(count)s 列")
            if text is not None:
                words = N_("一次填好 %(count)s 列")
            _keep(session, sheet, Message(words, {"count": len(changed)}), changed)
            blinds = {blind for each in changed.values() for blind in each["blinds"] if blind is not None}
            evaluate(session, group, blinds=blinds, actor=actor)
    return len(changed)


def leave_out(
    group_id: str, sheet_id: str, *, number: int, out: bool, account_id: int | None, actor: Actor
) -> StagedRow:
    """Take a row out of the import, or back in; raises as `change_row`, but nobody's version is asked."""
    with transaction() as session:
        group, sheet = open_desk(session, group_id, sheet_id, account_id)
        row = queries.get_row(sheet, number)
        check_changeable(row)
        if (row.state is RowState.LEFT_OUT) != out:
            text = N_("略過第 %(row)s 列") if out else N_("放回第 %(row)s 列")
            _leave_out(session, group, sheet, [row], Message(text, {"row": number}), out=out, actor=actor)
        return queries.get_row(sheet, number)


def leave_out_all(
    group_id: str, sheet_id: str, *, states: Sequence[RowState], account_id: int | None, actor: Actor
) -> int:
    """Take all rows in these states out of the import and return how many, such as all that repeat others.

    :raises NotFound: when the account has no such group, or the group no such sheet
    :raises Refused: when the group or the sheet cannot be changed any more
    """
    with transaction() as session:
        group, sheet = open_desk(session, group_id, sheet_id, account_id)
        wanted = [state for state in states if state not in _SETTLED]
        query = sa.select(StagedRow).where(StagedRow.sheet_id == sheet.id, StagedRow.state.in_(wanted))
        rows = session.scalars(query.order_by(StagedRow.number)).all()
        if rows:
            summary = Message("略過 %(count)s 列", {"count": len(rows)})
            _leave_out(session, group, sheet, rows, summary, out=True, actor=actor)
    return len(rows)


def undo(
    group_id: str,
    sheet_id: str,
    *,
    change_id: str | None = None,
    account_id: int | None,
    actor: Actor,
) -> StagedChange | None:
    """Take the last act back and return it; None: there is none.

    Rows that have gone in since stay as they are.

    :param change_id: the public id of the act that the asker means; None: the last one
    :raises Refused: when that is not the last act any more
    """
    with transaction() as session:
        group, sheet = open_desk(session, group_id, sheet_id, account_id)
        change = queries.find_change(sheet)
        if change is None:
            return None
        if change_id not in (None, change.public_id):
            raise Refused(Message("剛才在別的視窗又改過了，請看看現在的內容再復原"))
        before = change.before
        rows = queries.list_rows_by_number(session, sheet, before)
        blinds: set[bytes] = set()
        for row in rows:
            was = before[row.number]
            if row.state is not RowState.IN:
                blinds |= _restore(group, row, was)
        session.delete(change)
        evaluate(session, group, blinds=blinds, actor=actor)
    return change


def _check_typed(changes: Mapping[str, str]) -> None:
    for key, text in changes.items():
        if key not in COLUMN_OF:
            raise InvalidValue(Message("沒有這個欄位，請重新整理頁面"))
        if len(text) > _LONGEST_TEXT:
            message = Message("最多 %(longest)s 個字，請縮短", {"longest": _LONGEST_TEXT})
            raise InvalidValue(message, field=key)


def _write_one(
    session: Session,
    group: Group,
    row: StagedRow,
    reading: RowReading,
    summary: Message,
    *,
    actor: Actor,
) -> StagedRow:
    old = row.id_blind
    before = _before(row.body, reading)
    _rewrite(row, reading)
    _keep(session, row.sheet, summary, {row.number: before})
    blinds = {blind for blind in (old, row.id_blind) if blind is not None}
    evaluate(session, group, blinds=blinds, actor=actor)
    return queries.get_row(row.sheet, row.number)


def _rewrite(row: StagedRow, reading: RowReading) -> None:
    place = row_place(row.sheet.public_id, row.number)
    blind = blind_id(reading.id_number) if reading.id_number else None
    body = write_body(reading.texts, reading.marks, reading.draft)
    row.body_sealed = keyring().seal_bytes(body, place)
    row.mark_codes = codes_of(reading.marks)
    if row.state is not RowState.LEFT_OUT and (blind is None or blind != row.id_blind):
        row.state, row.registration_id, row.reason = own_state(row.mark_codes), None, None
    row.id_blind = blind
    row.version += 1


def _before(old: Body, new: RowReading) -> dict[str, Any]:
    """Return the cells that a reading changes as they were."""
    packed = pack_marks(old.marks)
    keys = [
        key
        for key in COLUMN_OF
        if old.texts.get(key, "") != new.texts.get(key, "") or old.marks.get(key) != new.marks.get(key)
    ]
    cells = {key: [old.texts.get(key, ""), packed.get(key)] for key in keys}
    return {"cells": cells, "out": None}


def _keep(session: Session, sheet: StagedSheet, summary: Message, before: Mapping[int, Any]) -> None:
    """Remember an act so that it can be undone; of older ones only the last are kept."""
    stored = {number: {name: each[name] for name in ("cells", "out")} for number, each in before.items()}
    change = StagedChange(sheet_id=sheet.id, changed_at=clock.now(), summary=pack(summary))
    change.before_bytes = json.dumps(stored, ensure_ascii=False).encode()
    session.add(change)
    session.flush()
    kept = (
        sa.select(StagedChange.id)
        .where(StagedChange.sheet_id == sheet.id)
        .order_by(StagedChange.id.desc())
        .limit(CHANGES_KEPT)
    )
    last = session.scalars(kept).all()
    if len(last) == CHANGES_KEPT:
        session.execute(
            sa.delete(StagedChange).where(StagedChange.sheet_id == sheet.id, StagedChange.id < last[-1])
        )


def _restore(group: Group, row: StagedRow, was: Mapping[str, Any]) -> set[bytes]:
    """Write a row's cells as they were and return the look-up keys concerned."""
    old = row.id_blind
    if was["out"] is not None:
        row.state = RowState.LEFT_OUT if was["out"] else own_state(row.mark_codes)
        row.version += 1
        return {old} if old is not None else set()
    texts, marks = dict(row.texts), dict(row.marks)
    for key, (text, packed) in was["cells"].items():
        texts[key] = text
        marks.pop(key, None)
        if packed is not None:
            marks |= unpack_marks({key: packed})
    reading = reread(group, row.number, Body(texts, marks))
    _rewrite(row, reading)
    return {blind for blind in (old, row.id_blind) if blind is not None}


def _leave_out(
    session: Session,
    group: Group,
    sheet: StagedSheet,
    rows: Sequence[StagedRow],
    summary: Message,
    *,
    out: bool,
    actor: Actor,
) -> None:
    before, blinds = {}, set[bytes]()
    for row in rows:
        row.state = RowState.LEFT_OUT if out else own_state(row.mark_codes)
        row.version += 1
        row.registration_id, row.reason = None, None
        before[row.number] = {"cells": {}, "out": not out}
        if row.id_blind is not None:
            blinds.add(row.id_blind)
    _keep(session, sheet, summary, before)
    evaluate(session, group, blinds=blinds, actor=actor)


def _answered(group: Group, number: int, body: Body, key: str, *, accept: bool) -> RowReading | None:
    """Return the row after the answer about one cell; None: there is nothing to answer."""
    if key not in body.marks:
        return None
    texts, marks = (_accept if accept else refuse)(body.texts, body.marks, key)
    if (texts, marks) == (body.texts, body.marks):
        return None
    return reread(group, number, Body(dict(texts), dict(marks)))


def _answered_all(
    group: Group,
    number: int,
    body: Body,
    wanted: Mapping[str, Mark],
    *,
    accept: bool,
    suggestion: int | None,
) -> RowReading | None:
    if suggestion is not None:
        taken = _suggested(wanted, suggestion)
        return reread(group, number, body, taken) if taken else None
    texts: Texts = body.texts
    marks: Marks = body.marks
    for each in wanted:
        texts, marks = (_accept if accept else refuse)(texts, marks, each)
    if (texts, marks) == (body.texts, body.marks):
        return None
    return reread(group, number, Body(dict(texts), dict(marks)))


def _marks_of(body: Body, reason: Reason, key: str | None, kind: MarkKind | None) -> dict[str, Mark]:
    return {
        each: mark
        for each, mark in body.marks.items()
        if mark.reason is reason and key in (None, each) and kind in (None, mark.kind)
    }


def _suggested(marks: Mapping[str, Mark], suggestion: int) -> dict[str, str]:
    return {
        key: mark.suggestions[suggestion]
        for key, mark in marks.items()
        if mark.kind is not MarkKind.REPAIRED and 0 <= suggestion < len(mark.suggestions)
    }


_accept = accept


def _write_many(
    session: Session,
    sheet: StagedSheet,
    codes: Sequence[str],
    answer: Callable[[int, Body], RowReading | None],
) -> dict[int, Any]:
    """Answer in all rows with one of these marks and return what was there before, by row number."""
    if not codes:
        return {}
    query = sa.select(StagedRow).where(
        StagedRow.sheet_id == sheet.id,
        StagedRow.state.not_in(_SETTLED),
        sa.or_(*(queries.has_code(code) for code in codes)),
    )
    changed: dict[int, Any] = {}
    for row in session.scalars(query.order_by(StagedRow.number).execution_options(populate_existing=True)):
        reading = answer(row.number, row.body)
        if reading is None:
            continue
        before, old = _before(row.body, reading), row.id_blind
        _rewrite(row, reading)
        changed[row.number] = before | {"blinds": (old, row.id_blind)}
    return changed
