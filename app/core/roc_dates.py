"""Minguo (民國) dates: read from forms and sheets, printed on pages and letters, stored nowhere."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime

from app.core.clock import TAIPEI
from app.core.errors import InvalidValue
from app.core.messages import Message, Wording
from app.core.text import compact, fold_width, strip_invisible

EARLIEST_BIRTH = date(1900, 1, 1)
OLDEST_AGE = 120

_OFFSET = 1911
# Nothing the portal deals with lies outside; a year beyond is a mix-up of the two calendars.
_EARLIEST_YEAR, _LATEST_YEAR = 1850, 2049

_DIGITS = {numeral: value for value, numeral in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "元": 1,
}
_TENS = {"十": 10, "廿": 20, "卅": 30}
_NUMERAL = re.compile("[〇零○一二三四五六七八九十廿卅百]+|元(?=年)")
_MIDNIGHT = re.compile(r"\s+(?:上午\s*12|0?0):00(?::00(?:\.0+)?)?$")
_WEEKDAY = re.compile(r"\(?(?:星期|禮拜|週|周)[一二三四五六日天]\)?$|\([一二三四五六日天]\)$")
_ERA = re.compile(
    r"^(?:(?P<before>(?:民國?)?前)|(?P<roc>(?:中華)?民國|民|ROC|R)|(?P<ad>西元|公元|AD))\.?", re.I
)
_SEPARATED = re.compile(r"([0-9]{1,4})[/.\-年]([0-9]{1,2})[/.\-月]([0-9]{1,2})[日號]?")
_RUN_TOGETHER = re.compile(r"([0-9]{2,4})([0-9]{2})([0-9]{2})")
_DASHES = str.maketrans("–—−‧·、", "---...")


def parse_date(text: str) -> date:
    """Return the day written in text, in any spelling people use in Taiwan.

    A year of one to three digits is Minguo, of four digits Western; eight digits are a Western date,
    seven or six a Minguo one. ``93/9/2``, ``0930902``, ``民國 93 年 9 月 2 日(四)``, ``九十三年九月二日`` and
    ``2004-09-02`` are the same day. A weekday is read over.

    :raises InvalidValue: with a sentence that says what to write instead
    """
    written = strip_invisible(text).strip(" '")
    if not written:
        raise InvalidValue(Message("請填寫日期，例如 93/9/2"))
    folded = _MIDNIGHT.sub("", fold_width(written)).translate(_DASHES)
    word = _NUMERAL.sub(_arabic, _WEEKDAY.sub("", compact(folded)))
    era = _ERA.match(word)
    plain = word[era.end() :] if era else word
    found = _SEPARATED.fullmatch(plain) or _RUN_TOGETHER.fullmatch(plain)
    if found is None:
        raise InvalidValue(_unreadable(plain, written))
    year, month, day = (int(part) for part in found.groups())
    western = _western_year(found[1], era, month, day)
    _check_day(western, month, day, year_written=year)
    return date(western, month, day)


def parse_birth_date(text: str, today: date) -> date:
    """Return the birth date written in text.

    :raises InvalidValue: if it cannot be read, lies in the future, before 1900 or over 120 years back
    """
    return ensure_birth_date(parse_date(text), today)


def ensure_birth_date(day: date, today: date) -> date:
    """Return the day if somebody sitting an exam today can have been born on it, however young or old (R042).

    :raises InvalidValue: if it lies in the future, before 1900 or over 120 years back
    """
    if day > today:
        raise InvalidValue(Message("出生日期不能在今天以後，請檢查年份，再對照證件填一次"))
    if day < EARLIEST_BIRTH or (today.year - OLDEST_AGE, today.month, today.day) > (
        day.year,
        day.month,
        day.day,
    ):
        raise InvalidValue(
            Message("出生日期太早（西元 %(year)s 年），請確認填的是民國年還是西元年", {"year": day.year})
        )
    return day


def minguo_reading(day: date) -> date | None:
    """Return the day meant if a program took a two-digit Minguo year for a Western one, or None.

    Excel turns a typed 93/9/2 into 1993-09-02; meant was 民國 93, 2004-09-02.
    """
    try:
        return day.replace(year=day.year % 100 + _OFFSET)
    except ValueError:
        return None


def roc_year(day: date) -> int:
    """Return the Minguo year of a day: 112 for 2023; 0 and below before 1912 (0 is 民國前 1 年)."""
    return day.year - _OFFSET


def weekday_zh(day: date) -> str:
    """Return the weekday, worked out from the day (Q20), as one character: 一 for Monday, 日 for Sunday."""
    return "一二三四五六日"[day.weekday()]


def format_roc(day: date) -> Wording:
    """Return ``112/09/02``, for tables and forms; in English ``2023-09-02``."""
    return Wording(f"{_year_words(day)}/{day.month:02}/{day.day:02}", day.isoformat())


def format_roc_long(day: date) -> Wording:
    """Return ``112 年 9 月 2 日（六）``, for pages; in English ``2 September 2023 (Sat)``."""
    weekday = calendar.day_abbr[day.weekday()]
    return Wording(f"{_spaced(day)}（{weekday_zh(day)}）", f"{_western(day)} ({weekday})")


def format_deadline(last_day: date) -> Wording:
    """Return the end of an inclusive last day as "112 年 5 月 7 日（日）23:59"."""
    day = format_roc_long(last_day)
    return Wording(f"{day}23:59", f"{day.english}, 23:59")


def format_roc_document(day: date) -> Wording:
    """Return ``民國112年9月2日``, for letters and certificates; in English ``2 September 2023``."""
    return Wording(f"民國{_year_words(day)}年{day.month}月{day.day}日", _western(day))


def format_birth_both(day: date) -> Wording:
    """Return ``2004-09-02 = 民國 93 年 9 月 2 日``, which lets people notice a mixed-up calendar."""
    return Wording(
        f"{day.isoformat()} = 民國 {_spaced(day)}", f"{_western(day)} = ROC {_year_words(day)}/{day:%m/%d}"
    )


def format_instant(instant: datetime) -> Wording:
    """Return ``112 年 8 月 11 日（五）09:00``, the Taipei time of an aware instant.

    In English ``11 August 2023 (Fri), 09:00``.
    """
    local = instant.astimezone(TAIPEI)
    day = format_roc_long(local.date())
    return Wording(f"{day}{local:%H:%M}", f"{day.english}, {local:%H:%M}")


def format_month(year: int, month: int) -> Wording:
    """Return ``112 年 4 月``; in English ``April 2023``."""
    return Wording(f"{year - _OFFSET} 年 {month} 月", f"{calendar.month_name[month]} {year}")


def format_roc_year(year: int) -> Wording:
    """Return the Minguo year ``112`` of an exam; in English ``2023``."""
    return Wording(str(year), str(year + _OFFSET))


def day_message(day: date) -> Wording:
    """Return a day of the exam year, weekday included, to be put into a sentence."""
    return format_roc_long(day)


def date_message(day: date) -> Wording:
    """Return a date to be put into a sentence; an English reader is given the Western one."""
    return Wording(f"民國 {_spaced(day)}", _western(day))


def _year_words(day: date) -> str:
    year = roc_year(day)
    return str(year) if year > 0 else f"前{1 - year}"


def _western(day: date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _spaced(day: date) -> str:
    return f"{_year_words(day)} 年 {day.month} 月 {day.day} 日"


def _arabic(match: re.Match[str]) -> str:
    """Return a run of Chinese numerals in digits: 九十三, 九三 and 一百一十二, 一一二 alike."""
    numerals = match[0]
    if not set(numerals) & {*_TENS, "百"}:
        return "".join(str(_DIGITS[numeral]) for numeral in numerals)
    total, unit = 0, None
    for numeral in numerals:
        if numeral in _DIGITS:
            unit = _DIGITS[numeral]
        elif numeral in ("十", "百"):
            total += (1 if unit is None else unit) * (10 if numeral == "十" else 100)
            unit = None
        else:
            total += _TENS[numeral]
    return str(total + (unit or 0))


def _western_year(digits: str, era: re.Match[str] | None, month: int, day: int) -> int:
    """Return the Western year, or raise with the hint that fits how the two calendars were mixed up."""
    year = int(digits)
    kind = era.lastgroup if era else ("ad" if len(digits) == 4 else "roc")
    if kind != "ad" and year == 0:
        raise InvalidValue(Message("沒有民國 0 年；民國元年請寫 1，例如 1/1/1"))
    if kind == "before":
        western = _OFFSET + 1 - year
    elif kind == "roc":
        western = year + _OFFSET
    else:
        western = year
    if _EARLIEST_YEAR <= western <= _LATEST_YEAR:
        return western
    raise InvalidValue(_mixed_up(year, kind == "ad", f"{month}/{day}"))


def _mixed_up(year: int, taken_as_western: bool, month_day: str) -> Message:
    if taken_as_western and year % 100 and (year < 200 or year > _LATEST_YEAR):
        meant = year if year < 200 else year % 100
        values = {"year": year, "meant": meant, "example": f"{meant}/{month_day}"}
        return Message("西元 %(year)s 年不對；若是民國 %(meant)s 年，請寫 %(example)s", values)
    if not taken_as_western and _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        values = {"year": year, "example": f"{year}/{month_day}"}
        return Message("民國 %(year)s 年不對；若是西元 %(year)s 年，請寫 %(example)s", values)
    return Message("年份 %(year)s 不對；請寫民國年如 93/9/2，或西元年如 2004/9/2", {"year": year})


def _check_day(western: int, month: int, day: int, *, year_written: int) -> None:
    if not 1 <= month <= 12:
        raise InvalidValue(
            Message("月份要在 1 到 12 之間，您填了 %(month)s；請依年、月、日的順序寫", {"month": month})
        )
    length = calendar.monthrange(western, month)[1]
    if not 1 <= day <= length:
        values = {"year": year_written, "month": month, "length": length, "day": day}
        raise InvalidValue(
            Message("%(year)s 年 %(month)s 月只有 %(length)s 天，沒有 %(day)s 日，請再確認日期", values)
        )


def _unreadable(plain: str, written: str) -> Message:
    values = {"written": written[:30]}
    if re.fullmatch(r"[0-9]{1,4}[/.\-年][0-9]{1,2}月?", plain):
        return Message("「%(written)s」少了一部分，請寫出年、月、日，例如 93/9/2", values)
    if re.fullmatch(r"[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{4}", plain):
        return Message("請依年、月、日的順序寫，例如 93/9/2 或 2004/9/2", values)
    if re.fullmatch(r"[0-9]+", plain):
        return Message("看不出「%(written)s」是哪一天，請用 / 分開年、月、日，例如 93/9/2", values)
    return Message("看不懂日期「%(written)s」，請改寫成 93/9/2 或 2004/9/2", values)
