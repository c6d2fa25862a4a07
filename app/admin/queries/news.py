"""Announcements and their history, as the desk shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.admin.paging import SIZE, Page
from app.core.audit import AuditEntry
from app.core.db import db
from app.site.announcing import NewsState
from app.site.models import Announcement
from app.site.queries import in_state


def count_by_state(now: datetime) -> dict[str, int]:
    """Count the announcements in each state, in one query."""
    columns = [
        sa.func.coalesce(sa.func.sum(sa.case((in_state(state, now), 1), else_=0)), 0) for state in NewsState
    ]
    return dict(
        zip((state.value for state in NewsState), db.session.execute(sa.select(*columns)).one(), strict=True)
    )


def list_in_state(state: NewsState | None, now: datetime, page: Page) -> Sequence[Announcement]:
    """Return a page of the announcements in a state, the newest first; None: of all of them."""
    query = sa.select(Announcement).options(joinedload(Announcement.exam_round))
    if state is not None:
        query = query.where(in_state(state, now))
    return db.session.scalars(query.order_by(Announcement.id.desc()).limit(SIZE).offset(page.offset)).all()


def list_history(announcement: Announcement) -> Sequence[AuditEntry]:
    """Return what has been done to an announcement, the newest first."""
    return db.session.scalars(
        sa.select(AuditEntry)
        .where(
            AuditEntry.subject_type == Announcement.__tablename__,
            AuditEntry.subject_id == announcement.public_id,
        )
        .order_by(AuditEntry.id.desc())
    ).all()
