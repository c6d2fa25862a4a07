"""Names of people, kept as they are written and cleaned of what keyboards and sheets add."""

from __future__ import annotations

import re
import unicodedata

from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.text import fold_width

SEPARATOR = "‧"  # U+2027, between the parts of indigenous and foreign names
LONGEST_NAME = 60

# Chinese characters with their variation selectors, and zhuyin; other scripts keep their spaces and dots.
_CHINESE = (
    "[\u2e80-\u2fff\u3007\u3100-\u312f\u31a0-\u31bf\u3400-\u9fff\uf900-\ufaff\ufe00-\ufe0f"
    "\U00020000-\U000323af\U000e0100-\U000e01ef]"
)
_SEPARATORS = re.compile("\\s*[·•・･∙⋅‧]\\s*")
_DOT_BETWEEN_CHINESE = re.compile(f"(?<={_CHINESE}) ?\\. ?(?={_CHINESE})")
_SPACE_BETWEEN_CHINESE = re.compile(f"(?<={_CHINESE}) (?={_CHINESE})")
# They turn text around or hide it, so that a name reads as another one.
_BIDI_OR_TAG = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_BLANK_LETTERS = re.compile("[\u115f\u1160\u3164\uffa0\u2800]")
_MANY_MARKS = 5


def clean_name(text: str) -> str:
    """Return a name as it is stored and printed: NFC, one separator ‧, no stray spaces, 1 to 60 characters.

    Spaces and line breaks between Chinese characters go, between Latin words one space stays; full-width
    Latin letters become half-width. NFC and not NFKC, which would change characters of the name.

    :raises InvalidValue: if it is empty or too long, or holds private-use, control or invisible characters
    """
    _refuse_forbidden(text)
    visible = "".join(
        character for character in re.sub(r"\s+", " ", text) if unicodedata.category(character) != "Cf"
    )
    name = fold_width(unicodedata.normalize("NFC", visible)).strip()
    name = re.sub(" +", " ", name)
    name = _SEPARATORS.sub(SEPARATOR, _DOT_BETWEEN_CHINESE.sub(SEPARATOR, name))
    name = _SPACE_BETWEEN_CHINESE.sub("", name)
    _check_length(name)
    return name


def _refuse_forbidden(text: str) -> None:
    for character in text:
        code, category = ord(character), unicodedata.category(character)
        if category == "Co":
            raise InvalidValue(Message("姓名裡有自造字，別的電腦無法顯示；請改用標準字，或與總試務中心聯絡"))
        if character == "\ufffd" or category == "Cs" or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
            raise InvalidValue(Message("姓名裡有一個字沒有讀到，請重新輸入姓名"))
        if category == "Cc" and not character.isspace():
            raise InvalidValue(Message("姓名裡有看不見的控制字元，請重新輸入姓名，不要用貼上的"))
    if _BIDI_OR_TAG.search(text) or _BLANK_LETTERS.search(text):
        raise InvalidValue(Message("姓名裡有看不見的控制字元，請重新輸入姓名，不要用貼上的"))


def _check_length(name: str) -> None:
    # Characters newer than this Python's tables are "Cn"; extension H holds names, so they count as letters.
    if not any(unicodedata.category(character)[0] in "LN" or ord(character) >= 0x20000 for character in name):
        raise InvalidValue(Message("請填寫姓名"))
    if len(name) > LONGEST_NAME:
        raise InvalidValue(
            Message(
                "姓名最多 %(longest)s 個字，您填了 %(length)s 個字",
                {"longest": LONGEST_NAME, "length": len(name)},
            )
        )
    marks = 0
    for character in name:
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks == _MANY_MARKS:
            raise InvalidValue(Message("姓名裡的附加符號太多，請重新輸入姓名"))
