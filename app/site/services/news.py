"""Announcements: written, published, corrected, ended (R007, W004)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from app.core import audit, clock
from app.core.actors import Actor
from app.core.clock import start_of_day
from app.core.db import transaction
from app.core.errors import IllegalTransition, InvalidValue
from app.core.messages import Message
from app.site import queries
from app.site.announcing import NewsState, news_state
from app.site.models import Announcement, NewsCategory


@dataclass(frozen=True, slots=True)
class NewsText:
    """What is written; the fields are those of `Announcement`."""

    category: NewsCategory
    title: str
    body: str
    round_id: int | None = None
    title_en: str | None = None
    body_en: str | None = None
    starts_on: date | None = None
    last_day: date | None = None


def draft_announcement(text: NewsText, *, actor: Actor) -> Announcement:
    """Keep a new announcement; nobody outside sees it yet.

    :raises InvalidValue: when it would be over before it begins, or half of the English is missing
    """
    _check(text)
    with transaction() as session:
        announcement = Announcement(created_at=clock.now(), **asdict(text))
        session.add(announcement)
        session.flush()
        audit.record("news.draft", announcement, actor, title=text.title)
    return announcement


def correct_announcement(public_id: str, text: NewsText, *, actor: Actor) -> Announcement:
    """Write an announcement anew; once it is out, what stood there before stays in the audit log.

    :raises NotFound: when there is no such announcement
    :raises InvalidValue: as `draft_announcement`
    """
    _check(text)
    with transaction():
        announcement = queries.get_announcement(public_id, lock=True)
        state = state_of(announcement, clock.now())
        changes = {
            name: [_plain(getattr(announcement, name)), _plain(new)]
            for name, new in asdict(text).items()
            if getattr(announcement, name) != new
        }
        if not changes:
            return announcement
        for name, new in asdict(text).items():
            setattr(announcement, name, new)
        if state == NewsState.SCHEDULED:
            announcement.published_at = _begin_of(announcement)
        elif state != NewsState.DRAFT:
            announcement.corrected_at = clock.now()
        audit.record("news.correct", announcement, actor, changes=changes)
    return announcement


def publish_announcement(public_id: str, *, actor: Actor) -> Announcement:
    """Publish a draft, at once or from its first day on; publishing it twice changes nothing.

    :raises NotFound: when there is no such announcement
    :raises IllegalTransition: when its last day has passed
    """
    with transaction():
        announcement = queries.get_announcement(public_id, lock=True)
        if announcement.published_at is not None:
            return announcement
        if announcement.last_day is not None and announcement.last_day < clock.today():
            raise IllegalTransition(Message("最後一天已經過了，請先修改再發布"))
        announcement.published_at = _begin_of(announcement)
        audit.record("news.publish", announcement, actor, title=announcement.title)
    return announcement


def end_announcement(public_id: str, *, actor: Actor) -> Announcement:
    """End an announcement now; one that was still to come becomes a draft again.

    :raises NotFound: when there is no such announcement
    :raises IllegalTransition: when it is a draft or over
    """
    with transaction():
        announcement = queries.get_announcement(public_id, lock=True)
        now = clock.now()
        state = state_of(announcement, now)
        if state == NewsState.SCHEDULED:
            announcement.published_at = None
        elif state == NewsState.RUNNING:
            announcement.ended_at = now
        else:
            raise IllegalTransition(Message("這則公告沒有在公告中，不用結束"))
        audit.record("news.end", announcement, actor, state=state.value)
    return announcement


def announce(text: NewsText, *, actor: Actor) -> Announcement:
    """Write and publish an announcement in the open unit of work, for services of other rooms."""
    return publish_announcement(draft_announcement(text, actor=actor).public_id, actor=actor)


def state_of(announcement: Announcement, now: datetime) -> NewsState:
    """Return the state of an announcement at an instant."""
    return news_state(
        published_at=announcement.published_at,
        last_day=announcement.last_day,
        ended_at=announcement.ended_at,
        now=now,
    )


def _begin_of(announcement: Announcement) -> datetime:
    now = clock.now()
    return max(now, start_of_day(announcement.starts_on)) if announcement.starts_on else now


def _check(text: NewsText) -> None:
    if text.starts_on and text.last_day and text.last_day < text.starts_on:
        raise InvalidValue(Message("最後一天要在刊登日期當天或之後"), field="last_day")
    if bool(text.title_en) != bool(text.body_en):
        missing = "body_en" if text.title_en else "title_en"
        raise InvalidValue(Message("英文標題和英文內容要一起填，或都留白"), field=missing)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
