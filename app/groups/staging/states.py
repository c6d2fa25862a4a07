"""How a staged sheet and each of its rows stand; pure."""

from __future__ import annotations

from enum import StrEnum


class SheetState(StrEnum):
    """READING → MATCHING → READING → OPEN → DONE; FAILED and DISCARDED end it too."""

    READING = "reading"  # a job reads the file, or checks its rows
    MATCHING = "matching"  # the leader says which column is what
    OPEN = "open"  # the workbench
    DONE = "done"  # every row went in, was known or was left out
    FAILED = "failed"  # the file cannot be used; `problem` says why
    DISCARDED = "discarded"  # thrown away by the leader, or by the clock when registration ended


class RowState(StrEnum):
    """What becomes of a row; each row counts once, by the first of these that is true."""

    IN = "in"  # has become a member
    LEFT_OUT = "left_out"  # the leader took it out
    DUPLICATE = "duplicate"  # an earlier row, of this or another open sheet of the group, has the same number
    TO_FIX = "to_fix"  # has a wrong or a doubtful cell
    KNOWN = "known"  # the person is in the group, with the same data (R232)
    DIFFERS = "differs"  # the person is in the group, with other data: can be updated
    TAKEN = "taken"  # the person is registered elsewhere (R020, R036)
    REPAIRED = "repaired"  # goes in, after a repair of ours
    READY = "ready"  # goes in as written


GOOD = (RowState.READY, RowState.REPAIRED)
