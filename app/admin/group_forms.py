"""The staff's forms about a group: where a member goes, who leads it from now on, on whose word."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.accounts.emails import parse_email
from app.core.fields import DISTRICT_GROUPS, DISTRICTS, PickField, PickGroupedField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.names import clean_name
from app.groups.leader import Leader
from app.groups.models import Group
from app.registration.readers import read_phone, read_street

# How the office knows that it is wanted; the word before it is what the log keeps.
EVIDENCE = [
    ("letter", _l("書面申請（簽名）")),
    ("school_letter", _l("學校公文")),
    ("document", _l("看過身分證件")),
    ("call", _l("來電，已核對身分資料")),
]
CHANNELS = [
    ("call", _l("團報負責人來電")),
    ("letter", _l("書面或公文")),
    ("visit", _l("到場")),
]


def _reason(hint: Any) -> TextAreaField:
    return TextAreaField(
        _l("原因"),
        description=hint,
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired(_l("請寫出原因，會留在稽核紀錄")),
            Length(max=200, message=_l("請寫在 200 個字以內")),
        ],
    )


_NOTHING_PERSONAL = _l("會留在稽核紀錄，請不要寫考生的個人資料。")


class MoveForm(RefusableForm):
    """Whose registration it is from now on (decision 21)."""

    email = ReadField(_l("考生帳號的電子信箱"), parse_email, missing=Message("請填寫考生帳號的電子信箱"))
    evidence = PickField(_l("依據"), choices=choices_of(EVIDENCE), missing=Message("請選擇依據"))
    reason = _reason(_NOTHING_PERSONAL)


class ReassignForm(RefusableForm):
    """Who leads a group from now on (R216); `leader` is to be called after a validation that passed."""

    email = ReadField(
        _l("新負責人帳號的電子信箱"), parse_email, missing=Message("請填寫新負責人帳號的電子信箱")
    )
    leader_name = ReadField(_l("新負責人姓名"), clean_name, missing=Message("請填寫新負責人姓名"))
    leader_phone = ReadField(_l("電話"), read_phone, missing=Message("請填寫新負責人電話"))
    same_address = BooleanField(_l("地址不變，沿用團體原來的地址"), default=True)
    district = PickGroupedField(
        _l("縣市與鄉鎮市區"), groups=DISTRICT_GROUPS, missing=Message("請選擇縣市與鄉鎮市區")
    )
    street = ReadField(_l("路名與門牌"), str, missing=Message("請填寫路名和門牌號碼"))
    evidence = PickField(_l("依據"), choices=choices_of(EVIDENCE), missing=Message("請選擇依據"))
    reason = _reason(_NOTHING_PERSONAL)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.street.read = lambda text: read_street(text, district=self.district.data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.same_address.data:
            self.district.errors, self.street.errors = [], []
            return self.is_submitted() and not any(field.errors for field in self)
        return bool(valid)

    def leader(self, group: Group) -> Leader:
        """Return the new leader's data; the group's own address stays unless another is given."""
        before = group.leader
        same = self.same_address.data
        place = None if same else DISTRICTS[self.district.data]
        return Leader(
            name=self.leader_name.value,
            phone=self.leader_phone.value,
            email=self.email.value.address,
            zip_code=place.zip3 if place else before.zip_code,
            county=place.county if place else before.county,
            district=place.name if place else before.district,
            street=self.street.value if place else before.street,
        )


class ForLeaderForm(RefusableForm):
    """On whose word a member of staff does a leader's work."""

    channel = PickField(
        _l("負責人怎麼提出的"), choices=choices_of(CHANNELS), missing=Message("請選擇負責人怎麼提出的")
    )
    reason = _reason(_NOTHING_PERSONAL)
