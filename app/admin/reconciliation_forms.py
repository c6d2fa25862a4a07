"""The forms of the reconciliation desk."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from app.core.errors import InvalidValue
from app.core.fields import PickField, ReadAreaField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.roc_dates import format_roc, parse_date
from app.core.text import strip_invisible
from app.payments.models import Order
from app.payments.reconciliation.queries import find_order
from app.payments.reconciliation.services import LARGEST_BYTES, Period
from app.payments.reconciliation.sources import SOURCES, FileSource
from app.payments.reconciliation.states import ACTION_NAMES, CHOSEN_ACTIONS, ClosingAction

LONGEST_NOTE = 300


def _read_note(text: str) -> str:
    note = "\n".join(strip_invisible(line).strip() for line in text.strip().splitlines())
    if len(note) > LONGEST_NOTE:
        raise InvalidValue(Message("最多 %(longest)s 個字，請精簡一些", {"longest": LONGEST_NOTE}))
    return note


def _read_order(text: str) -> Order:
    order = find_order(strip_invisible(text))
    if order is None:
        raise InvalidValue(Message("找不到這筆訂單；請填本站的交易編號、繳費帳號，或訂單頁的網址"))
    return order


class UploadForm(RefusableForm):
    """A file that was downloaded from the gateway or the bank."""

    source = PickField(
        _l("檔案種類"),
        choices=choices_of((source.value, facts.label) for source, facts in SOURCES.items()),
        missing=Message("請選擇檔案種類"),
    )
    file = FileField(_l("檔案"))
    begins_on = ReadField(_l("期間開始"), parse_date)
    ends_on = ReadField(_l("期間結束"), parse_date)
    content: bytes

    def validate_file(self, field: Any) -> None:
        if field.data is None or not getattr(field.data, "filename", ""):
            raise ValidationError(Message("請選擇要上傳的檔案"))
        self.content = field.data.stream.read(LARGEST_BYTES + 1)

    def validate_ends_on(self, field: Any) -> None:
        if bool((self.begins_on.data or "").strip()) != bool((field.data or "").strip()):
            raise ValidationError(Message("期間的開始和結束請一起填，或一起留白"))

    @property
    def chosen(self) -> FileSource:
        return FileSource(self.source.data)

    @property
    def period(self) -> Period | None:
        """Return the period that was filled in; None: as the file says."""
        if self.begins_on.value is None or self.ends_on.value is None:
            return None
        return Period(self.begins_on.value, self.ends_on.value)

    def refuse(self, error: Any) -> None:
        """Put an error beside its field; what is wrong with the file as a whole stands beside the file."""
        if error.field is None and isinstance(error, InvalidValue):
            self.file.errors = [*self.file.errors, error.message]
        else:
            super().refuse(error)


class FetchForm(RefusableForm):
    """A period whose file is fetched from ECPay; yesterday, unless another is asked for."""

    begins_on = ReadField(_l("開始日期"), parse_date, missing=Message("請填寫開始日期，例如 112/5/1"))
    ends_on = ReadField(_l("結束日期"), parse_date, missing=Message("請填寫結束日期，例如 112/5/7"))

    def __init__(self, today: date, **options: Any) -> None:
        yesterday = format_roc(today - timedelta(days=1))
        super().__init__(prefix="fetch", data={"begins_on": yesterday, "ends_on": yesterday}, **options)

    @property
    def period(self) -> Period:
        return Period(self.begins_on.value, self.ends_on.value)


class CloseForm(RefusableForm):
    """What was done about a finding."""

    action = PickField(
        _l("怎麼結案"),
        choices=choices_of((action.value, ACTION_NAMES[action]) for action in CHOSEN_ACTIONS),
        missing=Message("請選擇怎麼結案"),
    )
    note = ReadAreaField(_l("說明"), _read_note, missing=Message("請寫明查到了什麼、怎麼處理"))

    @property
    def chosen(self) -> ClosingAction:
        return ClosingAction(self.action.data)


class MatchForm(RefusableForm):
    """Which order money in suspense is for, and how one knows."""

    order = ReadField(
        _l("訂單"), _read_order, missing=Message("請填本站的交易編號、繳費帳號，或訂單頁的網址")
    )
    reason = ReadAreaField(_l("理由"), _read_note, missing=Message("請寫明理由，會留下紀錄"))


class ReturnForm(RefusableForm):
    """Why money in suspense goes back to who sent it."""

    reason = ReadAreaField(_l("退回的說明"), _read_note, missing=Message("請寫明理由，會留下紀錄"))

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="back", **options)
