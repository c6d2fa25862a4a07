"""iCalendar files (RFC 5545): whole days that a calendar program can take in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MIMETYPE = "text/calendar; charset=utf-8"
_LONGEST_LINE = 75  # bytes, without the line's end


@dataclass(frozen=True, slots=True)
class Event:
    """One day, or days, of a calendar.

    :ivar uid: stays the same for the same thing, so that taking a file in again changes and never doubles
    :ivar last_day: inclusive; None: a single day
    :ivar remind: how long before its first midnight the calendar rings; None: it does not
    """

    uid: str
    day: date
    title: str
    last_day: date | None = None
    text: str = ""
    url: str = ""
    remind: timedelta | None = None


def write_calendar(name: str, events: Iterable[Event], *, written_at: datetime) -> bytes:
    """Return the file; `written_at` is an aware instant."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//hakka-exam//portal//ZH", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    for event in events:
        lines += _event_lines(event, f"{written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) + "\r\n" for line in lines).encode()


def _event_lines(event: Event, stamp: str) -> list[str]:
    # The end of a whole-day event is the day after its last one.
    end = (event.last_day or event.day) + timedelta(days=1)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{end:%Y%m%d}",
        f"SUMMARY:{_escaped(event.title)}",
    ]
    lines += [f"DESCRIPTION:{_escaped(event.text)}"] if event.text else []
    lines += [f"URL:{event.url}"] if event.url else []
    lines.append("TRANSP:TRANSPARENT")
    return [*lines, *_alarm_lines(event), "END:VEVENT"]


def _alarm_lines(event: Event) -> list[str]:
    if event.remind is None:
        return []
    minutes = int(event.remind / timedelta(minutes=1))
    said = f"DESCRIPTION:{_escaped(event.title)}"
    return ["BEGIN:VALARM", "ACTION:DISPLAY", said, f"TRIGGER:-PT{minutes}M", "END:VALARM"]


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, "\\" + sign)
    return text.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Return a line in pieces of at most 75 bytes, no character cut in two."""
    pieces, piece, room = [], "", _LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", _LONGEST_LINE - 1  # the space that begins a continued line counts
        piece += character
        room -= size
    return "\r\n ".join([*pieces, piece])
