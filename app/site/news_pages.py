"""What the pages show of an announcement, in the reader's language where it has been written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for

from app.core import clock
from app.core.clock import taipei_day
from app.core.messages import Message
from app.site import queries, words
from app.site.announcing import NewsState
from app.site.models import Announcement, NewsCategory
from app.site.paragraphs import Piece, paragraphs
from app.site.services.news import state_of
from app.web import reads_english


@dataclass(frozen=True, slots=True)
class NewsEntry:
    """:ivar body: paragraphs of lines of pieces, as `paragraphs` gives them
    :ivar chinese_only: the reader asked for English and there is none
    :ivar lang: of title and body, where it is not the page's own; else None
    :ivar last_day: inclusive, None: for good
    :ivar begins_on: the first day; of a draft the one that is planned, None: at once
    """

    title: str
    url: str
    body: list[list[list[Piece]]]
    chinese_only: bool
    lang: str | None
    category: Message
    round_name: str | None
    state: NewsState
    state_tag: tuple[str, Message]
    begins_on: date | None
    last_day: date | None
    ended_at: datetime | None
    corrected_at: datetime | None


def entry(announcement: Announcement, now: datetime, *, english: bool | None = None) -> NewsEntry:
    """Return an announcement as it reads at an instant.

    :param english: which of its texts; None: in the reader's language
    """
    wants_english = reads_english() if english is None else english
    use_english = wants_english and announcement.title_en is not None
    state = state_of(announcement, now)
    published_at = announcement.published_at
    return NewsEntry(
        title=announcement.title_en if use_english else announcement.title,
        url=url_for("site.announcement", public_id=announcement.public_id),
        body=paragraphs(announcement.body_en if use_english else announcement.body),
        chinese_only=wants_english and not use_english,
        lang=None if use_english == reads_english() else "en" if use_english else "zh-Hant-TW",
        category=words.NEWS_CATEGORIES[announcement.category],
        round_name=announcement.exam_round.name if announcement.exam_round else None,
        state=state,
        state_tag=words.NEWS_STATES[state],
        begins_on=taipei_day(published_at) if published_at else announcement.starts_on,
        last_day=announcement.last_day,
        ended_at=announcement.ended_at,
        corrected_at=announcement.corrected_at,
    )


def running(*, round_id: int | None = None, limit: int = 5) -> list[NewsEntry]:
    """Return what is being announced now, the newest first; with a round, what concerns it alone."""
    now = clock.now()
    return [entry(each, now) for each in queries.list_running_news(now, round_id=round_id, limit=limit)]


def chips(
    counts: Mapping[NewsCategory, int], chosen: NewsCategory | None
) -> list[tuple[Any, str, int, bool]]:
    """Return the filter by category: what has no announcement is left out, unless it is chosen."""
    every = (words.EVERYTHING, url_for("site.news"), sum(counts.values()), chosen is None)
    return [every] + [
        (label, url_for("site.news", category=key.value), counts.get(key, 0), key == chosen)
        for key, label in words.NEWS_CATEGORIES.items()
        if counts.get(key) or key == chosen
    ]
