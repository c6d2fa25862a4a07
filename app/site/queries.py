"""Reads of what is published: announcements and files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.core.clock import taipei_day
from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.site.announcing import NewsState
from app.site.models import Announcement, NewsCategory, PublicDocument

NO_ANNOUNCEMENT = Message("沒有這則公告，請從最新消息的列表重新選擇")
NO_DOCUMENT = Message("沒有這個檔案，或還沒有開放下載，請從下載頁面重新選擇")


def in_state(state: NewsState, now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that an announcement is in a state at an instant; as `news_state` decides it."""
    published = Announcement.published_at
    over = sa.or_(
        Announcement.ended_at <= now,
        sa.and_(published <= now, Announcement.last_day < taipei_day(now)),
    )
    not_over = sa.not_(sa.func.coalesce(over, sa.false()))
    return {
        NewsState.DRAFT: published.is_(None),
        NewsState.SCHEDULED: sa.and_(published > now, not_over),
        NewsState.RUNNING: sa.and_(published <= now, not_over),
        NewsState.ENDED: sa.func.coalesce(over, sa.false()),
    }[state]


def list_public_news(
    now: datetime, *, category: NewsCategory | None = None, limit: int, offset: int = 0
) -> Sequence[Announcement]:
    """Return what has been published, the newest first, those that are over among them (W004)."""
    return db.session.scalars(
        _public_news(now, category)
        .options(joinedload(Announcement.exam_round))
        .order_by(Announcement.published_at.desc(), Announcement.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def list_running_news(
    now: datetime, *, round_id: int | None = None, limit: int = 5
) -> Sequence[Announcement]:
    """Return what is being announced, the newest first.

    :param round_id: only what concerns this round alone; None: whatever it concerns
    """
    query = sa.select(Announcement).where(in_state(NewsState.RUNNING, now))
    query = query.options(joinedload(Announcement.exam_round))
    if round_id is not None:
        query = query.where(Announcement.round_id == round_id)
    newest_first = query.order_by(Announcement.published_at.desc(), Announcement.id.desc())
    return db.session.scalars(newest_first.limit(limit)).all()


def count_public_news(now: datetime) -> dict[NewsCategory, int]:
    """Count what has been published, by category."""
    query = sa.select(Announcement.category, sa.func.count(Announcement.id))
    rows = db.session.execute(query.where(Announcement.published_at <= now).group_by(Announcement.category))
    return dict(rows.all())


def get_public_news(public_id: str, now: datetime) -> Announcement:
    """Return a published announcement; raises NotFound for a draft and one that is still to come."""
    query = _public_news(now, None).where(Announcement.public_id == public_id)
    found = db.session.scalars(query.options(joinedload(Announcement.exam_round))).one_or_none()
    if found is None:
        raise NotFound(NO_ANNOUNCEMENT)
    return found


def _public_news(now: datetime, category: NewsCategory | None) -> sa.Select[tuple[Announcement]]:
    query = sa.select(Announcement).where(Announcement.published_at <= now)
    return query if category is None else query.where(Announcement.category == category)


def get_announcement(public_id: str, *, lock: bool = False) -> Announcement:
    """Return an announcement whatever its state, for the desk; raises NotFound."""
    query = sa.select(Announcement).where(Announcement.public_id == public_id)
    if lock:
        query = query.with_for_update(of=Announcement)
    found = db.session.scalars(query.options(joinedload(Announcement.exam_round))).one_or_none()
    if found is None:
        raise NotFound(NO_ANNOUNCEMENT)
    return found


def list_public_documents() -> Sequence[PublicDocument]:
    """Return the files that have not been withdrawn, in the office's order; some may open later."""
    return db.session.scalars(_documents().where(PublicDocument.withdrawn_at.is_(None))).all()


def list_all_documents() -> Sequence[PublicDocument]:
    """Return all files for the desk, the withdrawn ones last."""
    withdrawn = PublicDocument.withdrawn_at.is_not(None)
    return db.session.scalars(
        sa.select(PublicDocument)
        .options(selectinload(PublicDocument.versions))
        .order_by(withdrawn, PublicDocument.position, PublicDocument.id)
    ).all()


def get_document(public_id: str, *, lock: bool = False) -> PublicDocument:
    """Return a file with its versions, withdrawn or not; raises NotFound."""
    query = _documents().where(PublicDocument.public_id == public_id)
    if lock:
        query = query.with_for_update(of=PublicDocument)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(NO_DOCUMENT)
    return found


def get_open_document(public_id: str, today: date) -> PublicDocument:
    """Return a file that can be downloaded on a day; raises NotFound."""
    found = get_document(public_id)
    if found.withdrawn_at is not None or today < found.opens_on:
        raise NotFound(NO_DOCUMENT)
    return found


def _documents() -> sa.Select[tuple[PublicDocument]]:
    return (
        sa.select(PublicDocument)
        .options(selectinload(PublicDocument.versions))
        .order_by(PublicDocument.position, PublicDocument.id)
    )
