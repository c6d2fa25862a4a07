"""Chinese numerals as the brochure numbers its rounds and rules; pure."""

from __future__ import annotations

import re

from app.core.messages import Wording

_DIGITS = "〇一二三四五六七八九"
_FORMAL = str.maketrans("壹貳參肆伍陸柒捌玖拾", "一二三四五六七八九十")
_NUMERAL = re.compile("[一二三四五六七八九十]+")
_CAPITALS = "零壹貳參肆伍陸柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_MYRIADS = ("", "萬", "億", "兆")


def read_numeral(numeral: str) -> int:
    """Return a numeral up to 99: 十一 is 11."""
    tens, ten, ones = numeral.rpartition("十")
    value = _DIGITS.index(ones) if ones else 0
    return value + (10 * (_DIGITS.index(tens) if tens else 1) if ten else 0)


def rule_number(numerals: str) -> Wording:
    """Return the number of a rule, or of two in one, with its English: 十一、十二 is 11, 12."""
    return Wording(numerals, ", ".join(str(read_numeral(each)) for each in numerals.split("、") if each))


def clause_wording(clause: str) -> Wording:
    """Return a clause of the brochure with its English: 拾伍、六 is "15.6"."""
    plain = clause.translate(_FORMAL)
    return Wording(clause, _NUMERAL.sub(lambda found: str(read_numeral(found[0])), plain).replace("、", "."))


def capital_amount(amount_twd: int) -> str:
    """Return an amount as receipts write it, so that no digit can be added: 新臺幣貳佰伍拾元整.

    :raises ValueError: if it is negative or has more than sixteen digits
    """
    if not 0 <= amount_twd < 10**16:
        raise ValueError(f"no amount for a receipt: {amount_twd}")
    digits = f"{amount_twd:016}"
    groups = [digits[start : start + 4] for start in range(0, 16, 4)]
    written = ""
    for group, myriad in zip(groups, reversed(_MYRIADS), strict=True):
        if group == "0000":
            written += "零" if written else ""
            continue
        written += "".join(
            _CAPITALS[int(digit)] + (place if digit != "0" else "")
            for digit, place in zip(group, _PLACES, strict=True)
        ).rstrip("零")
        written += myriad
    # Zeros in a row are read once, none at the front or the end.
    return f"新臺幣{re.sub('零+', '零', written).strip('零') or '零'}元整"
