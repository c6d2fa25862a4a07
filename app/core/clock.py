"""The one clock. Nothing else in the portal asks the system for the time.

Production uses the system clock. In demo mode the time stands in a small file that every process
reads, so that the web server, the worker and the gateway simulator agree; it stands still until it
is moved, so that what happens at 08:59:59 can be looked at for as long as one likes. Tests set it
with `fixed`.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

TAIPEI = ZoneInfo("Asia/Taipei")
DEMO_START = datetime(2023, 5, 1, 9, 0, tzinfo=TAIPEI)  # in the national registration period of 112

_fixed: datetime | None = None
_demo_file: Path | None = None


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    if _fixed is not None:
        return _fixed
    if _demo_file is not None:
        return datetime.fromisoformat(_demo_file.read_text()).astimezone(UTC)
    return system_now()


def today() -> date:
    """Return the current calendar day in Taipei."""
    return taipei_day(now())


def system_now() -> datetime:
    """Return the machine's own time, for what concerns the machine and not the exam year.

    Session lifetimes and time-based one-time codes use it: moving the demo clock from May to
    August must not end everybody's session.
    """
    return datetime.now(UTC)


def taipei_day(instant: datetime) -> date:
    """Return the Taipei calendar day of an aware instant."""
    return instant.astimezone(TAIPEI).date()


def start_of_day(day: date) -> datetime:
    """Return 00:00 Taipei time of a day, as an aware instant in UTC."""
    return datetime.combine(day, time(0), TAIPEI).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Return the first instant after a Taipei day: the exclusive end of its 23:59."""
    return start_of_day(day + timedelta(days=1))


def use_demo_file(path: Path, *, start: datetime) -> None:
    """Take the time from a file from now on, creating it with `start` when it is not there."""
    global _demo_file
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, start)
    _demo_file = path


def use_system_clock() -> None:
    """Take the time from the machine again."""
    global _demo_file
    _demo_file = None


def set_demo_time(instant: datetime) -> None:
    """Move the demo clock for all processes; raises RuntimeError outside demo mode."""
    if _demo_file is None:
        raise RuntimeError("the clock can be set in demo mode only")
    _write(_demo_file, instant)


@contextlib.contextmanager
def fixed(instant: datetime) -> Iterator[None]:
    """Let `now` return an aware instant inside the block, in all threads; for tests."""
    global _fixed
    before, _fixed = _fixed, instant.astimezone(UTC)
    try:
        yield
    finally:
        _fixed = before


def _write(path: Path, instant: datetime) -> None:
    # Replaced in one step, so that another process never reads half a date.
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(instant.astimezone(UTC).isoformat())
    os.replace(temporary, path)
