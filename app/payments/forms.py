"""Choosing how to pay: each method is a button of the same form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import DataRequired

from app.core.forms import PortalForm
from app.payments.gateways.base import Method


def _method(value: str | None) -> Method | None:
    return Method(value) if value in set(Method) else None


class MethodForm(PortalForm):  # type: ignore[misc]
    method = RadioField(
        _l("繳費方式"),
        choices=[method.value for method in Method],
        coerce=_method,
        validate_choice=False,
        validators=[DataRequired(_l("請選擇一種繳費方式"))],
    )
