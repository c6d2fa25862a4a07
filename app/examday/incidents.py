"""What happened in the exam room and what it costs: the deductions of chapter 拾伍; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.text import compact
from app.exams.words import name_wording


class Part(StrEnum):
    """The three parts of the exam, in the order in which they are held (R049-R051)."""

    LISTENING = "listening"
    SPEAKING = "speaking"
    READING = "reading"


PART_NAMES = {
    Part.LISTENING: Message("聽力"),
    Part.SPEAKING: Message("口語"),
    Part.READING: Message("閱讀"),
}


@dataclass(frozen=True, slots=True)
class Incident:
    """A recorded incident and what it costs.

    :ivar points: whole points off
    :ivar part: the part it is taken from; None: from the certification score
    :ivar void: nothing counts any more, in that part or, without a part, at all
    """

    code: str
    label: Message
    clause: str
    points: int = 0
    part: Part | None = None
    void: bool = False

    @property
    def effect(self) -> Message:
        """What it costs, in words."""
        if not self.void and self.points == 0:
            return Message("不扣分")
        if self.part is None:
            return (
                Message("以零分計算") if self.void else Message("扣 %(points)s 分", {"points": self.points})
            )
        values = {"part": PART_NAMES[self.part], "points": self.points}
        if self.void:
            return Message("%(part)s不予計分", values)
        return Message("%(part)s扣 %(points)s 分", values)


_PLACES = (
    ("1", "on_seat_or_body", Message("在座位或身上")),
    ("2", "at_designated_place", Message("在指定位置")),
)
_PART_LETTERS = {"L": Part.LISTENING, "S": Part.SPEAKING, "R": Part.READING}
_ZERO = (
    ("Z1", Message("未依准考證座位應試"), "拾伍、三"),
    ("Z2", Message("未補驗身分證件或未補發准考證"), "拾伍、四"),
    ("Z3", Message("不服監試人員指揮"), "拾伍、九"),
    ("Z4", Message("毀損或攜出試場設備"), "拾伍、十"),
    ("CZ", Message("認證委員會決議"), "拾伍、十一"),
)
ZERO_FOR_OPEN_TASK = "Z2"
ZERO_BY_COMMITTEE = "CZ"
MOST_COMMITTEE_POINTS = 100
# What the committee took off by its own judgement (R189): C and the points.
_COMMITTEE = re.compile(r"C([0-9]|[1-9][0-9]|100)", re.ASCII)


def list_incidents(device_deductions: Sequence[Mapping[str, Any]]) -> tuple[Incident, ...]:
    """Return all incidents that have a fixed cost, in the brochure's order (R181-R189).

    :param device_deductions: the year's table of rule 六: state, points at the seat and at the place
    """
    devices = [
        Incident(
            f"D{row}{place}",
            Message("電子裝置%(state)s，%(where)s", {"state": name_wording(line["state"]), "where": where}),
            "拾伍、六",
            line[column],
        )
        for row, line in enumerate(device_deductions, start=1)
        for place, column, where in _PLACES
    ]
    notes = [
        Incident(f"N1{letter}", Message("准考證上有疑似與考試相關的註記"), "拾伍、八", 5, part)
        for letter, part in _PART_LETTERS.items()
    ]
    again = [
        Incident(f"N2{letter}", Message("經勸止仍在准考證上註記"), "拾伍、八", part=part, void=True)
        for letter, part in _PART_LETTERS.items()
    ]
    zero = [Incident(code, label, clause, void=True) for code, label, clause in _ZERO]
    return (*devices, Incident("M1", Message("未經許可飲水或服藥"), "拾伍、七", 3), *notes, *again, *zero)


def read_incidents(text: str, known: Iterable[Incident]) -> tuple[Incident, ...]:
    """Return the incidents written as codes: ``D11、N1L``, separated by any punctuation.

    A code may stand twice: it happened twice. ``C2`` is a decision of the committee to take two points.

    :raises InvalidValue: naming the code that does not exist
    """
    by_code = {incident.code: incident for incident in known}
    codes = [compact(code).upper() for code in re.split(r"[\s、，,;；/＋+]+", text.strip()) if code.strip()]
    return tuple(_incident(code, by_code) for code in codes)


def missing_codes(expected: Iterable[str], written: Iterable[str]) -> tuple[str, ...]:
    """Return the codes that should stand there and do not, as often as they are missing."""
    return tuple((Counter(expected) - Counter(written)).elements())


def committee_code(points: int | None) -> str:
    """Return the code of what the committee decided (R189).

    :param points: whole points off; None: the score counts as zero
    :raises ValueError: unless they are between 0 and 100
    """
    if points is None:
        return ZERO_BY_COMMITTEE
    if not 0 <= points <= MOST_COMMITTEE_POINTS:
        raise ValueError(f"no such number of points: {points}")
    return f"C{points}"


def _incident(code: str, by_code: Mapping[str, Incident]) -> Incident:
    if code in by_code:
        return by_code[code]
    if match := _COMMITTEE.fullmatch(code):
        return Incident(code, Message("認證委員會決議"), "拾伍、十一", int(match[1]))
    raise InvalidValue(Message("沒有「%(code)s」這個違規代碼，請對照「違規代碼」工作表", {"code": code[:20]}))
