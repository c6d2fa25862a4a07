"""How rows stand among all others: who goes first, who is in the group already, who is registered elsewhere.

A row's state follows from facts, so it can be worked out again whenever one of them has changed. The
number of queries grows with the hundreds of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.messages import N_, Message
from app.exams.choices import Track
from app.groups import queries as groups
from app.groups.models import Group
from app.groups.services.refusals import name_groups
from app.groups.sheets.packing import pack
from app.groups.staging import queries
from app.groups.staging.models import ROWS, StagedRow, StagedSheet
from app.groups.staging.queries import parts
from app.groups.staging.services.guards import open_desk
from app.groups.staging.services.members import find_differing, open_drafts
from app.groups.staging.states import GOOD, RowState, SheetState, own_state
from app.registration.services import AlreadyRegistered, persons

Place = tuple[int, int]  # sheet's id, row's number


class Line(NamedTuple):
    """What is known of a row without opening it."""

    sheet_id: int
    number: int
    state: RowState
    id_blind: bytes | None
    mark_codes: str
    registration_id: int | None
    reason: dict[str, Any] | None

    @property
    def place(self) -> Place:
        return self.sheet_id, self.number

    @property
    def own_state(self) -> RowState:
        return own_state(self.mark_codes)


class Standing(NamedTuple):
    state: RowState
    registration_id: int | None = None
    reason: dict[str, Any] | None = None


_COLUMNS = (
    StagedRow.sheet_id,
    StagedRow.number,
    StagedRow.state,
    StagedRow.id_blind,
    StagedRow.mark_codes,
    StagedRow.registration_id,
    StagedRow.reason,
)


def evaluate(
    session: Session,
    group: Group,
    *,
    blinds: Collection[bytes] | None = None,
    actor: Actor,
    elsewhere: bool = True,
) -> None:
    """Bring the rows of a locked group's open sheets up to date with who is registered.

    :param blinds: only rows with these look-up keys of ID numbers; None: all rows
    :param elsewhere: False: do not look outside the group; whoever asks is about to find out
    """
    session.flush()
    lines = _lines(session, group, blinds)
    if lines:
        _write(session, lines, _Evaluation(session, group, actor).judge(lines, elsewhere=elsewhere))


def evaluate_everywhere(group: Group, blinds: Collection[bytes], *, actor: Actor) -> None:
    """The same for a locked group and all others of its leader; for when a member came, went or changed."""
    with transaction() as session:
        session.flush()
        query = (
            sa.select(StagedSheet.group_id)
            .join(StagedSheet.group)
            .join(StagedRow, StagedRow.sheet_id == StagedSheet.id)
            .where(
                Group.account_id == group.account_id,
                StagedSheet.state == SheetState.OPEN,
                StagedRow.id_blind.in_(blinds),
            )
        )
        concerned = set(session.scalars(query.distinct()))
        # A group in which somebody works right now is left alone: who waits for two locks may wait for ever.
        others = sa.select(Group).where(Group.id.in_(concerned - {group.id})).order_by(Group.id)
        free = session.scalars(others.with_for_update(key_share=True, skip_locked=True)).all()
        for each in [*([group] if group.id in concerned else []), *free]:
            evaluate(session, each, blinds=blinds, actor=actor)


def refresh(group_id: str, sheet_id: str, *, account_id: int | None, actor: Actor) -> StagedSheet:
    """Look again who of a sheet's people is registered elsewhere, and return the sheet.

    :raises NotFound: when the account has no such group, or the group no such sheet
    :raises Refused: when the group or the sheet cannot be changed any more
    """
    with transaction() as session:
        group, sheet = open_desk(session, group_id, sheet_id, account_id)
        evaluate(session, group, actor=actor)
        finish_if_settled(session, sheet)
    return sheet


def _lines(session: Session, group: Group, blinds: Collection[bytes] | None) -> list[Line]:
    query = (
        sa.select(*_COLUMNS)
        .join(StagedSheet, StagedSheet.id == StagedRow.sheet_id)
        .where(StagedSheet.group_id == group.id, StagedSheet.state == SheetState.OPEN)
        .order_by(StagedRow.sheet_id, StagedRow.number)
    )
    if blinds is None:
        return [Line(*row) for row in session.execute(query)]
    found: list[Line] = []
    for part in parts(sorted(blinds)):
        found += [Line(*row) for row in session.execute(query.where(StagedRow.id_blind.in_(part)))]
    return found


def _write(session: Session, lines: Sequence[Line], standings: Mapping[Place, Standing]) -> None:
    changed = [
        {"sheet": line.sheet_id, "row": line.number, **standings[line.place]._asdict()}
        for line in lines
        if standings[line.place] != (line.state, line.registration_id, line.reason)
    ]
    if changed:
        write_standings(session, changed)


def write_standings(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write states of many rows.

    :param rows: sheet (id), row (number), state, registration_id, reason
    """
    names = ("state", "registration_id", "reason")
    statement = (
        sa.update(ROWS)
        .where(ROWS.c.sheet_id == sa.bindparam("sheet"), ROWS.c.number == sa.bindparam("row"))
        .values({name: sa.bindparam(f"new_{name}", type_=ROWS.c[name].type) for name in names})
    )
    values = [
        {"sheet": row["sheet"], "row": row["row"]} | {f"new_{name}": row[name] for name in names}
        for row in rows
    ]
    session.execute(statement, values)
    for held in list(session.identity_map.values()):
        if isinstance(held, StagedRow):
            session.expire(held, ["state", "registration_id", "reason"])


@dataclass
class _Evaluation:
    session: Session
    group: Group
    actor: Actor
    standings: dict[Place, Standing] = field(default_factory=dict)

    def judge(self, lines: Sequence[Line], *, elsewhere: bool) -> dict[Place, Standing]:
        by_blind: dict[bytes, list[Line]] = defaultdict(list)
        for line in lines:
            if line.state is RowState.LEFT_OUT:
                self.standings[line.place] = Standing(line.state)
            elif line.id_blind is None:
                self.standings[line.place] = Standing(line.own_state)
            else:
                by_blind[line.id_blind].append(line)
        members = groups.list_member_ids(self.session, self.group, list(by_blind))
        still_in = self._still_in(lines)
        known, free = list[Line](), list[Line]()
        names = self._file_names(lines)
        for blind, rows in by_blind.items():
            leading = self._first_of_each_sheet(rows, still_in)
            leading = [line for line in leading if line.place not in still_in]
            if blind in members:
                known += [self._by_itself(line, members[blind]) for line in leading]
            else:
                free += self._first_of_all(leading, names)
        self._judge_known([line for line in known if self._is_good(line)])
        for line in free:
            self.standings[line.place] = Standing(line.own_state)
        if elsewhere:
            self._judge_free([line for line in free if line.own_state in GOOD])
        return self.standings

    def _still_in(self, lines: Iterable[Line]) -> set[Place]:
        rows = [line for line in lines if line.state is RowState.IN]
        ids = groups.list_living_members(self.session, self.group, [line.registration_id for line in rows])
        living = {line.place for line in rows if line.registration_id in ids}
        for line in rows:
            if line.place in living:
                self.standings[line.place] = Standing(RowState.IN, line.registration_id)
        return living

    def _file_names(self, lines: Iterable[Line]) -> dict[int, str]:
        sheets = {line.sheet_id for line in lines}
        if len(sheets) < 2:
            return {}
        query = sa.select(StagedSheet.id, StagedSheet.file_name).where(StagedSheet.id.in_(sheets))
        return dict(self.session.execute(query).all())

    def _first_of_each_sheet(self, rows: Iterable[Line], still_in: set[Place]) -> list[Line]:
        """Settle the rows that repeat another of their own sheet; return the first of each sheet (R232)."""
        leading: dict[int, Line] = {}
        for line in sorted(rows, key=lambda each: (each.place not in still_in, each.number)):
            first = leading.setdefault(line.sheet_id, line)
            if first is not line:
                text = N_("與第 %(first)s 列的號碼相同。同一位考生請略過這一列；不是同一人，請改正號碼")
                reason = pack(Message(text, {"first": first.number}))
                self.standings[line.place] = Standing(RowState.DUPLICATE, None, reason)
        return list(leading.values())

    def _first_of_all(self, leading: Sequence[Line], names: Mapping[int, str]) -> list[Line]:
        """Settle the rows that another open sheet has too and return the one that goes first, if any.

        A row that can go in goes before one that has to be mended, and the newer sheet before the older: it
        is the corrected one.
        """
        ranked = sorted(leading, key=lambda line: (line.own_state not in GOOD, -line.sheet_id))
        for line in ranked[1:]:
            text = N_("同一位考生也在「%(file)s」第 %(row)s 列，以那一列為準")
            values = {"file": names.get(ranked[0].sheet_id, ""), "row": ranked[0].number}
            reason = pack(Message(text, values))
            self.standings[line.place] = Standing(RowState.DUPLICATE, None, reason)
        return list(ranked[:1])

    def _by_itself(self, line: Line, member_id: int) -> Line:
        state = line.own_state
        self.standings[line.place] = Standing(RowState.KNOWN if state in GOOD else state, member_id)
        return line

    def _is_good(self, line: Line) -> bool:
        return line.own_state in GOOD

    def _judge_known(self, lines: Sequence[Line]) -> None:
        ids = {line.place: self.standings[line.place].registration_id for line in lines}
        for place in find_differing(self.session, self.group, ids):
            self.standings[place] = Standing(RowState.DIFFERS, ids[place])

    def _judge_free(self, lines: Sequence[Line]) -> None:
        by_blind = {line.id_blind: line for line in lines if line.id_blind is not None}
        group = self.group
        others = persons.find_others(
            self.session, list(by_blind), group.exam_round, account_id=group.account_id, now=clock.now()
        )
        refusals: dict[bytes, AlreadyRegistered] = {
            blind: persons.already_registered(other, group.exam_round, account_id=group.account_id)
            for blind, other in others.items()
        } | self._absent(by_blind)
        for blind, refusal in name_groups(self.session, refusals, group).items():
            line = by_blind[blind]
            self.standings[line.place] = Standing(RowState.TAKEN, None, pack(refusal.message))
            if not refusal.same_account and line.state is not RowState.TAKEN:
                persons.record_foreign_number(group.account_id, actor=self.actor)

    def _absent(self, by_blind: Mapping[bytes, Line]) -> dict[bytes, persons.AbsentBefore]:
        if self.group.exam_round.track != Track.MULTI:
            return {}

        def births_of(blinds: Collection[bytes]) -> dict[bytes, date]:
            return self._births([by_blind[blind] for blind in blinds])

        return persons.find_absent_of(
            self.session,
            list(by_blind),
            births_of,
            self.group.exam_round,
            account_id=self.group.account_id,
        )

    def _births(self, lines: Sequence[Line]) -> dict[bytes, date]:
        drafts = open_drafts(self.session, self.group, [line.place for line in lines])
        return {line.id_blind: drafts[line.place].birth_on for line in lines if line.id_blind is not None}


def finish_if_settled(session: Session, sheet: StagedSheet) -> None:
    """Close an open sheet about which nothing is left to do."""
    if sheet.state is SheetState.OPEN and not queries.has_open_rows(session, sheet):
        finish(session, sheet, SheetState.DONE)


def finish(session: Session, sheet: StagedSheet, state: SheetState) -> None:
    """End a sheet: what was uploaded is not kept any longer, only how many rows stood how."""
    session.flush()
    counts = {each.value: number for each, number in queries.count_states(sheet).items() if number}
    sheet.counts = counts
    sheet.state, sheet.finished_at, sheet.content_sealed = state, clock.now(), None
    session.flush()
