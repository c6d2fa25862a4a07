"""The re-check on a candidate's status page: that it can be asked for, until when, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for

from app.cases.kinds import RECHECK
from app.cases.models import Case
from app.cases.pages import STATE_KINDS
from app.cases.queries import find_ticket_number, list_cases_about, window_of
from app.cases.states import PUBLIC_WORDS
from app.core.clock import taipei_day
from app.core.messages import Message
from app.core.roc_dates import day_message, format_instant
from app.registration.models import Registration
from app.registration.states import FormState
from app.registration.status import Tag
from app.registration.timeline import UpperFact, timeline_source


@timeline_source
def recheck_facts(registration: Registration, now: datetime) -> Sequence[UpperFact]:
    """Return the line about the re-check: while it can be asked for, and when it was."""
    window = window_of(RECHECK, registration.exam_round)
    if registration.form_state != FormState.SUBMITTED or taipei_day(now) < window.first_day:
        return []
    cases = list_cases_about(registration.id, RECHECK.key)
    if cases:
        return [_asked(cases[0], registration)]
    if not window.check(taipei_day(now)) or find_ticket_number(registration.id) is None:
        return []
    return [
        UpperFact(
            key="recheck",
            title=RECHECK.name,
            kind=Tag.NEUTRAL,
            label=Message("可以申請"),
            date=Message("受理到 %(last)s為止", {"last": day_message(window.last_day)}),
            action=(
                Message("申請成績複查"),
                url_for("cases.apply", kind_key=RECHECK.key, registration=registration.public_id),
            ),
        )
    ]


def _asked(case: Case, registration: Registration) -> UpperFact:
    own = case.account_id is not None and case.account_id == registration.account_id
    return UpperFact(
        key="recheck",
        title=RECHECK.name,
        kind=Tag(STATE_KINDS[case.state]),
        label=PUBLIC_WORDS[case.state],
        date=Message("%(at)s收件", {"at": format_instant(case.reported_at)}),
        action=(Message("查看複查進度"), url_for("cases.show", public_id=case.public_id)) if own else None,
    )
