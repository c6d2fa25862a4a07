"""National ID, resident and passport numbers, and how persons are shown without showing who they are."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import mul

from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.text import compact

# The place of first registration; the order is historical, which is why I, O, W and X stand at the end.
_LETTER_VALUES = {letter: value for value, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO", start=10)}
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
_DUMMY = "A123456789"
_LOOK_ALIKES = str.maketrans("OIL", "011")
_PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,20}")


class IdKind(StrEnum):
    """What document a number is from; stored as its value."""

    NATIONAL = "national"
    RESIDENT = "resident"
    RESIDENT_OLD = "resident_old"
    PASSPORT = "passport"


_SHAPES = {
    IdKind.NATIONAL: re.compile(r"[A-Z][12][0-9]{8}"),
    IdKind.RESIDENT: re.compile(r"[A-Z][89][0-9]{8}"),
    IdKind.RESIDENT_OLD: re.compile(r"[A-Z][A-D][0-9]{8}"),
}
# 0 to 6 in third place, or C and D in second, are given to foreigners only; the other resident numbers
# belong to nationals without household registration and to people from Hong Kong, Macao and the mainland.
_FOREIGNERS_ONLY = re.compile(r"[A-Z](?:[89][0-6]|[CD])[0-9]+")


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A checked number in its one normal form, by which duplicates are found; prints masked."""

    kind: IdKind
    value: str

    def __str__(self) -> str:
        return mask_id(self.value)

    def __repr__(self) -> str:
        return f"IdentityNumber({self.kind.value}, {mask_id(self.value)})"


def normalise_id(text: str) -> str:
    """Return a number in upper case and half width, without separators and invisible characters."""
    return "".join(
        character
        for character in compact(text).upper()
        if character not in "'‘’`." and unicodedata.category(character) != "Pd"
    )


def is_valid_id(value: str) -> bool:
    """Return whether a normalised national or resident number has a known shape and the right check digit."""
    return _shape_of(value) is not None and _checksum(value) % 10 == 0


def is_dummy_id(value: str) -> bool:
    """Return whether it is the A123456789 that everybody types to try a form; it passes the check."""
    return value == _DUMMY


def parse_identity(text: str, *, nationality_foreign: bool) -> IdentityNumber:
    """Return the identity number written in text (R239).

    A foreigner may give a resident number of either form or a passport number; passports have no check
    digit. A number that only fits the other nationality is refused with the advice to change that choice.
    A letter typed for a look-alike digit is pointed out, never silently repaired.

    :raises InvalidValue: with a sentence that says what to do
    """
    value = normalise_id(text)
    if not value:
        raise InvalidValue(
            Message("請填寫居留證統一證號或護照號碼")
            if nationality_foreign
            else Message("請填寫身分證統一編號")
        )
    kind = _shape_of(value)
    if kind is None:
        return _parse_other(value, nationality_foreign)
    if not is_valid_id(value):
        raise InvalidValue(_wrong_check_digit(kind))
    if kind is IdKind.NATIONAL and nationality_foreign:
        raise InvalidValue(Message("這是國民身分證的號碼，請把國籍改為「本國」，或改填居留證或護照號碼"))
    if not nationality_foreign and _FOREIGNERS_ONLY.fullmatch(value):
        raise InvalidValue(
            Message("這是外籍人士的居留證號碼，請把國籍改為「外籍人士」，或改填身分證統一編號")
        )
    return IdentityNumber(kind, value)


def mask_id(value: str) -> str:
    """Return ``A******789``: the first character and the last three; of a short passport the last one."""
    shown = 3 if len(value) >= 8 else 1
    return value[:1] + "*" * (len(value) - 1 - shown) + value[-shown:] if len(value) > 1 else "*"


def mask_name(name: str) -> str:
    """Return ``王○明``, ``王○``, ``尤○‧○陸`` or ``J*** S***``."""
    if name[:1].isascii():
        return " ".join(word[0] + "***" for word in name.split())
    # A variation selector belongs to the character before it: 葛 with its selector is one character.
    clusters = re.findall(r".[\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]*", name)
    last = len(clusters) - 1 if len(clusters) > 2 else 0
    return "".join(
        cluster if position in (0, last) or cluster in "‧ " else "○"
        for position, cluster in enumerate(clusters)
    )


def mask_phone(digits: str) -> str:
    """Return ``0912***678``: the first four digits and the last three."""
    return digits[:4] + "*" * max(len(digits) - 7, 0) + digits[-3:] if len(digits) > 7 else "*" * len(digits)


def mask_email(address: str) -> str:
    """Return ``a***@e***.tw``."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain[:1]}***.{domain.rpartition('.')[2]}"


def mask_birth(day: date) -> str:
    """Return ``****-02-03``: a birth date without its year."""
    return f"****-{day:%m-%d}"


def _shape_of(value: str) -> IdKind | None:
    return next((kind for kind, shape in _SHAPES.items() if shape.fullmatch(value)), None)


def _checksum(value: str) -> int:
    """Return the weighted sum that is a multiple of 10 for a right number.

    The first letter counts as two digits; the second letter of an old resident number only as its units.
    """
    second = value[1] if value[1].isdigit() else str(_LETTER_VALUES[value[1]] % 10)
    digits = f"{_LETTER_VALUES[value[0]]}{second}{value[2:]}"
    return sum(map(mul, _WEIGHTS, map(int, digits)))


def _parse_other(value: str, foreign: bool) -> IdentityNumber:
    """Return a passport number, or raise with what seems to have gone wrong in typing."""
    repaired = value[:1] + value[1:].translate(_LOOK_ALIKES)
    meant = _shape_of(repaired) if is_valid_id(repaired) else None
    if meant is not None and not (foreign and meant is IdKind.NATIONAL):
        raise InvalidValue(
            Message(
                "號碼裡有英文字母 O、I 或 L；您要填的是不是 %(repaired)s？請對照證件改正",
                {"repaired": repaired},
            )
        )
    if foreign:
        if _PASSPORT.fullmatch(value):
            return IdentityNumber(IdKind.PASSPORT, value)
        raise InvalidValue(Message("護照號碼應為 5 到 20 個英文字母和數字，請對照護照再輸入一次"))
    raise InvalidValue(_wrong_shape(value))


def _wrong_shape(value: str) -> Message:
    if len(value) != 10:
        return Message(
            "身分證字號應為 10 碼，您填了 %(length)s 碼，請對照證件再輸入一次", {"length": len(value)}
        )
    if value[0] not in _LETTER_VALUES:
        return Message("身分證字號第一碼應為英文字母，請對照證件再輸入一次")
    if not re.fullmatch(r"[0-9]{8}", value[2:]):
        return Message("身分證字號後 8 碼應為數字，請對照證件再輸入一次")
    return Message("身分證字號第二碼應為 1 或 2，請對照證件再輸入一次")


def _wrong_check_digit(kind: IdKind) -> Message:
    if kind is IdKind.NATIONAL:
        return Message("身分證字號最後一碼對不起來，請對照證件再輸入一次")
    return Message("居留證統一證號最後一碼對不起來，請對照證件再輸入一次")
