"""The forms of signing up, verifying and signing in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, ValidationError

from app.accounts import passwords
from app.accounts.captcha import CaptchaField
from app.accounts.emails import parse_email
from app.core.errors import InvalidValue
from app.core.forms import RefusableForm
from app.core.messages import Message


class EmailForm(RefusableForm):
    email = EmailField(_l("電子信箱"), [DataRequired(Message("請輸入電子信箱"))])

    def validate_email(self, field: Any) -> None:
        _check_email(field)


class LoginForm(EmailForm):
    password = PasswordField(_l("密碼"), [DataRequired(Message("請輸入密碼"))])


class NewPasswordForm(RefusableForm):
    """A new password, typed twice.

    :ivar owner_email: what the password must not be made of
    :ivar minimum: characters
    """

    password = PasswordField(_l("密碼"), [DataRequired(Message("請設定密碼"))])
    password_again = PasswordField(_l("密碼確認"), [DataRequired(Message("請再輸入一次密碼"))])

    owner_email = ""
    minimum = passwords.APPLICANT_MINIMUM

    def validate_password(self, field: Any) -> None:
        try:
            passwords.check_password(field.data, email=self.owner_email, minimum=self.minimum)
        except InvalidValue as error:
            raise ValidationError(error.message) from error

    def validate_password_again(self, field: Any) -> None:
        if field.data != self.password.data:
            raise ValidationError(Message("兩次輸入的密碼不一樣，請再輸入一次"))


class SignUpForm(EmailForm, NewPasswordForm):
    captcha = CaptchaField()

    def validate_password(self, field: Any) -> None:
        self.owner_email = self.email.data or ""
        super().validate_password(field)


class CompletionForm(NewPasswordForm):
    """What a person who came from a provider fills in here; the e-mail only where they brought none."""

    email = EmailField(_l("電子信箱"))
    captcha = CaptchaField()

    brought_email: str | None = None

    def validate_email(self, field: Any) -> None:
        if self.brought_email is not None:
            return
        if not field.data:
            raise ValidationError(Message("請輸入電子信箱"))
        _check_email(field)

    def validate_password(self, field: Any) -> None:
        self.owner_email = self.brought_email or self.email.data or ""
        super().validate_password(field)


class VerifyForm(RefusableForm):
    password = PasswordField(_l("密碼"), [DataRequired(Message("請輸入密碼"))])


class ForgotForm(EmailForm):
    captcha = CaptchaField()


class ResetForm(NewPasswordForm):
    password = PasswordField(_l("新密碼"), [DataRequired(Message("請設定新密碼"))])
    password_again = PasswordField(_l("新密碼確認"), [DataRequired(Message("請再輸入一次新密碼"))])


class CodeForm(RefusableForm):
    code = StringField(_l("驗證碼"), [DataRequired(Message("請輸入驗證碼"))])


class ChangePasswordForm(ResetForm):
    current = PasswordField(_l("目前的密碼"), [DataRequired(Message("請輸入目前的密碼"))])


def _check_email(field: Any) -> None:
    try:
        parse_email(field.data)
    except InvalidValue as error:
        raise ValidationError(error.message) from error
