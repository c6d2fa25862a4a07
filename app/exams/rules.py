"""When and how often one may register; pure."""

from __future__ import annotations

from datetime import date

from app.core.decisions import Decision, allowed, refused
from app.core.messages import N_, Message
from app.core.roc_dates import day_message
from app.exams.choices import Track


def check_registration_open(opens_on: date, closes_on: date, today: date) -> Decision:
    """Decide whether registration is open on a Taipei day.

    It opens at 00:00 of the first day and closes at 23:59 of the last: both days are inside.
    Clause 捌、一※; requirements R062, R063.
    """
    clause = "捌、一※"
    if today < opens_on:
        return refused(Message("尚未開始報名，%(day)s00:00 起開放", {"day": day_message(opens_on)}), clause)
    if today > closes_on:
        text = N_("報名已在 %(day)s截止，請改選其他開放中的梯次")
        return refused(Message(text, {"day": day_message(closes_on)}), clause)
    return allowed(Message("開放報名中，到 %(day)s23:59 截止", {"day": day_message(closes_on)}), clause)


def one_round_a_year(track: Track) -> bool:
    """Return whether a person can register for one round of the track a year only.

    One of the two national rounds; several multi rounds, also together with a national one. R257.
    """
    return track == Track.NATIONAL
