"""The staff's forms: why a registration goes back, and why a person has to be seen in full."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.forms import PortalForm
from app.core.messages import Message


class ReturnForm(PortalForm):
    """What has to be sent or corrected; all of it at once (S003)."""

    # Messages, because they are mailed as well, in the candidate's language and not in the reader's.

    name = BooleanField(Message("姓名與證件不符，請提供身分證件正面影本"))
    identity = BooleanField(Message("證號與證件不符，請提供身分證件正反面影本"))
    birth = BooleanField(Message("出生日期與證件不符，請提供身分證件正面影本"))
    contact = BooleanField(Message("留下的電話聯絡不上，請提供可以聯絡的電話"))
    address = BooleanField(Message("通訊地址不完整，請提供可以收件的地址"))
    accommodation = BooleanField(Message("申請特殊應考服務，請補寄證明文件"))
    other = TextAreaField(
        _l("其他要補正的項目"),
        filters=[lambda text: (text or "").strip()],
        validators=[Length(max=200, message=_l("請寫在 200 個字以內"))],
    )

    @property
    def reasons(self) -> list[BooleanField]:
        return [self.name, self.identity, self.birth, self.contact, self.address, self.accommodation]

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.missing:
            self.name.errors = [_l("請至少勾選一項，或寫下要補正的項目")]
            return False
        return valid

    @property
    def missing(self) -> list[str]:
        """The sentences to be mailed, in the order of the form."""
        ticked = [str(reason.label.text) for reason in self.reasons if reason.data]
        return ticked + [line.strip() for line in self.other.data.splitlines() if line.strip()]


class UnmaskForm(PortalForm):
    reason = RadioField(
        _l("為什麼需要看完整資料"),
        choices=[
            SelectChoice("identity", _l("核對身分證件")),
            SelectChoice("call", _l("考生或團報負責人來電查詢")),
            SelectChoice("correction", _l("比對補正文件")),
            SelectChoice("other", _l("其他，請在下面說明")),
        ],
        validators=[InputRequired(_l("請選擇理由，查看會留下紀錄"))],
    )
    note = StringField(
        _l("說明"),
        filters=[lambda text: (text or "").strip()],
        validators=[Length(max=80, message=_l("請寫在 80 個字以內"))],
    )

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if self.reason.data == "other" and not self.note.data:
            self.note.errors = [_l("請說明為什麼需要看完整資料")]
            return False
        return valid

    @property
    def stated(self) -> str:
        """The reason as the audit log keeps it."""
        return f"{self.reason.data}: {self.note.data}" if self.note.data else str(self.reason.data)
