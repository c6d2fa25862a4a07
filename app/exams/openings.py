"""Whether a person can register for one of several rounds today, and if not, when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.core.decisions import Decision, refused
from app.core.messages import N_, Message
from app.core.roc_dates import day_message
from app.exams.models import Round
from app.exams.rules import check_registration_open


def is_open(exam_round: Round, today: date) -> bool:
    """Return whether a round's registration period contains a Taipei day."""
    return bool(check_round_open(exam_round, today))


def check_round_open(exam_round: Round, today: date) -> Decision:
    """Decide whether registration for a round is open on a Taipei day (R062, R063)."""
    return check_registration_open(exam_round.registration_opens_on, exam_round.registration_closes_on, today)


def check_any_open(rounds: Sequence[Round], today: date) -> Decision:
    """Decide whether one of a track's rounds, at least one, can be registered for on a Taipei day.

    If not, the reason names the next day on which one opens, or says that the year is over; of a single
    round it is that round's own.
    """
    decisions = [check_round_open(each, today) for each in rounds]
    for decision in decisions:
        if decision or len(rounds) == 1:
            return decision
    coming = [each for each in rounds if today < each.registration_opens_on]
    if not coming:
        text = N_("今年的報名已經全部截止；明年的日期會公告在首頁")
        return refused(Message(text), decisions[-1].clause)
    following = min(coming, key=lambda each: each.registration_opens_on)
    values = {"round": following.name, "day": day_message(following.registration_opens_on)}
    text = N_("現在沒有開放報名的梯次；%(round)s從 %(day)s00:00 起開放")
    return refused(Message(text, values), decisions[-1].clause)
