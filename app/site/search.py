"""Search over what the public can read: questions, announcements, files, rounds (S008)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.messages import Listing, Message
from app.core.text import fold_width, strip_invisible
from app.exams.models import Round
from app.exams.words import TRACK_NAMES, level_words
from app.site import news_pages
from app.site.document_pages import document_rows
from app.site.models import Announcement
from app.site.questions import Topic, all_questions
from app.web import translate

LONGEST_QUERY = 50
_MOST_NEWS = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """:ivar kind: a key of `KINDS`
    :ivar detail: one line that says more
    """

    kind: str
    title: Any
    url: str
    detail: Any


KINDS = {
    "questions": Message("常見問題"),
    "news": Message("最新消息"),
    "files": Message("下載"),
    "rounds": Message("梯次"),
}


def read_query(text: str) -> str:
    """Return what is looked for: one line, full-width letters folded, cut to a sensible length."""
    return " ".join(fold_width(strip_invisible(text)).split())[:LONGEST_QUERY]


def search(query: str, topics: Sequence[Topic], rounds: Sequence[Round], now: datetime) -> list[Hit]:
    """Return what holds every word of the query, kind by kind.

    :param query: as `read_query` gives it; nothing is found for an empty one
    """
    words = query.casefold().split()
    if not words:
        return []
    hits = [
        *_in_questions(words, topics),
        *_in_news(words, now),
        *_in_files(words),
        *_in_rounds(words, rounds),
    ]
    order = list(KINDS)
    return sorted(hits, key=lambda hit: order.index(hit.kind))


def _holds(words: Sequence[str], *texts: Any) -> bool:
    text = fold_width(" ".join(str(translate(each)) for each in texts if each)).casefold()
    return all(word in text for word in words)


def _in_questions(words: Sequence[str], topics: Sequence[Topic]) -> list[Hit]:
    return [
        Hit(
            "questions",
            question.text,
            url_for("site.help_page", _anchor=f"{topic.key}-{question.key}"),
            question.answer[0],
        )
        for topic, question in all_questions(topics)
        if _holds(words, topic.title, question.text, *question.answer)
    ]


def _in_news(words: Sequence[str], now: datetime) -> list[Hit]:
    columns = (Announcement.title, Announcement.body, Announcement.title_en, Announcement.body_en)
    found = sa.and_(
        *(sa.or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words)
    )
    query = (
        sa.select(Announcement)
        .where(Announcement.published_at <= now, found)
        .options(joinedload(Announcement.exam_round))
        .order_by(Announcement.published_at.desc(), Announcement.id.desc())
        .limit(_MOST_NEWS)
    )
    entries = [news_pages.entry(each, now) for each in db.session.scalars(query)]
    return [Hit("news", entry.title, entry.url, entry.state_tag[1]) for entry in entries]


def _in_files(words: Sequence[str]) -> list[Hit]:
    return [
        Hit("files", row.title, row.url or url_for("site.downloads"), f"{row.format} {row.size}")
        for row in document_rows()
        if _holds(words, row.title, row.format, row.note)
    ]


def _in_rounds(words: Sequence[str], rounds: Sequence[Round]) -> list[Hit]:
    hits = []
    for each in rounds:
        areas = [offering.area for offering in each.offerings]
        levels = level_words(each.levels)
        if _holds(words, each.name, TRACK_NAMES[each.track], levels, *areas):
            url = url_for("site.round_facts", code=each.code)
            detail = Message("%(levels)s　%(areas)s", {"levels": levels, "areas": Listing(areas)})
            hits.append(Hit("rounds", each.name, url, detail))
    return hits
