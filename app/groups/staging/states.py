"""How a staged sheet and each of its rows stand; pure."""

from __future__ import annotations

from enum import StrEnum

from app.groups.sheets.marks import MarkKind, Marks, Reason


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
    DUPLICATE = "duplicate"  # another row with the same number goes first: see `going_first`
    TO_FIX = "to_fix"  # has a wrong or a doubtful cell
    KNOWN = "known"  # the person is in the group, with the same data (R232)
    DIFFERS = "differs"  # the person is in the group, with other data: can be updated
    TAKEN = "taken"  # the person is registered elsewhere (R020, R036)
    REPAIRED = "repaired"  # goes in, after a repair of ours
    READY = "ready"  # goes in as written


GOOD = (RowState.READY, RowState.REPAIRED)
# Nothing is left to do about these: a sheet that has no others is done.
SETTLED = (RowState.IN, RowState.LEFT_OUT, RowState.KNOWN)
UNFINISHED = (SheetState.READING, SheetState.MATCHING, SheetState.OPEN)


def codes_of(marks: Marks) -> str:
    """Return what is said about a row without what stands in it: ``|repaired.spelling.email|``."""
    codes = [f"{mark.kind.value}.{mark.reason.value}.{key}" for key, mark in marks.items()]
    return f"|{'|'.join(codes)}|" if codes else ""


def read_codes(codes: str) -> list[tuple[MarkKind, Reason, str]]:
    """Return kind, reason and column key of what `codes_of` wrote."""
    parts = (code.split(".") for code in codes.strip("|").split("|") if code)
    return [(MarkKind(kind), Reason(reason), key) for kind, reason, key in parts]


def own_state(codes: str) -> RowState:
    """Return how a row stands by itself, whoever else is registered."""
    if f"|{MarkKind.WRONG.value}." in codes or f"|{MarkKind.DOUBTFUL.value}." in codes:
        return RowState.TO_FIX
    return RowState.REPAIRED if codes else RowState.READY
