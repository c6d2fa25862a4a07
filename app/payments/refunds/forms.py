"""The applicant's form: why, for whom, and who gets the money order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectMultipleField
from wtforms.validators import ValidationError

from app.core.addresses import parse_address
from app.core.errors import InvalidValue
from app.core.fields import PickField, ReadAreaField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.names import clean_name
from app.core.phones import parse_phone
from app.core.text import strip_invisible
from app.payments.refunds.proofs import ProofFile, read_proof
from app.payments.refunds.rules import RULES, RefundReason
from app.payments.refunds.services import Payee, RefundRequest
from app.payments.refunds.subjects import Member, Subject

LONGEST_EXPLANATION = 500


def read_explanation(text: str) -> str:
    """Return what has happened, in several lines of at most 500 characters together."""
    lines = "\n".join(strip_invisible(line).strip() for line in text.strip().splitlines())
    if len(lines) > LONGEST_EXPLANATION:
        raise InvalidValue(
            Message(
                "最多 %(longest)s 個字，您填了 %(length)s 個字",
                {"longest": LONGEST_EXPLANATION, "length": len(lines)},
            )
        )
    return lines


class PayeeForm(RefusableForm):
    """Who gets the money order (R107)."""

    payee_name = ReadField(_l("匯票受款人"), clean_name, missing=Message("請填寫受款人姓名，與身分證件相同"))
    payee_address = ReadField(
        _l("收件地址"),
        lambda text: str(parse_address(text)),
        missing=Message("請填寫收件地址，例如 106 臺北市大安區和平東路一段162號"),
    )
    payee_phone = ReadField(
        _l("電話（手機）"), lambda text: str(parse_phone(text)), missing=Message("請填寫可以聯絡的電話")
    )

    def payee(self) -> Payee:
        """Return who was named, after a validation that passed."""
        return Payee(self.payee_name.value, self.payee_address.value, self.payee_phone.value)


class RefundForm(PayeeForm):
    reason = PickField(_l("退費原因"), missing=Message("請選擇退費原因"))
    members = SelectMultipleField(_l("要退費的考生"), validate_choice=False)
    explanation = ReadAreaField(_l("發生了什麼事"), read_explanation)
    proof = FileField(_l("證明文件"))

    def __init__(
        self, *, subject: Subject, members: Sequence[Member], reasons: Sequence[RefundReason], **options: Any
    ) -> None:
        """:param members: for whom a refund can be asked; all of them are ticked at first
        :param reasons: which can be chosen; a single one is chosen at first
        """
        written = {
            "payee_name": subject.applicant_name,
            "payee_address": subject.address,
            "payee_phone": subject.phone,
            "members": [member.key for member in members],
            "reason": reasons[0].value if len(reasons) == 1 else None,
        }
        super().__init__(data=written, **options)
        self.reason.choices = choices_of((each.value, RULES[each].label) for each in reasons)
        self.everybody = [member.key for member in members]
        self.file: ProofFile | None = None

    def validate_explanation(self, field: Any) -> None:
        if self.reason.data == RefundReason.OTHER.value and not (field.data or "").strip():
            raise ValidationError(Message("請簡單說明發生了什麼事，主辦單位依此決定"))

    def validate_proof(self, field: Any) -> None:
        if field.data is None or not getattr(field.data, "filename", ""):
            return
        try:
            self.file = read_proof(field.data.stream, field.data.filename)
        except InvalidValue as error:
            raise ValidationError(error.message) from error

    def request(self) -> RefundRequest:
        """Return what is asked for, after a validation that passed."""
        return RefundRequest(
            reason=RefundReason(self.reason.data),
            members=self.members.data if len(self.everybody) > 1 else self.everybody,
            payee=self.payee(),
            explanation=self.explanation.value or "",
            proof=self.file,
        )
