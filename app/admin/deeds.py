"""What was done, in the words of the button; English says the one as an order, the other as a report."""

from __future__ import annotations

from app.core.messages import Message, Wording

Deed = Message | Wording


def done(words: str, english_of: str) -> Wording:
    """Return a deed whose Chinese words are also those of a button, which English says differently.

    :param english_of: the Chinese text whose English is the deed's, e.g. 已取消報名, "Registration cancelled"
    """
    return Wording(words, Message(english_of))
