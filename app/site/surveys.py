"""What people said of the portal: averages, the trend, and each one's own answers (S026)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.models import Account
from app.accounts.own_data import OwnRecords, own_data_source
from app.core.clock import TAIPEI
from app.core.db import db
from app.site.models import SurveyAnswer, SurveyOccasion

# Fewer would tell what single people said.
FEWEST_TO_PUBLISH = 5


@dataclass(frozen=True, slots=True)
class Average:
    """:ivar mean: from 1 to 5, to one decimal place"""

    people: int
    mean: float


def has_answered(account_id: int, occasion: SurveyOccasion) -> bool:
    query = sa.select(SurveyAnswer.id).where(
        SurveyAnswer.account_id == account_id, SurveyAnswer.occasion == occasion
    )
    return db.session.scalars(query).first() is not None


def averages() -> dict[SurveyOccasion, Average]:
    """Return the average of each occasion that has any answers, however few."""
    query = sa.select(
        SurveyAnswer.occasion, sa.func.count(SurveyAnswer.id), sa.func.sum(SurveyAnswer.points)
    ).group_by(SurveyAnswer.occasion)
    return {
        occasion: Average(people, round(points / people, 1))
        for occasion, people, points in db.session.execute(query)
    }


def published_averages() -> dict[SurveyOccasion, Average]:
    """Return the averages that may be shown to everybody."""
    return {key: each for key, each in averages().items() if each.people >= FEWEST_TO_PUBLISH}


def monthly_trend() -> list[tuple[tuple[int, int], SurveyOccasion, Average]]:
    """Return the average of each month and occasion, the newest month first; months are Taipei's."""
    points: dict[tuple[tuple[int, int], SurveyOccasion], list[int]] = {}
    query = sa.select(SurveyAnswer.answered_at, SurveyAnswer.occasion, SurveyAnswer.points)
    for answered_at, occasion, given in db.session.execute(query):
        local = answered_at.astimezone(TAIPEI)
        points.setdefault(((local.year, local.month), occasion), []).append(given)
    ordered = sorted(points.items(), key=lambda item: (item[0][0], item[0][1].value), reverse=True)
    return [
        (month, occasion, Average(len(given), round(sum(given) / len(given), 1)))
        for (month, occasion), given in ordered
    ]


def count_comments() -> int:
    query = sa.select(sa.func.count(SurveyAnswer.id)).where(SurveyAnswer.comment.is_not(None))
    return db.session.scalars(query).one()


def list_comments(*, limit: int, offset: int = 0) -> Sequence[SurveyAnswer]:
    """Return the answers with words, the newest first; whose they are is not asked."""
    query = sa.select(SurveyAnswer).where(SurveyAnswer.comment.is_not(None))
    newest_first = query.order_by(SurveyAnswer.answered_at.desc(), SurveyAnswer.id.desc())
    return db.session.scalars(newest_first.limit(limit).offset(offset)).all()


@own_data_source
def _own_answers(account: Account) -> list[OwnRecords]:
    query = sa.select(SurveyAnswer).where(SurveyAnswer.account_id == account.id).order_by(SurveyAnswer.id)
    records = [
        {
            "occasion": each.occasion.value,
            "points": each.points,
            "comment": each.comment,
            "answered_at": each.answered_at,
        }
        for each in db.session.scalars(query)
    ]
    return [OwnRecords("survey_answers", records)]
