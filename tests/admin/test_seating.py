"""The seating desk: how far each area is, giving seats, and the room lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.exams.choices import Dialect
from app.registration.arrangement_rules import ArrangementState
from app.registration.services import decide_arrangement
from app.tickets.content import ticket_content
from app.tickets.models import Seat, Slot, Ticket, Venue
from app.tickets.queries import find_valid_seat
from tests.client import CheckingClient
from tests.factories.seating import load_example_venues, make_approved

pytestmark = pytest.mark.usefixtures("staff")
DESK = "/admin/seating/?round=nat-112-01"
ASSIGN = "/admin/seating/nat-112-01/assign"


def count_seats() -> int:
    return db.session.scalars(sa.select(sa.func.count(Seat.id))).one()


def cells_of(page: Any, area: str) -> list[str]:
    row = page.find("th", string=area).find_parent("tr")
    return [cell.get_text(" ", strip=True) for cell in row.find_all("td")]


def test_each_area_with_candidates_stands_there_with_its_numbers(client: CheckingClient) -> None:
    load_example_venues()
    make_approved(area="苗栗")
    make_approved(area="苗栗")
    make_approved(area="桃園")

    page = client.page(DESK)

    assert "有 3 位考生等候排座" in page.select_one(".answer").get_text()
    assert cells_of(page, "苗栗")[:3] == ["2", "0", "2"]
    assert cells_of(page, "桃園")[:3] == ["1", "0", "1"]
    assert page.find("th", string="臺北") is None


def test_without_a_choice_the_round_that_is_tested_next_is_shown(
    client: CheckingClient, at: Callable[[str], None]
) -> None:
    at("2023-09-03 09:00")

    page = client.page("/admin/seating/")

    assert page.select_one(".chip[aria-current]").get_text(strip=True) == "全國認證第二梯次"


def test_a_round_with_people_waiting_is_shown_before_one_that_is_tested_earlier(
    client: CheckingClient,
) -> None:
    make_approved(area="苗栗")  # in the first national round; multi rounds are tested before

    page = client.page("/admin/seating/")

    assert page.select_one(".chip[aria-current]").get_text(strip=True) == "全國認證第一梯次"
    assert "1 位考生等候排座" in page.select_one(".answer").get_text()


def test_seats_are_given_after_one_more_question(client: CheckingClient) -> None:
    load_example_venues()
    make_approved(area="苗栗")
    make_approved(area="桃園")

    question = client.page(f"{ASSIGN}?area=苗栗")

    assert question.h1.get_text() == "要為 1 位考生排座位嗎？"
    assert count_seats() == 0

    page = client.send(ASSIGN, {"area": "苗栗"})

    assert "排好 1 個座位：苗栗 1。" in page.select_one(".notice-done").get_text()
    assert count_seats() == 1


def test_the_whole_round_is_seated_at_once_and_twice_changes_nothing(client: CheckingClient) -> None:
    load_example_venues()
    make_approved(area="苗栗")
    make_approved(area="桃園")

    client.send(ASSIGN, {})
    page = client.send(ASSIGN, {})

    assert count_seats() == 2
    assert "沒有等候排座的考生" in page.select_one(".notice").get_text()
    assert "的 2 位考生都有座位了" in page.select_one(".answer").get_text()


def test_an_area_without_machines_does_not_keep_the_others_from_their_seats(
    client: CheckingClient,
) -> None:
    load_example_venues()
    with transaction() as session:
        in_miaoli = sa.select(Venue.id).where(Venue.area == "苗栗")
        session.execute(sa.delete(Slot).where(Slot.venue_id.in_(in_miaoli)))
    make_approved(area="苗栗")
    make_approved(area="桃園")

    page = client.send(ASSIGN, {})

    assert count_seats() == 1
    assert "苗栗考區：還少 1 個座位" in page.select_one(".notice-overdue").get_text()
    assert "排好 1 個座位：桃園 1。" in page.select_one(".notice-done").get_text()
    assert "座位不夠" in cells_of(page, "苗栗")


@pytest.mark.requirement("R185", "R253")
def test_room_list_and_ticket_name_the_arrangement_and_never_the_reason(client: CheckingClient) -> None:
    load_example_venues()
    registration = make_approved(name="徐玉蘭", accommodation="左耳重度聽損")
    decide_arrangement(
        registration.public_id,
        ArrangementState.PARTLY,
        provided="可使用助聽器",
        reply="試場無法調整音量",
        actor=SYSTEM,
    )
    client.send(ASSIGN, {})

    sheet = client.page("/admin/seating/nat-112-01/苗栗").main.get_text()
    ticket = ticket_content(find_valid_seat(registration), base_url="https://hakka.example.tw")

    assert "可使用助聽器" in sheet
    assert ticket.arrangement == "可使用助聽器"
    assert not any(word in sheet for word in ("聽損", "音量"))


def test_a_room_list_names_everybody_in_the_room_and_is_on_record(client: CheckingClient) -> None:
    load_example_venues()
    make_approved(name="徐玉蘭", dialect=Dialect.SIXIAN)
    make_approved(name="黃信雄", dialect=Dialect.HAILU)
    client.send(ASSIGN, {})

    page = client.page("/admin/seating/nat-112-01/苗栗")

    sheets = {sheet.tbody.th.get_text(): sheet.get_text() for sheet in page.select(".room-sheet")}
    assert sheets.keys() == {"徐玉蘭", "黃信雄"}
    assert "腔調 四縣" in sheets["徐玉蘭"]
    for number in db.session.scalars(sa.select(Ticket.number)):
        assert number in "".join(sheets.values())
    looks = sa.select(AuditEntry.details).where(AuditEntry.action == "seating.view_rooms")
    assert list(db.session.scalars(looks)) == [{"area": "苗栗"}]


def test_an_area_without_seats_has_no_room_list_yet(client: CheckingClient) -> None:
    page = client.page("/admin/seating/nat-112-01/苗栗")

    assert page.select_one(".empty-line").get_text() == "這個考區還沒有排座位。"


def test_a_round_that_does_not_exist_is_not_found(client: CheckingClient) -> None:
    client.page("/admin/seating/nat-99-01/苗栗", status=404)


def test_the_number_of_queries_does_not_grow(
    client: CheckingClient, count_queries: Callable[[], Any]
) -> None:
    load_example_venues()
    make_approved(area="苗栗")
    client.page(DESK)
    with count_queries() as few:
        client.page(DESK)
    for area in ("桃園", "臺中", "高雄"):
        make_approved(area=area)

    with count_queries() as many:
        client.page(DESK)

    assert len(many) == len(few)


def test_the_number_of_queries_of_the_room_lists_does_not_grow(
    client: CheckingClient, count_queries: Callable[[], Any]
) -> None:
    load_example_venues()
    make_approved()
    client.send(ASSIGN, {})
    client.page("/admin/seating/nat-112-01/苗栗")
    with count_queries() as few:
        client.page("/admin/seating/nat-112-01/苗栗")
    make_approved(dialect=Dialect.HAILU)
    make_approved(dialect=Dialect.DAPU)
    client.send(ASSIGN, {})

    with count_queries() as many:
        client.page("/admin/seating/nat-112-01/苗栗")

    assert len(many) == len(few)
