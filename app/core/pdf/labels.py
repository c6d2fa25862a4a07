"""Labels of official papers: Chinese, and for an English reader the English beside it.

The invigilator and the office read the Chinese, the person who holds the paper the English.
"""

from __future__ import annotations

from app.core.messages import Message
from app.core.translation import translate_for


def bilingual(language: str, text: str, value: object = "") -> str:
    """Return a label; in English ``報考腔調  Dialect: Sixian``.

    :param value: what stands under the label in Chinese, where its English is another text
    """
    if language != "en":
        return text
    label = f"{text}  {translate_for('en', Message(text))}"
    said = str(translate_for("en", value))
    return f"{label}: {said}" if said and said != str(value) else label


def in_language(language: str, text: str, **values: object) -> str:
    """Return a text of a paper in the reader's language."""
    return str(translate_for(language, Message(text, values)))
