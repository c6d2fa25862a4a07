"""Who may ask for an additional session, and what the office may open."""

from datetime import date

import pytest

from app.core.errors import IllegalTransition
from app.exams.choices import OfferingOrigin, Track
from app.groups import extra_session_rules as rules
from app.groups.extra_session_rules import ExtraSessionEvent, ExtraSessionState, School

MINIMUMS = {"family": 2, "group": 4, "extra_session": 40, "on_campus_school": 40}
ADDITIONAL, ON_CAMPUS = OfferingOrigin.ADDITIONAL, OfferingOrigin.ON_CAMPUS


@pytest.mark.requirement("R039", "R040")
@pytest.mark.parametrize(
    ("kind", "school", "expected", "may"),
    [
        (ADDITIONAL, School.OTHER, 39, False),
        (ADDITIONAL, School.OTHER, 40, True),
        (ADDITIONAL, School.PRIMARY, 40, True),
        (ADDITIONAL, School.OTHER, 1000, True),
        (ADDITIONAL, School.OTHER, 1001, False),
        (ON_CAMPUS, School.PRIMARY, 39, False),
        (ON_CAMPUS, School.PRIMARY, 40, True),
        (ON_CAMPUS, School.JUNIOR_HIGH, 40, True),
        (ON_CAMPUS, School.OTHER, 400, False),
    ],
)
def test_forty_may_ask_and_on_campus_only_primary_and_junior_high_schools(kind, school, expected, may):
    assert bool(rules.check_request(kind, school, expected, MINIMUMS)) is may


@pytest.mark.requirement("R039")
@pytest.mark.parametrize(
    ("track", "today", "may"),
    [
        (Track.MULTI, date(2023, 6, 30), True),
        (Track.MULTI, date(2023, 7, 1), False),
        (Track.MULTI, date(2023, 1, 1), True),
        (Track.NATIONAL, date(2023, 6, 1), False),
    ],
)
def test_a_session_is_added_to_a_multi_round_until_its_registration_closes(track, today, may):
    assert bool(rules.check_round(track, closes_on=date(2023, 6, 30), today=today)) is may


@pytest.mark.requirement("R041")
@pytest.mark.parametrize(
    ("area", "capacity", "field"), [("苗栗", 40, "area"), ("竹東", 39, "capacity"), ("竹東", 40, None)]
)
def test_a_session_has_an_area_of_its_own_and_places_enough(area, capacity, field):
    decision = rules.check_grant(area=area, taken_areas={"苗栗"}, capacity=capacity, minimum=40)

    assert (bool(decision), decision.field) == (field is None, field)


@pytest.mark.parametrize("state", ExtraSessionState)
@pytest.mark.parametrize("event", ExtraSessionEvent)
def test_what_is_answered_is_not_answered_again(state, event):
    if state == ExtraSessionState.WAITING:
        expected = {"approve": ExtraSessionState.APPROVED, "refuse": ExtraSessionState.REFUSED}[event]
        assert rules.next_state(state, event) == expected
    else:
        with pytest.raises(IllegalTransition):
            rules.next_state(state, event)
