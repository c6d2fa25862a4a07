"""What the pages show of a result, worked out from a standing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.core.clock import taipei_day
from app.core.identity import mask_id, mask_name
from app.core.messages import Message
from app.examday.incidents import PART_NAMES, Incident, Part, read_incidents
from app.exams.models import Round
from app.exams.words import LEVEL_NAMES
from app.registration.status import Tag
from app.results import queries
from app.results.grading import LEVELS_FROM_ABOVE, Outcome
from app.results.points import FULL_SCORE, format_points
from app.results.queries import AnnouncedMarks, Standing
from app.results.words import outcome_message

# A line of the table: what, full score, the levels' thresholds, points reached.
Line = tuple[Message, str, tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """:ivar lines: the three parts, what was taken off, the total; none of somebody who was absent
    :ivar recheck_until: last day to ask for a re-check; None: it is over, or has not begun
    :ivar certificate_from: None: not passed, or revoked
    """

    outcome: Message
    kind: Tag
    total: str | None
    number: str
    version: int
    levels: tuple[Message, ...]
    lines: tuple[Line, ...]
    incidents: tuple[Incident, ...]
    recheck_until: date | None
    passed: bool
    certificate_from: date | None
    can_download_certificate: bool


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One member in the leader's list."""

    name: str
    masked_id: str
    number: str
    total: str
    outcome: Message
    kind: Tag


def mark_rows(announced: AnnouncedMarks) -> list[tuple[Message, list[str]]]:
    """Return what the parts are worth, and below it what each level asks for, the higher level first."""
    full = announced.scheme.full
    rows = [(Message("滿分"), [*(full.of(part) for part in Part), full.total])]
    rows += [
        (LEVEL_NAMES[level], [*(marks.parts.of(part) for part in Part), marks.total])
        for level in LEVELS_FROM_ABOVE
        if (marks := announced.levels.get(level))
    ]
    return [(name, [format_points(points) for points in row]) for name, row in rows]


def result_page(standing: Standing, exam_round: Round, now: datetime) -> ResultPage:
    """Return what a candidate is shown of a published result."""
    result, today = standing.result, taipei_day(now)
    absent = result.outcome == Outcome.ABSENT
    certificate_from = exam_round.certificate_from if standing.certificate else None
    in_recheck = exam_round.recheck_from <= today <= exam_round.recheck_until
    return ResultPage(
        outcome=outcome_message(result.grade),
        kind=_tag(result.outcome),
        total=None if absent else format_points(result.total),
        number=standing.seat.ticket.number,
        version=result.version,
        levels=tuple(LEVEL_NAMES[level] for level in LEVELS_FROM_ABOVE if level.value in exam_round.levels),
        lines=_lines(standing, exam_round),
        incidents=read_incidents(" ".join(result.incidents), queries.incidents_of(exam_round)),
        recheck_until=exam_round.recheck_until if in_recheck and not absent else None,
        passed=standing.passed,
        certificate_from=certificate_from,
        can_download_certificate=certificate_from is not None and today >= certificate_from,
    )


def group_rows(standings: Iterable[Standing]) -> list[GroupRow]:
    """Return a leader's list of members with their results."""
    rows = []
    for standing in standings:
        candidate, result = standing.seat.registration, standing.result
        absent = result.outcome == Outcome.ABSENT
        rows.append(
            GroupRow(
                name=candidate.chinese_name,
                masked_id=mask_id(candidate.id_number),
                number=standing.seat.ticket.number,
                total="–" if absent else format_points(result.total),
                outcome=outcome_message(result.grade),
                kind=_tag(result.outcome),
            )
        )
    return rows


def pass_row(standing: Standing) -> tuple[str, ...]:
    """Return one line of the list for the council's sites (R152): nobody's full name stands there."""
    candidate, level = standing.seat.registration, standing.result.level
    return (
        standing.seat.ticket.number,
        mask_name(candidate.chinese_name),
        str(LEVEL_NAMES[level]) if level else "",
        candidate.dialect.value,
        candidate.offering.area,
    )


def _lines(standing: Standing, exam_round: Round) -> tuple[Line, ...]:
    result, scheme = standing.result, queries.find_scheme(exam_round.id)
    if result.parts is None or scheme is None:
        return ()
    found = queries.marks_of(exam_round.id)
    marks = [found[level] for level in LEVELS_FROM_ABOVE if level in found]
    lines: list[Line] = [
        (
            PART_NAMES[part],
            format_points(scheme.full.of(part)),
            tuple(format_points(each.parts.of(part)) for each in marks),
            format_points(result.parts.of(part)),
        )
        for part in Part
    ]
    if result.deducted:
        blank = ("",) * len(marks)
        lines.append((Message("試場違規扣分"), "", blank, f"−{format_points(result.deducted)}"))
    totals = tuple(format_points(each.total) for each in marks)
    lines.append((Message("總分"), format_points(FULL_SCORE), totals, format_points(result.total)))
    return tuple(lines)


def _tag(outcome: Outcome) -> Tag:
    return Tag.DONE if outcome == Outcome.PASSED else Tag.NEUTRAL
