from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core.actors import SYSTEM
from app.core.db import db
from app.core.errors import NotFound
from app.registration import queries
from app.registration.services import approve_registrations
from tests.factories.accounts import make_account
from tests.factories.registrations import (
    FREE,
    NATIONAL_2,
    make_candidate,
    make_draft,
    make_paid,
    make_submitted,
)


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> None:
    """Every test here works on the database."""


def test_somebody_elses_registration_is_not_found() -> None:
    registration = make_draft()

    with pytest.raises(NotFound):
        queries.get_registration(registration.public_id, make_account().id)


def test_only_complete_registrations_wait_for_review() -> None:
    make_draft()
    make_submitted()
    free = make_submitted(candidate=make_candidate(birth_on=FREE))
    paid = make_paid(round_code=NATIONAL_2)
    approve_registrations([make_paid().public_id], actor=SYSTEM)

    assert [each.id for each in queries.list_for_review()] == [free.id, paid.id]
    assert queries.count_waiting_review() == 2
    assert [each.id for each in queries.list_for_review(paid.round_id)] == [paid.id]
    assert queries.count_waiting_review(paid.round_id) == 1


def test_the_review_list_does_not_ask_for_each_registration(count_queries: Callable[[], Any]) -> None:
    for _ in range(12):
        make_paid()
    db.session.expire_all()

    with count_queries() as sent:
        shown = [
            (each.exam_round.name, each.offering.area, each.is_complete) for each in queries.list_for_review()
        ]

    assert len(shown) == 12
    assert len(sent) <= 2
