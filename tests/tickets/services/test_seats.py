"""Seating an area of a round: who is seated, who is not, and that pressing twice does nothing more."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.actors import SYSTEM, Actor
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.exams.choices import Dialect
from app.exams.queries import get_round
from app.registration.models import Registration
from app.registration.services import approve_registrations, cancel_registration
from app.tickets import queries
from app.tickets.models import Seat, Slot, Ticket, Venue
from app.tickets.services import SeatingResult, assign_round
from tests.factories.registrations import FREE, NATIONAL_1, make_candidate, make_paid, make_submitted
from tests.factories.seating import AREA, load_example_venues, make_approved, make_approved_group


@pytest.fixture
def venues(app: Flask) -> None:
    load_example_venues()


def seat_of(registration: Registration) -> Seat:
    return db.session.scalars(sa.select(Seat).where(Seat.registration_id == registration.id)).one()


def seat_everybody(area: str = AREA) -> SeatingResult:
    return assign_round(NATIONAL_1, area, actor=SYSTEM)


def keep_one_room(capacity: int) -> None:
    """Leave the area a single room in a single slot."""
    exam_round = get_round(NATIONAL_1)
    with transaction() as session:
        venue = session.scalars(sa.select(Venue).where(Venue.area == AREA)).one()
        for room in venue.rooms[1:]:
            session.delete(room)
        venue.rooms[0].capacity = capacity
        session.execute(sa.delete(Slot).where(Slot.round_id == exam_round.id, Slot.number > 1))


@pytest.mark.usefixtures("venues")
def test_approved_candidates_are_seated_and_get_a_ticket() -> None:
    first, second = make_approved(), make_approved()

    result = seat_everybody()

    seat = seat_of(first)
    assert result == SeatingResult(assigned=2, already=0)
    assert (seat.slot.number, seat.room.name, seat.number) == (1, "第 05 試場", 1)
    assert seat.ticket.number == "112101060001"
    assert seat_of(second).ticket.number == "112101060002"


@pytest.mark.usefixtures("venues")
def test_somebody_who_paid_is_seated() -> None:
    registration = make_paid(area=AREA)
    approve_registrations([registration.public_id], actor=SYSTEM)

    assert seat_everybody().assigned == 1


@pytest.mark.usefixtures("venues")
def test_whoever_is_not_approved_is_not_seated() -> None:
    make_paid(area=AREA)  # complete, waits for its review
    make_submitted(candidate=make_candidate(birth_on=FREE), area=AREA)

    result = seat_everybody()

    assert result == SeatingResult(assigned=0, already=0)


@pytest.mark.usefixtures("venues")
def test_whoever_was_approved_and_then_left_is_not_seated() -> None:
    registration = make_approved()
    cancel_registration(registration.public_id, registration.account_id, actor=SYSTEM)

    assert seat_everybody() == SeatingResult(assigned=0, already=0)


@pytest.mark.usefixtures("venues")
def test_other_areas_and_rounds_are_left_alone() -> None:
    make_approved(area="臺北")
    make_approved(round_code="nat-112-02")

    assert seat_everybody() == SeatingResult(assigned=0, already=0)


@pytest.mark.requirement("R048")
@pytest.mark.usefixtures("venues")
def test_pressing_twice_seats_nobody_twice() -> None:
    registration = make_approved()
    seat_everybody()
    before = seat_of(registration)

    result = seat_everybody()

    assert result == SeatingResult(assigned=0, already=1)
    assert seat_of(registration) is before
    assert db.session.scalars(sa.select(sa.func.count(Ticket.id))).one() == 1


@pytest.mark.usefixtures("venues")
def test_who_is_approved_later_sits_beside_those_seated_before() -> None:
    first = make_approved()
    seat_everybody()
    second = make_approved()

    result = seat_everybody()

    assert result == SeatingResult(assigned=1, already=1)
    assert (seat_of(second).room_id, seat_of(second).number) == (seat_of(first).room_id, 2)
    assert seat_of(second).ticket.number == "112101060002"


@pytest.mark.usefixtures("venues")
def test_a_group_sits_in_one_room() -> None:
    make_approved()
    group = make_approved_group(12)

    seat_everybody()

    seats = queries.list_group_seats(group.id)
    assert len(seats) == 12
    assert len({(seat.slot_id, seat.room_id) for seat in seats}) == 1


@pytest.mark.requirement("R050")
@pytest.mark.usefixtures("venues")
def test_dialects_sit_in_different_rooms_and_a_seated_room_keeps_its_dialect() -> None:
    sixian = make_approved()
    seat_everybody()
    hailu = make_approved(dialect=Dialect.HAILU)

    seat_everybody()

    assert (seat_of(hailu).slot_id, seat_of(hailu).room_id) != (
        seat_of(sixian).slot_id,
        seat_of(sixian).room_id,
    )


@pytest.mark.usefixtures("venues")
def test_without_room_for_all_nobody_is_seated_and_the_office_is_told_how_many_are_missing() -> None:
    keep_one_room(capacity=2)
    for _ in range(3):
        make_approved()

    result = seat_everybody()

    assert (result.assigned, result.already) == (0, 0)
    assert "還少 1 個座位" in str(result.missing_reason)
    assert db.session.scalars(sa.select(sa.func.count(Seat.id))).one() == 0


@pytest.mark.usefixtures("venues")
def test_each_ticket_and_each_seating_is_on_record(actor: Actor) -> None:
    registration = make_approved()

    assign_round(NATIONAL_1, AREA, actor=actor)

    issued = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "ticket.issue")).one()
    seating = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "seating.assign")).one()
    assert (issued.subject_id, issued.address) == (registration.public_id, actor.address)
    assert (seating.subject_id, seating.details) == (NATIONAL_1, {"area": AREA, "assigned": 1})


@pytest.mark.usefixtures("venues")
def test_an_area_that_has_used_up_its_numbers_seats_nobody_more() -> None:
    make_approved()
    seat_everybody()
    with transaction() as session:
        session.scalars(sa.select(Ticket)).one().number = "112101069999"
    make_approved()

    with pytest.raises(DomainError, match="准考證號碼已用完"):
        seat_everybody()
    assert queries.count_unseated(get_round(NATIONAL_1).id, AREA) == 1


@pytest.mark.usefixtures("venues")
def test_an_unknown_area_is_not_found() -> None:
    with pytest.raises(NotFound, match="沒有澎湖考區"):
        assign_round(NATIONAL_1, "澎湖", actor=SYSTEM)


def test_an_area_without_venues_says_that_seats_are_missing(app: Flask) -> None:
    make_approved()

    assert "還少 1 個座位" in str(seat_everybody().missing_reason)


def test_two_clerks_at_once_seat_everybody_once(live_app: Flask) -> None:
    with live_app.app_context():
        load_example_venues()
        for _ in range(5):
            make_approved()
    barrier = threading.Barrier(2)
    results: list[SeatingResult] = []

    def press() -> None:
        with live_app.app_context():
            barrier.wait()
            results.append(assign_round(NATIONAL_1, AREA, actor=SYSTEM))

    clerks = [threading.Thread(target=press) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()

    assert sorted((result.assigned, result.already) for result in results) == [(0, 5), (5, 0)]


@pytest.mark.usefixtures("venues")
def test_counts_of_an_area() -> None:
    exam_round = get_round(NATIONAL_1)
    make_approved()
    seat_everybody()
    make_approved()

    counts = {each.area: each for each in queries.area_seating(exam_round)}

    machines = 7 * (4 * 40 + 20)
    assert list(counts)[:2] == ["基隆", "臺北"]
    assert (counts[AREA].approved, counts[AREA].seated, counts[AREA].unseated) == (2, 1, 1)
    assert (counts[AREA].machines, counts[AREA].free) == (machines, machines - 1)
    assert (queries.count_seated(exam_round.id, AREA), queries.count_unseated(exam_round.id, AREA)) == (1, 1)


@pytest.mark.usefixtures("venues")
def test_room_lists_name_each_seat_with_a_constant_number_of_queries(count_queries) -> None:
    for dialect in (Dialect.SIXIAN, Dialect.HAILU):
        for _ in range(3):
            make_approved(dialect=dialect)
    seat_everybody()
    db.session.expire_all()

    with count_queries() as sent:
        lists = queries.list_room_lists(get_round(NATIONAL_1).id, AREA)
        lines = [
            (
                each.slot.number,
                each.room.name,
                seat.number,
                seat.ticket.number,
                seat.registration.chinese_name,
                each.room.venue.name,
            )
            for each in lists
            for seat in each.seats
        ]

    assert len(lists) == 2
    assert [line[2] for line in lines] == [1, 2, 3, 1, 2, 3]
    assert len(sent) <= 4
