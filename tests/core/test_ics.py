from datetime import date, timedelta

from app.core.ics import Event, write_calendar
from tests.conftest import taipei

WRITTEN = taipei("2023-05-01 09:00")


def lines(*events: Event) -> list[str]:
    text = write_calendar("行事曆", events, written_at=WRITTEN).decode()
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").split("\r\n")


def test_a_day_ends_on_the_next_and_a_period_after_its_last_day() -> None:
    written = lines(
        Event("a@x", date(2023, 9, 2), "認證"),
        Event("b@x", date(2023, 5, 1), "報名", last_day=date(2023, 6, 9)),
    )

    assert "DTSTART;VALUE=DATE:20230902" in written
    assert "DTEND;VALUE=DATE:20230903" in written
    assert "DTEND;VALUE=DATE:20230610" in written
    assert "DTSTAMP:20230501T010000Z" in written


def test_signs_with_a_meaning_are_escaped() -> None:
    assert r"SUMMARY:一\, 二\; 三\\四\n五" in lines(Event("a@x", date(2023, 9, 2), "一, 二; 三\\四\n五"))


def test_no_line_is_longer_than_75_bytes_and_no_character_is_cut() -> None:
    content = write_calendar("x", [Event("a@x", date(2023, 9, 2), "認證" * 60)], written_at=WRITTEN)

    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert "認證" * 60 in content.decode().replace("\r\n ", "")


def test_an_event_rings_before_its_day_when_asked_to() -> None:
    written = lines(Event("a@x", date(2023, 5, 7), "繳費期限", remind=timedelta(hours=15)))

    start, end = written.index("BEGIN:VALARM"), written.index("END:VALARM")
    assert written[start + 1 : end] == ["ACTION:DISPLAY", "DESCRIPTION:繳費期限", "TRIGGER:-PT900M"]
    assert end < written.index("END:VEVENT")
    assert "BEGIN:VALARM" not in lines(Event("a@x", date(2023, 5, 7), "繳費期限"))
