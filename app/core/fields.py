"""Form fields whose text becomes a value, or one sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from app.core.addresses import COUNTIES, all_districts, districts_of
from app.core.errors import InvalidValue
from app.core.messages import Message, PrintedWord, Wording
from app.core.translation import translate

# By county and name together, which is what a form sends; and the same under its counties.
DISTRICTS = {one.county + one.name: one for one in all_districts()}
DISTRICT_GROUPS = [(county, [(county + name, name) for name in districts_of(county)]) for county in COUNTIES]


class ReadField(StringField):
    """A line of text read by a core value's own reader.

    :ivar value: the value read, after a validation that passed; None when an optional field is empty
    """

    value: Any = None

    def __init__(
        self, label: Any, read: Callable[[str], Any], *, missing: Message | None = None, **options: Any
    ) -> None:
        """:param missing: what to say when it is empty; None: it may be."""
        super().__init__(label, [DataRequired(missing)] if missing else [], **options)
        self.read = read

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: ARG002  (WTForms' signature)
        self.value = None
        if validation_stopped or not (self.data or "").strip():
            return
        try:
            self.value = self.read(self.data)
        except InvalidValue as error:
            raise ValidationError(error.message) from error


class ReadAreaField(ReadField, TextAreaField):
    """The same for several lines."""

    widget = TextAreaField.widget


def choices_of(pairs: Iterable[tuple[str, Any]], group: str | None = None) -> list[SelectChoice]:
    """Return (value, label) pairs as WTForms takes them; a label that knows its English is shown in it."""
    return [SelectChoice(value, _shown(label), optgroup=group) for value, label in pairs]


def _shown(label: Any) -> Any:
    # WTForms asks for the text of a label itself: it has to be looked up then, not when the form is written.
    return LazyString(translate, label) if isinstance(label, Message | Wording | PrintedWord) else label


class PickField(RadioField):
    """One of a few choices, none of them chosen beforehand."""

    def __init__(self, label: Any, *, missing: Message, **options: Any) -> None:
        super().__init__(label, invalid_choice_message=missing, **options)
        self.type = "RadioField"  # the macros draw a field by its type
        self.flags.required = True


class PickGroupedField(SelectField):
    """One of many choices that stand in groups: (group, its (value, label) pairs)."""

    def __init__(
        self,
        label: Any,
        *,
        groups: Iterable[tuple[str, Iterable[tuple[str, str]]]],
        missing: Message,
        **options: Any,
    ) -> None:
        choices = [SelectChoice("", _l("請選擇"))]
        for group, pairs in groups:
            choices += choices_of(pairs, group)
        super().__init__(label, choices=choices, invalid_choice_message=missing, **options)
        self.type = "SelectField"
        self.flags.required = True

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            raise ValidationError(self.invalid_choice_message)
        super().pre_validate(form)
