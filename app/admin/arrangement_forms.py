"""The office's answer to a request for special arrangements."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.fields import PickField, ReadAreaField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.registration.arrangement_rules import ArrangementState, read_arrangement
from app.registration.models import Arrangement
from app.registration.readers import read_request


class ArrangementAnswerForm(RefusableForm):
    state = PickField(
        _l("審核結果"),
        choices=choices_of(
            [
                (ArrangementState.GRANTED.value, _l("依申請提供")),
                (ArrangementState.PARTLY.value, _l("部分提供")),
                (ArrangementState.REFUSED.value, _l("不核准")),
            ]
        ),
        missing=Message("請選擇審核結果"),
    )
    arrangement = ReadField(_l("認證當天提供的服務"), read_arrangement)
    reply = ReadAreaField(_l("給考生的說明"), read_request)

    def __init__(self, known: Arrangement | None) -> None:
        """:param known: the answer that is given anew, if there is one"""
        data = {}
        if known is not None and known.state != ArrangementState.WAITING:
            data = {"state": known.state.value, "arrangement": known.provided, "reply": known.reply}
        super().__init__(data=data)

    @property
    def decision(self) -> ArrangementState:
        return ArrangementState(self.state.data)
