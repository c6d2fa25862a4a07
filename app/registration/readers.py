"""The candidate's own words read into values: what the core types leave to the form; pure."""

from __future__ import annotations

import re

from app.core.addresses import LONGEST_REST
from app.core.errors import InvalidValue
from app.core.identity import IdentityNumber, is_dummy_id, parse_identity
from app.core.messages import Message
from app.core.names import clean_name
from app.core.phones import PhoneKind, parse_phone
from app.core.text import fold_width, strip_invisible

LONGEST_RELATION = 20
LONGEST_REQUEST = 500

_LATIN_NAME = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff][A-Za-z\u00c0-\u024f\u1e00-\u1eff .,'’ʼ‧-]*")


def read_own_identity(text: str, *, foreign: bool) -> IdentityNumber:
    """Return the candidate's identity number; the number that everybody types to try a form is refused."""
    identity = parse_identity(text, nationality_foreign=foreign)
    if is_dummy_id(identity.value):
        raise InvalidValue(Message("這是範例號碼，請填考生本人的號碼"))
    return identity


def read_english_name(text: str) -> str:
    """Return a name in Latin letters, as in the passport (R236)."""
    name = clean_name(text)
    if not _LATIN_NAME.fullmatch(name):
        raise InvalidValue(Message("英文姓名請用英文字母，與護照或居留證相同"))
    return name


def read_mobile(text: str) -> str:
    """Return the ten digits of a mobile number."""
    phone = parse_phone(text)
    if phone.kind is not PhoneKind.MOBILE or phone.extension:
        raise InvalidValue(Message("手機號碼應為 09 開頭的 10 碼；市內電話請填在下一格"))
    return phone.digits


def read_phone(text: str) -> str:
    """Return any number that can be called, an extension after ``#``."""
    return str(parse_phone(text))


def read_relation(text: str) -> str:
    """Return how the emergency contact is related to the candidate."""
    return _no_longer_than(LONGEST_RELATION, _line(text))


def read_street(text: str, *, district: str) -> str:
    """Return the address from the village or road on.

    Browsers like to fill in the whole address: county and district, chosen already, are taken off.

    :param district: county and district together, e.g. ``臺北市大安區``
    """
    line = _line(text)
    if line[: len(district)].replace("台", "臺") == district:
        line = line[len(district) :]
    if not line:
        raise InvalidValue(Message("請填寫路名和門牌號碼，例如 和平東路一段162號"))
    return _no_longer_than(LONGEST_REST, line)


def read_request(text: str) -> str:
    """Return a request of several lines."""
    lines = (strip_invisible(line).strip() for line in text.strip().splitlines())
    return _no_longer_than(LONGEST_REQUEST, "\n".join(lines))


def _line(text: str) -> str:
    return " ".join(strip_invisible(fold_width(text)).split())


def _no_longer_than(longest: int, text: str) -> str:
    if len(text) > longest:
        values = {"longest": longest, "length": len(text)}
        raise InvalidValue(Message("最多 %(longest)s 個字，您填了 %(length)s 個字", values))
    return text
