"""Lines on a group's page that rooms above this one know, such as what has been mailed.

A room above registers a source when the app is made, as with a registration's own timeline.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from app.groups.models import Group
from app.registration.timeline import UpperFact

Source = Callable[[Group, datetime], Sequence[UpperFact]]
_sources: list[Source] = []


def group_source(source: Source) -> Source:
    """Register a source; it is asked with the group and the current instant."""
    _sources.append(source)
    return source


def group_upper_facts(group: Group, now: datetime) -> list[UpperFact]:
    """Return what all rooms above say of a group."""
    return [fact for source in _sources for fact in source(group, now)]
