"""A machine failed: another session, another day, or the right to sit until next year."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from app.core.errors import IllegalTransition, Refused
from app.examday import queries, services
from app.examday.states import IncidentKind
from app.exams.choices import Dialect
from app.exams.queries import get_round
from app.groups.queries import fee_totals
from app.groups.services import add_member, submit_group
from app.registration import services as registrations
from app.registration.contact import IdentityChange
from app.registration.fees import fee_of
from app.results import queries as results
from app.tickets.content import ticket_content
from app.tickets.services import SeatTaken, assign_round, move_seat
from tests.conftest import taipei
from tests.factories.examday import (
    AFTER_SESSION,
    BELL,
    NATIONAL_113,
    check_in,
    make_next_year,
    record,
    seat_of,
)
from tests.factories.groups import fill, make_group
from tests.factories.registrations import NATIONAL_1, make_candidate, make_paid, make_submitted
from tests.factories.results import make_seated, set_marks
from tests.factories.seating import AREA, make_approved
from tests.mailbox import Mailbox

At = Callable[[str], None]
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.requirement("R175")]


def test_a_later_session_of_the_day_is_a_new_version_of_the_ticket_and_a_letter(
    at: At, mailbox: Mailbox
) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    check_in(candidate)
    report = record(candidate, IncidentKind.MACHINE)
    at(AFTER_SESSION)
    slot, room, free = queries.list_free_places(seat_of(candidate), clock.now())[0]

    services.assign_resit(report.public_id, slot.id, room.id, actor=SYSTEM)

    seat = seat_of(candidate)
    assert (seat.slot_id, seat.room_id, seat.ticket.version) == (slot.id, room.id, 2)
    assert free == room.capacity
    assert "10:00" in ticket_content(seat, base_url="").entry_time
    assert "補考" in mailbox.last().subject
    assert "10:00" in mailbox.last().text
    assert queries.find_attendance(seat) is None


def test_another_day_is_opened_for_it_and_stands_on_the_ticket(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    report = record(candidate, IncidentKind.MACHINE)

    services.assign_resit_at(report.public_id, taipei("2023-09-09 14:00"), actor=SYSTEM)

    seat = seat_of(candidate)
    content = ticket_content(seat, base_url="")
    assert content.test_date == "112 年 9 月 9 日（六）"
    assert (content.entry_time, content.slot) == ("14:00", "第 8 場")


def test_a_session_that_has_begun_is_refused_and_nothing_is_arranged_twice(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    report = record(candidate, IncidentKind.MACHINE)

    with pytest.raises(Refused, match="已經開始入場"):
        services.assign_resit_at(report.public_id, taipei(BELL), actor=SYSTEM)
    services.carry_over(report.public_id, actor=SYSTEM)
    with pytest.raises(IllegalTransition, match="已經安排過"):
        services.assign_resit_at(report.public_id, taipei("2023-09-09 14:00"), actor=SYSTEM)
    with pytest.raises(Refused, match="不能撤銷"):
        services.withdraw_incident(report.public_id, reason="…", actor=SYSTEM)


def test_a_broken_rule_is_no_reason_to_sit_again(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    report = record(candidate, code="M1")

    with pytest.raises(IllegalTransition, match="不是設備故障"):
        services.carry_over(report.public_id, actor=SYSTEM)


def test_a_room_of_another_dialect_and_a_full_room_are_no_places(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    report = record(candidate, IncidentKind.MACHINE)
    places = queries.list_free_places(seat_of(candidate), clock.now())
    slot, room, _ = places[0]
    at("2023-05-01 09:00")
    other = make_approved(dialect=Dialect.HAILU)
    assign_round(NATIONAL_1, AREA, actor=SYSTEM)
    at(BELL)
    move_seat(seat_of(other), slot, room, actor=SYSTEM)

    rest = queries.list_free_places(seat_of(candidate), clock.now())

    assert (slot.id, room.id) not in {(each.id, its_room.id) for each, its_room, _ in rest}
    room.capacity = 1
    db.session.flush()
    with pytest.raises(SeatTaken, match="沒有空機"):
        services.assign_resit(report.public_id, slot.id, room.id, actor=SYSTEM)


def test_who_keeps_the_right_until_next_year_has_no_result_and_is_missed_by_nobody(
    at: At, mailbox: Mailbox
) -> None:
    _, candidate = make_seated("徐玉蘭", "黃信雄")
    set_marks()
    at(BELL)
    report = record(candidate, IncidentKind.MACHINE)

    services.carry_over(report.public_id, actor=SYSTEM)

    [area] = results.area_scores(get_round(NATIONAL_1))
    assert area.seated == 1
    assert "保留到 113 年度" in mailbox.last().text


def test_next_year_the_same_person_registers_without_a_fee_whatever_the_account(at: At) -> None:
    paid = make_paid()
    registrations.grant_carry_over(paid, actor=SYSTEM)
    make_next_year()
    at("2024-05-01 09:00")

    again = make_submitted(candidate=make_candidate(id_number=paid.id_number), round_code=NATIONAL_113)

    assert (again.fee_twd, again.order, again.is_complete) == (0, None, True)
    assert str(fee_of(again).reason) == "免繳報名費：全國認證第一梯次保留的應試資格"
    assert fee_of(again).clause == "拾肆、三"


def test_the_right_is_used_once_and_comes_back_with_a_cancelled_registration(at: At) -> None:
    paid = make_paid()
    right = registrations.grant_carry_over(paid, actor=SYSTEM)
    make_next_year()
    at("2024-05-01 09:00")
    person = make_candidate(id_number=paid.id_number)
    first = make_submitted(candidate=person, round_code=NATIONAL_113)
    assert right.used_by is first

    registrations.cancel_registration(first.public_id, first.account_id, actor=SYSTEM)
    second = make_submitted(candidate=person, round_code=NATIONAL_113)

    assert (second.fee_twd, right.used_by) == (0, second)


def test_this_year_and_for_anybody_else_the_fee_is_due(at: At) -> None:
    paid = make_paid()
    registrations.grant_carry_over(paid, actor=SYSTEM)
    make_next_year()
    at("2024-05-01 09:00")

    assert make_submitted(round_code=NATIONAL_113).fee_twd == 250
    assert fee_of(paid).amount_twd == 250


def test_a_corrected_number_keeps_the_right(at: At) -> None:
    paid = make_paid()
    registrations.grant_carry_over(paid, actor=SYSTEM)
    new = make_candidate().identity
    registrations.amend_identity(
        paid.public_id,
        IdentityChange(identity=new),
        reason="核對身分證影本",
        office_error=False,
        actor=SYSTEM,
    )
    make_next_year()
    at("2024-05-01 09:00")

    assert make_submitted(candidate=make_candidate(id_number=new.value), round_code=NATIONAL_113).fee_twd == 0


def test_a_member_of_a_group_uses_it_too_and_the_bill_says_so(
    at: At,
) -> None:
    paid = make_paid()
    right = registrations.grant_carry_over(paid, actor=SYSTEM)
    make_next_year()
    at("2024-05-01 09:00")
    group = fill(make_group(round_code=NATIONAL_113, area="苗栗"), paying=3)
    member = make_candidate(id_number=paid.id_number)
    add_member(group.public_id, group.account_id, member, actor=SYSTEM)

    total = fee_totals([group])[group.id]

    assert (total.paying_count, total.free_count, total.carried_count, total.amount_twd) == (3, 1, 1, 750)

    submitted = submit_group(group.public_id, group.account_id, actor=SYSTEM)
    assert [(line.title, line.quantity, line.unit_twd) for line in submitted.order.lines] == [
        ("報名費（民國94年9月1日以前出生）", 3, 250),
        ("免繳報名費（保留應試資格）", 1, 0),
    ]
    assert right.used_by is not None
