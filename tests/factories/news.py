"""Announcements as the office would have written them."""

from __future__ import annotations

from typing import Any

from app.core.actors import SYSTEM
from app.site.models import Announcement, NewsCategory
from app.site.services import NewsText, draft_announcement, publish_announcement

TITLE = "颱風期間服務時間調整"


def make_draft_news(**changes: Any) -> Announcement:
    values = {"category": NewsCategory.OTHER, "title": TITLE, "body": "服務專線 8 月 3 日暫停。"}
    return draft_announcement(NewsText(**(values | changes)), actor=SYSTEM)


def make_news(**changes: Any) -> Announcement:
    """Return an announcement that is published now."""
    return publish_announcement(make_draft_news(**changes).public_id, actor=SYSTEM)
