"""The forms of the refunds desk."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import ValidationError

from app.core.errors import InvalidValue
from app.core.fields import PickField, ReadAreaField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.roc_dates import format_roc, parse_date
from app.core.text import compact, fold_width, strip_invisible
from app.exams.models import Round
from app.exams.notices import NoticeCause
from app.payments.models import RefundCase
from app.payments.refunds.forms import PayeeForm, RefundForm
from app.payments.refunds.services import RefundRequest
from app.registration.services import Notice

LONGEST_NOTE = 300
LONGEST_MONEY_ORDER = 20
_EVERYWHERE = "*"


def _read_note(text: str, longest: int = LONGEST_NOTE) -> str:
    note = "\n".join(strip_invisible(line).strip() for line in text.strip().splitlines())
    if len(note) > longest:
        raise InvalidValue(Message("最多 %(longest)s 個字，請精簡一些", {"longest": longest}))
    return note


def _read_short(text: str) -> str:
    return _read_note(text, 200)


def _read_money_order(text: str) -> str:
    number = compact(fold_width(text)).upper()
    if not number.isascii() or not number.isalnum() or not 4 <= len(number) <= LONGEST_MONEY_ORDER:
        raise InvalidValue(Message("匯票號碼只有英文字母和數字，4 到 20 碼，請照匯票再輸入一次"))
    return number


class ApplicationForm(PayeeForm):
    """What the envelope and the signed form say."""

    postmarked_on = ReadField(_l("郵戳日期"), parse_date)
    paper_proof = BooleanField(_l("信封裡附了證明文件"))

    def __init__(self, case: RefundCase) -> None:
        super().__init__(
            data={
                "payee_name": case.payee_name,
                "payee_address": case.payee_address,
                "payee_phone": case.payee_phone,
                "postmarked_on": format_roc(case.postmarked_on) if case.postmarked_on else "",
                "paper_proof": case.paper_proof,
            }
        )


class PaperForm(RefundForm):
    """An application that came on paper without one online."""

    postmarked_on = ReadField(
        _l("郵戳日期"), parse_date, missing=Message("請填寫信封上的郵戳日期，例如 112/9/20")
    )

    def request(self) -> RefundRequest:
        asked = super().request()
        return RefundRequest(
            reason=asked.reason,
            members=asked.members,
            payee=asked.payee,
            explanation=asked.explanation,
            proof=asked.proof,
            postmarked_on=self.postmarked_on.value,
        )

    def validate_explanation(self, field: Any) -> None:
        """On paper the words stand in the envelope."""


class JudgeForm(RefusableForm):
    """A proposal or a decision; a refusal says why, because the applicant reads it."""

    outcome = PickField(
        _l("結果"),
        choices=choices_of([("grant", _l("准予退費")), ("refuse", _l("不予退費"))]),
        missing=Message("請選擇結果"),
    )
    note = ReadAreaField(_l("說明"), _read_note)

    def validate_note(self, field: Any) -> None:
        if self.outcome.data != "grant" and not (field.data or "").strip():
            raise ValidationError(Message("請寫明原因"))


class DecideForm(JudgeForm):
    outcome = PickField(
        _l("核定結果"),
        choices=choices_of(
            [("grant", _l("准予退費")), ("refuse", _l("不予退費")), ("send_back", _l("退回承辦人補充"))]
        ),
        missing=Message("請選擇結果"),
    )


class PayoutForm(RefusableForm):
    money_order_number = ReadField(_l("匯票號碼"), _read_money_order, missing=Message("請填寫匯票號碼"))
    paid_on = ReadField(_l("寄出日期"), parse_date, missing=Message("請填寫掛號寄出的日期，例如 112/10/5"))


class NoticeForm(RefusableForm):
    """A postponement notice of one round."""

    cause = PickField(
        _l("公告種類"),
        choices=choices_of(
            [
                (NoticeCause.POSTPONED.value, _l("認證延期，另定日期")),
                (NoticeCause.DISASTER.value, _l("天然災害，考生無法參加")),
            ]
        ),
        missing=Message("請選擇公告種類"),
    )
    area = PickField(_l("考區"), missing=Message("請選擇考區"))
    reason = ReadAreaField(
        _l("公告內容"), _read_short, missing=Message("請寫明發生了什麼事，例如 因颱風來襲，認證延期")
    )
    new_test_on = ReadField(_l("新的認證日期"), parse_date)
    new_place = ReadField(_l("新的時間與地點"), _read_short)
    event_on = ReadField(_l("事件發生日"), parse_date)
    mass_pay_by = ReadField(_l("延後的退款期限"), parse_date)

    def __init__(self, exam_round: Round) -> None:
        super().__init__()
        areas = dict.fromkeys(offering.area for offering in exam_round.offerings)
        self.area.choices = choices_of([(_EVERYWHERE, _l("全部考區")), *((area, area) for area in areas)])

    def notice(self) -> Notice:
        """Return what is to be published, after a validation that passed."""
        return Notice(
            cause=NoticeCause(self.cause.data),
            area=None if self.area.data == _EVERYWHERE else self.area.data,
            reason=self.reason.value,
            event_on=self.event_on.value,
            new_test_on=self.new_test_on.value,
            new_place=self.new_place.value,
            mass_pay_by=self.mass_pay_by.value,
        )
