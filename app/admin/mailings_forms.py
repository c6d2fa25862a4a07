"""The forms of the mailings desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from app.core.errors import InvalidValue
from app.core.fields import PickField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.roc_dates import format_roc, parse_date
from app.core.text import compact
from app.mailings.registered_numbers import read_registered_number
from app.mailings.states import RETURN_REASONS, ResendEvent, ResendState

EVERY_AREA = "all"
_MOST_POSTAGE = 9999
_EVENTS = {
    ResendState.ASKED: (ResendEvent.BILL, ResendEvent.WAIVE, ResendEvent.REFUSE),
    ResendState.POSTAGE_DUE: (ResendEvent.RECEIVE, ResendEvent.WAIVE, ResendEvent.REFUSE),
}
_EVENT_LABELS = {
    ResendEvent.BILL: _l("請申請人付郵資"),
    ResendEvent.RECEIVE: _l("郵資已收到，可以重寄"),
    ResendEvent.WAIVE: _l("是總試務中心的疏失，免付郵資"),
    ResendEvent.REFUSE: _l("不予重寄"),
}


def read_postage(text: str) -> int:
    """Return an amount of whole dollars; raises InvalidValue."""
    digits = compact(text)
    if not digits.isascii() or not digits.isdecimal() or not 0 < int(digits[:5]) <= _MOST_POSTAGE:
        raise InvalidValue(Message("郵資請填 1 到 9999 的整數元"))
    return int(digits)


def _read_note(text: str) -> str:
    note = text.strip()
    if len(note) > 200:
        raise InvalidValue(Message("請寫在 200 個字以內"))
    return note


class BatchForm(RefusableForm):
    area = PickField(_l("考區"), missing=Message("請選擇考區"))

    def __init__(self, choices: Iterable[tuple[str, Any]]) -> None:
        super().__init__()
        self.area.choices = choices_of(choices)

    @property
    def chosen_area(self) -> str | None:
        return None if self.area.data == EVERY_AREA else str(self.area.data)


class PostForm(RefusableForm):
    posted_on = ReadField(_l("寄出日期"), parse_date, missing=Message("請填寄出日期，例如 112/5/5"))
    first_number = ReadField(
        _l("第一件的掛號號碼"), read_registered_number, missing=Message("請填第一件的掛號號碼")
    )

    def __init__(self, *, registered: bool, today: date) -> None:
        super().__init__(data={"posted_on": format_roc(today)})
        if not registered:
            del self.first_number

    @property
    def number(self) -> str | None:
        return self.first_number.value if "first_number" in self else None


class ReturnForm(RefusableForm):
    returned_on = ReadField(_l("退回日期"), parse_date, missing=Message("請填退回日期，例如 112/5/20"))
    reason = PickField(
        _l("退回原因"),
        choices=choices_of([(reason.value, label) for reason, label in RETURN_REASONS.items()]),
        missing=Message("請照信封上的批註選擇退回原因"),
    )

    def __init__(self, *, today: date) -> None:
        super().__init__(data={"returned_on": format_roc(today)})


class NumberForm(RefusableForm):
    number = ReadField(_l("掛號號碼"), read_registered_number, missing=Message("請填掛號號碼"))


class DecideForm(RefusableForm):
    """What becomes of a request: postage is needed for a bill, a word for what is waived or refused."""

    outcome = PickField(_l("怎麼處理"), missing=Message("請選擇怎麼處理"))
    postage = ReadField(_l("郵資（元）"), read_postage)
    note = ReadField(_l("給申請人的說明"), _read_note)

    def __init__(self, state: ResendState) -> None:
        super().__init__()
        events = _EVENTS.get(state, ())
        self.outcome.choices = choices_of([(event.value, _EVENT_LABELS[event]) for event in events])
        if state != ResendState.ASKED:
            del self.postage

    @property
    def event(self) -> ResendEvent:
        return ResendEvent(self.outcome.data)

    def validate_postage(self, field: Any) -> None:
        if self.outcome.data == ResendEvent.BILL and not (field.data or "").strip():
            raise ValidationError(Message("請填郵資"))

    def validate_note(self, field: Any) -> None:
        explains = self.outcome.data in (ResendEvent.WAIVE, ResendEvent.REFUSE)
        if explains and not (field.data or "").strip():
            raise ValidationError(Message("請寫出理由，這段文字會寄給申請人"))
