"""Seeing people in full: how often, whatever the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.throttle import TooManyAttempts
from app.admin.services import unmask_registration
from app.core.actors import Actor, ActorKind
from app.core.audit import AuditEntry
from app.core.db import db
from app.extensions import limiter
from tests.factories.registrations import make_draft

OFFICE, OTHER = (Actor(ActorKind.STAFF, number, "192.0.2.9", "test") for number in (901, 902))


@pytest.fixture
def limited(live_app: Flask) -> Iterator[Flask]:
    """An app of its own in which limits count, as they do outside the tests."""
    live_app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(live_app)
    yield live_app
    limiter.reset()
    limiter.enabled = False


def test_one_member_of_the_staff_sees_at_most_60_people_in_full_in_an_hour(limited: Flask) -> None:
    with limited.app_context():
        registration = make_draft()
        for _ in range(60):
            unmask_registration(registration.public_id, reason="call", actor=OFFICE)

        with pytest.raises(TooManyAttempts):
            unmask_registration(registration.public_id, reason="call", actor=OFFICE)
        unmask_registration(registration.public_id, reason="call", actor=OTHER)

        looks = sa.select(sa.func.count()).where(AuditEntry.action == "registration.unmask")
        assert db.session.scalar(looks) == 61
