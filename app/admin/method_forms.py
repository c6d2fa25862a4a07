"""The form that closes a method of payment for a while."""

from __future__ import annotations

import re
from datetime import datetime, time

from flask_babel import lazy_gettext as _l

from app.admin.news_forms import read_line
from app.core.clock import TAIPEI
from app.core.errors import InvalidValue
from app.core.fields import ReadField
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.roc_dates import parse_date
from app.core.text import compact, fold_width

_HOUR = re.compile(r"([0-9]{1,2}):([0-9]{2})")


def _read_hour(text: str) -> time:
    match = _HOUR.fullmatch(compact(fold_width(text)))
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise InvalidValue(Message("時間請寫成 18:00"))
    return time(int(match[1]), int(match[2]))


class ClosureForm(RefusableForm):
    """`until` is to be read after a validation that passed."""

    text = ReadField(
        _l("給繳費人看的說明"),
        read_line(100),
        missing=Message("請寫一句話給繳費人看，例如 金流公司維護中，請先用其他方式"),
    )
    text_en = ReadField(_l("英文說明"), read_line(200))
    day = ReadField(_l("恢復日期"), parse_date)
    hour = ReadField(_l("恢復時間"), _read_hour)

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        for filled, other, sentence in (
            (self.day, self.hour, Message("請填恢復時間，例如 18:00；不知道的話，日期和時間都留白")),
            (self.hour, self.day, Message("請填恢復日期，例如 112/5/3；不知道的話，日期和時間都留白")),
        ):
            if (filled.data or "").strip() and not (other.data or "").strip():
                other.errors = [sentence]
                valid = False
        return valid

    @property
    def until(self) -> datetime | None:
        """The instant at which the method opens by itself; None: when somebody opens it."""
        if self.day.value is None or self.hour.value is None:
            return None
        return datetime.combine(self.day.value, self.hour.value, TAIPEI)
