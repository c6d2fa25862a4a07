"""Facts on the status page that rooms above this one know: results, mailings, refunds.

A room above registers a source when the app is made; the status page asks all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.messages import Message
from app.registration.models import Registration
from app.registration.status import Tag, TimelineItem


@dataclass(frozen=True, slots=True)
class UpperFact:
    """A line of the timeline from a room above; one with the key of a known line replaces it.

    :ivar key: materials, ticket, score, certificate, refund, correction …
    :ivar action: label and address, or None
    """

    key: str
    title: Message
    kind: Tag
    label: Message
    date: Message | None = None
    action: tuple[Message, str] | None = None


Source = Callable[[Registration, datetime], Sequence[UpperFact]]
_sources: list[Source] = []


def timeline_source(source: Source) -> Source:
    """Register a source; it is asked with the registration and the current instant."""
    _sources.append(source)
    return source


def upper_facts(registration: Registration, now: datetime) -> list[UpperFact]:
    """Return what all rooms above say of a registration."""
    return [fact for source in _sources for fact in source(registration, now)]


def with_upper_facts(
    items: Sequence[TimelineItem], facts: Sequence[UpperFact]
) -> list[tuple[TimelineItem, UpperFact | None]]:
    """Return the lines of the page, each with the fact from above that has replaced it, or None.

    Facts of which registration has no line of its own (a refund) follow at the end, also when the
    registration has ended and nothing else is left to show.
    """
    known = {item.key for item in items}
    above = {fact.key: fact for fact in facts if fact.key in known}
    lines = [
        (_line(above[item.key]), above[item.key]) if item.key in above else (item, None) for item in items
    ]
    return lines + [(_line(fact), fact) for fact in facts if fact.key not in known]


def _line(fact: UpperFact) -> TimelineItem:
    return TimelineItem(fact.title, fact.kind, fact.label, fact.date, key=fact.key)
