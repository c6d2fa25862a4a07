"""Two members of staff, because nobody decides on an own proposal."""

from __future__ import annotations

import pytest
from flask import Flask

from app.core.actors import Actor, ActorKind
from tests.factories.accounts import make_staff


@pytest.fixture
def clerk(app: Flask) -> Actor:
    return Actor(ActorKind.STAFF, make_staff().id)


@pytest.fixture
def decider(app: Flask) -> Actor:
    return Actor(ActorKind.STAFF, make_staff().id)
