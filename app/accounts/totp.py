"""Codes of an authenticator app (RFC 6238: SHA-1, 30 seconds, six digits) and recovery codes; pure."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from datetime import datetime

import pyotp

from app.core.text import fold_width

STEP_SECONDS = 30
# A phone whose clock is a little off, or who types slowly, is let in: one step either way.
_STEPS_AROUND = (0, -1, 1)
RECOVERY_CODES = 10


def secret_from(random: bytes) -> str:
    """Return 20 random bytes as the secret that an authenticator app takes."""
    return base64.b32encode(random[:20]).decode()


def matching_step(secret: str, typed: str, at: datetime) -> int | None:
    """Return the number of the 30-second step whose code was typed, or None when it is none of now.

    Full-width digits and spaces are as good as plain ones.
    """
    code = "".join(fold_width(typed).split())
    now = step_at(at)
    for step in (now + around for around in _STEPS_AROUND):
        if hmac.compare_digest(code_of(secret, step).encode(), code.encode()):
            return step
    return None


def step_at(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """Return the six digits that an app shows in a step."""
    return pyotp.TOTP(secret).generate_otp(step)


def address_of(secret: str, *, account: str, issuer: str) -> str:
    """Return the otpauth: address that stands in the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def new_recovery_code() -> str:
    """Return 64 random bits as 16 hexadecimal digits in fours, e.g. ``1f0c-77a2-09bd-e4f1``."""
    digits = secrets.token_hex(8)
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


def read_recovery_code(typed: str) -> str | None:
    """Return a typed recovery code as it was written out, or None when it does not look like one."""
    digits = re.sub(r"[^0-9a-z]", "", fold_width(typed).lower())
    if not re.fullmatch(r"[0-9a-f]{16}", digits):
        return None
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))
