"""The forms of signing up, verifying and signing in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired, ValidationError

from app.accounts import passwords
from app.accounts.emails import parse_email
from app.core.errors import DomainError, InvalidValue
from app.core.messages import Message


class AccountForm(FlaskForm):
    """A form whose service may refuse what it can check only with the database."""

    def refuse(self, error: DomainError) -> None:
        """Put an error's sentence beside its field, or above the form when it concerns all of it."""
        if error.field:
            self[error.field].errors = [*self[error.field].errors, error.message]
        else:
            self.form_errors.append(error.message)


class LoginForm(AccountForm):
    email = EmailField(_l("電子信箱"), [DataRequired(Message("請輸入電子信箱"))])
    password = PasswordField(_l("密碼"), [DataRequired(Message("請輸入密碼"))])

    def validate_email(self, field: Any) -> None:
        _check_email(field)


class SignUpForm(AccountForm):
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


class VerifyForm(AccountForm):
    password = PasswordField(_l("密碼"), [DataRequired(Message("請輸入密碼"))])


def _check_email(field: Any) -> None:
    try:
        parse_email(field.data)
    except InvalidValue as error:
        raise ValidationError(error.message) from error
