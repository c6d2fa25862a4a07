"""Random public identifiers: what stands in an address never tells how many there are."""

from __future__ import annotations

import secrets
import string

PUBLIC_ID_LENGTH = 22
_TRADE_ALPHABET = string.ascii_uppercase + string.digits


def new_public_id() -> str:
    """Return 128 random bits as 22 URL-safe characters (security: ASVS 11.5.1)."""
    return secrets.token_urlsafe(16)


def new_trade_number() -> str:
    """Return 20 random characters A-Z0-9, the longest number that ECPay accepts for an order."""
    return "".join(secrets.choice(_TRADE_ALPHABET) for _ in range(20))
