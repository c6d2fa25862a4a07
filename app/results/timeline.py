"""What the status page says of score report and certificate, once there is something to say (R211)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for

from app.core.clock import taipei_day
from app.core.messages import Message
from app.core.roc_dates import format_roc_long
from app.registration.models import Registration
from app.registration.status import Tag
from app.registration.timeline import UpperFact, timeline_source
from app.results import queries
from app.results.queries import Standing
from app.results.rules import check_certificate_open, check_result_open
from app.results.words import outcome_message


@timeline_source
def facts_of(registration: Registration, now: datetime) -> Sequence[UpperFact]:
    """Return the lines `score` and `certificate` once the result is open; nothing before."""
    exam_round = registration.exam_round
    published = queries.find_publication(exam_round.id) is not None
    decision = check_result_open(published=published, opens_at=exam_round.score_opens_at, now=now)
    standing = queries.find_standing(registration) if decision else None
    if standing is None:
        return []
    certified = check_certificate_open(
        decision,
        passed=standing.passed,
        in_force=standing.certificate is not None,
        opens_on=exam_round.certificate_from,
        now=now,
    )
    return [
        _score(registration, standing),
        _certificate(registration, standing, can_download=bool(certified)),
    ]


def _score(registration: Registration, standing: Standing) -> UpperFact:
    return UpperFact(
        "score",
        Message("成績單"),
        Tag.DONE,
        outcome_message(standing.result.grade),
        date=Message(
            "%(day)s公布", {"day": format_roc_long(taipei_day(registration.exam_round.score_opens_at))}
        ),
        action=(Message("看成績"), url_for("results.show", public_id=registration.public_id)),
    )


def _certificate(registration: Registration, standing: Standing, *, can_download: bool) -> UpperFact:
    title = Message("合格證書")
    if standing.certificate is None:
        label = Message("已撤銷") if standing.passed else Message("沒有證書")
        return UpperFact("certificate", title, Tag.NEUTRAL, label)
    day = Message("%(day)s起", {"day": format_roc_long(registration.exam_round.certificate_from)})
    if not can_download:
        return UpperFact("certificate", title, Tag.NEUTRAL, Message("尚未製發"), day)
    path = url_for("results.certificate", public_id=registration.public_id)
    return UpperFact(
        "certificate", title, Tag.DONE, Message("可以下載"), day, (Message("下載合格證書"), path)
    )
