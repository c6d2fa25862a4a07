"""Who sits where: candidates into the machines of slots and rooms, groups together; pure."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.core.errors import DomainError
from app.core.messages import N_, Message


@dataclass(frozen=True, slots=True)
class SeatSeeker:
    """Somebody to be seated.

    :ivar group_id: the group to be kept together; None: comes alone
    """

    registration_id: int
    dialect: str
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class RoomSpace:
    """What is free in one room during one slot.

    :ivar free_numbers: machines that nobody sits at yet
    :ivar dialect: of those who sit there already; None: the room is empty
    :ivar venue_id: where the room is; a group that needs several slots comes to one place if it can
    :ivar group_ids: groups of which somebody sits there already
    """

    slot_id: int
    room_id: int
    free_numbers: tuple[int, ...]
    dialect: str | None = None
    venue_id: int = 0
    group_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Assignment:
    registration_id: int
    slot_id: int
    room_id: int
    number: int


class NotEnoughSeats(DomainError):
    """The free machines do not hold everybody; nobody was seated.

    :ivar missing: people left without a seat when every room is filled dialect by dialect
    """

    def __init__(self, missing: int) -> None:
        text = N_("還少 %(missing)s 個座位，這次沒有排任何人。請增加試場或場次後再排一次")
        super().__init__(Message(text, {"missing": missing}))
        self.missing = missing


def assign_seats(candidates: Sequence[SeatSeeker], rooms: Sequence[RoomSpace]) -> list[Assignment]:
    """Return a seat for every candidate, in the order of slots, rooms and machines.

    A room holds one dialect in a slot, because candidates speak aloud (R050). A group sits in one slot,
    in one room per dialect or in neighbouring ones; where it does not fit, in as few slots of one venue
    as possible. Who comes alone fills what is left. If seats do not suffice that way, everybody is seated
    by dialect alone before giving up. Nothing but the dialect, the group and the registration's number
    plays a part (P007), and the same people and rooms always give the same seats (R048).

    :param candidates: in any order, nobody twice
    :param rooms: slots in the order of time, the rooms of a slot side by side in the order of their doors
    :raises NotEnoughSeats: when not everybody finds a seat
    """
    people = sorted(candidates, key=lambda each: each.registration_id)
    return _seat_by_party(people, rooms) or _seat_by_dialect(people, rooms)


class _Room:
    """A room in a slot while machines are being given away."""

    def __init__(self, position: int, space: RoomSpace) -> None:
        self.position = position
        self.space = space
        self.dialect = space.dialect
        self.free = deque(sorted(space.free_numbers))

    def takes(self, dialect: str) -> bool:
        return bool(self.free) and self.dialect in (None, dialect)


class _Share(NamedTuple):
    """So many machines of a room for a dialect."""

    room: _Room
    dialect: str
    machines: int


class _Hall:
    """All rooms of all slots, and the seats given so far."""

    def __init__(self, rooms: Iterable[RoomSpace]) -> None:
        self.rooms = [_Room(position, space) for position, space in enumerate(rooms)]
        self.slots: dict[int, list[_Room]] = defaultdict(list)
        for room in self.rooms:
            self.slots[room.space.slot_id].append(room)
        self.assignments: list[tuple[int, Assignment]] = []

    def seat(self, people: Iterable[SeatSeeker], shares: Iterable[_Share]) -> None:
        waiting: dict[str, deque[SeatSeeker]] = defaultdict(deque)
        for each in people:
            waiting[each.dialect].append(each)
        for room, dialect, machines in shares:
            room.dialect = dialect
            for _ in range(machines):
                seeker = waiting[dialect].popleft()
                place = Assignment(
                    seeker.registration_id, room.space.slot_id, room.space.room_id, room.free.popleft()
                )
                self.assignments.append((room.position, place))

    def result(self) -> list[Assignment]:
        ordered = sorted(self.assignments, key=lambda pair: (pair[0], pair[1].number))
        return [place for _, place in ordered]


def _seat_by_party(people: Sequence[SeatSeeker], rooms: Sequence[RoomSpace]) -> list[Assignment] | None:
    """Return seats with groups kept together, the largest group first, or None when they do not suffice."""
    hall = _Hall(rooms)
    groups: dict[int, list[SeatSeeker]] = defaultdict(list)
    for each in people:
        if each.group_id is not None:
            groups[each.group_id].append(each)
    for group_id, members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        needs = _count(members)
        shares = _find_slot(hall, group_id, needs) or _spread(hall, group_id, needs)
        if shares is None:
            return None
        hall.seat(members, shares)
    alone = [each for each in people if each.group_id is None]
    shares = _fill(hall.rooms, _count(alone))
    if _total(shares) < len(alone):
        return None
    hall.seat(alone, shares)
    return hall.result()


def _seat_by_dialect(people: Sequence[SeatSeeker], rooms: Sequence[RoomSpace]) -> list[Assignment]:
    """Return seats with no regard to slots, members of a group still one after the other."""
    hall = _Hall(rooms)
    shares = _fill(hall.rooms, _count(people))
    missing = len(people) - _total(shares)
    if missing:
        raise NotEnoughSeats(missing)
    grouped = sorted(people, key=lambda each: (each.group_id is None, each.group_id or 0))
    hall.seat(grouped, sorted(shares, key=lambda share: share.room.position))
    return hall.result()


def _find_slot(hall: _Hall, group_id: int, needs: Mapping[str, int]) -> list[_Share] | None:
    """Return the best single slot that holds a whole group, or None.

    Best is where some of the group sit already, then the fewest rooms, the fewest empty rooms broken
    into, the fewest machines left over beside it.
    """
    fitting = []
    for rooms in hall.slots.values():
        shares = _fit_in_slot(rooms, needs)
        if shares:
            fitting.append((not _is_home(rooms, group_id), *_cost([share.room for share in shares]), shares))
    return min(fitting, key=lambda entry: entry[:-1])[-1] if fitting else None


def _fit_in_slot(rooms: Sequence[_Room], needs: Mapping[str, int]) -> list[_Share] | None:
    shares: list[_Share] = []
    for dialect, count in needs.items():
        taken = {share.room.position for share in shares}
        usable = [room for room in rooms if room.takes(dialect) and room.position not in taken]
        run = _find_run(usable, count)
        if run is None:
            return None
        shares += _fill(run, {dialect: count})
    return shares


def _find_run(rooms: Sequence[_Room], count: int) -> list[_Room] | None:
    """Return the neighbouring rooms that hold so many people at the lowest cost, or None."""
    runs: list[list[_Room]] = []
    for start in range(len(rooms)):
        run: list[_Room] = []
        for room in rooms[start:]:
            run.append(room)
            if sum(len(each.free) for each in run) >= count:
                runs.append(run)
                break
    return min(runs, key=_cost, default=None)


def _cost(rooms: Sequence[_Room]) -> tuple[int, int, int, int, int]:
    """Return what a choice of rooms costs: rooms, steps between them, rooms broken into, machines, order."""
    positions = [room.position for room in rooms]
    return (
        len(rooms),
        max(positions) - min(positions),
        sum(room.dialect is None for room in rooms),
        sum(len(room.free) for room in rooms),
        min(positions),
    )


def _spread(hall: _Hall, group_id: int, needs: Mapping[str, int]) -> list[_Share] | None:
    """Return the fewest slots that hold a group too large for one: of one venue, else of any; or None."""
    venues: dict[int, list[list[_Room]]] = defaultdict(list)
    for rooms in hall.slots.values():
        venues[rooms[0].space.venue_id].append(rooms)
    plans = [_spread_over(slots, group_id, needs) for slots in venues.values()]
    complete = [plan for plan in plans if plan is not None]
    if complete:
        return min(complete, key=lambda plan: len({share.room.space.slot_id for share in plan}))
    return _spread_over(list(hall.slots.values()), group_id, needs)


def _spread_over(
    slots: Sequence[Sequence[_Room]], group_id: int, needs: Mapping[str, int]
) -> list[_Share] | None:
    left, unused = Counter(needs), list(slots)
    shares: list[_Share] = []
    while left.total():
        rooms, added = max(
            ((rooms, _fill(rooms, left)) for rooms in unused),
            key=lambda choice: (
                bool(choice[1]) and _is_home(choice[0], group_id),
                _total(choice[1]),
                -choice[0][0].position,
            ),
            default=([], []),
        )
        if not added:
            return None
        shares += added
        unused.remove(rooms)
        for share in added:
            left[share.dialect] -= share.machines
    return shares


def _fill(rooms: Sequence[_Room], needs: Mapping[str, int]) -> list[_Share]:
    """Share rooms out among dialects so that as many as possible sit, in as few rooms as possible.

    Rooms that have a dialect are filled first. Of the empty ones, the dialect with the most people
    waiting takes the smallest that holds them all, or else the largest.
    """
    left = Counter(needs)
    shares: list[_Share] = []

    def take(room: _Room, dialect: str) -> None:
        machines = min(left[dialect], len(room.free))
        if machines:
            shares.append(_Share(room, dialect, machines))
            left[dialect] -= machines

    for room in rooms:
        if room.dialect is not None:
            take(room, room.dialect)
    empty = [room for room in rooms if room.dialect is None and room.free]
    while empty and left.total():
        dialect, waiting = max(left.items(), key=lambda item: (item[1], item[0]))
        room = min(
            empty,
            key=lambda each: (len(each.free) < waiting, abs(len(each.free) - waiting), each.position),
        )
        empty.remove(room)
        take(room, dialect)
    return shares


def _count(people: Iterable[SeatSeeker]) -> dict[str, int]:
    """Return how many ask for each dialect, the most asked for first."""
    counts = Counter(each.dialect for each in people)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _total(shares: Iterable[_Share]) -> int:
    return sum(share.machines for share in shares)


def _is_home(rooms: Iterable[_Room], group_id: int) -> bool:
    return any(group_id in room.space.group_ids for room in rooms)
