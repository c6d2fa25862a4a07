"""The brochure's names of tracks and levels, as people read them; pure."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.messages import Message
from app.exams.choices import Level, Track

TRACK_NAMES = {Track.NATIONAL: Message("全國認證"), Track.MULTI: Message("多梯次認證")}
LEVEL_NAMES = {Level.BASIC: Message("基礎級"), Level.ELEMENTARY: Message("初級")}


def level_words(levels: Iterable[str]) -> str:
    """Return a round's levels in one word: 基礎級暨初級."""
    return "暨".join(str(LEVEL_NAMES[Level(level)]) for level in levels)
