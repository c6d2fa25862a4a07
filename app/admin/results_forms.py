"""The forms of the results desk: what a round asks for, a filled-in sheet, why a certificate is revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import Form as PlainForm
from wtforms import FormField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from app.core.errors import InvalidValue
from app.core.forms import PortalForm
from app.core.messages import N_, Message
from app.core.roc_dates import format_roc, parse_date
from app.exams.choices import Level
from app.results.grading import Marks, PartPoints
from app.results.models import MarkScheme
from app.results.points import FULL_SCORE, format_points, parse_points
from app.results.services import MarkPlan

_PARTS = ("listening", "speaking", "reading")


class PointsField(StringField):
    """Points as people write them; `tenths` is the value once the form has been validated."""

    tenths: int

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, [DataRequired(_l("請填%(name)s", name=label))], **options)

    def pre_validate(self, _form: Any) -> None:
        if not self.data:
            return
        try:
            self.tenths = parse_points(self.data)
        except InvalidValue as error:
            raise ValidationError(error.message) from None


class FullScoreForm(PlainForm):
    """What each part is worth; together 100."""

    listening = PointsField(_l("聽力滿分"))
    speaking = PointsField(_l("口語滿分"))
    reading = PointsField(_l("閱讀滿分"))

    @property
    def points(self) -> PartPoints:
        return PartPoints(self.listening.tenths, self.speaking.tenths, self.reading.tenths)


class LevelForm(PlainForm):
    """What one level asks for."""

    listening = PointsField(_l("聽力通過門檻"))
    speaking = PointsField(_l("口語通過門檻"))
    reading = PointsField(_l("閱讀通過門檻"))
    total = PointsField(_l("總分通過標準"))

    @property
    def marks(self) -> Marks:
        parts = PartPoints(self.listening.tenths, self.speaking.tenths, self.reading.tenths)
        return Marks(parts, self.total.tenths)


class MarksForm(PortalForm):
    """The marks of a round: a level that the round does not have is left out of its form."""

    full = FormField(FullScoreForm)
    elementary = FormField(LevelForm)
    basic = FormField(LevelForm)
    announced_on = StringField(_l("公告日期"), [DataRequired(_l("請填公告日期，例如 112/4/10"))])
    source = StringField(
        _l("依據"),
        [DataRequired(_l("請填由誰決定、寫在哪裡")), Length(max=200, message=_l("請寫在 200 個字以內"))],
        filters=[lambda text: (text or "").strip()],
    )

    def __init__(self, levels: Sequence[Level], **values: Any) -> None:
        super().__init__(**values)
        self.levels = levels
        for level in Level:
            if level not in levels:
                del self[level.value]

    def validate(self, extra_validators: object = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            self._announced = parse_date(self.announced_on.data)
        except InvalidValue as error:
            self.announced_on.errors = [error.message]
        if self.full.form.points.total != FULL_SCORE:
            self.full.form.reading.errors = [Message("三科滿分合計要是 100 分")]
        for level in self.levels:
            self._check_level(self[level.value].form)
        return not any(field.errors for field in self._all_fields())

    @property
    def plan(self) -> MarkPlan:
        marks = {level: self[level.value].form.marks for level in self.levels}
        return MarkPlan(self.full.form.points, marks, self._announced, self.source.data)

    def _check_level(self, form: LevelForm) -> None:
        for name in _PARTS:
            full = getattr(self.full.form, name).tenths
            if form[name].tenths > full:
                text = N_("門檻不能超過這一科的滿分 %(full)s 分")
                form[name].errors = [Message(text, {"full": format_points(full)})]
        if not 0 < form.total.tenths <= FULL_SCORE:
            form.total.errors = [Message("總分標準要在 0 到 100 分之間")]

    def _all_fields(self) -> list[Any]:
        nested = [self.full.form, *[self[level.value].form for level in self.levels]]
        return [self.announced_on, self.source, *[field for form in nested for field in form]]


class ScoreSheetForm(PortalForm):
    sheet = FileField(_l("填好的成績表"), [FileRequired(Message("請先選擇填好的成績表"))])


class RevokeForm(PortalForm):
    reason = StringField(
        _l("撤銷理由"),
        [DataRequired(_l("請寫下撤銷的理由，會留下紀錄")), Length(max=80, message=_l("請寫在 80 個字以內"))],
        filters=[lambda text: (text or "").strip()],
    )


def written_marks(
    scheme: MarkScheme | None, marks: dict[Level, Marks], elementary_total: int, today: date
) -> dict[str, Any]:
    """Return what stands in the form: the marks as set, or else what the brochure prints (R057).

    :param elementary_total: whole points
    """
    if scheme is None:
        return {"elementary": {"total": str(elementary_total)}, "announced_on": format_roc(today)}
    written: dict[str, Any] = {
        level.value: {**_written(each.parts), "total": format_points(each.total)}
        for level, each in marks.items()
    }
    return written | {
        "full": _written(scheme.full),
        "announced_on": format_roc(scheme.announced_on),
        "source": scheme.source,
    }


def _written(parts: PartPoints) -> dict[str, str]:
    return {name: format_points(getattr(parts, name)) for name in _PARTS}
