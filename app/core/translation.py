"""The reader's language: what a message, a day or a list reads like in it (docs/decisions/0016)."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from flask_babel import Babel, Domain, get_locale
from jinja2 import pass_context
from markupsafe import Markup
from werkzeug.utils import cached_property

from app.core.messages import Listing, Message, PrintedWord, Wording

LANGUAGES = {"zh": "zh_Hant_TW", "en": "en"}
CATALOGUES = Path(__file__).resolve().parents[1] / "translations"
# Between two sentences of a page, or a colon and its value: Chinese needs no space there, English does.
GAP = Wording("", " ")


def reader_language() -> str:
    """Return the language of whoever asks: ``zh`` or ``en``; ``zh`` where nobody does."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def translate(value: Any) -> Any:
    """Return a message, wording or list in the reader's language, anything else as it is.

    Macros pass all they print: markup, lazy strings and numbers come back untouched.
    """
    if isinstance(value, Message | Wording | PrintedWord | Listing):
        return translate_for(reader_language(), value)
    return value


def translate_for(language: str | None, value: Any) -> Any:
    """The same in the language of one who is not asking now, such as the receiver of a mail.

    :param language: ``zh`` or ``en``; None: not chosen, so Chinese
    """
    if isinstance(value, Message):
        text = _looked_up(language or "zh", value.template)
        return text % _places(language, value.values) if value.values else text
    if isinstance(value, Wording):
        return translate_for(language, value.english) if language == "en" else str(value)
    if isinstance(value, PrintedWord):
        return translate_for(language, value.value)
    if isinstance(value, Listing):
        return _told(language, [translate_for(language, each) for each in value])
    return value


def _told(language: str | None, things: list[Any]) -> str:
    """Return things one after the other; a name with a comma in it, as English rounds have, asks for more."""
    if language != "en":
        between = "、"
    else:
        between = "; " if any(", " in str(thing) for thing in things) else ", "
    if any(isinstance(thing, Markup) for thing in things):
        return Markup(between).join(things)  # noqa: S704 - a constant
    return between.join(str(thing) for thing in things)


@functools.cache
def catalogue(language: str) -> NullTranslations:
    """Return the catalogue of a language; the Chinese one is empty: the texts are Chinese."""
    found: NullTranslations = Translations.load(str(CATALOGUES), [LANGUAGES[language]])
    return found


def _looked_up(language: str, text: str) -> str:
    # Of the empty text gettext keeps its own notes.
    return catalogue(language).gettext(text) if text else ""


class Places(dict[str, object]):
    """The values of a sentence; ``%(days|day|days)s`` is "day" where `days` is 1, else "days"."""

    def __missing__(self, place: str) -> str:
        name, one, many = place.split("|")
        return one if str(self[name]) == "1" else many


def _places(language: str | None, values: Mapping[str, object]) -> Places:
    return Places({name: translate_for(language, value) for name, value in values.items()})


class PortalDomain(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Flask-Babel's ``gettext``, whose values are translated and may stand in two numbers."""

    def get_translations(self) -> NullTranslations:
        return catalogue(reader_language())

    def gettext(self, string: str, **variables: object) -> str:
        text = _looked_up(reader_language(), string)
        return text % _places(reader_language(), variables) if variables else text


class PortalBabel(Babel):  # type: ignore[misc]
    @cached_property
    def domain_instance(self) -> PortalDomain:
        return PortalDomain(domain=self.domain)

    def init_app(self, app: Any, **options: Any) -> None:
        super().init_app(app, **options)
        app.jinja_env.globals.update(
            gettext=_template_gettext,
            _=_template_gettext,
            reader_language=reader_language,
            gap=GAP,
            bold=bold,
        )
        # A message printed anywhere in a template is translated there and then.
        app.jinja_env.finalize = translate
        app.jinja_env.filters.update(
            tr=translate, kept=Message, stored=stored, listed=Listing, sentence=sentence
        )


def bold(value: object) -> Markup:
    """Return a value in bold type, to stand in a translated sentence: one sentence is never put together."""
    shown: Markup = Markup("<strong>%s</strong>") % translate(value)
    return shown


def sentence(value: object) -> str:
    """Return a reason as a sentence of its own; reasons have no full stop, so that others may quote them."""
    text: str = translate(value)
    if text.endswith(("。", "？", "！", ".", "?", "!")):
        return text
    return text + ("." if reader_language() == "en" else "。")


def stored(value: object) -> str:
    """Return the text that is kept and sent, whatever the reader's language: values of choices."""
    return str(value)


@pass_context
def _template_gettext(context: Any, string: str, /, **variables: object) -> str:
    language = reader_language()
    text = _looked_up(language, string)
    marked = Markup(text) if context.eval_ctx.autoescape else text  # noqa: S704 - our own catalogue
    return marked % _places(language, variables)
