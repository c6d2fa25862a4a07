"""Sentences for people, kept apart from their values so that they can be translated when shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence in Chinese with named places, e.g. ``Message("還有 %(days)s 天", {"days": 3})``.

    ``str(message)`` is the Chinese sentence. Pages show it through the ``tr`` filter, which looks
    the template up in the reader's catalogue first; values that are messages are translated too.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % dict(self.values) if self.values else self.template
