"""The forms of signing up, verifying and signing in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired, ValidationError

from app.accounts import passwords
from app.accounts.emails import parse_email
from app.core.errors import InvalidValue
from app.core.forms import RefusableForm
from app.core.messages import Message


class LoginForm(RefusableForm):
    email = EmailField(_l("電子信箱"), [DataRequired(Message("請輸入電子信箱"))])
    password = PasswordField(_l("密碼"), [DataRequired(Message("請輸入密碼"))])

    def validate_email(self, field: Any) -> None:
        _check_email(field)


class SignUpForm(RefusableForm):
    email = EmailField(_l("電子信箱"), [DataRequired(Message("請輸入電子信箱"))])
    password = PasswordField(_l("密碼"), [DataRequired(Message("請設定密碼"))])
    password_again = PasswordField(_l("密碼確認"), [DataRequired(Message("請再輸入一次密碼"))])

    def validate_email(self, field: Any) -> None:
        _check_email(field)

    def validate_password(self, field: Any) -> None:
        try:
            passwords.check_password(
                field.data, email=self.email.data or "", minimum=passwords.APPLICANT_MINIMUM
            )
        except InvalidValue as error:
            raise ValidationError(error.message) from error

    def validate_password_again(self, field: Any) -> None:
        if field.data != self.password.data:
            raise ValidationError(Message("兩次輸入的密碼不一樣，請再輸入一次"))


class VerifyForm(RefusableForm):
    password = PasswordField(_l("密碼"), [DataRequired(Message("請輸入密碼"))])


def _check_email(field: Any) -> None:
    try:
        parse_email(field.data)
    except InvalidValue as error:
        raise ValidationError(error.message) from error
