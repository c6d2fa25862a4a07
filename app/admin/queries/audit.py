"""The audit log as it is searched: who did what to what, when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.accounts.models import Account
from app.admin.audit_words import SUBJECT_NAMES
from app.admin.paging import SIZE, Page
from app.core.audit import AuditEntry
from app.core.clock import end_of_day, start_of_day
from app.core.db import db


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is looked for; empty or None: anything.

    :ivar actor: the canonical e-mail of whose account it was
    :ivar since: the first Taipei day
    :ivar until: the last one, inclusive
    """

    action: str = ""
    actor: str = ""
    type: str = ""
    subject: str = ""
    request: str = ""
    since: date | None = None
    until: date | None = None


def count_entries(wanted: AuditFilter) -> int:
    return db.session.scalar(sa.select(sa.func.count(AuditEntry.id)).where(*_conditions(wanted))) or 0


def list_entries(wanted: AuditFilter, *, page: Page) -> Sequence[tuple[AuditEntry, Account | None]]:
    """Return a page of the entries, each with the account behind it, the newest first."""
    rows = db.session.execute(
        sa.select(AuditEntry, Account)
        .outerjoin(Account, Account.id == AuditEntry.actor_account_id)
        .where(*_conditions(wanted))
        .order_by(AuditEntry.id.desc())
        .limit(SIZE)
        .offset(page.offset)
    )
    return [(entry, account) for entry, account in rows]


def _conditions(wanted: AuditFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.action:
        conditions.append(AuditEntry.action == wanted.action)
    if wanted.actor:
        accounts = sa.select(Account.id).where(Account.email_key == wanted.actor)
        conditions.append(AuditEntry.actor_account_id.in_(accounts))
    if wanted.type or wanted.subject:
        # The index begins with the type, so a thing is looked for among all of them when none is given.
        types = [wanted.type] if wanted.type else list(SUBJECT_NAMES)
        conditions.append(AuditEntry.subject_type.in_(types))
    if wanted.subject:
        conditions.append(AuditEntry.subject_id == wanted.subject)
    if wanted.request:
        conditions.append(AuditEntry.request_id == wanted.request)
    if wanted.since:
        conditions.append(AuditEntry.at >= start_of_day(wanted.since))
    if wanted.until:
        conditions.append(AuditEntry.at < end_of_day(wanted.until))
    return conditions
