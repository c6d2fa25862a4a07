"""The short way for cells that are written as the template asks: the same value as `checks`, sooner.

Nine cells in ten are of this kind, and there are hundreds of thousands of them in a large sheet. A test
holds both ways against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Final

from app.accounts.emails import parse_email
from app.core.addresses import LONGEST_REST, Address, find_district, is_postcode
from app.core.errors import InvalidValue
from app.core.identity import is_dummy_id, is_valid_id
from app.core.phones import is_usual_number
from app.groups.sheets.columns import COLUMNS, Column
from app.groups.sheets.readings import Context
from app.groups.sheets.spellings import NOTHING
from app.groups.sheets.suggestions import suggest_mail_host

MISS: Final = object()
Quick = Callable[[str, Context], Any]

YOUNGEST = 3  # years; younger candidates are asked about
_NAME = re.compile("[\u4e00-\u9fff]{2,5}").fullmatch
_ENGLISH = re.compile("(?=.{1,60}$)[A-Za-z]+(?:(?:, |[ '-])[A-Za-z]+)*").fullmatch
_ID = re.compile("[A-Z][12][0-9]{8}").fullmatch
_DAY = re.compile("([1-9][0-9]{0,2})/([0-9]{1,2})/([0-9]{1,2})").fullmatch
_PHONE = re.compile("0[0-9]{1,3}-?[0-9]{3,4}-?[0-9]{3,4}").fullmatch
_MAIL = re.compile(r"([A-Za-z0-9_+-]{1,30}(?:\.[A-Za-z0-9_+-]{1,30})?)@([a-z0-9.-]+)").fullmatch
_REST = re.compile(r"[\u4e00-\u9fff0-9A-Za-z][\u4e00-\u9fff0-9A-Za-z \-]*(?<! )").fullmatch
_TEXT = re.compile("[\u4e00-\u9fff0-9A-Za-z，。、]{1,20}").fullmatch


def quick_value(key: str, cell: str, context: Context) -> Any:
    """Return the value of a text that stays as it is, or MISS if it takes a closer look."""
    quick = QUICK.get(key)
    return MISS if quick is None else quick(cell, context)


def _name(cell: str, _: Context) -> Any:
    return cell if _NAME(cell) else MISS


def _english_name(cell: str, _: Context) -> Any:
    return cell if _ENGLISH(cell) else MISS


def _birth_date(cell: str, context: Context) -> Any:
    found = _DAY(cell)
    if not found:
        return MISS
    year, month, day = found.groups()
    try:
        value = date(int(year) + 1911, int(month), int(day))
    except ValueError:
        return MISS
    return value if 120 > context.today.year - value.year >= YOUNGEST else MISS


def _id_number(cell: str, _: Context) -> Any:
    return cell if _ID(cell) and is_valid_id(cell) and not is_dummy_id(cell) else MISS


def _phone(cell: str, _: Context) -> Any:
    if not _PHONE(cell):
        return MISS
    digits = cell.replace("-", "")
    return digits if is_usual_number(digits) else MISS


def _email(cell: str, _: Context) -> Any:
    found = _MAIL(cell)
    return cell if found and _is_known_host(found[2]) else MISS


@lru_cache(maxsize=2048)
def _is_known_host(host: str) -> bool:
    address = f"a@{host}"
    try:
        return parse_email(address).address == address and not suggest_mail_host(address)
    except InvalidValue:
        return False


def _zip_code(cell: str, _: Context) -> Any:
    return cell if is_postcode(cell) else MISS


def _address(cell: str, context: Context) -> Any:
    code = context.values.get("zip_code")
    if code is None and "zip_code" not in context.values:
        return MISS
    found = find_district(cell)
    if found is None:
        return MISS
    rest = cell[len(found.county) + len(found.name) :]
    if len(rest) > LONGEST_REST or not _REST(rest):
        return MISS
    if not code or code[:3] != found.zip3:
        code = found.zip3
    return Address(found.zip3, code, found.county, found.name, rest)


def _text(cell: str, _: Context) -> Any:
    return cell if _TEXT(cell) and cell not in NOTHING else MISS


def _of(column: Column) -> Quick | None:
    if column.choice:
        values = column.choice.values
        return lambda cell, _: values.get(cell, MISS)
    return _BY_KEY.get(column.key)


_BY_KEY: dict[str, Quick] = {
    "round_name": _text,
    "area": _text,
    "chinese_name": _name,
    "english_name": _english_name,
    "birth_on": _birth_date,
    "id_number": _id_number,
    "phone_home": _phone,
    "phone_mobile": _phone,
    "emergency_name": _name,
    "emergency_relation": _text,
    "emergency_phone": _phone,
    "email": _email,
    "zip_code": _zip_code,
    "address": _address,
    "accommodation": _text,
}
QUICK = {column.key: quick for column in COLUMNS if (quick := _of(column))}
