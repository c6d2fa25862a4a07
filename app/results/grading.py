"""From the scores of three parts to passed or not, and in which level (柒、一至三); pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.examday.incidents import Incident, Part
from app.exams.choices import Level

# The higher level first: whoever reaches both is given this one only (R060).
LEVELS_FROM_ABOVE = (Level.ELEMENTARY, Level.BASIC)


class Outcome(StrEnum):
    PASSED = "passed"
    NOT_PASSED = "not_passed"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class PartPoints:
    """Tenths of points in each part."""

    listening: int
    speaking: int
    reading: int

    def of(self, part: Part) -> int:
        return int(getattr(self, part.value))

    @property
    def total(self) -> int:
        return self.listening + self.speaking + self.reading


@dataclass(frozen=True, slots=True)
class Marks:
    """What a level asks for: so many tenths in each part and in all; reaching them is enough (R057)."""

    parts: PartPoints
    total: int


@dataclass(frozen=True, slots=True)
class Grade:
    """What somebody has achieved, all points in tenths.

    :ivar level: the higher one reached; None: not passed
    :ivar parts: after what was taken from single parts; None: absent
    :ivar deducted: taken from the certification score beyond that
    """

    outcome: Outcome
    level: Level | None = None
    parts: PartPoints | None = None
    deducted: int = 0
    total: int = 0


ABSENT = Grade(Outcome.ABSENT)


def grade(parts: PartPoints, incidents: Iterable[Incident], marks: Mapping[Level, Marks]) -> Grade:
    """Return the grade of somebody who sat the exam.

    What incidents cost is taken off first, then level by level is asked from above (R190): 70 less 1 is
    69 and not passed. No part and no total falls below 0. Level by level means every part at its
    threshold and the total at its own (R057); both reached gives the higher one only (R060). A round
    without a level has no marks for it, and nobody passes it there (R061). Clause 柒、一至三; 拾伍.

    :param marks: of every level that the round has
    """
    incidents = tuple(incidents)
    after = _after_part_incidents(parts, incidents)
    whole = [incident for incident in incidents if incident.part is None]
    if any(incident.void for incident in whole):
        return Grade(Outcome.NOT_PASSED, None, PartPoints(0, 0, 0))
    deducted = min(sum(incident.points for incident in whole) * 10, after.total)
    total = after.total - deducted
    level = next(
        (each for each in LEVELS_FROM_ABOVE if each in marks and _reaches(after, total, marks[each])), None
    )
    outcome = Outcome.PASSED if level else Outcome.NOT_PASSED
    return Grade(outcome, level, after, deducted, total)


def _after_part_incidents(parts: PartPoints, incidents: Sequence[Incident]) -> PartPoints:
    return PartPoints(**{part.value: _part_after(part, parts.of(part), incidents) for part in Part})


def _part_after(part: Part, points: int, incidents: Sequence[Incident]) -> int:
    own = [incident for incident in incidents if incident.part is part]
    if any(incident.void for incident in own):
        return 0
    return max(0, points - 10 * sum(incident.points for incident in own))


def _reaches(parts: PartPoints, total: int, marks: Marks) -> bool:
    return total >= marks.total and all(parts.of(part) >= marks.parts.of(part) for part in Part)
