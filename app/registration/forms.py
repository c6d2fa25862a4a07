"""The candidate's form (R234-R250): text in, a `CandidateData` out, a sentence per mistake."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice
from wtforms.validators import ValidationError

from app.accounts.emails import parse_email
from app.core.fields import (
    DISTRICT_GROUPS,
    DISTRICTS,
    PickField,
    PickGroupedField,
    ReadAreaField,
    ReadField,
    choices_of,
)
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.names import clean_name
from app.core.roc_dates import format_roc, parse_birth_date
from app.exams.choices import Dialect
from app.exams.models import Round
from app.registration import readers
from app.registration.candidate import CandidateData
from app.registration.choices import Background, Education, Occupation
from app.registration.fields import offer_rounds
from app.registration.models import Registration

NATIONAL, FOREIGN = "national", "foreign"
PRINT, POST = "print", "post"


def _words(choices: Any) -> list[SelectChoice]:
    return choices_of((each.value, _l(each.value)) for each in choices)


class CandidateForm(RefusableForm):
    """One candidate in one round; `candidate` is to be called after a validation that passed."""

    exam_round = PickField(_l("報名梯次"), missing=Message("請選擇報名梯次"))
    area = PickField(_l("應考考區"), missing=Message("請選擇應考考區"))
    dialect = PickField(_l("報考腔調"), choices=_words(Dialect), missing=Message("請選擇報考腔調"))

    nationality = PickField(
        _l("國籍"),
        choices=choices_of([(NATIONAL, _l("本國")), (FOREIGN, _l("外籍人士"))]),
        default=NATIONAL,
        missing=Message("請選擇國籍"),
    )
    chinese_name = ReadField(_l("中文姓名"), clean_name, missing=Message("請填寫姓名"))
    english_name = ReadField(_l("英文姓名"), readers.read_english_name)
    id_number = ReadField(_l("身分證統一編號"), str, missing=Message("請填寫身分證統一編號"))
    birth_on = ReadField(_l("出生日期"), str, missing=Message("請填寫出生日期，例如 93/9/2"))

    mobile = ReadField(_l("手機"), readers.read_mobile)
    phone = ReadField(_l("市內電話"), readers.read_phone)
    email = ReadField(
        _l("電子信箱"), lambda text: parse_email(text).address, missing=Message("請填寫電子信箱")
    )
    district = PickGroupedField(
        _l("縣市與鄉鎮市區"), groups=DISTRICT_GROUPS, missing=Message("請選擇縣市與鄉鎮市區")
    )
    street = ReadField(_l("路名與門牌"), str, missing=Message("請填寫路名和門牌號碼"))

    emergency_name = ReadField(_l("聯絡人姓名"), clean_name, missing=Message("請填寫緊急聯絡人姓名"))
    emergency_relation = ReadField(
        _l("與考生關係"), readers.read_relation, missing=Message("請填寫緊急聯絡人與考生的關係，例如 母親")
    )
    emergency_phone = ReadField(_l("聯絡人電話"), readers.read_phone, missing=Message("請填寫緊急聯絡人電話"))

    background = PickField(_l("考生身分"), choices=_words(Background), missing=Message("請選擇考生身分"))
    occupation = PickField(_l("考生職業"), choices=_words(Occupation), missing=Message("請選擇考生職業"))
    education = PickField(_l("教育程度"), choices=_words(Education), missing=Message("請選擇教育程度"))

    ticket = PickField(
        _l("准考證"),
        choices=choices_of([(PRINT, _l("自行下載列印")), (POST, _l("由總試務中心寄發"))]),
        default=PRINT,
        missing=Message("請選擇是否寄發准考證"),
    )
    needs_accommodation = BooleanField(_l("申請身心障礙及特殊需求考生服務"))
    accommodation = ReadAreaField(_l("需要的服務"), readers.read_request)

    def __init__(
        self,
        *,
        rounds: Sequence[Round],
        full_areas: Collection[str] = (),
        today: date,
        registration: Registration | None = None,
        **typed: Any,
    ) -> None:
        """:param rounds: from which to choose; with one of them, or one area, nothing is asked
        :param full_areas: those that cannot be chosen, because none of the rounds has a place left there
        :param registration: the draft that is changed
        """
        super().__init__(data={**_written(registration), **typed})
        # These readers need more than the text of their own field.
        self.id_number.read = lambda text: readers.read_own_identity(text, foreign=self._is_foreign)
        self.birth_on.read = lambda text: parse_birth_date(text, today)
        self.street.read = lambda text: readers.read_street(text, district=self.district.data or "")
        # A draft of a multi round may have the last place itself.
        own = {registration.offering.area} if registration is not None and registration.hold else set()
        offer_rounds(rounds, self.exam_round, self.area, full_areas=set(full_areas) - own)

    def validate_chinese_name(self, field: Any) -> None:
        if not self._is_foreign and (field.data or "").isascii():
            raise ValidationError(Message("請填寫中文姓名；外籍人士請先把國籍改為「外籍人士」"))

    def validate_mobile(self, _field: Any) -> None:
        if not (self.mobile.data or "").strip() and not (self.phone.data or "").strip():
            raise ValidationError(Message("手機和市內電話請至少填一項"))

    def validate_accommodation(self, field: Any) -> None:
        if self.needs_accommodation.data and not (field.data or "").strip():
            raise ValidationError(Message("請寫出需要的服務或要帶的輔具"))

    def candidate(self) -> CandidateData:
        """Return what was typed as values; mail goes to the candidate's own address (R252)."""
        place = DISTRICTS[self.district.data]
        return CandidateData(
            chinese_name=self.chinese_name.value,
            english_name=self.english_name.value,
            is_foreign=self._is_foreign,
            identity=self.id_number.value,
            birth_on=self.birth_on.value,
            mobile=self.mobile.value,
            phone=self.phone.value,
            email=self.email.value,
            zip_code=place.zip3,
            county=place.county,
            district=place.name,
            street=self.street.value,
            emergency_name=self.emergency_name.value,
            emergency_relation=self.emergency_relation.value,
            emergency_phone=self.emergency_phone.value,
            dialect=Dialect(self.dialect.data),
            background=Background(self.background.data),
            occupation=Occupation(self.occupation.data),
            education=Education(self.education.data),
            ticket_by_post=self.ticket.data == POST,
            accommodation=self.accommodation.value if self.needs_accommodation.data else None,
        )

    @property
    def _is_foreign(self) -> bool:
        return bool(self.nationality.data == FOREIGN)


def _written(registration: Registration | None) -> dict[str, Any]:
    """Return a draft's values as the person would type them."""
    if registration is None:
        return {}
    same = (
        "chinese_name english_name id_number mobile phone email street emergency_name emergency_relation "
        "emergency_phone dialect background occupation education accommodation"
    )
    return {name: getattr(registration, name) for name in same.split()} | {
        "exam_round": registration.exam_round.code,
        "area": registration.offering.area,
        "nationality": FOREIGN if registration.is_foreign else NATIONAL,
        "birth_on": format_roc(registration.birth_on),
        "district": registration.county + registration.district,
        "ticket": POST if registration.ticket_by_post else PRINT,
        "needs_accommodation": registration.accommodation is not None,
    }
