import pytest
from flask import Flask

from app.core.errors import NotFound
from app.registration import queries
from tests.factories.accounts import make_account
from tests.factories.registrations import (
    make_draft,
)


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> None:
    """Every test here works on the database."""


def test_somebody_elses_registration_is_not_found() -> None:
    registration = make_draft()

    with pytest.raises(NotFound):
        queries.get_registration(registration.public_id, make_account().id)
