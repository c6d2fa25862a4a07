"""The one clock: Taipei days, and a demo clock that all processes read from one file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.core import clock
from tests.conftest import taipei


@pytest.fixture
def system_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "_fixed", None)
    yield
    clock.use_system_clock()


def test_a_taipei_day_begins_while_utc_is_still_on_the_day_before() -> None:
    assert clock.taipei_day(datetime(2023, 4, 30, 16, 0, tzinfo=UTC)) == date(2023, 5, 1)
    assert clock.taipei_day(datetime(2023, 4, 30, 15, 59, 59, tzinfo=UTC)) == date(2023, 4, 30)


def test_the_end_of_a_day_is_the_first_instant_of_the_next() -> None:
    assert clock.end_of_day(date(2023, 5, 7)) == taipei("2023-05-08 00:00")


def test_the_demo_clock_stands_still_until_it_is_moved(system_clock: None, tmp_path: Path) -> None:
    clock.use_demo_file(tmp_path / "clock", start=taipei("2023-05-01 09:00"))

    assert clock.now() == clock.now() == taipei("2023-05-01 09:00")
    clock.set_demo_time(taipei("2023-08-11 08:59:59"))
    assert clock.now() == taipei("2023-08-11 08:59:59")
    assert (tmp_path / "clock").read_text() == "2023-08-11T00:59:59+00:00"


def test_a_demo_clock_that_is_there_keeps_its_time_at_the_next_start(
    system_clock: None, tmp_path: Path
) -> None:
    clock.use_demo_file(tmp_path / "clock", start=taipei("2023-05-01 09:00"))
    clock.set_demo_time(taipei("2023-09-02 08:00"))

    clock.use_demo_file(tmp_path / "clock", start=taipei("2023-05-01 09:00"))

    assert clock.today() == date(2023, 9, 2)


def test_the_system_clock_cannot_be_set(system_clock: None) -> None:
    with pytest.raises(RuntimeError, match="demo mode only"):
        clock.set_demo_time(taipei("2023-08-11 09:00"))
