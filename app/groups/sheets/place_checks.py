"""Cells that say where somebody can be reached: telephone, e-mail, postcode, address."""

from __future__ import annotations

import re

from app.accounts.emails import parse_email
from app.core.addresses import Address, parse_address, parse_zip
from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.phones import Phone, PhoneKind, parse_phone, restore_leading_zero
from app.core.spreadsheets import Cell
from app.core.text import compact, fold_width, strip_invisible
from app.groups.sheets import suggestions
from app.groups.sheets.marks import Reason
from app.groups.sheets.readings import Context, Reading, doubtful, repaired, spelling, text_of_cell, wrong
from app.groups.sheets.texts import address_text, phone_text

# As people here write numbers; the extension after a hash sign.
_USUAL_PHONE = re.compile(r"\(?0[0-9()\- ]{7,14}(?:#[0-9]{1,6})?")
_POSTCODE = re.compile(r"\(?[0-9]{3,6}\)?[ ,-]*")


def check_phone(cell: Cell, _: Context) -> Reading:
    """Read a telephone number; a number cell has lost its leading zero."""
    text = text_of_cell(cell)
    try:
        if isinstance(cell, str):
            phone = parse_phone(text)
        else:
            return _restored(restore_leading_zero(text), cell)
    except InvalidValue as error:
        return wrong(cell, error.message, suggestions.suggest_phones(text, ()))
    if phone.notes:
        return _restored(phone, cell)
    if _USUAL_PHONE.fullmatch(text):
        return Reading(str(phone), text)
    return spelling(str(phone), phone_text(phone.digits, phone.extension), cell)


def _restored(phone: Phone, cell: Cell) -> Reading:
    text = phone_text(phone.digits, phone.extension)
    if not phone.notes:  # it had its country code
        return spelling(str(phone), text, cell)
    if phone.kind is PhoneKind.MOBILE:
        return repaired(str(phone), text, cell, Reason.LEADING_ZERO, phone.notes[0])
    return doubtful(str(phone), text, cell, Reason.AREA_CODE, phone.notes[0], (text,))


def check_email(cell: Cell, _: Context) -> Reading:
    """Read an e-mail address; a host that is nearly a well-known one is asked about."""
    text = text_of_cell(cell)
    try:
        address = parse_email(compact(text)).address
    except InvalidValue as error:
        return wrong(cell, error.message, suggestions.suggest_email(text))
    near = suggestions.suggest_mail_host(address)
    if near:
        message = Message("信箱是不是 %(near)s？請確認", {"near": near[0]})
        return doubtful(address, address, cell, Reason.NEAR_MISS, message, near)
    if text == address:
        return Reading(address, text)
    return spelling(address, address, cell)


def check_zip(cell: Cell, _: Context) -> Reading:
    """Read a postcode."""
    text = text_of_cell(cell)
    try:
        code = parse_zip(text)
    except InvalidValue as error:
        return wrong(cell, error.message)
    return Reading(code, code) if isinstance(cell, int) else spelling(code, code, cell)


def check_address(cell: Cell, context: Context) -> Reading:
    """Read the address together with the postcode of the column beside it."""
    text = text_of_cell(cell)
    zip_code = context.values.get("zip_code")
    line = f"{zip_code} {text}" if isinstance(zip_code, str) and not text[:1].isdigit() else text
    try:
        found = parse_address(line)
    except InvalidValue as error:
        beside = zip_code if isinstance(zip_code, str) else ""
        return wrong(cell, error.message, suggestions.suggest_addresses(text, beside))
    return _address_reading(found, text, cell)


def _address_reading(found: Address, text: str, cell: Cell) -> Reading:
    official = address_text(found)
    if text == official:
        return Reading(found, text)
    tidy = " ".join(fold_width(strip_invisible(text)).split())
    code = _POSTCODE.match(tidy)
    bare = tidy[code.end() :] if code else tidy
    if bare.replace(" ", "") == official.replace(" ", ""):
        return Reading(found, text) if tidy == text else spelling(found, tidy, cell)
    kept = f"{found.zip} {official}" if code and len(found.zip) > 3 else official
    names = {"name": f"{found.county}{found.district}"}
    message = found.notes[0] if found.notes else Message("縣市已改用正式的寫法：%(name)s", names)
    return repaired(found, kept, cell, Reason.ADDRESS, message)
