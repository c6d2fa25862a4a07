"""National and multi-session certification side by side, from the data that the rules read (R254-R260)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from app.core.messages import N_, Message
from app.core.roc_dates import date_message, day_message
from app.exams.age_line import first_free_birth_date
from app.exams.choices import Track
from app.exams.models import Round
from app.exams.rules import one_round_a_year
from app.exams.words import level_words
from app.site.words import METHOD_NAMES


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of the table; each side is one sentence or several, one under the other."""

    title: Message
    national: list[Message]
    multi: list[Message]


def compare(rounds: Sequence[Round]) -> list[Comparison]:
    """Return the table of the year; `rounds` are all of it, in the brochure's order."""
    sides = [[each for each in rounds if each.track == track] for track in (Track.NATIONAL, Track.MULTI)]
    lines = (
        (Message("認證日期與級別"), _days),
        (Message("考區"), _areas),
        (Message("試區公布"), _site_notice),
        (Message("一個人可以報名"), _rounds_per_person),
        (Message("送出資料"), _submission),
        (Message("繳費期限"), _payment_days),
        (Message("繳費方式"), _methods),
        (Message("免繳報名費"), _free),
    )
    return [Comparison(title, *(line(side) if side else [] for side in sides)) for title, line in lines]


def _days(rounds: list[Round]) -> list[Message]:
    if rounds[0].track == Track.NATIONAL:
        text = N_("%(round)s：%(day)s，%(levels)s")
        return [
            Message(text, {"round": r.name, "day": day_message(r.test_on), "levels": level_words(r.levels)})
            for r in rounds
        ]
    return [_months(list(part)) for _levels, part in groupby(rounds, key=lambda each: each.levels)]


def _months(rounds: list[Round]) -> Message:
    months = [each.test_on.month for each in rounds]
    values = {"first": min(months), "last": max(months), "levels": level_words(rounds[0].levels)}
    monthly = len(set(months)) == len(months)
    text = N_("%(first)s 月到 %(last)s 月：%(levels)s，一個月一個梯次")
    return Message(text if monthly else N_("%(first)s 月到 %(last)s 月：%(levels)s"), values)


def _areas(rounds: list[Round]) -> list[Message]:
    areas = [tuple(offering.area for offering in each.offerings) for each in rounds]
    if all(len(each) == 1 for each in areas):
        return [Message("每個梯次一個縣市")]
    if len(set(areas)) == 1:
        return [Message("%(count)s 個縣市，各梯次相同", {"count": len(areas[0])})]
    return [Message("各梯次不同，最多 %(count)s 個縣市", {"count": max(map(len, areas))})]


def _site_notice(_rounds: list[Round]) -> list[Message]:
    return [Message("與准考證一起公布")]


def _rounds_per_person(rounds: list[Round]) -> list[Message]:
    if one_round_a_year(rounds[0].track):
        return [Message("一個梯次；另外可以報名多梯次認證")]
    return [Message("不只一個梯次；也可以同時報名全國認證")]


def _submission(rounds: list[Round]) -> list[Message]:
    if rounds[0].same_day_submission:
        return [Message("選好梯次的當天")]
    periods = {(each.registration_opens_on, each.registration_closes_on) for each in rounds}
    text = N_("%(first)s到 %(last)s")
    return [
        Message(text, {"first": day_message(first), "last": day_message(last)})
        for first, last in sorted(periods)
    ]


def _payment_days(rounds: list[Round]) -> list[Message]:
    text = N_("送出當天算第 1 天，第 %(days)s 天 23:59 以前")
    return [Message(text, {"days": days}) for days in sorted({each.payment_days for each in rounds})]


def _methods(rounds: list[Round]) -> list[Message]:
    methods = dict.fromkeys(method for each in rounds for method in each.payment_methods)
    return [METHOD_NAMES[method][0] for method in methods]


def _free(rounds: list[Round]) -> list[Message]:
    references = {each.fee_reference_on for each in rounds}
    if len(references) > 1:
        return [Message("認證日期往前推 %(age)s 年的那一天（含）以後出生", {"age": rounds[0].free_up_to_age})]
    born = first_free_birth_date(references.pop(), rounds[0].free_up_to_age)
    return [Message("%(day)s（含）以後出生", {"day": date_message(born)})]
