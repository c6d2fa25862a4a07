"""The form by which a mistake is reported."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.fields import PickField, ReadAreaField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.groups.confirmation.rules import ReportedField
from app.groups.confirmation.words import FIELD_NAMES
from app.registration.readers import read_request


class ReportForm(RefusableForm):
    field = PickField(
        _l("哪一項不對"),
        choices=choices_of((field.value, FIELD_NAMES[field]) for field in ReportedField),
        missing=Message("請選擇哪一項不對"),
    )
    text = ReadAreaField(
        _l("正確的應該是什麼"), read_request, missing=Message("請寫出正確的內容，負責人才知道怎麼改")
    )

    def reported_field(self) -> ReportedField:
        return ReportedField(self.field.data)
