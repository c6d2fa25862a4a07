"""A sheet is thrown away, with all that names persons."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import audit
from app.core.actors import Actor
from app.core.db import transaction
from app.groups import queries as groups
from app.groups.models import Group
from app.groups.sheets.matching import heading_key
from app.groups.staging import queries
from app.groups.staging.models import HeadingMemory, StagedChange, StagedRow, StagedSheet
from app.groups.staging.services.standing import evaluate, finish
from app.groups.staging.states import RowState, SheetState


def discard(group_id: str, sheet_id: str, *, account_id: int | None, actor: Actor) -> StagedSheet:
    """Throw a sheet away with all its rows; members that it has made stay. Once more changes nothing.

    When it has made none, what was said about its headings is forgotten: who said it wrongly is asked again.

    :raises NotFound: when the account has no such group, or the group no such sheet
    """
    with transaction() as session:
        group = groups.get_group_for_update(session, group_id, account_id)
        sheet = queries.get_sheet(group, sheet_id)
        if sheet.state in (SheetState.DONE, SheetState.FAILED, SheetState.DISCARDED):
            return sheet
        if sheet.reading is not None and not queries.count_states(sheet)[RowState.IN]:
            _forget_headings(session, group.account_id, queries.get_reading(sheet).matching.headings)
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


def _forget_headings(session: Session, account_id: int, headings: Collection[str]) -> None:
    session.execute(
        sa.delete(HeadingMemory).where(
            HeadingMemory.account_id == account_id,
            HeadingMemory.heading.in_({heading_key(heading) for heading in headings}),
        )
    )


def delete_rows(session: Session, sheet_id: int) -> None:
    """Delete what names persons: rows, what was done to them, how the file was read."""
    session.execute(sa.delete(StagedRow).where(StagedRow.sheet_id == sheet_id))
    session.execute(sa.delete(StagedChange).where(StagedChange.sheet_id == sheet_id))
    session.execute(
        sa.update(StagedSheet)
        .where(StagedSheet.id == sheet_id)
        .values(content_sealed=None, reading_sealed=None)
    )
