"""ECPay's CheckMacValue: the digest over all fields of a message (payments.md 1.4)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote_plus

FIELD = "CheckMacValue"

DigestMethod = Literal["sha256", "md5"]


def check_mac_value(
    params: Mapping[str, str], hash_key: str, hash_iv: str, method: DigestMethod = "sha256"
) -> str:
    """Return the upper-case hexadecimal digest of all fields but `CheckMacValue` itself.

    Empty values count, absent ones do not. The names are sorted without regard to case: the
    digests of the real gateway match only so.
    """
    names = sorted((name for name in params if name != FIELD), key=str.lower)
    pairs = "".join(f"{name}={params[name]}&" for name in names)
    encoded = ecpay_url_encode(f"HashKey={hash_key}&{pairs}HashIV={hash_iv}")
    return hashlib.new(method, encoded.encode()).hexdigest().upper()


def ecpay_url_encode(text: str) -> str:
    """Return the text as .NET's UrlEncode writes it, in lower case: ``Tom's ~!`` is ``tom%27s+%7e!``."""
    return quote_plus(text, safe="!*()").lower().replace("~", "%7e")


def sign(params: Mapping[str, str], hash_key: str, hash_iv: str) -> dict[str, str]:
    """Return the fields with their SHA-256 digest added."""
    return {**params, FIELD: check_mac_value(params, hash_key, hash_iv)}


def verify(params: Mapping[str, str], hash_key: str, hash_iv: str, method: DigestMethod = "sha256") -> bool:
    """Return whether the fields carry their right digest, in time that does not depend on it."""
    expected = check_mac_value(params, hash_key, hash_iv, method)
    # Bytes, because compare_digest raises TypeError for text that is not ASCII.
    return hmac.compare_digest(expected.encode(), params.get(FIELD, "").encode())
