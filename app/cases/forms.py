"""The forms of the public: one per kind, made of the kind's fields, and the progress query."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, ValidationError

from app.accounts.captcha import CaptchaField
from app.accounts.emails import parse_email
from app.cases import readers
from app.cases.kind_types import CaseKind, FieldSpec, FieldType
from app.cases.numbers import read_case_number
from app.core.errors import DomainError
from app.core.fields import PickField, ReadAreaField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.ids import new_public_id
from app.core.messages import Message
from app.core.names import clean_name
from app.core.roc_dates import parse_date
from app.exams.models import Round

NO_SUCH_CASE = Message("查不到這個案件，或驗證碼不對。請對照收件通知上的號碼，再輸入一次")
LONGEST_OTHER = 40
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")

_READERS: Mapping[FieldType, Callable[[str], Any]] = {
    FieldType.NAME: clean_name,
    FieldType.PHONE: readers.read_contact_phone,
    FieldType.EMAIL: lambda text: parse_email(text).address,
    FieldType.IDENTITY: lambda text: readers.read_identity(text).value,
    FieldType.DAY: parse_date,
}


class CaseForm(RefusableForm):
    """What every kind's form has in common; `content` is to be called after a validation that passed."""

    kind: CaseKind
    form_token = HiddenField()

    def __init__(self, *, rounds: Sequence[Round] = (), guest: bool, **typed: Any) -> None:
        """:param rounds: from which to choose, for kinds that ask for one
        :param guest: nobody is signed in: a captcha is asked for (W005)
        """
        super().__init__(data={"form_token": new_public_id(), **typed})
        if not guest:
            del self.captcha
        if "round" in self:
            self["round"].choices = choices_of((each.code, each.name) for each in rounds)
            if len(rounds) == 1:
                self["round"].data = rounds[0].code

    def validate_form_token(self, field: Any) -> None:
        if not _TOKEN.fullmatch(field.data or ""):
            raise ValidationError(Message("這份表單不完整，請重新開啟頁面再填一次"))

    @property
    def questions(self) -> list[tuple[FieldSpec, Any, Any]]:
        """The kind's fields in order: (spec, field, the field for words on 其他 or None)."""
        return [
            (spec, self[spec.key], self[f"{spec.key}_other"] if spec.other else None)
            for spec in self.kind.fields
        ]

    def content(self) -> dict[str, str]:
        """Return what was written, as it is kept: text by key, days in ISO, empty answers left out."""
        written: dict[str, str] = {}
        for spec, field, other in self.questions:
            value = field.data if spec.type in (FieldType.CHOICE, FieldType.ROUND) else field.value
            if isinstance(value, date):
                value = value.isoformat()
            if value:
                written[spec.key] = value
            if other is not None and field.data == spec.other:
                written[f"{spec.key}_other"] = other.value
        return written


class OtherField(ReadField):
    """The words that a choice of 其他 needs (W007)."""

    def __init__(self, label: Any, spec: FieldSpec, **options: Any) -> None:
        super().__init__(label, readers.read_line(LONGEST_OTHER), **options)
        self.spec = spec

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        super().post_validate(form, validation_stopped)
        if form[self.spec.key].data == self.spec.other and not self.value:
            raise ValidationError(Message("選「其他」時請寫出說明"))


class PaperPart:
    """What the office adds when it takes in a paper application (R005)."""

    postmark_on = ReadField(_l("郵戳日期"), parse_date, missing=Message("請填寫信封上的郵戳日期"))


def case_form(kind: CaseKind, *, paper: bool = False) -> type[CaseForm]:
    """Return the form class of a kind.

    :param paper: for the office: the postmark is asked for, and e-mail may be missing
    """
    fields: dict[str, Any] = {"kind": kind}
    for spec in kind.fields:
        optional = paper and spec.type == FieldType.EMAIL
        fields[spec.key] = _field(spec, missing=None if optional else spec.missing)
        if spec.other:
            fields[f"{spec.key}_other"] = OtherField(_l("其他，請說明"), spec)
    # The last one: it is spent only when all the rest is right.
    fields["captcha"] = CaptchaField()
    bases = (PaperPart, CaseForm) if paper else (CaseForm,)
    return type(f"{kind.key.title()}Form", bases, fields)


class LookupForm(RefusableForm):
    """The progress query: a wrong captcha and an unknown number get the same answer (W014)."""

    number = StringField(_l("案件號碼"), [DataRequired(Message("請輸入案件號碼"))])
    captcha = CaptchaField()

    def validate_number(self, field: Any) -> None:
        try:
            field.data = read_case_number(field.data)
        except DomainError as error:
            raise ValidationError(error.message) from error

    def validate(self, extra_validators: object = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if self.captcha.errors and not self.number.errors:
            self.captcha.errors = []
            self.refuse_all()
        return valid

    def refuse_all(self) -> None:
        """Answer that there is nothing to show, whatever the reason."""
        self.form_errors.append(NO_SUCH_CASE)


def _field(spec: FieldSpec, *, missing: Message | None) -> Any:
    if spec.type in (FieldType.CHOICE, FieldType.ROUND):
        choices = choices_of((each.code, each.label) for each in spec.choices)
        return PickField(spec.label, missing=missing or Message("請選擇"), choices=choices)
    make = partial(ReadAreaField if spec.type == FieldType.TEXT else ReadField, spec.label, missing=missing)
    if spec.type == FieldType.TEXT:
        return make(readers.read_text(spec.longest))
    if spec.key == "ticket":
        return make(readers.read_ticket_number)
    return make(_READERS.get(spec.type) or readers.read_line(spec.longest))
