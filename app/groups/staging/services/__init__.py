"""The verbs of the import workbench; each is one transaction.

An upload is a dry run: it is staged row by row, mended, and taken in when the leader says so. The group's
lock is taken first by every verb, so that two tabs, two leaders and a job never work at the same moment.
"""

from app.groups.staging.services.committing import CommitResult, commit, update_known
from app.groups.staging.services.discarding import discard
from app.groups.staging.services.guards import Stale
from app.groups.staging.services.intake import confirm_matching, stage_sheet
from app.groups.staging.services.members import differences_of
from app.groups.staging.services.reading import read_staged_sheet
from app.groups.staging.services.rest import rest_of
from app.groups.staging.services.rows import (
    answer_all,
    answer_mark,
    change_row,
    leave_out,
    leave_out_all,
    undo,
)
from app.groups.staging.services.standing import evaluate_everywhere, refresh
from app.groups.staging.services.tending import (
    delete_old_rows,
    discard_overdue_sheets,
    read_abandoned_sheets,
)

__all__ = [
    "CommitResult",
    "Stale",
    "answer_all",
    "answer_mark",
    "change_row",
    "commit",
    "confirm_matching",
    "delete_old_rows",
    "differences_of",
    "discard",
    "discard_overdue_sheets",
    "evaluate_everywhere",
    "leave_out",
    "leave_out_all",
    "read_abandoned_sheets",
    "read_staged_sheet",
    "refresh",
    "rest_of",
    "stage_sheet",
    "undo",
    "update_known",
]
