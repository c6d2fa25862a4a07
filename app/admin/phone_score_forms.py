"""What a caller says who asks for a score by phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from app.core.fields import PickField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.names import clean_name
from app.core.roc_dates import parse_birth_date
from app.core.text import compact
from app.exams.models import Round
from app.results.phone_rules import Answers
from app.results.services.phone import Caller


class PhoneScoreForm(RefusableForm):
    """`caller` and `answers` are to be called after a validation that passed."""

    exam_round = PickField(_l("認證梯次"), missing=Message("請選擇認證梯次"))
    ticket_number = ReadField(_l("准考證號碼"), compact)
    name = ReadField(_l("姓名"), clean_name)
    birth_on = ReadField(_l("出生日期"), str)
    id_ending = ReadField(_l("身分證統一編號後四碼"), compact, missing=Message("請詢問身分證統一編號後四碼"))
    phone = ReadField(_l("報名時留的電話"), compact, missing=Message("請詢問報名時留的電話"))

    def __init__(self, rounds: Sequence[Round], *, today: date, **options: Any) -> None:
        """:param rounds: whose scores can be told"""
        super().__init__(**options)
        self.exam_round.choices = choices_of((each.code, each.name) for each in rounds)
        self.birth_on.read = lambda text: parse_birth_date(text, today)

    def validate_ticket_number(self, field: Any) -> None:
        if not (field.data or "").strip() and not ((self.name.data or "").strip() and self.birth_on.data):
            raise ValidationError(Message("請填准考證號碼；不知道的話，請填姓名和出生日期"))

    @property
    def person(self) -> str:
        """What stands for the person in a count of attempts, right or wrong."""
        said = self.caller()
        return f"{self.exam_round.data}|{said.ticket_number or f'{said.name}|{said.birth_on}'}"

    def caller(self) -> Caller:
        if self.ticket_number.value:
            return Caller(ticket_number=self.ticket_number.value)
        return Caller(name=self.name.value, birth_on=self.birth_on.value)

    def answers(self) -> Answers:
        return Answers(id_ending=self.id_ending.value, phone=self.phone.value)
