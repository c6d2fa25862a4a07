"""What a cell that cannot be read was probably meant to say; every suggestion reads without a mistake."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from app.accounts.emails import parse_email
from app.core.addresses import COUNTIES, districts_of, find_zip3, parse_address
from app.core.errors import InvalidValue
from app.core.identity import is_dummy_id, is_valid_id, normalise_id
from app.core.messages import Message
from app.core.phones import is_usual_number
from app.core.roc_dates import parse_birth_date
from app.core.text import compact, fold_width
from app.groups.sheets.options import Choice
from app.groups.sheets.spellings import traditional
from app.groups.sheets.texts import date_text, phone_text

_MOST = 4
# What is typed for what: letters for digits behind the first place, digits for the letter in it.
_LETTERS = str.maketrans("OQDILSBZG", "000115826")
_DIGITS = str.maketrans("015825", "OISBZS")
_NUMBER_LETTERS = str.maketrans("OoQDIlLＯ", "00001110")
_MAIL_HOSTS = (
    "gmail.com",
    "yahoo.com.tw",
    "hotmail.com",
    "outlook.com",
    "yahoo.com",
    "icloud.com",
    "msn.com",
    "hinet.net",
    "livemail.tw",
)
_AREA_CODES: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("臺北市", "新北市", "基隆市"), ("02", 8)),
    **dict.fromkeys(("桃園市", "新竹縣", "新竹市", "宜蘭縣", "花蓮縣"), ("03", 7)),
    "苗栗縣": ("037", 6),
    "臺中市": ("04", 8),
    "彰化縣": ("04", 7),
    "南投縣": ("049", 7),
    **dict.fromkeys(("雲林縣", "嘉義縣", "嘉義市"), ("05", 7)),
    **dict.fromkeys(("臺南市", "澎湖縣"), ("06", 7)),
    "高雄市": ("07", 7),
    "屏東縣": ("08", 7),
    "臺東縣": ("089", 6),
    "金門縣": ("082", 6),
    "連江縣": ("0836", 5),
}
_ANY_DATE = re.compile(r"([0-9]{1,4})[/.\-年月]([0-9]{1,2})[/.\-年月]([0-9]{1,4})[日號]?")
_BESIDE_DATE = re.compile(r"[(\[【].*?[)\]】]|生(?=$)")
_BETWEEN_PARTS = re.compile(r"(?<=[0-9])(?:\s*[,，\\]\s*|\s+)(?=[0-9])")
_SEVERAL_PHONES = re.compile(
    r"[/、,;；，。或&\n]|\s{2,}|\s+(?=0)|\)\s*(?=[0-9])|(?<=[0-9])\s*(?=[(（A-Za-z\u4e00-\u9fff])"
)
_LONG_RUN = re.compile(r"0[0-9][0-9() -]{6,12}[0-9](?:#[0-9]{1,6})?")


def suggest_id(text: str) -> tuple[str, ...]:
    """Return numbers with the right check digit that a mistyped letter or digit may have stood for."""
    value = normalise_id(text)
    candidates = [
        value[:1] + value[1:].translate(_LETTERS),
        value[:1] + value[1:2] + value[2:].translate(_LETTERS),
    ]
    candidates += [each[:1].translate(_DIGITS) + each[1:] for each in tuple(candidates)]
    if value[:1] == value[1:2]:  # a key that was struck twice
        candidates.append(value[1:])
    return _first(
        each for each in candidates if each != value and is_valid_id(each) and not is_dummy_id(each)
    )


def suggest_date(text: str, *, today: date, than: str) -> tuple[str, ...]:
    """Return days that text with letters for digits, or in another order, may have meant.

    :param than: what stands in the cell: it is not suggested again
    """
    apart = _BESIDE_DATE.sub("", fold_width(text).translate(_NUMBER_LETTERS)).strip()
    word = compact(_BETWEEN_PARTS.sub("/", apart))
    found = _ANY_DATE.fullmatch(word)
    candidates = [[word]]
    if found:
        first, middle, last = found.groups()
        if len(last) > 2:  # the year stands last
            candidates = [[f"{last}/{middle}/{first}", f"{last}/{first}/{middle}"]]
        else:
            candidates.append([f"{first}/{last}/{middle}"])
            if len(first) == 4:
                candidates.append([f"{first[2:]}/{middle}/{last}"])

    def read(each: str) -> str:
        return date_text(parse_birth_date(each, today))

    readings = (_readable(each, read, than=than) for each in candidates)
    return next((reading for reading in readings if reading), ())


def suggest_phones(text: str, counties: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers in a cell that holds several, or the number with the area code of a county.

    :param counties: where the person may live, the likeliest first
    """
    word = fold_width(text).translate(_NUMBER_LETTERS)
    parts = [part for part in _SEVERAL_PHONES.split(word) if part]
    candidates = [word, *parts, *_LONG_RUN.findall(word)]
    local = re.sub(r"[^0-9]", "", word.partition("#")[0])
    for county in counties:
        code, length = _AREA_CODES.get(county, ("", 0))
        if code and len(local) == length:
            candidates.append(code + word.strip())
        elif code and local.startswith(code[1:]) and len(local) == length + len(code) - 1:
            candidates.append(f"0{word.strip()}")
    return _readable(candidates, _phone, than=text)


def _phone(text: str) -> str:
    number, _, extension = re.sub(r"^[^0-9+]+|[^0-9]+$", "", text).partition("#")
    digits = re.sub(r"[() -]", "", number)
    if not is_usual_number(digits):
        raise InvalidValue(Message("沒有這個電話號碼，請檢查區碼和位數"))
    return phone_text(digits, extension)


def suggest_email(text: str) -> tuple[str, ...]:
    """Return addresses that a slip of the keyboard may have stood for."""
    word = re.sub(r"@+", "@", compact(text)).replace("，", ",").replace("。", ".").replace(",", ".")
    word = re.sub(r"\.{2,}", ".", word).strip(".<>;:'\"")
    candidates = [word]
    local, at, host = word.rpartition("@")
    if at:
        whole = [each for each in _MAIL_HOSTS if each.partition(".")[0] == host.lower()]
        candidates += [f"{local}@{each}" for each in (*whole, *_near(host.lower(), _MAIL_HOSTS))]
    else:
        for each in _MAIL_HOSTS:
            before = word.lower().removesuffix(each)
            if before != word.lower():
                # 2@ lies on one key: a mail2gmail.com has lost its shift.
                candidates.append(f"{word[: len(before)].rstrip('.#2＠') or word[: len(before)]}@{each}")
    return _readable(candidates, lambda each: parse_email(each).address, than=text)


def suggest_mail_host(address: str) -> tuple[str, ...]:
    """Return the address at the well-known host whose name this one nearly is: gmail.com for gmial.com."""
    local, _, host = address.rpartition("@")
    if host in _MAIL_HOSTS or host.count(".") > 2 or len(host) < 6:
        return ()
    near = [each for each in _MAIL_HOSTS if _distance(host, each, 2) <= (1 if len(host) < 9 else 2)]
    likely = [each for each in near if each[0] == host[0] and each not in _GOOD_NEIGHBOURS.get(host, ())]
    return tuple(f"{local}@{each}" for each in likely[:1])


# Hosts that exist and only look like a slip.
_GOOD_NEIGHBOURS = {"ymail.com": ("gmail.com",), "yahoo.com.hk": ("yahoo.com.tw",), "gmx.com": ("gmail.com",)}


def suggest_words(choice: Choice, text: str) -> tuple[str, ...]:
    """Return the entries of a drop-down that come near to a word, simplified characters included."""
    word = compact(traditional(text)).lower()
    if not word:
        return ()
    known = {compact(label).lower(): label for label in choice.labels} | {
        compact(other).lower(): label for other, label in choice.other_words.items()
    }
    if word in known:
        return (known[word],)
    inside = [label for other, label in known.items() if len(other) > 1 and other in word]
    around = [label for other, label in known.items() if len(word) > 1 and word in other]
    near = [known[other] for other in _near(word, known)]
    hint = max((hint for hint in choice.hints if hint in word), key=len, default="")
    if len(hint) > 1:
        return choice.hints[hint][:_MOST]
    return _first((*choice.hints.get(hint, ()), *inside, *near, *around))


def suggest_addresses(text: str, zip_code: str) -> tuple[str, ...]:
    """Return the address with traditional characters, its county, or the district of its postcode."""
    line = " ".join(traditional(fold_width(text)).split())
    bare = re.sub(r"^\(?[0-9]{3,6}\)?[ ,-]*", "", line)
    candidates = [f"{zip_code} {line}" if zip_code else line, line]
    for county in COUNTIES:
        if find_zip3(county, next((name for name in _DISTRICTS[county] if bare.startswith(name)), "")):
            candidates.append(f"{county}{bare}")
    start, rest = bare[:3].replace("台", "臺"), bare[3:]
    if start in COUNTIES and not any(rest.startswith(name) for name in _DISTRICTS[start]):
        code = zip_code[:3] or (line[:3] if line[:3].isdigit() else "")
        candidates += [
            f"{start}{name}{rest}" for name in _DISTRICTS[start] if code and find_zip3(start, name) == code
        ]
        candidates += [
            f"{start}{name}{rest[len(name) - 1 :]}"
            for name in _DISTRICTS[start]
            if rest.startswith(name[:-1])
        ]
    return _readable(candidates, _address, than=text)


_DISTRICTS = {county: districts_of(county) for county in COUNTIES}


def _address(text: str) -> str:
    found = parse_address(text)
    return f"{found.county}{found.district}{found.rest}"


def _readable(candidates: Iterable[str], read: Callable[[str], str], *, than: str) -> tuple[str, ...]:
    """Return the canonical texts of the candidates that can be read."""

    def results() -> Iterator[str]:
        for each in candidates:
            try:
                yield read(each)
            except InvalidValue:
                continue

    return _first(each for each in results() if each != than)


def _first(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))[:_MOST]


def _near(word: str, known: Iterable[str]) -> list[str]:
    """Return the known words that differ in one sign, or in a third of them, the nearest first."""
    found = []
    for other in known:
        allowed = 1 if len(other) < 6 else 2
        distance = _distance(word, other, allowed)
        if distance <= allowed and distance < len(other):
            found.append((distance, other))
    return [other for _, other in sorted(found, key=lambda pair: pair[0])]


def _distance(one: str, other: str, most: int) -> int:
    """Return how many signs have to be added, removed, changed or swapped; more than `most` is `most` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        last, row = row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = last
    return min(row[-1], most + 1)
