"""Passwords: which are refused, and how they are kept (security 4)."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from app.core.errors import InvalidValue
from app.core.messages import Message

APPLICANT_MINIMUM = 10
STAFF_MINIMUM = 12
_MAXIMUM = 128
_MAXIMUM_BYTES = 1024
_DISTINCT_CHARACTERS = 4
# What is left of a password when every word that is guessed first is taken out, and how many such
# words make up for having nothing left.
_OWN_CHARACTERS = 5
_WORDS_ENOUGH = 4

_hasher = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
# Every hash takes 46 MiB: a flood of sign-ins waits here instead of exhausting the memory.
_at_once = threading.BoundedSemaphore(4)


def check_password(text: str, *, email: str, minimum: int) -> None:
    """Raise InvalidValue, for the field ``password``, when a new password is too short or too easily guessed.

    There are no rules about its composition: length, and not being a password that everyone tries.

    :param minimum: characters; `APPLICANT_MINIMUM` or `STAFF_MINIMUM`
    """
    password = _normalise(text)
    if len(password) < minimum:
        raise _refuse(Message("密碼太短，請至少輸入 %(minimum)s 個字元", {"minimum": minimum}))
    if len(password) > _MAXIMUM or len(password.encode()) > _MAXIMUM_BYTES:
        raise _refuse(Message("密碼太長，請縮短到 %(maximum)s 個字元以內", {"maximum": _MAXIMUM}))
    if _is_guessed_first(password.casefold(), email.casefold()):
        raise _refuse(Message("這組密碼太容易被猜到，請換一組，例如把四個不相關的詞連起來"))


def hash_password(text: str) -> str:
    """Return the Argon2id hash to keep; takes about 30 ms and belongs outside a transaction."""
    with _at_once:
        return _hasher.hash(_normalise(text))


def verify_password(kept: str | None, text: str) -> bool:
    """Return whether the text is the password behind a hash.

    It takes the same time when there is no hash, so that nobody can tell which accounts exist.
    """
    password = _normalise(text)
    if len(password.encode()) > _MAXIMUM_BYTES:
        return False
    with _at_once:
        try:
            _hasher.verify(kept or _nobodys_hash(), password)
        except VerificationError:
            return False
    return kept is not None


def needs_rehash(kept: str) -> bool:
    """Return whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def _normalise(text: str) -> str:
    # The same password typed on a phone and on a Mac may arrive composed or decomposed.
    return unicodedata.normalize("NFC", text)


def _refuse(message: Message) -> InvalidValue:
    return InvalidValue(message, field="password")


def _is_guessed_first(password: str, email: str) -> bool:
    if len(set(password)) < _DISTINCT_CHARACTERS:
        return True
    local, _, domain = email.partition("@")
    own = [part for part in (email, local, domain, domain.partition(".")[0]) if len(part) >= 4]
    words = 0
    for guess in sorted([*own, *_common_guesses()], key=len, reverse=True):
        words += guess in password
        password = password.replace(guess, " ")
    return len("".join(password.split())) < _OWN_CHARACTERS and words < _WORDS_ENOUGH


@cache
def _common_guesses() -> tuple[str, ...]:
    return tuple(Path(__file__).with_name("common_passwords.txt").read_text("utf-8").split())


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")
