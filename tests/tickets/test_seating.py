"""Who sits where: one dialect per room, groups together, nobody twice, no machine twice."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tickets.seating import Assignment, NotEnoughSeats, RoomSpace, SeatSeeker, assign_seats

DIALECTS = ("四縣", "海陸", "大埔", "饒平", "詔安")


def alone(count: int, dialect: str = "四縣", *, first: int = 1) -> list[SeatSeeker]:
    return [SeatSeeker(first + i, dialect) for i in range(count)]


def group(group_id: int, count: int, dialect: str = "四縣", *, first: int) -> list[SeatSeeker]:
    return [SeatSeeker(first + i, dialect, group_id) for i in range(count)]


def room(slot_id: int, room_id: int, capacity: int = 40, **values: object) -> RoomSpace:
    return RoomSpace(slot_id, room_id, tuple(range(1, capacity + 1)), **values)


def day(slots: int, capacities: Iterable[int], *, venue_id: int = 1, first_slot: int = 1) -> list[RoomSpace]:
    """Return a day's rooms at one venue: the same rooms in each slot."""
    return [
        room(slot, venue_id * 100 + number, capacity, venue_id=venue_id)
        for slot in range(first_slot, first_slot + slots)
        for number, capacity in enumerate(capacities, start=1)
    ]


def places_of(result: list[Assignment], people: Iterable[SeatSeeker]) -> Counter[tuple[int, int]]:
    """Return how many of these people sit in each (slot, room)."""
    ids = {each.registration_id for each in people}
    return Counter((place.slot_id, place.room_id) for place in result if place.registration_id in ids)


def test_people_who_come_alone_fill_the_first_room_from_the_first_machine() -> None:
    result = assign_seats(alone(3), day(2, [40]))

    assert result == [Assignment(1, 1, 101, 1), Assignment(2, 1, 101, 2), Assignment(3, 1, 101, 3)]


def test_two_dialects_never_share_a_room_in_a_slot() -> None:
    sixian, hailu = alone(10), alone(10, "海陸", first=11)

    result = assign_seats(sixian + hailu, day(1, [40, 40]))

    assert len(places_of(result, sixian)) == 1
    assert len(places_of(result, hailu)) == 1
    assert not places_of(result, sixian) & places_of(result, hailu)


def test_a_room_may_change_its_dialect_from_slot_to_slot() -> None:
    result = assign_seats(alone(10) + alone(10, "海陸", first=11), day(2, [40]))

    assert {(place.slot_id, place.room_id) for place in result} == {(1, 101), (2, 101)}


def test_a_room_in_use_takes_only_its_own_dialect() -> None:
    used = RoomSpace(1, 101, (39, 40), dialect="海陸")

    result = assign_seats(alone(2), [used, room(1, 102)])

    assert {place.room_id for place in result} == {102}


def test_seats_that_are_taken_stay_taken() -> None:
    used = RoomSpace(1, 101, (3, 5), dialect="四縣")

    result = assign_seats(alone(2), [used, room(1, 102)])

    assert [(place.room_id, place.number) for place in result] == [(101, 3), (101, 5)]


@pytest.mark.parametrize(
    ("size", "capacities", "expected"),
    [
        (38, [40, 40], {(1, 101): 38}),  # a class in one room
        (40, [40, 40], {(1, 101): 40}),  # to the last machine
        (41, [40, 40], {(1, 101): 40, (1, 102): 1}),  # one more: the room beside it
        (20, [40, 20], {(1, 102): 20}),  # the room that fits, not the larger one
        (60, [40, 20, 40], {(1, 101): 40, (1, 102): 20}),  # rooms beside each other, nothing left over
        (100, [40, 40, 20], {(1, 101): 40, (1, 102): 40, (1, 103): 20}),  # a whole slot
    ],
)
def test_a_group_sits_in_one_slot_in_as_few_rooms_as_hold_it(
    size: int, capacities: list[int], expected: dict[tuple[int, int], int]
) -> None:
    members = group(7, size, first=1)

    result = assign_seats(members, day(3, capacities))

    assert places_of(result, members) == expected


def test_a_group_of_two_dialects_comes_in_one_slot() -> None:
    members = group(7, 30, first=1) + group(7, 8, "海陸", first=31)

    result = assign_seats(members, day(2, [40, 20]))

    assert places_of(result, members) == {(1, 101): 30, (1, 102): 8}


def test_a_group_goes_to_the_slot_that_still_holds_all_of_it() -> None:
    first, second = group(1, 60, first=1), group(2, 50, first=100)

    result = assign_seats(first + second, day(2, [40, 40]))

    assert {slot for slot, _ in places_of(result, first)} == {1}
    assert {slot for slot, _ in places_of(result, second)} == {2}


def test_a_group_fills_up_a_room_of_its_dialect_before_breaking_into_an_empty_one() -> None:
    used = RoomSpace(2, 101, tuple(range(16, 61)), dialect="四縣")
    members = group(7, 12, first=1)

    result = assign_seats(members, [*day(1, [40, 40]), used])

    assert places_of(result, members) == {(2, 101): 12}


def test_a_group_prefers_two_rooms_beside_each_other_to_two_with_strangers_between() -> None:
    members = group(7, 40, first=1)
    parted = [room(1, 101, 20), RoomSpace(1, 102, (19, 20), dialect="海陸"), room(1, 103, 20)]

    result = assign_seats(members, [*parted, *day(1, [20, 20], first_slot=2)])

    assert {slot for slot, _ in places_of(result, members)} == {2}


def test_a_group_too_large_for_a_slot_comes_in_as_few_slots_as_possible() -> None:
    members = group(7, 150, first=1)
    small = [room(1, 101, 20), *day(3, [40, 40], first_slot=2)]

    result = assign_seats(members, small)

    assert {slot for slot, _ in places_of(result, members)} == {2, 3}


def test_a_group_too_large_for_a_slot_still_comes_to_one_venue() -> None:
    members = group(7, 70, first=1)
    rooms = [*day(1, [60], venue_id=1), *day(2, [40], venue_id=2, first_slot=10)]

    result = assign_seats(members, rooms)

    assert places_of(result, members) == {(10, 201): 40, (11, 201): 30}


def test_a_group_that_no_venue_holds_is_seated_at_two() -> None:
    members = group(7, 70, first=1)

    result = assign_seats(members, [*day(1, [40], venue_id=1), *day(1, [40], venue_id=2, first_slot=10)])

    assert {room_id for _, room_id in places_of(result, members)} == {101, 201}


def test_a_member_approved_later_joins_the_slot_of_the_group() -> None:
    begun = RoomSpace(1, 101, tuple(range(10, 41)), dialect="四縣")
    full = RoomSpace(2, 101, (), dialect="四縣", group_ids=frozenset({7}))

    result = assign_seats(group(7, 1, first=50), [begun, full, room(2, 102)])

    assert result == [Assignment(50, 2, 102, 1)]


def test_members_approved_later_fill_the_slot_of_the_group_first_when_they_need_two() -> None:
    members = group(7, 50, first=1)
    full = RoomSpace(3, 102, (), dialect="四縣", group_ids=frozenset({7}))

    result = assign_seats(members, [*day(3, [40]), full])

    assert places_of(result, members) == {(3, 101): 40, (1, 101): 10}


def test_groups_are_parted_rather_than_left_without_a_seat() -> None:
    # Together the six would need the empty room, and then the ten of the other dialect had none.
    members, others = group(7, 6, first=1), alone(10, "海陸", first=21)
    begun = [RoomSpace(slot, 101, (36, 37, 38, 39, 40), dialect="四縣") for slot in (1, 2)]

    result = assign_seats(members + others, [*begun, room(3, 101, 10)])

    assert places_of(result, members) == {(1, 101): 5, (2, 101): 1}
    assert places_of(result, others) == {(3, 101): 10}


def test_a_parted_group_is_still_seated_one_after_the_other() -> None:
    members = [SeatSeeker(number, "四縣", 7) for number in (1, 3, 5, 7, 9, 11)]
    strangers = [SeatSeeker(number, "四縣") for number in (2, 4)]
    begun = [RoomSpace(slot, 101, (37, 38, 39, 40), dialect="四縣") for slot in (1, 2)]

    result = assign_seats(members + strangers + alone(10, "海陸", first=21), [*begun, room(3, 101, 10)])

    assert places_of(result, members) == {(1, 101): 4, (2, 101): 2}
    assert places_of(result, strangers) == {(2, 101): 2}


def test_nobody_is_seated_when_one_seat_is_missing() -> None:
    with pytest.raises(NotEnoughSeats, match="還少 1 個座位") as refusal:
        assign_seats(alone(41), day(1, [40]))

    assert refusal.value.missing == 1


def test_a_seat_in_a_room_of_another_dialect_is_no_seat() -> None:
    with pytest.raises(NotEnoughSeats) as refusal:
        assign_seats(alone(2), [RoomSpace(1, 101, (39, 40), dialect="海陸")])

    assert refusal.value.missing == 2


def test_nobody_to_seat_needs_no_room() -> None:
    assert assign_seats([], []) == []


people = st.lists(
    st.tuples(st.sampled_from(DIALECTS), st.sampled_from([None, None, 1, 2, 3])), max_size=80
).map(lambda drawn: [SeatSeeker(number, *each) for number, each in enumerate(drawn, start=1)])
spaces = st.lists(
    st.tuples(
        st.integers(1, 3), st.integers(0, 12), st.sampled_from([None, None, *DIALECTS]), st.integers(0, 5)
    ),
    max_size=16,
).map(
    lambda drawn: [
        RoomSpace(slot, number, tuple(range(first + 1, first + size + 1)), dialect, venue_id=slot % 2)
        for number, (slot, size, dialect, first) in enumerate(sorted(drawn, key=lambda each: each[0]))
    ]
)


@pytest.mark.requirement("R048", "R050")
@given(people, spaces)
def test_every_seating_keeps_the_rules(seekers: list[SeatSeeker], rooms: list[RoomSpace]) -> None:
    result = outcome(seekers, rooms)
    if isinstance(result, int):
        assert 0 < result <= len(seekers)
        return

    free = {(space.slot_id, space.room_id, number) for space in rooms for number in space.free_numbers}
    taken = [(place.slot_id, place.room_id, place.number) for place in result]
    dialect_of = {each.registration_id: each.dialect for each in seekers}
    spoken = {(space.slot_id, space.room_id): {space.dialect} - {None} for space in rooms}
    for place in result:
        spoken[place.slot_id, place.room_id].add(dialect_of[place.registration_id])
    assert sorted(place.registration_id for place in result) == sorted(dialect_of)
    assert len(taken) == len(set(taken))
    assert set(taken) <= free
    assert all(len(dialects) <= 1 for dialects in spoken.values())


@given(people, spaces, st.randoms(use_true_random=False))
def test_the_order_in_which_people_are_handed_over_changes_nothing(
    seekers: list[SeatSeeker], rooms: list[RoomSpace], chance: random.Random
) -> None:
    shuffled = list(seekers)
    chance.shuffle(shuffled)

    assert outcome(shuffled, rooms) == outcome(seekers, rooms)


@given(people, st.integers(1, 4), st.integers(1, 5), st.integers(1, 12))
def test_equal_rooms_suffice_exactly_when_each_dialect_has_rooms_enough(
    seekers: list[SeatSeeker], slots: int, rooms: int, capacity: int
) -> None:
    asked = Counter(each.dialect for each in seekers)
    needed = sum(math.ceil(count / capacity) for count in asked.values())

    result = outcome(seekers, day(slots, [capacity] * rooms))

    assert isinstance(result, list) == (needed <= slots * rooms)


def outcome(seekers: list[SeatSeeker], rooms: list[RoomSpace]) -> list[Assignment] | int:
    """Return the seats, or the number missing."""
    try:
        return assign_seats(seekers, rooms)
    except NotEnoughSeats as refusal:
        return refusal.missing
