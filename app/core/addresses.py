"""Postal addresses: counties, districts, postcodes, and the old names people still write."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from app.core.errors import InvalidValue
from app.core.messages import Listing, Message
from app.core.text import compact, fold_width, strip_invisible

LONGEST_REST = 100

_DISTRICTS_FILE = Path(__file__).parents[2] / "data" / "tw_districts.json"
_POSTCODE = re.compile(r"\(?([0-9]{6}|[0-9]{5}|[0-9]{3})(?![0-9])\)?[ ,-]*")
_LENGTHS = (3, 2, 4, 5)  # of the names of counties and districts, the usual one first
_PROVINCE = re.compile("[臺台]灣省?(?=.{2}[縣市])")
# Counties that became cities of the same or another name; their townships all became 區.
_FORMER_COUNTIES = {
    "臺北縣": "新北市",
    "桃園縣": "桃園市",
    "臺中縣": "臺中市",
    "臺南縣": "臺南市",
    "高雄縣": "高雄市",
}
# 三民鄉 of the county and 三民區 of the city are different places, so this one was renamed.
_FORMER_DISTRICTS = {
    ("高雄市", "三民鄉"): "那瑪夏區",
    ("彰化縣", "員林鎮"): "員林市",
    ("苗栗縣", "頭份鎮"): "頭份市",
}


@dataclass(frozen=True, slots=True)
class District:
    """A township, town, county-administered city or district; known by county and name together."""

    zip3: str
    county: str
    name: str


@dataclass(frozen=True, slots=True)
class Address:
    """An address in Taiwan, its names in their official form.

    :ivar zip3: the postcode of the district
    :ivar zip: the postcode as written, of 3, 5 or 6 digits; zip3 if none was
    :ivar rest: from the village or road on, as written
    :ivar notes: what was changed in reading and deserves a look; not part of the value
    """

    zip3: str
    zip: str
    county: str
    district: str
    rest: str
    notes: tuple[Message, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.zip} {self.county}{self.district}{self.rest}"


@cache
def all_districts() -> tuple[District, ...]:
    """Return the 371 districts of the post office, islands included, in the order of its list."""
    rows = json.loads(_DISTRICTS_FILE.read_text(encoding="utf-8"))["districts"]
    return tuple(District(row["zip3"], row["county"], row["district"]) for row in rows)


COUNTIES = tuple(dict.fromkeys(district.county for district in all_districts()))


def districts_of(county: str) -> tuple[str, ...]:
    """Return the names of a county's districts in postcode order; none for what is no county."""
    return tuple(_districts_by_name(county))


def _districts_by_name(county: str) -> dict[str, District]:
    return _districts().get(county, {})


@cache
def _districts() -> dict[str, dict[str, District]]:
    found: dict[str, dict[str, District]] = {}
    for district in all_districts():
        found.setdefault(district.county, {})[district.name] = district
    return found


@cache
def _first_digits() -> frozenset[str]:
    return frozenset(district.zip3 for district in all_districts())


def find_zip3(county: str, district: str) -> str | None:
    """Return the three-digit postcode of a district, or None if the county has no such district."""
    return next((one.zip3 for one in all_districts() if (one.county, one.name) == (county, district)), None)


def find_district(line: str) -> District | None:
    """Return the district with whose county and name, in their official form, a line begins."""
    districts = _districts_by_name(line[:3])
    return next((found for length in _LENGTHS if (found := districts.get(line[3 : 3 + length]))), None)


def is_postcode(text: str) -> bool:
    """Return whether text is three, five or six digits of which the first three are a district's."""
    return len(text) in (3, 5, 6) and text.isascii() and text.isdigit() and text[:3] in _first_digits()


def parse_zip(text: str) -> str:
    """Return a postcode of 3, 5 or 6 digits; only the first three can be checked.

    :raises InvalidValue: if it has another length or no district begins with it
    """
    code = compact(text)
    if not re.fullmatch(r"[0-9]{3}|[0-9]{5}|[0-9]{6}", code):
        raise InvalidValue(Message("郵遞區號應為 3 碼、5 碼或 6 碼數字，請再確認"))
    if code[:3] not in _first_digits():
        raise InvalidValue(Message("沒有 %(zip3)s 開頭的郵遞區號，請再確認", {"zip3": code[:3]}))
    return code


def parse_address(text: str) -> Address:
    """Return the address written in text (R243), 台 as 臺 and former county names as today's, with a note.

    A missing county is found by its district, and by the postcode when several counties have that
    district. Where postcode and district disagree the district decides, with a note.

    :raises InvalidValue: if county, district or the rest is missing or unclear
    """
    written = " ".join(fold_width(strip_invisible(text)).strip("' ").split())
    if not written:
        raise InvalidValue(Message("請填寫地址，例如 106 臺北市大安區和平東路一段162號"))
    found = _POSTCODE.match(written)
    code = parse_zip(found[1]) if found else ""
    line = _PROVINCE.sub("", written[found.end() :] if found else written, count=1)
    county, after_county, renamed = _take_county(line)
    if county:
        district, rest, moved = _take_district(county, after_county)
        notes = _renaming_note(district) if renamed or moved else ()
    else:
        district, rest = _find_district_alone(line, code[:3])
        notes = (Message("已補上縣市：%(county)s", {"county": district.county}),)
    if code and code[:3] != district.zip3:
        notes += (Message("郵遞區號與地址不符，已改為 %(zip3)s", {"zip3": district.zip3}),)
        code = ""
    return Address(
        district.zip3, code or district.zip3, district.county, district.name, _checked(rest), notes
    )


def _take_county(line: str) -> tuple[str, str, bool]:
    """Return the county a line begins with (or ''), what follows it, and whether its name has changed."""
    official = _after(line, COUNTIES)
    if official:
        return *official, False
    former = _after(line, _FORMER_COUNTIES)
    if former:
        return _FORMER_COUNTIES[former[0]], former[1], True
    return "", line, False


def _take_district(county: str, line: str) -> tuple[District, str, bool]:
    """Return the district a line begins with, what follows it, and whether its name has changed."""
    former = _after(line, [name for where, name in _FORMER_DISTRICTS if where == county])
    if former:
        return _district(county, _FORMER_DISTRICTS[county, former[0]]), former[1], True
    official = _after(line, _districts_by_name(county))
    if official:
        return _district(county, official[0]), official[1], False
    if county in _FORMER_COUNTIES.values():
        stems = {name[:-1] + kind: name for name in districts_of(county) for kind in "鄉鎮市"}
        old = _after(line, stems)
        if old:
            return _district(county, stems[old[0]]), old[1], True
    raise InvalidValue(
        Message(
            "看不出%(county)s的哪一個鄉鎮市區，請接在縣市後面寫出來，例如 臺北市大安區", {"county": county}
        )
    )


def _find_district_alone(line: str, zip3: str) -> tuple[District, str]:
    """Return the only district (of that postcode, if there is one) with which a line begins."""
    found = _after(line, {district.name for district in all_districts()})
    if not found:
        raise InvalidValue(Message("請從縣市開始寫地址，例如 臺北市大安區和平東路一段162號"))
    name, rest = found
    named = [district for district in all_districts() if district.name == name]
    matching = [district for district in named if not zip3 or district.zip3 == zip3]
    if len(matching) == 1:
        return matching[0], rest
    counties = Listing(district.county for district in named)
    raise InvalidValue(
        Message("%(counties)s都有%(name)s，請寫出縣市", {"counties": counties, "name": name})
        if len(named) > 1
        else Message("郵遞區號與%(name)s不符，請寫出縣市", {"name": name})
    )


def _after(line: str, names: Collection[str]) -> tuple[str, str] | None:
    """Return which of the names a line begins with, and what follows; 台 and 臺 are alike."""
    for length in _LENGTHS:
        name = line[:length].replace("台", "臺")
        if name in names:
            return name, line[length:].lstrip(" ,")
    return None


def _district(county: str, name: str) -> District:
    return _districts_by_name(county)[name]


def _renaming_note(district: District) -> tuple[Message, ...]:
    name = f"{district.county}{district.name}"
    return (Message("縣市已改用現在的名稱：%(name)s", {"name": name}),)


def _checked(rest: str) -> str:
    if not rest:
        raise InvalidValue(Message("請在鄉鎮市區後面寫出路名和門牌號碼"))
    if len(rest) > LONGEST_REST:
        raise InvalidValue(Message("地址最多 %(longest)s 個字，請寫短一點", {"longest": LONGEST_REST}))
    return rest
