"""The leader's request for an additional session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField
from wtforms.validators import DataRequired, ValidationError

from app.core.addresses import COUNTIES
from app.core.fields import PickField, ReadAreaField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.names import clean_name
from app.exams.choices import OfferingOrigin
from app.exams.models import Round
from app.groups import readers
from app.groups.extra_session_rules import School
from app.groups.services.extra_sessions import Wish
from app.registration.readers import read_phone, read_request, read_street

SCHOOL_LABELS = {
    School.PRIMARY: _l("國小"),
    School.JUNIOR_HIGH: _l("國中"),
    School.OTHER: _l("其他學校或團體"),
}


class ExtraSessionForm(RefusableForm):
    """`wish` is to be called after a validation that passed."""

    exam_round = PickField(_l("認證梯次"), missing=Message("請選擇認證梯次"))
    kind = PickField(
        _l("申請項目"),
        choices=choices_of(
            [
                (OfferingOrigin.ADDITIONAL.value, _l("增開考區")),
                (OfferingOrigin.ON_CAMPUS.value, _l("到校施測")),
            ]
        ),
        missing=Message("請選擇申請項目"),
    )
    school = PickField(
        _l("團體屬於"),
        choices=choices_of((school.value, label) for school, label in SCHOOL_LABELS.items()),
        missing=Message("請選擇團體屬於哪一類"),
    )
    name = ReadField(_l("團體名稱"), readers.read_group_name, missing=Message("請填寫團體名稱"))
    expected = ReadField(_l("預估人數"), readers.read_places, missing=Message("請填寫預估人數"))
    county = SelectField(
        _l("希望的縣市"),
        choices=[SelectChoice("", _l("請選擇")), *choices_of((each, each) for each in COUNTIES)],
        validators=[DataRequired(Message("請選擇縣市"))],
    )
    address = ReadField(_l("學校地址"), lambda text: read_street(text, district=""))
    rooms = ReadField(_l("電腦教室間數"), readers.read_places)
    computers = ReadField(_l("可用電腦台數"), readers.read_places)
    contact_name = ReadField(_l("聯絡人姓名"), clean_name, missing=Message("請填寫聯絡人姓名"))
    contact_phone = ReadField(_l("聯絡人電話"), read_phone, missing=Message("請填寫聯絡人電話"))
    reason = ReadAreaField(_l("申請理由"), read_request, missing=Message("請寫出申請理由"))

    def __init__(self, rounds: Sequence[Round], **typed: Any) -> None:
        """:param rounds: those under which a session can be added"""
        super().__init__(data=typed)
        self.exam_round.choices = choices_of((each.code, each.name) for each in rounds)

    def validate_address(self, field: Any) -> None:
        self._check_needed(field, Message("到校施測請填寫學校地址"))

    def validate_rooms(self, field: Any) -> None:
        self._check_needed(field, Message("到校施測請填寫電腦教室間數"))

    def validate_computers(self, field: Any) -> None:
        self._check_needed(field, Message("到校施測請填寫可用電腦台數"))

    def wish(self) -> Wish:
        on_campus = self.kind.data == OfferingOrigin.ON_CAMPUS
        return Wish(
            kind=OfferingOrigin(self.kind.data),
            school=School(self.school.data),
            name=self.name.value,
            expected=self.expected.value,
            county=self.county.data,
            contact_name=self.contact_name.value,
            contact_phone=self.contact_phone.value,
            reason=self.reason.value,
            address=self.address.value if on_campus else None,
            rooms=self.rooms.value if on_campus else None,
            computers=self.computers.value if on_campus else None,
        )

    def _check_needed(self, field: Any, missing: Message) -> None:
        if self.kind.data == OfferingOrigin.ON_CAMPUS and not (field.data or "").strip():
            raise ValidationError(missing)
