"""Whether a caller is who they say: the answers that a clerk typed against what was registered; pure."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.core.text import compact


@dataclass(frozen=True, slots=True)
class Answers:
    """What the caller said to the two questions, as typed.

    :ivar id_ending: the last four characters of the identity number
    :ivar phone: one of the telephone numbers given at registration
    """

    id_ending: str
    phone: str


@dataclass(frozen=True, slots=True)
class Known:
    """What was registered; phones as digits, an extension after ``#``."""

    name: str
    birth_on: date
    id_number: str
    phones: tuple[str, ...]


def is_named(known: Known, *, name: str, birth_on: date) -> bool:
    """Return whether name and birth date are the person's."""
    return _same(compact(name), compact(known.name)) & (birth_on == known.birth_on)


def has_answered(known: Known, answers: Answers) -> bool:
    """Return whether both questions were answered as only the candidate can (R154).

    Both are compared in full, so that the time taken does not tell which of them was wrong.
    """
    ending = compact(answers.id_ending)
    right_id = len(ending) == 4 and _same(ending, known.id_number[-4:])
    right_phone = _any_same(_digits(answers.phone), (_digits(each) for each in known.phones))
    return right_id & right_phone


def _digits(phone: str) -> str:
    return re.sub(r"[^0-9]", "", compact(phone).partition("#")[0])


def _any_same(said: str, known: Iterable[str]) -> bool:
    found = False
    for each in known:
        found |= len(said) >= 8 and _same(said, each)
    return found


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
