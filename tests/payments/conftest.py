from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.core.actors import Actor, ActorKind
from tests.databases import TestDatabases
from tests.factories.accounts import make_staff
from tests.payments.street import Street, open_street


@pytest.fixture
def street(databases: TestDatabases, template: str, tmp_path: Path) -> Iterator[Street]:
    with open_street(databases, template, tmp_path) as opened:
        yield opened


@pytest.fixture
def clerk(app: Flask) -> Actor:
    """One of two members of staff, because nobody decides on an own proposal."""
    return Actor(ActorKind.STAFF, make_staff().id)


@pytest.fixture
def decider(app: Flask) -> Actor:
    return Actor(ActorKind.STAFF, make_staff().id)
