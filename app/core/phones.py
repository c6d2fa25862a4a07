"""Telephone numbers of Taiwan: fixed lines, mobiles, toll-free and internet numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from app.core.errors import InvalidValue
from app.core.messages import Message, Wording
from app.core.text import compact

_REGION = "TW"
_COUNTRY_CODE = 886
_EXTENSION = re.compile(r"(?:#|轉|分機|EXT\.?|X)[:.]?([0-9]{1,6})$", re.I)
_DECORATION = re.compile(r"[-()./‐-―−~]")
_SCIENTIFIC = re.compile(r"[0-9]+(?:\.[0-9]+)?E\+?[0-9]+", re.I)
_TOLL_FREE = re.compile(r"080[09][0-9]{6}")
# What nearly every number is; the library knows the same patterns, but takes a hundred times as long.
_USUAL_MOBILE = re.compile(r"09[0-8][0-9]{7}")
_METADATA: Any = phonenumbers.PhoneMetadata.metadata_for_region(_REGION)
_USUAL_LANDLINE = re.compile(f"0(?:{_METADATA.fixed_line.national_number_pattern})", re.ASCII)
_NATIONAL = re.compile("0[1-9][0-9]{7,9}")
_ANY_SERVICE = re.compile(
    "0(?:"
    + "|".join(
        getattr(_METADATA, service).national_number_pattern
        for service in ("fixed_line", "mobile", "toll_free", "premium_rate", "personal_number", "voip", "uan")
    )
    + ")",
    re.ASCII,
)
_MOBILE_WITHOUT_ZERO = re.compile(r"9[0-9]{8}")

_DIGITS_ONLY = Message("電話號碼只填數字，例如 0912-345-678 或 02-2345-6789#12")


class PhoneKind(StrEnum):
    """What a number reaches; stored as its value."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    TOLL_FREE = "toll_free"
    VOIP = "voip"


_KINDS = {
    PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    PhoneNumberType.FIXED_LINE: PhoneKind.LANDLINE,
    PhoneNumberType.TOLL_FREE: PhoneKind.TOLL_FREE,
    PhoneNumberType.VOIP: PhoneKind.VOIP,
}


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as dialled within Taiwan; prints as ``0223456789#12``, which `parse_phone` reads again.

    :ivar digits: with the leading zero and without separators
    :ivar extension: digits, or empty
    :ivar notes: what was repaired in reading and deserves a look; not part of the value
    """

    digits: str
    extension: str = ""
    kind: PhoneKind = PhoneKind.LANDLINE
    notes: tuple[Message, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.digits}#{self.extension}" if self.extension else self.digits


def parse_phone(text: str) -> Phone:
    """Return the telephone number written in text, with or without +886 and extension (R240).

    A mobile number without its leading zero gets it back, with a note; a fixed line needs its area code.

    :raises InvalidValue: with a sentence that says what to write instead
    """
    number, extension = _split_extension(text)
    if _MOBILE_WITHOUT_ZERO.fullmatch(number):
        return _restored(number, extension)
    if re.fullmatch(r"[1-9][0-9]{5,8}", number):
        raise InvalidValue(Message("市內電話請從區碼開始填，例如 02-2345-6789"))
    digits, kind = _look_up(number)
    return Phone(digits, extension, kind)


def is_usual_number(digits: str) -> bool:
    """Return whether digits are a mobile or a fixed line as dialled within Taiwan."""
    return bool(_USUAL_MOBILE.fullmatch(digits) or _USUAL_LANDLINE.fullmatch(digits))


def restore_leading_zero(number: str) -> Phone:
    """Return the phone of a number that a spreadsheet stored without its leading zero, with a note.

    :raises InvalidValue: if there is no such number
    """
    if not re.fullmatch(r"[1-9][0-9]*", number):
        raise InvalidValue(_DIGITS_ONLY)
    if number.startswith(f"{_COUNTRY_CODE}"):
        return parse_phone(number)
    return _restored(number, "")


def format_phone(digits: str, extension: str = "") -> str:
    """Return ``02-2345-6789 分機 12`` or ``0912-345-678``; digits that are no number come back unchanged."""
    try:
        number = phonenumbers.parse(digits, _REGION)
    except phonenumbers.NumberParseException:
        written = digits
    else:
        written = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL).replace(" ", "-")
    if _TOLL_FREE.fullmatch(digits):  # the library has 080-909-0040, the brochure 0809-090-040
        written = f"{digits[:4]}-{digits[4:7]}-{digits[7:]}"
    return Wording(f"{written} 分機 {extension}", f"{written} ext. {extension}") if extension else written


def _split_extension(text: str) -> tuple[str, str]:
    word = compact(text).strip("'")
    if not word:
        raise InvalidValue(Message("請填寫電話號碼，例如 0912-345-678"))
    if _SCIENTIFIC.fullmatch(word):
        raise InvalidValue(
            Message("試算表把號碼改成了 %(written)s，原來的數字已經不見，請重新填寫", {"written": word})
        )
    found = _EXTENSION.search(word)
    extension = found[1] if found else ""
    number = _DECORATION.sub("", word[: found.start()] if found else word)
    if not re.fullmatch(r"\+?[0-9]+", number):
        raise InvalidValue(_DIGITS_ONLY)
    return number, extension


def _restored(number: str, extension: str) -> Phone:
    digits, kind = _look_up("0" + number)
    values = {"phone": format_phone(digits)}
    if kind is PhoneKind.MOBILE:
        note = Message("已補上開頭的 0：%(phone)s", values)
    else:
        note = Message("已補上開頭的 0：%(phone)s，請確認", values)
    return Phone(digits, extension, kind, (note,))


def _look_up(number: str) -> tuple[str, PhoneKind]:
    """Return the digits as dialled within Taiwan and the kind, or raise if no such number can exist."""
    if _USUAL_MOBILE.fullmatch(number):
        return number, PhoneKind.MOBILE
    if _USUAL_LANDLINE.fullmatch(number):
        return number, PhoneKind.LANDLINE
    if len(number) > 15:
        raise InvalidValue(Message("一格只能填一支電話號碼"))
    kind, digits = _kind_of(number)
    if kind is None and number.startswith("09"):
        raise InvalidValue(
            Message("手機號碼應為 09 開頭的 10 碼，您填了 %(length)s 碼", {"length": len(number)})
        )
    if kind is None or (kind is PhoneKind.TOLL_FREE and not _TOLL_FREE.fullmatch(digits)):
        raise InvalidValue(Message("沒有這個電話號碼，請檢查區碼和位數"))
    return digits, kind


def _kind_of(number: str) -> tuple[PhoneKind | None, str]:
    """Return what a number reaches, None for nothing, and its digits as dialled within Taiwan."""
    if _NATIONAL.fullmatch(number) and not _ANY_SERVICE.fullmatch(number):
        return None, number  # what the library would say too, after a while
    try:
        parsed = phonenumbers.parse(number, _REGION)
    except phonenumbers.NumberParseException:
        raise InvalidValue(Message("沒有這個電話號碼，請檢查區碼和位數")) from None
    if parsed.country_code != _COUNTRY_CODE:
        raise InvalidValue(Message("請填寫臺灣的電話號碼，例如 0912-345-678"))
    return _KINDS.get(phonenumbers.number_type(parsed)), f"0{parsed.national_number}"
