"""Downloading tickets, as their owners and as others."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.db import db, transaction
from app.groups.models import Group
from app.groups.queries import list_members
from app.registration.models import Registration
from app.registration.states import CancelReason, FormState
from app.tickets.queries import find_valid_seat
from app.tickets.services import assign_round
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader, make_staff
from tests.factories.registrations import NATIONAL_1
from tests.factories.seating import AREA, load_example_venues, make_approved, make_approved_group

OPEN, ONE_SECOND_EARLY = "2023-08-11 09:00:00", "2023-08-11 08:59:59"

SignIn = Callable[[Account], None]
At = Callable[[str], None]


def address_of(subject: Registration | Group) -> str:
    if isinstance(subject, Group):
        return f"/groups/{subject.public_id}/tickets.pdf"
    return f"/registrations/{subject.public_id}/ticket.pdf"


def text_of(content: bytes, tmp_path: Path) -> str:
    file = tmp_path / "tickets.pdf"
    file.write_bytes(content)
    return subprocess.run(["pdftotext", str(file), "-"], check=True, capture_output=True, text=True).stdout


def account_of(registration: Registration) -> Account:
    return db.session.get_one(Account, registration.account_id)


@pytest.fixture
def candidate(app: Flask, sign_in: SignIn) -> Registration:
    """A signed-in candidate with a seat."""
    load_example_venues()
    registration = make_approved(name="黃𠊎堃")
    assign_round(NATIONAL_1, AREA, actor=SYSTEM)
    sign_in(account_of(registration))
    return registration


@pytest.mark.requirement("R131", "R133", "Q7", "R138")
def test_a_candidate_downloads_the_ticket_from_the_opening_second(
    client: CheckingClient, candidate: Registration, at: At, tmp_path: Path
) -> None:
    at(OPEN)

    response = client.get(address_of(candidate))

    text = text_of(response.data, tmp_path)
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    for word in ("黃𠊎堃", "112101060001", "112 年 9 月 2 日（六）", "09:10–09:40", "苗栗考區", "四縣腔"):
        assert word in text
    assert candidate.id_number not in text


def test_the_file_is_saved_under_a_name_that_tells_nothing_about_the_person(
    client: CheckingClient, candidate: Registration, at: At
) -> None:
    at(OPEN)

    headers = client.get(address_of(candidate)).headers

    assert headers["Content-Disposition"].startswith(
        'attachment; filename="ticket-nat-112-01.pdf"; filename*='
    )
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.requirement("R133", "Q7")
def test_one_second_before_the_page_says_when_it_opens_and_leads_back(
    client: CheckingClient, candidate: Registration, at: At
) -> None:
    at(ONE_SECOND_EARLY)

    page = client.page(address_of(candidate), status=409)

    assert page.h1.get_text(strip=True) == "准考證還不能下載"
    assert "准考證自 112 年 8 月 11 日（五）09:00 起開放下載" in page.get_text()
    assert page.find("a", href=f"/registrations/{candidate.public_id}")


def test_without_a_seat_the_page_says_so_once_tickets_are_open(
    client: CheckingClient, app: Flask, sign_in: SignIn, at: At
) -> None:
    registration = make_approved()
    sign_in(account_of(registration))
    at(OPEN)

    page = client.page(address_of(registration), status=409)

    assert "座位還沒排定" in page.get_text()


def test_somebody_elses_ticket_does_not_exist(
    client: CheckingClient, candidate: Registration, sign_in: SignIn, at: At
) -> None:
    sign_in(make_account())
    at(OPEN)

    client.page(address_of(candidate), status=404)


def test_without_signing_in_the_login_page_comes(client: CheckingClient, app: Flask, at: At) -> None:
    registration = make_approved()
    at(OPEN)

    response = client.get(address_of(registration))

    assert response.status_code == 303
    assert response.location.startswith("/login")


def test_staff_do_not_download_as_a_candidate(
    client: CheckingClient, candidate: Registration, sign_in: SignIn, at: At
) -> None:
    sign_in(make_staff())
    at(OPEN)

    client.page(address_of(candidate), status=403)


def test_a_cancelled_registration_has_no_ticket(
    client: CheckingClient, candidate: Registration, at: At
) -> None:
    cancel(candidate)
    at(OPEN)

    client.page(address_of(candidate), status=409)


def test_a_leader_downloads_all_tickets_of_the_group_in_one_file(
    client: CheckingClient, app: Flask, sign_in: SignIn, at: At, tmp_path: Path
) -> None:
    load_example_venues()
    leader = make_leader()
    group = make_approved_group(4, leader)
    assign_round(NATIONAL_1, AREA, actor=SYSTEM)
    sign_in(leader)
    at(OPEN)

    response = client.get(address_of(group))

    pages = text_of(response.data, tmp_path).rstrip("\f").split("\f")
    assert len(pages) == 4
    assert all(f"11210106000{serial}" in page for serial, page in enumerate(pages, start=1))


def test_a_member_who_has_left_is_not_in_the_file_of_the_group(
    client: CheckingClient, app: Flask, sign_in: SignIn, at: At, tmp_path: Path
) -> None:
    load_example_venues()
    leader = make_leader()
    group = make_approved_group(4, leader)
    assign_round(NATIONAL_1, AREA, actor=SYSTEM)
    cancel(list_members(group)[0])
    sign_in(leader)
    at(OPEN)

    text = text_of(client.get(address_of(group)).data, tmp_path)

    assert "112101060001" not in text
    assert "112101060002" in text


def test_another_leader_does_not_see_the_group(
    client: CheckingClient, app: Flask, sign_in: SignIn, at: At
) -> None:
    group = make_approved_group(4)
    sign_in(make_leader())
    at(OPEN)

    client.page(address_of(group), status=404)


def test_the_group_page_is_not_for_individual_accounts(
    client: CheckingClient, app: Flask, sign_in: SignIn, at: At
) -> None:
    group = make_approved_group(4)
    sign_in(make_account())
    at(OPEN)

    client.page(address_of(group), status=403)


def test_a_group_download_asks_the_database_as_often_for_many_as_for_few(
    client: CheckingClient, app: Flask, sign_in: SignIn, at: At, count_queries
) -> None:
    load_example_venues()
    leader = make_leader()
    small, large = make_approved_group(2, leader), make_approved_group(8, leader)
    assign_round(NATIONAL_1, AREA, actor=SYSTEM)
    sign_in(leader)
    at(OPEN)

    with count_queries() as for_two:
        client.get(address_of(small))
    with count_queries() as for_eight:
        client.get(address_of(large))

    assert len(for_two) == len(for_eight)


def cancel(registration: Registration) -> None:
    with transaction():
        registration.form_state = FormState.CANCELLED
        registration.cancel_reason = CancelReason.WITHDRAWN


@pytest.mark.requirement("R037")
def test_where_one_sits_is_told_by_the_ticket_and_not_before(
    client: CheckingClient, candidate: Registration, at: At, tmp_path: Path
) -> None:
    at(ONE_SECOND_EARLY)
    status = client.page(f"/registrations/{candidate.public_id}").get_text()
    refused = client.page(address_of(candidate), status=409).get_text()
    at(OPEN)
    ticket = text_of(client.get(address_of(candidate)).data, tmp_path)

    place = find_valid_seat(candidate)
    assert place is not None
    for told in (place.room.venue.name, place.room.name, place.ticket.number):
        assert told not in status + refused
        assert told in ticket
