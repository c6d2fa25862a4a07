"""The form for an error on a ticket."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.fields import PickField, ReadAreaField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.examday.states import REPORT_ITEMS
from app.registration import readers


class TicketReportForm(RefusableForm):
    item = PickField(
        _l("哪裡有誤"),
        choices=choices_of([(item.value, words) for item, words in REPORT_ITEMS.items()]),
        missing=Message("請選擇哪裡有誤"),
    )
    text = ReadAreaField(
        _l("怎麼有誤"),
        readers.read_request,
        missing=Message("請寫出准考證上印的內容，以及正確的內容"),
    )
