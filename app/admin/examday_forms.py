"""The forms of the exam day at the site."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.clock import TAIPEI
from app.core.errors import InvalidValue
from app.core.fields import PickField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.roc_dates import parse_date
from app.core.text import compact
from app.examday.documents import DOCUMENT_NAMES, IdDocument
from app.examday.incidents import MOST_COMMITTEE_POINTS, Incident
from app.examday.states import INCIDENT_WORDS, IncidentKind, ReportState
from app.tickets.models import ExamRoom, Slot

_HOUR = re.compile(r"([0-9]{1,2}):([0-9]{2})", re.ASCII)
PRESENT, ABSENT, NONE = "present", "absent", "none"
TAKE_OFF, ZERO = "points", "zero"
AT, NEXT_YEAR = "at", "next_year"


def _trimmed(text: str | None) -> str:
    return (text or "").strip()


def _read_hour(text: str) -> time:
    match = _HOUR.fullmatch(compact(text))
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise InvalidValue(Message("進場時間請寫成 14:00"))
    return time(int(match[1]), int(match[2]))


def _document_choices(documents: Iterable[IdDocument], none_label: Any) -> list[SelectChoice]:
    pairs = [(each.value, DOCUMENT_NAMES[each]) for each in documents]
    return choices_of([*pairs, (NONE, none_label)])


class AttendanceForm(RefusableForm):
    """A correction of what was recorded by mistake."""

    state = PickField(
        _l("應為"),
        choices=choices_of([(PRESENT, _l("到考")), (ABSENT, _l("缺考"))]),
        missing=Message("請選擇到考或缺考"),
    )
    document = PickField(_l("看過的證件"), choices=[], missing=Message("請選擇看過的證件"), default=NONE)
    reason = StringField(
        _l("更正的理由"),
        filters=[_trimmed],
        validators=[
            InputRequired(_l("請寫下為什麼更正，會留下紀錄")),
            Length(max=200, message=_l("請寫在 200 個字以內")),
        ],
    )

    def __init__(self, documents: Iterable[IdDocument], **options: Any) -> None:
        super().__init__(**options)
        self.document.choices = _document_choices(documents, _l("沒有證件"))

    @property
    def is_present(self) -> bool:
        return bool(self.state.data == PRESENT)

    @property
    def seen(self) -> IdDocument | None:
        return _read_document(self.document.data)


class ReissueForm(RefusableForm):
    # Stands on one page with the correction, whose field is called document.
    shown = PickField(_l("看過的身分證件"), choices=[], missing=Message("請選擇看過的身分證件"))

    def __init__(self, documents: Iterable[IdDocument], **options: Any) -> None:
        super().__init__(**options)
        self.shown.choices = _document_choices(documents, _l("沒有證件，已簽切結書"))

    @property
    def seen(self) -> IdDocument | None:
        return _read_document(self.shown.data)


class IncidentForm(RefusableForm):
    """One list of all that can happen: the rules with their codes, what the committee decides, machines."""

    what = PickField(_l("發生什麼事"), choices=[], missing=Message("請選擇發生什麼事"))
    text = TextAreaField(
        _l("經過"),
        filters=[_trimmed],
        validators=[Length(max=500, message=_l("請寫在 500 個字以內"))],
    )

    def __init__(self, incidents: Iterable[Incident], **options: Any) -> None:
        super().__init__(**options)
        others = (IncidentKind.COMMITTEE, IncidentKind.MACHINE)
        self.what.choices = choices_of(
            [
                *[(each.code, _incident_label(each)) for each in incidents],
                *[(kind.value, INCIDENT_WORDS[kind]) for kind in others],
            ]
        )

    @property
    def kind(self) -> IncidentKind:
        return IncidentKind(self.what.data) if self.code is None else IncidentKind.RULE

    @property
    def code(self) -> str | None:
        return None if self.what.data in set(IncidentKind) else self.what.data


class WithdrawForm(RefusableForm):
    reason = StringField(
        _l("撤銷的理由"),
        filters=[_trimmed],
        validators=[
            InputRequired(_l("請寫下為什麼撤銷，會留下紀錄")),
            Length(max=200, message=_l("請寫在 200 個字以內")),
        ],
    )


class DecisionForm(RefusableForm):
    """What the committee decided (R189)."""

    outcome = PickField(
        _l("決議"),
        choices=choices_of([(TAKE_OFF, _l("扣分（不扣分請填 0）")), (ZERO, _l("成績以零分計算"))]),
        missing=Message("請選擇決議"),
    )
    points = StringField(_l("扣幾分"), filters=[_trimmed])
    decision = TextAreaField(
        _l("會議與理由"),
        filters=[_trimmed],
        validators=[
            InputRequired(_l("請寫出哪一次會議、為什麼這樣決議")),
            Length(max=200, message=_l("請寫在 200 個字以內")),
        ],
    )

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if self.outcome.data == TAKE_OFF and self.points_off is None:
            most = {"most": MOST_COMMITTEE_POINTS}
            self.points.errors = [Message("請填 0 到 %(most)s 的整數", most)]
            return False
        return valid

    @property
    def points_off(self) -> int | None:
        """The points that are taken off; None: the score counts as zero."""
        written = self.points.data or ""
        fits = written.isascii() and written.isdigit() and len(written) <= 3
        if self.outcome.data == ZERO or not fits or int(written) > MOST_COMMITTEE_POINTS:
            return None
        return int(written)


class ResitForm(RefusableForm):
    """A place that is free, another time, or next year (R175)."""

    place = PickField(_l("怎麼安排"), choices=[], missing=Message("請選擇怎麼安排"))
    day = ReadField(_l("補考日期"), parse_date)
    hour = ReadField(_l("進場時間"), _read_hour)

    def __init__(self, places: Iterable[tuple[Slot, ExamRoom, int]], **options: Any) -> None:
        super().__init__(**options)
        self.place.choices = choices_of(
            [
                *[(f"{slot.id}-{room.id}", _place_label(slot, room, free)) for slot, room, free in places],
                (AT, _l("另訂日期與時間，在原試場補考")),
                (NEXT_YEAR, _l("無法配合補考，應試資格保留到下一年度")),
            ]
        )

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if self.place.data == AT:
            for field, sentence in (
                (self.day, Message("請填補考日期，例如 112/9/9")),
                (self.hour, Message("請填進場時間，例如 14:00")),
            ):
                if not (field.data or "").strip():
                    field.errors = [sentence]
                    valid = False
        return valid

    @property
    def entry_at(self) -> datetime:
        return datetime.combine(self.day.value, self.hour.value, TAIPEI)


class ReportAnswerForm(RefusableForm):
    state = PickField(
        _l("怎麼處理"),
        choices=choices_of(
            [
                (ReportState.FIXED.value, _l("本中心的錯誤，已更正，換發新版准考證")),
                (ReportState.ON_SITE.value, _l("考生自己填錯的身分資料，認證當天在試區更正")),
                (ReportState.DECLINED.value, _l("准考證沒有錯，不更改")),
            ]
        ),
        missing=Message("請選擇怎麼處理"),
    )
    reply = TextAreaField(
        _l("給考生的說明"),
        filters=[_trimmed],
        validators=[Length(max=200, message=_l("請寫在 200 個字以內"))],
    )


def _read_document(value: str | None) -> IdDocument | None:
    return None if value in (None, "", NONE) else IdDocument(value)


def _incident_label(incident: Incident) -> Message:
    values = {"code": incident.code, "label": incident.label, "effect": incident.effect}
    return Message("%(code)s　%(label)s（%(effect)s）", values)


def _place_label(slot: Slot, room: ExamRoom, free: int) -> Message:
    entry = slot.entry_at.astimezone(TAIPEI)
    values = {
        "day": f"{entry.month}/{entry.day}",
        "hour": f"{entry:%H:%M}",
        "venue": slot.venue.name,
        "slot": slot.number,
        "room": room.name,
        "free": free,
    }
    return Message("%(day)s %(hour)s 進場　%(venue)s 第 %(slot)s 場 %(room)s（空 %(free)s 台）", values)
