"""One cell of a leader's sheet: its value, the text that stands for it, and what is to be said about it.

A cell that is as a careful person writes it goes a short way. Everything else is read by the readers of
the core; where what they make of it looks different from what was written, it is marked as repaired.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from app.core.errors import InvalidValue
from app.core.identity import is_dummy_id, is_valid_id, normalise_id, parse_identity
from app.core.messages import N_, Message
from app.core.names import clean_name
from app.core.roc_dates import date_message, ensure_birth_date, minguo_reading, parse_birth_date, parse_date
from app.core.spreadsheets import Cell, MinguoDate, Unknown
from app.core.text import strip_invisible
from app.groups.sheets import suggestions
from app.groups.sheets.columns import COLUMNS, Column
from app.groups.sheets.marks import MarkKind, Reason
from app.groups.sheets.options import Choice
from app.groups.sheets.place_checks import check_address, check_email, check_phone, check_zip
from app.groups.sheets.quick import MISS, YOUNGEST, quick_value
from app.groups.sheets.readings import (
    BLANK,
    Context,
    Reading,
    doubtful,
    repaired,
    spelling,
    text_of_cell,
    written_of,
    wrong,
)
from app.groups.sheets.spellings import NOTHING
from app.groups.sheets.texts import date_text
from app.registration.readers import LONGEST_RELATION, LONGEST_REQUEST, read_english_name

Check = Callable[[Cell, Context], Reading]

_ANY_ID = re.compile("[A-Z][A-D1289][0-9]{8}", re.I)
# Spellings that the template itself asks for, or that differ from it by the sign between the parts.
_USUAL_DATE = re.compile(r"[0-9]{1,4}([/.-])[0-9]{1,2}\1[0-9]{1,2}", re.ASCII)
_ANNOTATION = re.compile(r"[(（\[【].*?[)）\]】]|[*＊※]|(?<=[^A-Za-z0-9])[0-9]+$|^[0-9]+[.、 ]*(?=[^0-9])")
_LOST_DAY = "00:00:00"  # what is left in an .xls of a day before 1900: of 102/9/5 typed into LibreOffice
_SERIAL_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 60_000
# Spreadsheets take typed two-digit years below 30 for this century, the others for the last.
_LAST_CENTURY = range(1930, 2000)
_THIS_CENTURY = range(2000, 2030)


def check_cell(column: Column, cell: Cell, context: Context) -> Reading:
    """Return what a column makes of a cell; a blank one may be blank unless the column is required."""
    if isinstance(cell, str) and (value := quick_value(column.key, cell, context)) is not MISS:
        return Reading(value, cell)
    return check_closely(column, cell, context)


def check_closely(column: Column, cell: Cell, context: Context) -> Reading:
    """Return the same as `check_cell`, by the long way."""
    if cell is None or cell == "":
        return _blank(column)
    if isinstance(cell, Unknown):
        return wrong(cell, Message("這一格的公式沒有結果，請改成直接填寫"))
    if isinstance(cell, str):
        text = cell.strip()
        if not text or (not text.isprintable() and not strip_invisible(text).strip()):
            return _blank(column)
        if (
            text in NOTHING
            and not column.required
            and (not column.choice or not column.choice.find_label(text))
        ):
            message = Message("「%(written)s」當作沒有填", {"written": text})
            return repaired(None, "", cell, Reason.OTHER_WORD, message)
    try:
        return _CHECKS[column.key](cell, context)
    except InvalidValue as error:
        return wrong(cell, error.message)


def _blank(column: Column) -> Reading:
    if column.required:
        reason = Reason.MISSING if column.choice else Reason.UNREADABLE
        return wrong("", Message("請填寫%(heading)s", {"heading": Message(column.heading)}), (), reason)
    return BLANK


def _check_name(cell: Cell, _: Context) -> Reading:
    text = text_of_cell(cell)
    name = clean_name(text)
    if _ANY_ID.fullmatch(name):
        raise InvalidValue(Message("這一格是身分證號碼，請填姓名"))
    if not name.isascii():
        bare = _ANNOTATION.sub("", name).strip()
        if bare != name:
            message = Message("姓名裡有數字、括號或符號，請確認")
            near = (bare,) if bare else ()
            return doubtful(name, name, cell, Reason.NEAR_MISS, message, near)
    return spelling(name, name, cell)


def _check_english_name(cell: Cell, _: Context) -> Reading:
    name = read_english_name(text_of_cell(cell))
    return spelling(name, name, cell)


def _check_birth_date(cell: Cell, context: Context) -> Reading:
    reading = _birth_date(cell, context)
    day, mark = reading.value, reading.mark
    settled = mark is None or mark.kind is MarkKind.REPAIRED
    if settled and context.today.year - day.year < YOUNGEST:
        text = N_("%(day)s出生的話還不滿三歲，是不是填成了報名日期？請確認")
        message = Message(text, {"day": date_message(day)})
        return doubtful(day, reading.text, cell, Reason.TOO_YOUNG, message, ())
    return reading


def _birth_date(cell: Cell, context: Context) -> Reading:
    if isinstance(cell, str):
        return _date_of_text(cell, context.today)
    if isinstance(cell, bool) or cell is None or isinstance(cell, Unknown):
        raise InvalidValue(Message("這一格是 TRUE 或 FALSE，請重新填寫"))
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return _date_of_day(cell, cell, context.today)
    if _FIRST_SERIAL <= cell < _LAST_SERIAL + 1:
        return _date_of_day(_SERIAL_EPOCH + timedelta(days=int(cell)), cell, context.today)
    return _date_of_text(written_of(cell), context.today)


def _date_of_text(cell: str, today: date) -> Reading:
    text = cell.strip()
    if text == _LOST_DAY:
        text = N_(
            "試算表把民國年當成西元年，這種 .xls 檔裡讀不出來。請把檔案另存成 .xlsx 或 .ods 再上傳；"
            "或在這裡填"
        )
        raise InvalidValue(Message(text))
    try:
        day = parse_birth_date(text, today)
    except InvalidValue as error:
        example = str(error.message.values.get("example", text))
        likely = suggestions.suggest_date(example, today=today, than=text)
        return wrong(cell, error.message, likely, _reason_of_wrong_date(text, likely, today))
    if _USUAL_DATE.fullmatch(text):
        return Reading(day, text)
    return repaired(
        day,
        date_text(day),
        cell,
        Reason.DATE_SPELLING,
        Message("已讀成%(day)s", {"day": date_message(day)}),
    )


def _reason_of_wrong_date(text: str, likely: tuple[str, ...], today: date) -> Reason:
    try:
        in_future = parse_date(text) > today
    except InvalidValue:
        in_future = False
    return Reason.FUTURE_DATE if in_future else Reason.NEAR_MISS if likely else Reason.UNREADABLE


def _date_of_day(day: date, cell: Cell, today: date) -> Reading:
    """Read a cell that a spreadsheet took for a day; of two-digit Minguo years it made Western ones."""
    if isinstance(cell, MinguoDate):
        ensure_birth_date(day, today)
        return Reading(date(day.year, day.month, day.day), date_text(day))
    meant = minguo_reading(day)
    if day > today:
        return _future_day(meant, cell, today)
    ensure_birth_date(day, today)
    mistaken = day.year in _LAST_CENTURY or (day.year in _THIS_CENTURY and day.year > today.year - YOUNGEST)
    if mistaken and meant is not None and meant <= today:
        western = f"{day.year}/{day.month}/{day.day}"
        text = N_("這一格是日期格式，讀成西元 %(western)s；若您填的是民國年，應為%(meant)s，請確認")
        message = Message(text, {"western": day.isoformat(), "meant": date_message(meant)})
        return doubtful(day, western, cell, Reason.EXCEL_CENTURY, message, (date_text(meant), western))
    if isinstance(cell, date):
        return Reading(day, date_text(day))
    text = N_("這一格是數字，已依試算表的日期讀成%(day)s，請確認")
    return repaired(day, date_text(day), cell, Reason.SERIAL_DATE, Message(text, {"day": date_message(day)}))


def _future_day(meant: date | None, cell: Cell, today: date) -> Reading:
    if meant is None or meant > today:
        message = Message("出生日期不能在今天以後，請檢查年份，再對照證件填一次")
        return wrong(cell, message, (), Reason.FUTURE_DATE)
    text = N_("出生日期不能在今天以後；若是%(meant)s，請填 %(example)s")
    message = Message(text, {"meant": date_message(meant), "example": date_text(meant)})
    return wrong(cell, message, (date_text(meant),), Reason.FUTURE_DATE)


def _check_id(cell: Cell, context: Context) -> Reading:
    """Read the number by the row's nationality; where that is missing or does not fit, by either."""
    text = text_of_cell(cell)
    foreign = context.values.get("foreign") is True
    try:
        value = _read_id(text, foreign)
    except InvalidValue as error:
        likely = suggestions.suggest_id(text)
        return wrong(cell, error.message, likely, Reason.ID_LETTER if likely else Reason.UNREADABLE)
    if is_dummy_id(value):
        return wrong(cell, Message("這是範例的號碼，請填考生本人的號碼"))
    return spelling(value, value, cell)


def _read_id(text: str, foreign: bool) -> str:
    try:
        return parse_identity(text, nationality_foreign=foreign).value
    except InvalidValue:
        # A right number that does not fit the nationality: the row will say so beside that cell.
        value = normalise_id(text)
        if is_valid_id(value):
            return value
        raise


def _check_choice(cell: Cell, _: Context, choice: Choice) -> Reading:
    text = text_of_cell(cell)
    label = choice.find_label(text) or choice.find_ticked(text)
    if label is None:
        near = suggestions.suggest_words(choice, text)
        return wrong(cell, choice.refusal, near, Reason.NEAR_MISS if near else Reason.UNREADABLE)
    if strip_invisible(text) in choice.other_words or not choice.find_label(text):
        message = Message("已讀成「%(label)s」", {"label": label})
        return repaired(choice.values[label], label, cell, Reason.OTHER_WORD, message)
    return spelling(choice.values[label], label, cell)


def _check_text(cell: Cell, _: Context, longest: int) -> Reading:
    # Full-width signs are how Chinese is written; only what cannot be seen goes.
    text = strip_invisible(text_of_cell(cell)).strip()
    if len(text) > longest:
        raise InvalidValue(Message("最多 %(longest)s 個字，請縮短", {"longest": longest}))
    return spelling(text, text, cell) if isinstance(cell, str) else Reading(text, text)


def _check_of(column: Column) -> Check:
    if column.choice:
        return partial(_check_choice, choice=column.choice)
    return _BY_KEY.get(column.key) or partial(_check_text, longest=_LONGEST[column.key])


_LONGEST = {
    "round_name": 100,
    "area": 100,
    "emergency_relation": LONGEST_RELATION,
    "accommodation": LONGEST_REQUEST,
}
_BY_KEY: dict[str, Check] = {
    "chinese_name": _check_name,
    "english_name": _check_english_name,
    "birth_on": _check_birth_date,
    "id_number": _check_id,
    "phone_home": check_phone,
    "phone_mobile": check_phone,
    "emergency_name": _check_name,
    "emergency_phone": check_phone,
    "email": check_email,
    "zip_code": check_zip,
    "address": check_address,
}
_CHECKS: dict[str, Check] = {column.key: _check_of(column) for column in COLUMNS}
