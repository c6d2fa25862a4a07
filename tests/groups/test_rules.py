from datetime import date, datetime

import pytest

from app.core.clock import TAIPEI
from app.groups.rules import (
    LARGEST_GROUP,
    check_can_cancel,
    check_can_change,
    check_can_create,
    check_group_size,
    check_places,
    check_room_for,
    find_lapse,
    group_minimum,
)
from app.groups.states import GroupKind, GroupState
from app.registration.states import CancelReason

MINIMUMS = {"family": 2, "group": 4, "extra_session": 40, "on_campus_school": 40}


@pytest.mark.requirement("R041", "R072", "R073", "Q1")
@pytest.mark.parametrize(
    ("kind", "origin", "minimum"),
    [
        (GroupKind.FAMILY, "regular", 2),
        (GroupKind.SCHOOL, "regular", 4),
        (GroupKind.COMMUNITY, "regular", 4),
        (GroupKind.OTHER, "regular", 4),
        (GroupKind.SCHOOL, "on_campus", 40),
        (GroupKind.FAMILY, "additional", 40),
    ],
)
def test_each_kind_needs_its_own_number(kind: GroupKind, origin: str, minimum: int) -> None:
    assert group_minimum(kind, MINIMUMS, origin=origin) == minimum
    assert not check_group_size(kind, minimum - 1, MINIMUMS, origin=origin)
    assert check_group_size(kind, minimum, MINIMUMS, origin=origin)


@pytest.mark.requirement("Q1")
@pytest.mark.parametrize(
    ("kind", "count", "sentence"),
    [
        (GroupKind.FAMILY, 1, "家庭團體至少需有 2 人，還差 1 人"),
        (GroupKind.SCHOOL, 3, "團體報名至少需有 4 人，還差 1 人"),
        (GroupKind.SCHOOL, 0, "團體報名至少需有 4 人，還差 4 人"),
    ],
)
def test_the_refusal_states_the_right_number(kind: GroupKind, count: int, sentence: str) -> None:
    assert str(check_group_size(kind, count, MINIMUMS).reason) == sentence


def test_a_larger_group_than_the_largest_is_split() -> None:
    assert check_room_for(LARGEST_GROUP)
    assert not check_room_for(LARGEST_GROUP + 1)


def test_places_cannot_be_fewer_than_members() -> None:
    assert check_places(10, member_count=10)
    assert not check_places(9, member_count=10)
    assert not check_places(LARGEST_GROUP + 1, member_count=10)


@pytest.mark.parametrize(
    ("state", "lapse", "can"),
    [
        (GroupState.OPEN, None, True),
        (GroupState.OPEN, CancelReason.NOT_SUBMITTED, False),
        (GroupState.SUBMITTED, None, False),
        (GroupState.CANCELLED, None, False),
    ],
)
def test_only_a_living_open_group_changes(state: GroupState, lapse: CancelReason | None, can: bool) -> None:
    assert bool(check_can_change(state, lapse)) is can


@pytest.mark.parametrize(
    ("state", "has_receipts", "owes", "can"),
    [
        (GroupState.OPEN, False, False, True),
        (GroupState.SUBMITTED, False, True, True),
        (GroupState.SUBMITTED, True, True, False),  # part of the money has arrived
        (GroupState.SUBMITTED, True, False, False),
        (GroupState.SUBMITTED, False, False, False),  # all free, complete
        (GroupState.CANCELLED, False, False, False),
    ],
)
def test_a_group_is_withdrawn_until_money_or_completion(
    state: GroupState, has_receipts: bool, owes: bool, can: bool
) -> None:
    assert bool(check_can_cancel(state, has_receipts=has_receipts, owes=owes)) is can


@pytest.mark.parametrize(
    ("leader", "same_track", "can"),
    [(True, True, True), (False, True, False), (True, False, False)],
)
def test_a_leader_of_the_same_track_makes_groups(leader: bool, same_track: bool, can: bool) -> None:
    assert bool(check_can_create(leader=leader, same_track=same_track)) is can


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TAIPEI)


@pytest.mark.parametrize(
    ("state", "same_day", "last_day", "now", "lapse"),
    [
        (GroupState.OPEN, True, None, "2023-05-01 23:59:59", None),
        (GroupState.OPEN, True, None, "2023-05-02 00:00", CancelReason.NOT_SUBMITTED),
        (GroupState.OPEN, False, None, "2023-06-09 23:59:59", None),
        (GroupState.OPEN, False, None, "2023-06-10 00:00", CancelReason.CLOSED),
        (GroupState.SUBMITTED, False, date(2023, 5, 7), "2023-05-10 23:59:59", None),
        (GroupState.SUBMITTED, False, date(2023, 5, 7), "2023-05-11 00:00", CancelReason.UNPAID),
        (GroupState.SUBMITTED, True, None, "2023-06-30 00:00", None),
        (GroupState.CANCELLED, True, None, "2023-06-30 00:00", None),
    ],
)
def test_a_group_lapses_as_a_registration_does(
    state: GroupState, same_day: bool, last_day: date | None, now: str, lapse: CancelReason | None
) -> None:
    found = find_lapse(
        state=state,
        same_day_submission=same_day,
        created_at=_at("2023-05-01 09:00"),
        closes_on=date(2023, 6, 9),
        unpaid_last_day=last_day,
        now=_at(now),
    )

    assert found == lapse
