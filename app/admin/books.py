"""Taking the books of a period out of the payments desk: orders, receipts, refunds, fees."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin import services
from app.admin.payments import bp
from app.admin.queries.books import Period
from app.core import clock
from app.core.downloads import attachment
from app.core.errors import InvalidValue
from app.core.fields import PickField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.roc_dates import format_roc, parse_date
from app.payments.books.sheet_files import FORMATS, in_pieces, write_sheets
from app.web import current_actor

_MISSING = Message("請填寫日期，例如 112/5/1")
_BACKWARDS = Message("結束的日子不能早於開始的日子，請檢查這兩個日期")


class BooksForm(RefusableForm):
    """`period` is to be called after a validation that passed."""

    since = ReadField(_l("從哪一天"), parse_date, missing=_MISSING)
    until = ReadField(_l("到哪一天"), parse_date, missing=_MISSING)
    file_format = PickField(
        _l("檔案格式"),
        missing=Message("請選擇檔案格式"),
        choices=choices_of([(name, each.label) for name, each in FORMATS.items()]),
    )

    def __init__(self, today: date) -> None:
        month = {"since": format_roc(today.replace(day=1)), "until": format_roc(today), "file_format": "xlsx"}
        super().__init__(data=month)

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.until.value < self.since.value:
            self.refuse(InvalidValue(_BACKWARDS, field="until"))
            return False
        return True

    def period(self) -> Period:
        return Period(self.since.value, self.until.value)


@bp.route("/books", methods=["GET", "POST"])
@permission_required(Permission.PAYMENTS)
def books() -> ResponseReturnValue:
    form = BooksForm(clock.today())
    if not form.validate_on_submit():
        page = render_template("admin/books.html", form=form)
        return page, form.status_code if request.method == "POST" else 200
    period, file_format = form.period(), FORMATS[form.file_format.data]
    sheets = services.take_out_books(period, form.file_format.data, actor=current_actor())
    days = f"{format_roc(period.since)}-{format_roc(period.until)}".replace("/", "")
    return attachment(
        in_pieces(write_sheets(sheets, file_format)),
        mimetype=file_format.mimetype,
        name=f"帳目-{days}.{file_format.suffix}",
        plain_name=f"books-{days}.{file_format.suffix}",
    )
