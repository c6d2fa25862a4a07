import pytest
from flask import Flask

from app.core.actors import SYSTEM
from app.core.errors import IllegalTransition, NotFound, Refused
from app.registration import queries
from app.registration.services import approve_registrations, return_registration
from app.registration.states import ReviewState
from tests.factories.registrations import FREE, make_candidate, make_paid, make_submitted
from tests.mailbox import Mailbox


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> None:
    """Every test here works on the database."""


@pytest.mark.requirement("R213")
def test_complete_registrations_are_approved_in_one_go() -> None:
    ready = [make_paid(), make_submitted(candidate=make_candidate(birth_on=FREE))]
    public_ids = [each.public_id for each in ready]

    assert approve_registrations(public_ids, actor=SYSTEM) == 2
    assert approve_registrations(public_ids, actor=SYSTEM) == 0
    assert {each.review_state for each in ready} == {ReviewState.APPROVED}


def test_one_unpaid_registration_stops_the_whole_batch() -> None:
    paid, unpaid = make_paid(), make_submitted()

    with pytest.raises(Refused):
        approve_registrations([paid.public_id, unpaid.public_id], actor=SYSTEM)

    assert queries.get_registration(paid.public_id, paid.account_id).review_state == ReviewState.PENDING


def test_an_unknown_registration_stops_the_whole_batch() -> None:
    with pytest.raises(NotFound):
        approve_registrations([make_paid().public_id, "nobody"], actor=SYSTEM)


@pytest.mark.requirement("R213", "S003")
def test_a_returned_registration_tells_all_that_is_missing(mailbox: Mailbox) -> None:
    registration = make_paid()

    return_registration(registration.public_id, ["姓名與證件不同", "請補身心障礙證明"], actor=SYSTEM)

    assert registration.review_state == ReviewState.RETURNED
    assert "・姓名與證件不同\n・請補身心障礙證明" in mailbox.last().text


def test_an_approved_registration_is_not_returned() -> None:
    registration = make_paid()
    approve_registrations([registration.public_id], actor=SYSTEM)

    with pytest.raises(IllegalTransition):
        return_registration(registration.public_id, ["姓名與證件不同"], actor=SYSTEM)


def test_a_returned_registration_can_be_approved_after_all() -> None:
    registration = make_paid()
    return_registration(registration.public_id, ["姓名與證件不同"], actor=SYSTEM)

    assert approve_registrations([registration.public_id], actor=SYSTEM) == 1
