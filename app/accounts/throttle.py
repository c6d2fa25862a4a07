"""How often something may be tried, counted where the settings say (security 5)."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from limits import parse

from app.core.clients import client_network
from app.core.errors import DomainError
from app.core.messages import Message
from app.extensions import limiter


class TooManyAttempts(DomainError):
    """The limit is reached; `retry_after_seconds` says when it is worth trying again."""

    status_code = 429

    def __init__(self, retry_after_seconds: int) -> None:
        minutes = math.ceil(retry_after_seconds / 60)
        super().__init__(Message("嘗試太多次了，請 %(minutes)s 分鐘後再試", {"minutes": minutes}))
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True)
class Throttle:
    """So many attempts per period, counted apart for each key.

    :ivar name: the purpose; the same key under another name has its own count
    :ivar rate: in the words of `limits`, e.g. ``5 per 15 minutes``
    """

    name: str
    rate: str

    def count(self, *keys: str) -> None:
        """Count an attempt; raises TooManyAttempts when it is one too many."""
        if limiter.enabled and not limiter.limiter.hit(parse(self.rate), self.name, *keys):
            raise self._too_many(keys)

    def check(self, *keys: str) -> None:
        """Raise TooManyAttempts when another attempt would be one too many; counts nothing."""
        if limiter.enabled and not limiter.limiter.test(parse(self.rate), self.name, *keys):
            raise self._too_many(keys)

    def forget(self, *keys: str) -> None:
        """Begin anew for these keys."""
        if limiter.enabled:
            limiter.limiter.clear(parse(self.rate), self.name, *keys)

    def _too_many(self, keys: tuple[str, ...]) -> TooManyAttempts:
        window = limiter.limiter.get_window_stats(parse(self.rate), self.name, *keys)
        return TooManyAttempts(max(1, math.ceil(window.reset_time - time.time())))


SIGN_UPS_PER_CLIENT = Throttle("sign-up", "60 per hour")  # a school sits behind one address
SIGN_UPS_PER_EMAIL = Throttle("sign-up-mail", "5 per day")
RESENDS_PER_EMAIL = Throttle("sign-up-again", "1 per minute")
RESETS_PER_EMAIL = Throttle("reset-mail", "3 per hour")
RESETS_PER_CLIENT = Throttle("reset", "20 per hour")
CAPTCHA_IMAGES_PER_CLIENT = Throttle("captcha-image", "300 per hour")
CAPTCHA_SOUNDS_PER_CLIENT = Throttle("captcha-sound", "60 per hour")  # each costs half a second
PASSWORDS_PER_ACCOUNT = Throttle("password", "5 per 15 minutes")
PDFS_PER_ACCOUNT = Throttle("pdf", "30 per hour")  # each is drawn anew
# A school of many classes, each file mended and read again; what a reading may cost is limited elsewhere.
IMPORTS_PER_ACCOUNT = Throttle("import", "60 per hour")
# A count that its own end takes back; should the end be missed, it lapses by itself.
IMPORT_UNDER_WAY = Throttle("import-under-way", "1 per 2 minutes")
FAILURES_PER_CLIENT = Throttle("password-failure", "50 per 15 minutes")
CODES_PER_ACCOUNT = Throttle("code", "5 per 15 minutes")
CODE_FAILURES_PER_CLIENT = Throttle("code-failure", "30 per 15 minutes")


def count_sign_up(realm: str, email_key: str) -> None:
    """Count a sign-up, which sends a mail; raises TooManyAttempts when it is one too many."""
    SIGN_UPS_PER_CLIENT.count(client_network())
    RESENDS_PER_EMAIL.count(realm, email_key)
    SIGN_UPS_PER_EMAIL.count(realm, email_key)


def count_reset(email_key: str) -> None:
    """Count a wish for a new password; raises TooManyAttempts when it is one too many, account or not."""
    RESETS_PER_CLIENT.count(client_network())
    RESETS_PER_EMAIL.count(email_key)


def count_pdf(account_id: int) -> None:
    """Count a document that is drawn for an account; raises TooManyAttempts when it is one too many."""
    PDFS_PER_ACCOUNT.count(str(account_id))


@contextmanager
def one_import(account_id: int) -> Iterator[None]:
    """Let one sheet of an account be read inside the block, never two at a time.

    :raises TooManyAttempts: when this one is one too many in an hour, or another is under way
    """
    IMPORT_UNDER_WAY.count(str(account_id))
    try:
        IMPORTS_PER_ACCOUNT.count(str(account_id))
        yield
    finally:
        IMPORT_UNDER_WAY.forget(str(account_id))


@contextmanager
def password_attempt(realm: str, email_key: str) -> Iterator[None]:
    """Let one password be tried inside the block; right ones do not count.

    :raises TooManyAttempts: when this one is one too many
    """
    with _attempt(PASSWORDS_PER_ACCOUNT, FAILURES_PER_CLIENT, realm, email_key):
        yield


@contextmanager
def code_attempt(account_id: str) -> Iterator[None]:
    """Let one code of the second factor be tried inside the block; right ones do not count.

    :raises TooManyAttempts: when this one is one too many
    """
    with _attempt(CODES_PER_ACCOUNT, CODE_FAILURES_PER_CLIENT, account_id):
        yield


@contextmanager
def _attempt(per_account: Throttle, failures_per_client: Throttle, *account: str) -> Iterator[None]:
    """Attempts at one account are counted before they are made, so that trying many at once gains
    nothing, and whether or not the account exists.
    """
    failures_per_client.check(client_network())
    per_account.count(*account)
    try:
        yield
    except DomainError:
        failures_per_client.count(client_network())
        raise
    per_account.forget(*account)
