"""A leader's sheet goes into the group: the good rows in, the others reported cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.crypto import blind_id
from app.core.db import transaction
from app.core.spreadsheets import read_workbook
from app.exams.choices import Dialect
from app.groups import queries, rules
from app.groups.models import Group, GroupMember, SheetImport
from app.groups.services.facts import template_facts
from app.groups.services.guards import check_open, get_open_group, hold_at_least
from app.groups.services.refusals import name_group
from app.groups.sheets import importing
from app.groups.sheets.reading import read_members
from app.groups.sheets.result import MemberRow, SheetResult
from app.registration import services as registrations
from app.registration.services import AlreadyRegistered

_LONGEST_FILE_NAME = 120


def import_sheet(
    public_id: str, account_id: int, file_name: str, content: bytes, *, actor: Actor
) -> SheetImport:
    """Import a sheet and return the report of what became of each row (R228-R233).

    The good rows become members at once; wrong cells are reported with row and column. Who is in the
    group already is left alone, so that the same or the corrected file can be imported again. Who is
    registered elsewhere is refused without a word about where (security.md 7).

    :param file_name: as the leader's computer calls it; only shown
    :raises NotFound: when the account has no such group
    :raises Refused: when the group cannot be changed any more, or would become too large
    :raises InvalidValue: when the file as a whole cannot be used; nothing is stored then
    :raises OfferingFull: when a multi group grows beyond the places left
    """
    group = queries.get_group(public_id, account_id)
    check_open(group)
    # Read before the transaction: a slow file must not keep others from writing.
    result = read_members(read_workbook(content), expected=template_facts(group), today=clock.today())
    with transaction() as session:
        group = get_open_group(session, public_id, account_id)
        report = _take_in(session, group, result, actor=actor)
        stored = SheetImport(
            group=group,
            file_name=file_name[-_LONGEST_FILE_NAME:],
            imported_at=clock.now(),
            report=report,
        )
        session.add(stored)
        session.flush()
        counts = {name: len(report[name]) for name in ("imported", "ignored", "refused")}
        audit.record("group.import_sheet", group, actor, **counts)
    return stored


def _take_in(session: Session, group: Group, result: SheetResult, *, actor: Actor) -> dict[str, Any]:
    known = _known_rows(session, group, result.rows)
    new = [row for row in result.rows if row.number not in known]
    count = queries.count_members(group) + len(new)
    rules.check_room_for(count).raise_if_refused()
    leader = group.leader
    outcomes = registrations.add_members(
        group.account_id,
        group.exam_round,
        group.offering,
        [importing.candidate_of(row.draft, leader, Dialect(row.draft.dialect)) for row in new],
        actor=actor,
    )
    imported, taken = [], []
    for row, outcome in zip(new, outcomes, strict=True):
        if isinstance(outcome, AlreadyRegistered):
            taken.append(importing.taken_entry(row, name_group(session, outcome, group).message))
        else:
            session.add(GroupMember(registration=outcome, group=group))
            imported.append(importing.imported_entry(row))
    session.flush()
    hold_at_least(group, queries.count_members(group))
    refused = [importing.refused_entry(error) for error in result.errors]
    refused += [importing.duplicate_entry(row) for row in result.duplicates_in_file]
    return {
        "imported": imported,
        "ignored": [importing.known_entry(row) for row in result.rows if row.number in known],
        "refused": importing.in_sheet_order(refused + taken),
        "notes": [importing.pack(note) for note in result.notes],
    }


def _known_rows(session: Session, group: Group, rows: Sequence[MemberRow]) -> set[int]:
    """Return the numbers of the rows whose persons are in the group already."""
    blinds = {row.number: blind_id(row.draft.id_number) for row in rows}
    known = queries.list_known_blinds(session, group, blinds.values())
    return {number for number, blind in blinds.items() if blind in known}
