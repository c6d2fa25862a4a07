"""What stands in a mailed link: known to the mail alone, kept as a digest (security 6)."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """Return 256 random bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> bytes:
    """Return the 32 bytes by which a token is found again."""
    return hashlib.sha256(token.encode()).digest()
