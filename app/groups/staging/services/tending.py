"""What the clock does with staged sheets: readings taken up again, what nobody needs any more deleted."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from app.core import audit, clock
from app.core.actors import SYSTEM
from app.core.db import transaction
from app.groups import queries as groups
from app.groups.staging import queries
from app.groups.staging.services.discarding import delete_rows, throw_away
from app.groups.staging.services.reading import read_staged_sheet
from app.groups.staging.states import UNFINISHED

_ABANDONED_AFTER = timedelta(minutes=2)


def read_abandoned_sheets() -> int:
    """Read the sheets whose worker has died, or whose job was lost, and return how many."""
    sheets = queries.list_abandoned(clock.system_now() - _ABANDONED_AFTER)
    for public_id in sheets:
        read_staged_sheet(public_id)
    return len(sheets)


def discard_overdue_sheets() -> int:
    """Throw away what is staged for groups that cannot be changed any more; return how many sheets."""
    overdue = queries.list_overdue(clock.today())
    for group_id, sheet_id in overdue:
        _discard(group_id, sheet_id)
    return len(overdue)


def delete_old_rows() -> int:
    """Delete the rows of sheets that were finished long enough ago; return how many sheets."""
    days = int(current_app.extensions["settings"].import_days)
    old = queries.list_kept_too_long(clock.now() - timedelta(days=days), clock.today())
    with transaction() as session:
        for sheet_id in old:
            delete_rows(session, sheet_id)
    return len(old)


def _discard(group_id: str, sheet_id: str) -> None:
    with transaction() as session:
        group = groups.get_group_for_update(session, group_id, None)
        sheet = queries.get_sheet(group, sheet_id)
        if sheet.state in UNFINISHED:
            throw_away(session, group, sheet, actor=SYSTEM)
            audit.record("group.discard_sheet", group, SYSTEM, sheet=sheet.public_id)
