"""The captcha of public forms: six digits to read or to hear, each good for one answer; or hCaptcha (W011).

What the digits are follows from a signed challenge in the form, so nothing is written when a page is
opened; a challenge that was answered, rightly or wrongly, is on record as spent until it would have
run out by itself.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from functools import cache
from typing import Any

import requests
import sqlalchemy as sa
from captcha.audio import AudioCaptcha
from captcha.image import ImageCaptcha
from flask import current_app, request
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import Field, ValidationError

from app.accounts.models import SpentCaptcha
from app.core import clock
from app.core.db import transaction
from app.core.messages import Message
from app.core.text import fold_width

LIFETIME = timedelta(minutes=20)
_DIGITS = 6
_SECONDS = (3, 10)  # to connect, to answer
_UNAVAILABLE = Message("驗證服務暫時沒有回應，請稍後再送出一次")


class CaptchaField(Field):
    """Whether a person sends the form; stands last, because it counts only when the rest is right.

    With CAPTCHA=off it shows nothing and accepts everything. While other fields have mistakes nothing
    is checked, and the person keeps the challenge with what they typed.

    :ivar challenge: what the image and the sound are asked for with; empty when there is neither
    :ivar data: what was typed
    """

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label or _l("驗證碼"), **options)
        self.challenge = ""
        self.data = ""
        if self.kind != "off":
            self.flags.required = True

    @property
    def kind(self) -> str:
        """off, image or hcaptcha."""
        return str(current_app.extensions["settings"].captcha_kind)

    @property
    def site_key(self) -> str:
        return str(current_app.extensions["settings"].hcaptcha_site_key)

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        super().process(formdata, *args, **options)
        if self.kind == "image":
            sent = formdata.get(f"{self.name}-challenge", "") if formdata else ""
            self.challenge = sent if answer_to(sent) else new_challenge()
            self.data = formdata.get(self.name, "") if formdata else ""

    def pre_validate(self, form: Any) -> None:
        if any(field.errors for field in form if field is not self):
            return
        if self.kind == "image":
            self._check_digits()
        elif self.kind == "hcaptcha":
            self._check_hcaptcha()

    def _check_digits(self) -> None:
        typed, challenge = self.data, self.challenge
        if not typed.strip():
            raise ValidationError(Message("請輸入圖中或聲音裡的 6 個數字"))
        # Spent from here on, and whatever comes next is shown with a new one.
        self.challenge, self.data = new_challenge(), ""
        if not is_right(challenge, typed):
            raise ValidationError(Message("驗證碼不對，請輸入新的驗證碼"))

    def _check_hcaptcha(self) -> None:
        settings = current_app.extensions["settings"]
        fields = {
            "secret": settings.hcaptcha_secret,
            "sitekey": settings.hcaptcha_site_key,
            "response": request.form.get("h-captcha-response", ""),
        }
        if not fields["response"]:
            raise ValidationError(Message("請勾選「我是人類」"))
        try:
            answer = requests.post(
                settings.hcaptcha_url, data=fields, timeout=_SECONDS, allow_redirects=False
            ).json()
        except requests.RequestException as error:
            raise ValidationError(_UNAVAILABLE) from error
        if not (isinstance(answer, dict) and answer.get("success") is True):
            raise ValidationError(Message("驗證沒有通過，請再勾選一次「我是人類」"))


def new_challenge() -> str:
    """Return a fresh challenge: random, signed, good for 20 minutes and one answer."""
    return _serializer().dumps(secrets.token_urlsafe(12))


def answer_to(challenge: str) -> str | None:
    """Return the six digits of a challenge, or None when it is not ours or has run out."""
    try:
        nonce = _serializer().loads(challenge, max_age=int(LIFETIME.total_seconds()))
    except BadSignature:
        return None
    key = str(current_app.config["SECRET_KEY"]).encode()
    number = int.from_bytes(hmac.digest(key, b"captcha\0" + str(nonce).encode(), "sha256"))
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def is_right(challenge: str, typed: str) -> bool:
    """Return whether the typed digits are those of the challenge, and spend it either way.

    Spaces and full-width digits are as good as plain ones.
    """
    digits = "".join(fold_width(typed).split())
    answer = answer_to(challenge)
    return _spend(challenge) and answer is not None and hmac.compare_digest(answer.encode(), digits.encode())


def draw(digits: str) -> bytes:
    """Return the digits as a PNG that programs find hard to read; another one each time."""
    return ImageCaptcha(220, 80).generate(digits).getvalue()


def speak(digits: str) -> bytes:
    """Return the digits as a WAV, spoken in English over noise; takes about half a second."""
    return bytes(_voice().generate(digits))


@cache
def _voice() -> AudioCaptcha:
    return AudioCaptcha()


def _spend(challenge: str) -> bool:
    """Note a challenge as answered; False when it was answered before."""
    now = clock.system_now()
    digest = hashlib.sha256(challenge.encode()).digest()
    with transaction() as session:
        session.execute(sa.delete(SpentCaptcha).where(SpentCaptcha.spent_at <= now - LIFETIME))
        try:
            with session.begin_nested():
                session.add(SpentCaptcha(digest=digest, spent_at=now))
        except sa.exc.IntegrityError:
            return False
    return True


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="captcha")
