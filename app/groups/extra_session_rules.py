"""Additional sessions for a large group (增開考區、到校施測): who may ask, what is opened; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from app.core.decisions import Decision, allowed, refused
from app.core.errors import IllegalTransition
from app.core.messages import N_, Message
from app.core.roc_dates import day_message
from app.exams.choices import OfferingOrigin, Track
from app.groups.rules import LARGEST_GROUP

_CLAUSE: Final = "肆、一※"


class School(StrEnum):
    """What the group belongs to; only the first two may be tested at their own school (R040)."""

    PRIMARY = "primary"
    JUNIOR_HIGH = "junior_high"
    OTHER = "other"


class ExtraSessionState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class ExtraSessionEvent(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"


TRANSITIONS: Final = {
    (ExtraSessionState.WAITING, ExtraSessionEvent.APPROVE): ExtraSessionState.APPROVED,
    (ExtraSessionState.WAITING, ExtraSessionEvent.REFUSE): ExtraSessionState.REFUSED,
}


def next_state(state: ExtraSessionState, event: ExtraSessionEvent) -> ExtraSessionState:
    """Return the state after the event; raises IllegalTransition when it cannot happen."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(Message("這件申請已經回覆過了，請重新整理後查看")) from None


def check_round(track: Track, *, closes_on: date, today: date) -> Decision:
    """Decide whether a session can still be added to a round: a multi round, until its registration closes.

    The session keeps the round's dates, so one that is granted later could not be registered for. R039.
    """
    if track != Track.MULTI:
        return refused(Message("只有多梯次認證可以申請增開考區或到校施測"), _CLAUSE, field="exam_round")
    if today > closes_on:
        text = N_("這個梯次的報名已在 %(day)s截止，請改選其他梯次")
        return refused(Message(text, {"day": day_message(closes_on)}), _CLAUSE, field="exam_round")
    return allowed(Message("可以申請"), _CLAUSE)


def check_request(
    kind: OfferingOrigin, school: School, expected: int, minimums: Mapping[str, int]
) -> Decision:
    """Decide whether a group may ask for a session of its own: forty people or more (R039, R040).

    :param kind: additional, or on campus, which is for primary and junior high schools only
    :param minimums: the year's numbers: extra_session, on_campus_school
    """
    on_campus = kind == OfferingOrigin.ON_CAMPUS
    if on_campus and school == School.OTHER:
        text = N_("到校施測只開放國小和國中團體；其他團體請改申請增開考區")
        return refused(Message(text), _CLAUSE, field="kind")
    minimum = minimums["on_campus_school" if on_campus else "extra_session"]
    if expected < minimum:
        text = N_("單一團體 %(minimum)s 人以上才能申請；不到 %(minimum)s 人，請報名現有的考區")
        return refused(Message(text, {"minimum": minimum}), _CLAUSE, field="expected")
    if expected > LARGEST_GROUP:
        text = N_("超過 %(most)s 人，請直接電洽總試務中心")
        return refused(Message(text, {"most": LARGEST_GROUP}), _CLAUSE, field="expected")
    return allowed(Message("可以申請"), _CLAUSE)


def check_grant(
    *,
    area: str,
    taken_areas: Collection[str],
    capacity: int,
    minimum: int,
) -> Decision:
    """Decide whether a session can be opened as the office has typed it.

    Seats are given out by area (R048), so no two sessions of a round may share one.

    :param taken_areas: the areas that the round has already
    :param minimum: below which a group of the session could not be submitted (R041)
    """
    if area in taken_areas:
        text = N_("這個梯次已有%(area)s考區，請取一個不同的名稱，例如加上學校簡稱")
        return refused(Message(text, {"area": area}), _CLAUSE, field="area")
    if capacity < minimum:
        text = N_("名額至少要 %(minimum)s 人，不然團體無法送出")
        return refused(Message(text, {"minimum": minimum}), _CLAUSE, field="capacity")
    return allowed(Message("可以增開"), _CLAUSE)
