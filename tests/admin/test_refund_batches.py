"""Many refund cases at once: each stands for itself, and what cannot be done is named (case 25)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.accounts.models import Account
from app.core.db import db
from app.payments.models import RefundCase
from app.payments.refunds.states import RefundState
from tests.admin.test_refunds import DESK, PAYEE
from tests.client import CheckingClient
from tests.factories.accounts import make_staff
from tests.factories.refunds import make_request
from tests.factories.registrations import make_paid
from tests.mailbox import Mailbox

CONFIRMED = {"step": "confirmed"}


@pytest.fixture
def cases(client: CheckingClient, staff: Account) -> list[RefundCase]:
    """Three applications; the envelopes of the first two have come."""
    made = [make_request(make_paid()) for _ in range(3)]
    for case in made[:2]:
        client.send(
            f"{DESK}{case.public_id}/application", {**PAYEE, "postmarked_on": "112/5/1", "paper_proof": "y"}
        )
    return made


def picked(cases: list[RefundCase]) -> dict[str, list[str]]:
    return {"picked": [case.public_id for case in cases]}


def states(cases: list[RefundCase]) -> list[RefundState]:
    db.session.expire_all()
    return [case.state for case in cases]


def test_case_25_what_can_be_done_is_done_and_the_rest_says_why(
    client: CheckingClient, cases: list[RefundCase]
) -> None:
    page = client.send(f"{DESK}picked/propose", picked(cases) | CONFIRMED, status=200)

    assert states(cases) == [RefundState.PROPOSED, RefundState.PROPOSED, RefundState.WAITING]
    assert cases[2].number in page.get_text()
    assert "郵戳" in page.get_text()
    assert cases[0].number not in page.select_one("table").get_text()


def test_pressing_again_does_the_rest_and_nothing_twice(
    client: CheckingClient, cases: list[RefundCase]
) -> None:
    client.send(f"{DESK}picked/propose", picked(cases) | CONFIRMED, status=200)
    client.send(
        f"{DESK}{cases[2].public_id}/application", {**PAYEE, "postmarked_on": "112/5/1", "paper_proof": "y"}
    )

    client.send(f"{DESK}picked/propose", picked(cases[2:]) | CONFIRMED)

    assert states(cases) == [RefundState.PROPOSED] * 3


def test_nothing_is_done_before_it_is_confirmed(client: CheckingClient, cases: list[RefundCase]) -> None:
    page = client.send(f"{DESK}picked/propose", picked(cases[:2]), status=200)

    assert states(cases) == [RefundState.WAITING] * 3
    text = page.get_text()
    assert all(case.number in text for case in cases[:2])
    assert "NT$384" in text


@pytest.mark.requirement("R108")
def test_many_are_granted_by_somebody_else(
    client: CheckingClient,
    cases: list[RefundCase],
    sign_in: Callable[[Account], None],
    mailbox: Mailbox,
) -> None:
    client.send(f"{DESK}picked/propose", picked(cases[:2]) | CONFIRMED)
    client.send(f"{DESK}picked/grant", picked(cases[:2]) | CONFIRMED, status=200)
    assert states(cases[:2]) == [RefundState.PROPOSED] * 2

    sign_in(make_staff(email="finance@example.tw"))
    client.send(f"{DESK}picked/grant", picked(cases[:2]) | CONFIRMED)

    assert states(cases[:2]) == [RefundState.GRANTED] * 2
    assert [mail.subject.partition("：")[0] for mail in mailbox.all()[-2:]] == ["退費已核准"] * 2


def test_nobody_chosen_is_said(client: CheckingClient, cases: list[RefundCase]) -> None:
    page = client.send(f"{DESK}picked/propose", CONFIRMED)

    assert "還沒有勾選任何案件" in page.get_text()


def test_money_of_a_bank_transfer_cannot_go_back_the_way_it_came(
    client: CheckingClient, cases: list[RefundCase], sign_in: Callable[[Account], None]
) -> None:
    client.send(f"{DESK}picked/propose", picked(cases[:1]) | CONFIRMED)
    sign_in(make_staff(email="finance@example.tw"))
    client.send(f"{DESK}picked/grant", picked(cases[:1]) | CONFIRMED)

    page = client.send(f"{DESK}picked/repay", picked(cases[:1]) | CONFIRMED, status=200)

    assert "請改寄郵政匯票" in page.get_text()
    assert states(cases[:1]) == [RefundState.GRANTED]


def test_a_long_list_asks_the_database_no_more_than_a_short_one(
    client: CheckingClient, staff: Account, count_queries: Callable[[], Any]
) -> None:
    make_request(make_paid())
    with count_queries() as few:
        client.page(DESK)
    for _ in range(4):
        make_request(make_paid())
    with count_queries() as many:
        client.page(DESK)

    assert len(many) == len(few)
