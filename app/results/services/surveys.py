"""Saying how it went: once per account, after a registration and after results (S026)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import db, transaction, violated_constraint
from app.core.errors import Refused
from app.core.messages import Message
from app.exams.models import Round
from app.registration.models import Registration
from app.registration.queries import is_complete
from app.results.models import Publication
from app.site.models import SurveyAnswer, SurveyOccasion
from app.site.surveys import has_answered

_NOT_YET = {
    SurveyOccasion.REGISTRATION: Message("報名完成後才能填寫這份調查"),
    SurveyOccasion.RESULTS: Message("成績公布後才能填寫這份調查"),
}


def answer_survey(
    account_id: int, occasion: SurveyOccasion, points: int, comment: str | None, *, actor: Actor
) -> bool:
    """Keep an answer; return whether it is the first one, as a second changes nothing.

    The log says that somebody answered, not what.

    :raises Refused: when there is nothing yet to say something about
    """
    try:
        with transaction() as session:
            if has_answered(account_id, occasion):
                return False
            check_can_answer(account_id, occasion, clock.now())
            answer = SurveyAnswer(
                account_id=account_id,
                occasion=occasion,
                points=points,
                comment=comment or None,
                answered_at=clock.now(),
            )
            session.add(answer)
            session.flush()
            audit.record("survey.answer", ("survey_answers", occasion.value), actor)
    except sa.exc.IntegrityError as error:
        if violated_constraint(error) != "uq_survey_answers_account_id_occasion":
            raise
        return False  # the same form, sent twice at once
    return True


def check_can_answer(account_id: int, occasion: SurveyOccasion, now: datetime) -> None:
    """Raise Refused unless the account has a complete registration, or one whose results are out."""
    query = (
        sa.select(Registration.id)
        .outerjoin(Registration.order)
        .where(Registration.account_id == account_id, is_complete())
    )
    if occasion == SurveyOccasion.RESULTS:
        query = (
            query.join(Registration.exam_round)
            .join(Publication, Publication.round_id == Round.id)
            .where(Round.score_opens_at <= now)
        )
    if db.session.scalars(query.limit(1)).first() is None:
        raise Refused(_NOT_YET[occasion])
