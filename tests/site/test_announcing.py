"""When an announcement is shown (W004)."""

from __future__ import annotations

from datetime import date

import pytest

from app.site.announcing import news_state
from tests.conftest import taipei

MAY_10 = taipei("2023-05-10 00:00")


@pytest.mark.requirement("W004")
@pytest.mark.parametrize(
    ("published_at", "last_day", "ended_at", "now", "state"),
    [
        (None, None, None, "2023-05-10 09:00", "draft"),
        (MAY_10, None, None, "2023-05-09 23:59:59", "scheduled"),
        (MAY_10, None, None, "2023-05-10 00:00", "running"),
        (MAY_10, None, None, "2043-05-10 00:00", "running"),  # 永久
        (MAY_10, date(2023, 5, 12), None, "2023-05-12 23:59:59", "running"),
        (MAY_10, date(2023, 5, 12), None, "2023-05-13 00:00", "ended"),
        (MAY_10, None, taipei("2023-05-11 12:00"), "2023-05-11 11:59", "running"),
        (MAY_10, None, taipei("2023-05-11 12:00"), "2023-05-11 12:00", "ended"),
    ],
)
def test_an_announcement_is_shown_from_its_first_instant_to_the_end_of_its_last_day(
    published_at: object, last_day: object, ended_at: object, now: str, state: str
) -> None:
    shown = news_state(published_at=published_at, last_day=last_day, ended_at=ended_at, now=taipei(now))

    assert shown == state
