"""The form of a round's dates: all of them as they stand, each may be moved (R009)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from app.admin.news_forms import read_line
from app.core.fields import ReadField
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.roc_dates import format_roc, parse_date
from app.exams.round_dates import DATE_FIELDS


class _DatesForm(RefusableForm):
    """`wanted` and `seen` are to be called after a validation that passed.

    :ivar state: all dates as they stood when the form was drawn, so that nobody's move is undone unseen
    """

    state = HiddenField()
    reason = ReadField(
        _l("原因"), read_line(200), missing=Message("請寫明為什麼調整，例如 配合颱風停班，委員會決議延後")
    )
    reason_en = ReadField(_l("原因（英文）"), read_line(200))

    def __init__(self, dates: dict[str, date]) -> None:
        self._names = list(dates)
        written = {name: format_roc(day) for name, day in dates.items()}
        super().__init__(data={**written, "state": _stated(dates)})

    @property
    def date_fields(self) -> list[Any]:
        return [self[name] for name in self._names]

    def wanted(self) -> dict[str, date]:
        return {name: self[name].value for name in self._names}

    def renew_state(self, dates: dict[str, date]) -> None:
        """Take the dates as they stand now for those that are seen, once they have changed meanwhile."""
        self.state.data = _stated(dates)

    def seen(self) -> dict[str, date]:
        """Return the dates as they stood; none where the form does not say so."""
        try:
            days = [date.fromisoformat(each) for each in (self.state.data or "").split(",")]
        except ValueError:
            return {}
        return dict(zip(self._names, days, strict=False))


def _stated(dates: dict[str, date]) -> str:
    return ",".join(day.isoformat() for day in dates.values())


DatesForm = type(
    "DatesForm",
    (_DatesForm,),
    {
        field.name: ReadField(field.label, parse_date, missing=Message("請填寫日期，例如 112/9/2"))
        for field in DATE_FIELDS
    },
)
