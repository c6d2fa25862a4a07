"""Setting what a round asks for, before anything is graded (R058, Q14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import Refused
from app.core.messages import Message
from app.exams.choices import Level
from app.exams.models import Round
from app.exams.queries import get_round
from app.results import queries
from app.results.grading import Marks, PartPoints
from app.results.models import MarkScheme, PassMark


@dataclass(frozen=True, slots=True)
class MarkPlan:
    """What the parts are worth and what each level of the round asks for; tenths of points.

    :ivar source: who decided it and where that is written
    """

    full: PartPoints
    marks: Mapping[Level, Marks]
    announced_on: date
    source: str


def set_marks(round_code: str, plan: MarkPlan, *, actor: Actor) -> None:
    """Set the pass marks of a round; once results are published they stand.

    :raises NotFound: when there is no such round
    :raises Refused: when the round's results are published
    """
    with transaction() as session:
        exam_round = get_round(round_code)
        lock_round(session, exam_round)
        if queries.find_publication(exam_round.id) is not None:
            raise Refused(Message("成績已公布，通過標準不能再改"))
        scheme = session.get(MarkScheme, exam_round.id) or MarkScheme(round_id=exam_round.id)
        scheme.listening, scheme.speaking, scheme.reading = (
            plan.full.listening,
            plan.full.speaking,
            plan.full.reading,
        )
        scheme.announced_on, scheme.source, scheme.set_at = plan.announced_on, plan.source, clock.now()
        session.add(scheme)
        session.execute(sa.delete(PassMark).where(PassMark.round_id == exam_round.id))
        session.add_all(_row(exam_round, level, plan.marks[level]) for level in plan.marks)
        audit.record(
            "results.set_marks", exam_round, actor, full=_figures(plan.full), marks=_named(plan.marks)
        )


def lock_round(session: Session, exam_round: Round) -> None:
    """Let one act at a time change a round's marks, scores and results."""
    query = sa.select(Round.id).where(Round.id == exam_round.id).with_for_update(key_share=True)
    session.execute(query)


def _row(exam_round: Round, level: Level, marks: Marks) -> PassMark:
    parts = marks.parts
    return PassMark(
        round_id=exam_round.id,
        level=level,
        listening=parts.listening,
        speaking=parts.speaking,
        reading=parts.reading,
        total=marks.total,
    )


def _named(marks: Mapping[Level, Marks]) -> dict[str, Any]:
    return {level.value: [*_figures(each.parts), each.total] for level, each in marks.items()}


def _figures(parts: PartPoints) -> list[int]:
    return [parts.listening, parts.speaking, parts.reading]
