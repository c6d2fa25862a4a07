"""Scores told by phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from app.accounts import sessions
from app.accounts.models import Account, SignInLevel
from app.core import clock
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.extensions import limiter
from app.registration.models import Registration
from tests.client import CheckingClient
from tests.conftest import taipei
from tests.factories.accounts import make_staff
from tests.factories.results import make_published, number_of

PAGE = "/admin/phone-scores/"
OPEN = "2023-11-17 09:00"


@pytest.fixture
def candidate(app: Any) -> Registration:
    [person] = make_published({"徐玉蘭": ("到考", 30, 30, 20, "")})
    return person


def said(candidate: Registration, **changes: str) -> dict[str, str]:
    right = {
        "exam_round": "nat-112-01",
        "ticket_number": number_of(candidate),
        "id_ending": candidate.id_number[-4:],
        "phone": "0912-345-678",
    }
    return {**right, **changes}


def attempts() -> list[dict[str, Any]]:
    query = sa.select(AuditEntry.details).where(AuditEntry.action == "results.tell_by_phone")
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def shows_score(page: BeautifulSoup) -> bool:
    return "可以告知" in page.main.get_text()


@pytest.mark.requirement("R154")
def test_a_caller_who_answers_right_hears_the_score(
    client: CheckingClient, staff: Account, candidate: Registration, at: Callable[[str], None]
) -> None:
    at(OPEN)

    page = client.send(PAGE, said(candidate))

    assert shows_score(page)
    assert "總分 80 分" in page.main.get_text()
    assert attempts() == [{"by": "ticket", "told": True}]


@pytest.mark.requirement("R154")
def test_name_and_birth_date_do_as_well(
    client: CheckingClient, staff: Account, candidate: Registration, at: Callable[[str], None]
) -> None:
    at(OPEN)
    named = {"ticket_number": "", "name": "徐玉蘭", "birth_on": candidate.birth_on.isoformat()}

    assert shows_score(client.send(PAGE, said(candidate, **named)))
    assert attempts() == [{"by": "name", "told": True}]


@pytest.mark.requirement("R154")
def test_unknown_and_wrong_get_the_same_answer_and_are_on_record(
    client: CheckingClient, staff: Account, candidate: Registration, at: Callable[[str], None]
) -> None:
    at(OPEN)
    wrong = [
        {"ticket_number": "112101029999"},
        {"id_ending": "0000" if candidate.id_number[-4:] != "0000" else "1111"},
        {"phone": "0912345679"},
    ]

    pages = [client.send(PAGE, said(candidate, **change), status=409) for change in wrong]

    assert len({page.select_one(".error-summary").get_text() for page in pages}) == 1
    assert not any(shows_score(page) for page in pages)
    assert not any(candidate.mobile in page.get_text() for page in pages)
    assert attempts() == [{"by": "ticket", "told": False}] * 3


@pytest.mark.requirement("R154")
def test_nothing_is_told_before_the_scores_are_out(
    client: CheckingClient, staff: Account, candidate: Registration, at: Callable[[str], None]
) -> None:
    at("2023-11-17 08:59")

    page = client.send(PAGE, said(candidate), status=422)

    assert not shows_score(page)
    assert "請選擇認證梯次" in page.main.get_text()


def test_without_any_name_it_is_asked_for(
    client: CheckingClient, staff: Account, candidate: Registration, at: Callable[[str], None]
) -> None:
    at(OPEN)

    page = client.send(PAGE, said(candidate, ticket_number=""), status=422)

    assert "請填姓名和出生日期" in page.find(id="ticket_number-error").get_text()


@pytest.mark.requirement("R154")
def test_after_five_attempts_at_one_person_the_right_answer_waits_too(live_app: Flask) -> None:
    live_app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(live_app)
    client = live_app.test_client()
    with live_app.app_context():
        [candidate] = make_published({"徐玉蘭": ("到考", 30, 30, 20, "")})
        right = said(candidate)
        token = sessions.begin(make_staff(), level=SignInLevel.SECOND_FACTOR, browser="test", actor=SYSTEM)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True

    with clock.fixed(taipei(OPEN)):
        wrong = [client.post(PAGE, data={**right, "phone": "0912345679"}).status_code for _ in range(5)]
        answer = client.post(PAGE, data=right)

    limiter.reset()
    limiter.enabled = False
    assert wrong == [409] * 5
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "可以告知" not in answer.get_data(as_text=True)
