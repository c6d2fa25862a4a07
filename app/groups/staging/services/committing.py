"""The good rows become members; the others stay on the workbench."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import audit
from app.core.actors import Actor
from app.core.db import transaction
from app.groups import queries as groups
from app.groups import rules
from app.groups.models import Group, GroupMember
from app.groups.services.guards import get_open_group, hold_at_least
from app.groups.services.refusals import name_groups
from app.groups.sheets.packing import pack
from app.groups.staging import queries
from app.groups.staging.models import StagedChange, StagedRow, StagedSheet
from app.groups.staging.queries import parts
from app.groups.staging.services.guards import check_on_desk, open_desk
from app.groups.staging.services.members import (
    candidates_of,
    compare,
    open_drafts,
)
from app.groups.staging.services.standing import evaluate, finish_if_settled, write_standings
from app.groups.staging.states import GOOD, RowState, SheetState
from app.registration import services as registrations
from app.registration.services import AlreadyRegistered

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class CommitResult:
    """:ivar added: rows that have become members now
    :ivar updated: members that were given the sheet's data
    :ivar left: rows that wait for something to be done about them
    :ivar taken: of these, persons who are registered elsewhere
    """

    added: int
    updated: int
    left: int
    taken: int


def commit(
    group_id: str,
    sheet_id: str,
    *,
    update: Sequence[int] = (),
    account_id: int | None,
    actor: Actor,
) -> CommitResult:
    """Make members of all good rows; the rest stays staged. Once more changes nothing.

    :param update: numbers of DIFFERS rows whose members are to be given the sheet's data, too
    :raises NotFound: when the account has no such group, or the group no such sheet
    :raises Refused: when the group cannot be changed any more, or would become too large
    :raises OfferingFull: when a multi group grows beyond the places left; nothing has gone in then
    """
    with transaction() as session:
        group = get_open_group(session, group_id, account_id)
        sheet = queries.get_sheet(group, sheet_id)
        if sheet.state is SheetState.DONE:
            return CommitResult(0, 0, 0, 0)
        check_on_desk(sheet)
        # Who is registered elsewhere is found when the members are made, once.
        evaluate(session, group, actor=actor, elsewhere=False)
        updated = _update(session, group, sheet, update, actor=actor) if update else 0
        added = _add_good(session, group, sheet, actor=actor)
        session.expire(sheet)
        counts = queries.count_states(sheet)
        for each in queries.list_open_sheets(group):
            finish_if_settled(session, each)
        audit.record(
            "group.commit_sheet",
            group,
            actor,
            sheet=sheet.public_id,
            added=added,
            updated=updated,
            on_behalf=account_id is None,
        )
    settled = counts[RowState.IN] + counts[RowState.LEFT_OUT] + counts[RowState.KNOWN]
    return CommitResult(added, updated, sum(counts.values()) - settled, counts[RowState.TAKEN])


def update_known(
    group_id: str,
    sheet_id: str,
    *,
    numbers: Sequence[int],
    account_id: int | None,
    actor: Actor,
) -> int:
    """Give members the data of their DIFFERS rows and return how many (R233); raises as `commit`."""
    with transaction() as session:
        group, sheet = open_desk(session, group_id, sheet_id, account_id)
        updated = _update(session, group, sheet, numbers, actor=actor)
        if updated:
            finish_if_settled(session, sheet)
            audit.record(
                "group.update_members",
                group,
                actor,
                sheet=sheet.public_id,
                updated=updated,
                on_behalf=account_id is None,
            )
    return updated


def _forget_changes(session: Session, sheet: StagedSheet) -> None:
    """Drop the acts of which nothing can be undone any more, because all their rows have gone in."""
    query = sa.select(StagedRow.number).where(StagedRow.sheet_id == sheet.id, StagedRow.state == RowState.IN)
    entered = set(session.scalars(query))
    changes = session.scalars(sa.select(StagedChange).where(StagedChange.sheet_id == sheet.id))
    for change in changes.all():
        if change.before.keys() <= entered:
            session.delete(change)


def _add_good(session: Session, group: Group, sheet: StagedSheet, *, actor: Actor) -> int:
    query = sa.select(StagedRow.number).where(StagedRow.sheet_id == sheet.id, StagedRow.state.in_(GOOD))
    numbers = session.scalars(query.order_by(StagedRow.number)).all()
    count = groups.count_members(group)
    rules.check_room_for(count + len(numbers)).raise_if_refused()
    added: list[int] = []
    for part in parts(numbers, _BATCH):
        added += _add_part(session, group, sheet, part, actor=actor)
    hold_at_least(group, count + len(added))
    if added:
        _tell_other_sheets(session, group, sheet, added, actor=actor)
        _forget_changes(session, sheet)
    return len(added)


def _add_part(
    session: Session, group: Group, sheet: StagedSheet, numbers: Sequence[int], *, actor: Actor
) -> list[int]:
    """Make members of some rows and return the numbers of those that were."""
    drafts = open_drafts(session, group, [(sheet.id, number) for number in numbers])
    outcomes = registrations.insert_members(
        group.account_id,
        group.exam_round,
        group.offering,
        candidates_of(group, drafts.values()),
        actor=actor,
    )
    rows, refusals, members = list[dict[str, Any]](), dict[Any, AlreadyRegistered](), []
    for (_, number), outcome in zip(drafts, outcomes, strict=True):
        if isinstance(outcome, AlreadyRegistered):
            refusals[number] = outcome
        else:
            members.append({"registration_id": outcome.id, "group_id": group.id})
            rows.append(_standing(sheet, number, RowState.IN, outcome.id))
    if members:
        session.execute(sa.insert(GroupMember), members)
    added = [row["row"] for row in rows]
    for number, refusal in name_groups(session, refusals, group).items():
        rows.append(_standing(sheet, number, RowState.TAKEN, None, pack(refusal.message)))
    write_standings(session, rows)
    return added


def _standing(
    sheet: StagedSheet, number: int, state: RowState, member: int | None, reason: Any = None
) -> dict[str, Any]:
    return {"sheet": sheet.id, "row": number, "state": state, "registration_id": member, "reason": reason}


def _tell_other_sheets(
    session: Session, group: Group, sheet: StagedSheet, numbers: Sequence[int], *, actor: Actor
) -> None:
    if len(queries.list_open_sheets(group)) < 2:
        return
    blinds: set[bytes] = set()
    query = sa.select(StagedRow.id_blind).where(StagedRow.sheet_id == sheet.id)
    for part in parts(numbers):
        blinds |= {each for each in session.scalars(query.where(StagedRow.number.in_(part))) if each}
    evaluate(session, group, blinds=blinds, actor=actor)


def _update(
    session: Session, group: Group, sheet: StagedSheet, numbers: Sequence[int], *, actor: Actor
) -> int:
    rows = [
        row for row in queries.list_rows_by_number(session, sheet, numbers) if row.state is RowState.DIFFERS
    ]
    ids = {(row.sheet_id, row.number): row.registration_id for row in rows}
    changes = list(compare(session, group, ids).values())
    registrations.change_members(changes, actor=actor)
    evaluate(session, group, blinds={row.id_blind for row in rows if row.id_blind}, actor=actor)
    return len(changes)
