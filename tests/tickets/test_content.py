"""What stands on a ticket, put into words from the rows."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.actors import SYSTEM
from app.core.db import transaction
from app.core.signing import signer
from app.exams.choices import Dialect
from app.tickets import queries
from app.tickets.content import ticket_content
from app.tickets.models import ExamRoom, Venue
from app.tickets.services import assign_round
from app.tickets.ticket_pdf import TicketContent
from tests.factories.registrations import NATIONAL_1
from tests.factories.seating import load_example_venues, make_approved


@pytest.fixture
def content(app: Flask) -> TicketContent:
    load_example_venues()
    registration = make_approved(name="尤瑪‧達陸", dialect=Dialect.ZHAOAN, area="臺北")
    assign_round(NATIONAL_1, "臺北", actor=SYSTEM)
    seat = queries.find_valid_seat(registration)
    assert seat is not None
    return ticket_content(seat, base_url="https://hakka.example.tw")


@pytest.mark.requirement("R050")
def test_a_ticket_says_who_sits_which_exam(content: TicketContent) -> None:
    assert content.exam_title == "112 年度客語能力基礎級暨初級認證"
    assert (content.round_name, content.levels) == ("全國認證第一梯次", "基礎級暨初級")
    assert (content.area, content.dialect) == ("臺北考區", "詔安腔")
    assert (content.name, content.birth_date) == ("尤瑪‧達陸", "民國 93 年 9 月 2 日")
    assert content.masked_id_number[:1] + content.masked_id_number[1:7] == "A******"


@pytest.mark.requirement("R047")
def test_a_ticket_says_when_and_where(content: TicketContent) -> None:
    assert content.test_date == "112 年 9 月 2 日（六）"
    assert (content.slot, content.entry_time, content.test_time) == ("第 1 場", "09:00", "09:10–09:40")
    # One person takes the smallest room of the area.
    assert (content.venue_name, content.exam_room, content.seat_number) == (
        "臺北第一示範試區",
        "第 05 試場",
        "1",
    )
    assert content.venue_address.startswith("臺北市")


def test_a_ticket_names_the_organiser_and_the_office(content: TicketContent) -> None:
    assert content.organiser == "客家委員會"
    assert content.office_name == "客語能力認證總試務中心"
    assert content.office_phones == ("(02) 7749-8207", "0809-090-040")


def test_the_code_carries_number_and_version_signed_and_nothing_about_the_person(
    content: TicketContent,
) -> None:
    address = urlsplit(content.verification_url)
    fields = parse_qs(address.query)

    assert (address.netloc, address.path) == ("hakka.example.tw", "/verify-document")
    assert set(fields) == {"d"}
    statement = signer().read(fields["d"][0])
    assert statement is not None
    assert (statement.kind, statement.number, statement.version) == ("T", "112101020001", 1)
    assert statement.claim == ""


@pytest.mark.requirement("R010")
def test_the_area_of_a_ticket_is_that_of_the_seat_and_not_the_one_chosen(app: Flask) -> None:
    load_example_venues()
    registration = make_approved(area="臺北")
    assign_round(NATIONAL_1, "臺北", actor=SYSTEM)
    seat = queries.find_valid_seat(registration)
    assert seat is not None
    with transaction() as session:
        taoyuan = sa.select(ExamRoom).join(Venue).where(Venue.area == "桃園").limit(1)
        seat.room = session.scalars(taoyuan).one()

    moved = ticket_content(seat, base_url="https://hakka.example.tw")

    assert (registration.offering.area, moved.area) == ("臺北", "桃園考區")
    assert moved.venue_name == seat.room.venue.name


@pytest.mark.requirement("R181")
def test_ticket_and_room_list_agree_on_slot_room_seat_and_number(app: Flask) -> None:
    load_example_venues()
    people = [make_approved(area="臺北", dialect=dialect) for dialect in (Dialect.SIXIAN, Dialect.HAILU)]
    people.append(make_approved(area="臺北"))
    assign_round(NATIONAL_1, "臺北", actor=SYSTEM)

    listed = {
        (f"第 {sheet.slot.number} 場", sheet.room.name, str(seat.number), seat.ticket.number)
        for sheet in queries.list_room_lists(people[0].round_id, "臺北")
        for seat in sheet.seats
    }
    seats = [queries.find_valid_seat(each) for each in people]
    printed = [ticket_content(seat, base_url="https://hakka.example.tw") for seat in seats if seat]

    assert {(each.slot, each.exam_room, each.seat_number, each.ticket_number) for each in printed} == listed
    assert len(listed) == 3
