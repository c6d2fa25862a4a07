"""Typed spreadsheet cells turned into values: what schools type and what Excel makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeGuard, TypeVar

from app.core.errors import InvalidValue
from app.core.identity import IdentityNumber, parse_identity
from app.core.messages import N_, Message
from app.core.names import clean_name
from app.core.phones import Phone, parse_phone, restore_leading_zero
from app.core.roc_dates import (
    date_message,
    ensure_birth_date,
    format_roc,
    minguo_reading,
    parse_birth_date,
)

T = TypeVar("T")

_EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
# Day 60 is the 29 February 1900 that never was, so days after it count from the day before the first.
_SERIAL_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 60_000  # 1927 to 2064
# Excel takes typed two-digit years of 30 and more for the last century; 93/9/2 becomes 1993-09-02.
_EXCEL_CENTURY = range(1930, 2000)


@dataclass(frozen=True, slots=True)
class CellValue(Generic[T]):
    """A value read from a cell, with what the person should look at again."""

    value: T
    notes: tuple[Message, ...] = ()


def cell_text(value: object) -> str:
    """Return what a cell says as trimmed text: whole numbers without ``.0``, errors such as #N/A as empty."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    return "" if text in _EXCEL_ERRORS else text


def birth_date_cell(value: object, *, today: date, roc_format: bool = False) -> CellValue[date]:
    """Return the birth date in a cell of text, number or date.

    A date cell of 1930 to 1999 may be a Minguo date that Excel misread; it is taken as it stands, with a
    note of both readings. A number of five digits is taken for Excel's count of days, with a note.

    :param roc_format: the cell shows its date in Minguo years, so its author has seen the right year
    :raises InvalidValue: if no plausible birth date can be read
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _birth_date_of_date_cell(value, today, roc_format)
    if _is_number(value) and _FIRST_SERIAL <= value < _LAST_SERIAL + 1:
        day = ensure_birth_date(_SERIAL_EPOCH + timedelta(days=int(value)), today)
        note = Message("這一格是數字，已依試算表的日期讀成%(day)s，請確認", {"day": date_message(day)})
        return CellValue(day, (note,))
    return CellValue(parse_birth_date(cell_text(value), today))


def id_cell(value: object, *, foreign: bool) -> CellValue[IdentityNumber]:
    """Return the identity number in a cell; raises InvalidValue as `parse_identity` does."""
    return CellValue(parse_identity(cell_text(value), nationality_foreign=foreign))


def phone_cell(value: object) -> CellValue[Phone]:
    """Return the telephone number in a cell; a number cell has lost its leading zero, which is put back.

    :raises InvalidValue: as `parse_phone` does
    """
    text = cell_text(value)
    phone = restore_leading_zero(text) if _is_number(value) else parse_phone(text)
    return CellValue(phone, phone.notes)


def name_cell(value: object) -> CellValue[str]:
    """Return the name in a cell; raises InvalidValue as `clean_name` does."""
    return CellValue(clean_name(cell_text(value)))


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _birth_date_of_date_cell(day: date, today: date, roc_format: bool) -> CellValue[date]:
    meant = minguo_reading(day)
    if day > today and meant is not None:
        # Excel takes 25/9/2 for 2025; in a form nobody would.
        text = N_("出生日期不能在今天以後；若是%(meant)s，請填 %(example)s")
        raise InvalidValue(Message(text, {"meant": date_message(meant), "example": format_roc(meant)}))
    ensure_birth_date(day, today)
    if roc_format or day.year not in _EXCEL_CENTURY or meant is None:
        return CellValue(day)
    note = Message(
        "這一格是日期格式，讀成西元 %(western)s；若您填的是民國年，應為%(meant)s，請確認",
        {"western": day.isoformat(), "meant": date_message(meant)},
    )
    return CellValue(day, (note,))
