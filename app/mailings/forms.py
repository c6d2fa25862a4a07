"""The form to ask that something be sent again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.fields import PickField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.mailings.states import RESEND_CAUSES


class ResendForm(RefusableForm):
    cause = PickField(
        _l("重寄的原因"),
        choices=choices_of([(cause.value, label) for cause, label in RESEND_CAUSES.items()]),
        missing=Message("請選擇重寄的原因"),
    )
