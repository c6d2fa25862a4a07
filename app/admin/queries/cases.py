"""The case desk's reads: the inboxes with their counts, and a case's history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.models import Account
from app.accounts.permissions import Permission
from app.accounts.roles import Holding
from app.admin.paging import SIZE, Page
from app.cases.models import Case
from app.cases.queries import SHOWN, Sight
from app.cases.states import BOX_STATES, Box, CaseState
from app.core.audit import AuditEntry
from app.core.db import db


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What an inbox shows; None: of any unit or kind."""

    box: Box
    unit: str | None = None
    kind: str | None = None


def sight_of(holding: Holding) -> Sight:
    """Return which cases somebody sees: officers those of their units, dispatchers the unassigned."""
    return Sight(holding.units, holding.allows(Permission.CASES_ASSIGN))


def count_cases(sight: Sight) -> dict[tuple[CaseState, str | None, str], int]:
    """Count the cases that are seen by (state, unit, kind key)."""
    keys = (Case.state, Case.unit, Case.kind_key)
    query = sa.select(*keys, sa.func.count(Case.id)).where(sight.condition())
    query = query.group_by(*keys).order_by(*keys)
    return {(state, unit, kind): number for state, unit, kind, number in db.session.execute(query)}


def list_cases(wanted: CaseFilter, sight: Sight, *, page: Page) -> Sequence[Case]:
    """Return a page of an inbox: what is due first comes first, in the archive what was closed last."""
    query = sa.select(Case).where(Case.state.in_(BOX_STATES[wanted.box]), sight.condition()).options(*SHOWN)
    if wanted.unit is not None:
        query = query.where(Case.unit == wanted.unit)
    if wanted.kind is not None:
        query = query.where(Case.kind_key == wanted.kind)
    order: tuple[sa.ColumnElement[object], ...]
    if wanted.box == Box.CLOSED:
        order = (Case.closed_at.desc(), Case.id.desc())
    else:
        order = (sa.func.coalesce(Case.result_due_on, Case.filed_on), Case.id)
    return db.session.scalars(query.order_by(*order).limit(SIZE).offset(page.offset)).all()


def list_history(case: Case) -> Sequence[tuple[AuditEntry, str | None]]:
    """Return what was done with a case and by whose account, the last first."""
    query = (
        sa.select(AuditEntry, Account.email)
        .outerjoin(Account, Account.id == AuditEntry.actor_account_id)
        .where(AuditEntry.subject_type == Case.__tablename__, AuditEntry.subject_id == case.public_id)
        .order_by(AuditEntry.id.desc())
    )
    return [(entry, email) for entry, email in db.session.execute(query)]
