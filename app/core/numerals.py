"""Chinese numerals as the brochure numbers its rounds and rules; pure."""

from __future__ import annotations

import re

from app.core.messages import Wording

_DIGITS = "〇一二三四五六七八九"
_FORMAL = str.maketrans("壹貳參肆伍陸柒捌玖拾", "一二三四五六七八九十")
_NUMERAL = re.compile("[一二三四五六七八九十]+")


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
