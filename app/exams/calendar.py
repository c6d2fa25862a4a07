"""The dates of a round as events of a calendar (R211)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.core.ics import Event
from app.core.messages import N_, Message
from app.core.roc_dates import format_instant
from app.exams.models import Round

Translate = Callable[[Message | str], str]


def round_events(exam_round: Round, *, host: str, translate: Translate) -> list[Event]:
    """Return the dates of a round in the order of the brochure's schedule.

    :param host: of the portal; part of what names an event for good
    :param translate: gives a message in the reader's language
    """
    r = exam_round
    tickets = Message("%(at)s 起開放下載", {"at": format_instant(r.ticket_opens_at)})
    scores = Message("%(at)s 起公布", {"at": format_instant(r.score_opens_at)})
    dates = (
        ("registration", N_("報名"), r.registration_opens_on, r.registration_closes_on, ""),
        ("materials", N_("教材開始寄發"), r.materials_from, None, ""),
        ("ticket", N_("准考證開放下載"), r.ticket_from, None, tickets),
        ("test", N_("認證"), r.test_on, None, ""),
        ("score", N_("公布成績"), r.score_from, None, scores),
        ("recheck", N_("成績複查"), r.recheck_from, r.recheck_until, ""),
        ("certificate", N_("合格證書開始寄發"), r.certificate_from, None, ""),
    )
    return [
        Event(
            uid=f"{r.code}-{key}@{host}",
            day=day,
            last_day=last_day,
            title=f"{r.name} {translate(Message(title))}",
            text=translate(text),
        )
        for key, title, day, last_day, text in dates
    ]


def merged(*events: Iterable[Event]) -> list[Event]:
    """Return events of several sources in the order of time."""
    return sorted((each for source in events for each in source), key=lambda event: (event.day, event.uid))
