"""The forms of the staff's accounts: whom to invite, which role to grant."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectMultipleField
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.emails import parse_email
from app.accounts.roles import NO_UNIT, ROLES, Role
from app.cases.kinds import UNIT_NAMES
from app.cases.readers import read_line
from app.core.errors import InvalidValue
from app.core.fields import ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message

LONGEST_NOTE = 200


class PickSeveralField(SelectMultipleField):
    """Any number of a few choices, as rows to tick; what is none of them is refused in one sentence."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms' signature
        if not set(self.data or ()) <= {choice.value for choice in self.iter_choices()}:
            raise ValidationError(Message("請從列出的選項選擇"))


class RolesForm(RefusableForm):
    """Roles to grant, for which units where a role has one, and why (W018)."""

    roles = PickSeveralField(
        _l("角色"), choices=choices_of((role, facts.name) for role, facts in ROLES.items())
    )
    units = PickSeveralField(_l("案件承辦人員的單位"), choices=choices_of(UNIT_NAMES.items()))
    note = ReadField(_l("備註"), read_line(LONGEST_NOTE))

    def validate_roles(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(Message("請至少選一個角色"))

    def validate_units(self, field: Any) -> None:
        wanted = any(ROLES[Role(role)].by_unit for role in self.roles.data or () if role in set(Role))
        if wanted and not field.data:
            raise ValidationError(Message("請選擇承辦哪個單位的案件"))

    def pairs(self) -> list[tuple[Role, str]]:
        """Return (role, unit) for each role chosen; a role by unit once for each unit."""
        return [
            (role, unit)
            for role in map(Role, self.roles.data)
            for unit in (self.units.data if ROLES[role].by_unit else [NO_UNIT])
        ]


class InviteForm(RolesForm):
    email = EmailField(_l("電子信箱"), [DataRequired(Message("請輸入電子信箱"))])

    def validate_email(self, field: Any) -> None:
        try:
            parse_email(field.data)
        except InvalidValue as error:
            raise ValidationError(error.message) from error
