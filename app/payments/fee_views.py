"""The fee calculator: a birth date in, the fee of every round out, with the reason (S022)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import open_to_all
from app.core import clock
from app.core.fields import ReadField
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.roc_dates import parse_birth_date
from app.exams.queries import list_rounds
from app.payments.fees import fee_for

bp = Blueprint("fees", __name__)


class BirthDateForm(RefusableForm):
    birth_on = ReadField(
        _l("出生日期"),
        lambda text: parse_birth_date(text, clock.today()),
        missing=Message("請填寫出生日期，例如 93/9/2"),
    )


# Posted, so that nobody's birth date stands in an address; nothing of it is kept.
@bp.route("/fees", methods=["GET", "POST"])
@open_to_all
def calculator() -> ResponseReturnValue:
    form = BirthDateForm()
    fees = None
    if form.validate_on_submit():
        fees = [
            (
                each,
                fee_for(
                    form.birth_on.value,
                    fee_reference_on=each.fee_reference_on,
                    full_fee_twd=each.fee_twd,
                    free_up_to_age=each.free_up_to_age,
                ),
            )
            for each in list_rounds()
        ]
    return render_template("payments/fees.html", form=form, fees=fees), form.status_code
