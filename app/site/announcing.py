"""Whether an announcement is shown, is still to come, or is over; pure (W004)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from app.core.clock import taipei_day


class NewsState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"  # 預定
    RUNNING = "running"  # 公告中
    ENDED = "ended"  # 已結束


def news_state(
    *, published_at: datetime | None, last_day: date | None, ended_at: datetime | None, now: datetime
) -> NewsState:
    """Return the state of an announcement at an instant.

    :param published_at: the instant from which it is shown; None: nobody has published it
    :param last_day: inclusive Taipei day; None: for good (永久)
    :param ended_at: when somebody ended it before that day, or None
    """
    if published_at is None:
        return NewsState.DRAFT
    if ended_at is not None and ended_at <= now:
        return NewsState.ENDED
    if now < published_at:
        return NewsState.SCHEDULED
    if last_day is not None and taipei_day(now) > last_day:
        return NewsState.ENDED
    return NewsState.RUNNING
