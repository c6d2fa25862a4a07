"""When a ticket can be had: the second before 09:00 and 09:00 itself."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.core.clock import TAIPEI
from app.tickets.rules import check_can_download, check_ticket_open

OPENS_AT = datetime(2023, 8, 11, 9, 0, tzinfo=TAIPEI)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2023-08-10 09:00:00", False),  # Thursday, the day before
        ("2023-08-11 08:59:59", False),  # Friday, one second early
        ("2023-08-11 09:00:00", True),
        ("2023-09-02 08:00:00", True),  # the morning of the test
        ("2023-11-17 09:00:00", True),
    ],
)
def test_tickets_open_at_the_instant_of_their_round(now: str, is_open: bool) -> None:
    decision = check_ticket_open(OPENS_AT, datetime.fromisoformat(now).replace(tzinfo=TAIPEI))

    assert bool(decision) == is_open


def test_the_refusal_names_the_opening_time() -> None:
    decision = check_ticket_open(OPENS_AT, datetime(2023, 5, 1, 9, 0, tzinfo=TAIPEI))

    assert str(decision.reason) == "准考證自 112 年 8 月 11 日（五）09:00 起開放下載"
    assert decision.clause == "拾、一、(一)"


@pytest.mark.requirement("R037")
@pytest.mark.parametrize(
    ("seated", "now", "can_download", "says"),
    [
        (True, OPENS_AT, True, "可以下載"),
        (False, OPENS_AT, False, "座位還沒排定"),
        (True, datetime(2023, 8, 11, 8, 59, 59, tzinfo=TAIPEI), False, "09:00 起開放下載"),
        # Before the day, whether somebody has a seat yet is not told (R037).
        (False, datetime(2023, 8, 11, 8, 59, 59, tzinfo=TAIPEI), False, "09:00 起開放下載"),
    ],
)
def test_a_ticket_needs_its_day_and_a_seat(
    seated: bool, now: datetime, can_download: bool, says: str
) -> None:
    decision = check_can_download(opens_at=OPENS_AT, seated=seated, now=now)

    assert bool(decision) == can_download
    assert says in str(decision.reason)
