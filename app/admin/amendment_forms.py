"""The staff's forms for identity data: only what is typed changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.fields import PickField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.names import clean_name
from app.core.roc_dates import parse_birth_date
from app.examday.documents import DOCUMENT_NAMES
from app.registration import readers
from app.registration.contact import IdentityChange
from app.registration.correction_forms import MISTAKE, OFFICE
from app.registration.forms import FOREIGN, NATIONAL

SAME = "same"
NOT_SEEN = "none"
DOCUMENTS = [(document.value, name) for document, name in DOCUMENT_NAMES.items()]


class AmendForm(RefusableForm):
    """A correction of identity data (R141); `change` is to be called after a validation that passed."""

    chinese_name = ReadField(_l("中文姓名"), clean_name)
    english_name = ReadField(_l("英文姓名"), readers.read_english_name)
    nationality = PickField(
        _l("國籍"),
        choices=choices_of([(SAME, _l("不變")), (NATIONAL, _l("本國")), (FOREIGN, _l("外籍人士"))]),
        default=SAME,
        missing=_l("請選擇國籍"),
    )
    id_number = ReadField(_l("身分證統一編號"), str)
    birth_on = ReadField(_l("出生日期"), str)
    cause = PickField(
        _l("更正原因"),
        choices=choices_of([(MISTAKE, _l("考生報名時填錯")), (OFFICE, _l("本中心或准考證錯誤"))]),
        missing=_l("請選擇更正原因"),
    )
    seen = PickField(
        _l("看過的身分證件"),
        choices=choices_of([(NOT_SEEN, _l("不在試區，沒有核對正本")), *DOCUMENTS]),
        default=NOT_SEEN,
        missing=_l("請選擇看過的身分證件"),
    )
    reason = TextAreaField(
        _l("依據"),
        filters=[lambda text: (text or "").strip()],
        validators=[
            InputRequired(_l("請寫出更正的依據，例如核對過的文件")),
            Length(max=200, message=_l("請寫在 200 個字以內")),
        ],
    )
    fee_accepted = BooleanField(_l("報名費因此不同，差額另行處理"))

    def __init__(self, *, today: date, was_foreign: bool, **options: Any) -> None:
        super().__init__(**options)
        self._was_foreign = was_foreign
        self.id_number.read = lambda text: readers.read_own_identity(text, foreign=self._is_foreign)
        self.birth_on.read = lambda text: parse_birth_date(text, today)

    @property
    def _is_foreign(self) -> bool:
        return self._was_foreign if self.nationality.data == SAME else self.nationality.data == FOREIGN

    @property
    def is_office_error(self) -> bool:
        return bool(self.cause.data == OFFICE)

    @property
    def seen_document(self) -> str | None:
        return None if self.seen.data == NOT_SEEN else self.seen.data

    def change(self) -> IdentityChange:
        return IdentityChange(
            chinese_name=self.chinese_name.value,
            english_name=self.english_name.value,
            is_foreign=None if self.nationality.data == SAME else self._is_foreign,
            identity=self.id_number.value,
            birth_on=self.birth_on.value,
        )


class DeclineForm(RefusableForm):
    reply = TextAreaField(
        _l("給考生的說明"),
        filters=[lambda text: (text or "").strip()],
        validators=[
            InputRequired(_l("請說明為什麼不更正，這段文字會寄給考生")),
            Length(max=200, message=_l("請寫在 200 個字以內")),
        ],
    )
