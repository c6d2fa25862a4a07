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
    :ivar note: a sentence under it, or None
    :ivar after: for a line of its own, the key of the known line that it follows; empty: it stands at the end
    """

    key: str
    title: Message
    kind: Tag
    label: Message
    date: Message | None = None
    action: tuple[Message, str] | None = None
    note: Message | None = None
    after: str = ""


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

    Facts of which registration has no line of its own follow the line that they name, or stand at the end
    (a refund), also when the registration has ended and nothing else is left to show.
    """
    known = {item.key for item in items}
    above = {fact.key: fact for fact in facts if fact.key in known}
    lines: list[tuple[TimelineItem, UpperFact | None]] = []
    for item in items:
        fact = above.get(item.key)
        lines.append((_line(fact), fact) if fact else (item, None))
        lines += [(_line(each), each) for each in facts if each.after == item.key and each.key not in known]
    return lines + [
        (_line(fact), fact) for fact in facts if fact.key not in known and fact.after not in known
    ]


def _line(fact: UpperFact) -> TimelineItem:
    return TimelineItem(fact.title, fact.kind, fact.label, fact.date, fact.note, key=fact.key)
