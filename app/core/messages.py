"""Sentences for people, kept apart from their values so that they can be translated when shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


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


class Wording(str):
    """Text in Chinese that knows its English: a day, an area, the name of a round.

    It is the Chinese text wherever a text is needed; where it is shown to an English reader, alone
    or as a value of a sentence, its English stands instead.

    :ivar english: finished text, or what is translated in its turn: a message, another wording
    """

    __slots__ = ("english",)
    english: object

    def __new__(cls, chinese: str, english: object) -> Wording:
        wording = super().__new__(cls, chinese)
        wording.english = english
        return wording

    def __reduce__(self) -> tuple[type[Wording], tuple[str, object]]:
        return Wording, (str(self), self.english)


class PrintedWord(StrEnum):
    """A choice that is stored in the brochure's own word and shown in the reader's language."""

    def __new__(cls, word: str) -> PrintedWord:
        member = str.__new__(cls, word)
        member._value_ = Wording(word, Message(word))
        return member


class Listing(tuple[object, ...]):
    """Things told one after the other: 四縣、海陸 in Chinese, "Sixian, Hailu" in English."""

    __slots__ = ()

    def __new__(cls, things: Iterable[object] = ()) -> Listing:
        return super().__new__(cls, tuple(things))

    def __str__(self) -> str:
        return "、".join(str(thing) for thing in self)


def N_(text: str) -> str:
    """Return the text as it is; marks for the catalogue what becomes a message elsewhere."""
    return text
