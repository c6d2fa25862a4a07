"""A portal on a database of its own: a temporary SQLite file, or one on the server of TEST_DATABASE_URL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from alembic import command
from flask import Flask

from app import create_app
from app.cli import alembic_config
from app.config import ROOT, Settings, new_keys
from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from app.exams.brochure import read_brochure
from app.exams.services import load_brochure
from app.tickets.services import load_venues
from app.tickets.venues_file import read_venues
from tests.databases import TestDatabases

IN_REGISTRATION_PERIOD = datetime(2023, 5, 1, 9, 0, tzinfo=clock.TAIPEI)
ROUND, AREA = "nat-112-01", "臺北"


@contextmanager
def fresh_portal(**settings: str) -> Iterator[Flask]:
    """Open an app context on a migrated database with the 112 brochure and its venues, on 112-05-01 09:00.

    :param settings: beside those of every benchmark
    """
    with tempfile.TemporaryDirectory() as folder, clock.fixed(IN_REGISTRATION_PERIOD):
        databases = TestDatabases(Path(folder))
        app = create_app(_settings(folder, databases.create("bench"), settings))
        with app.app_context():
            command.upgrade(alembic_config(), "head")
            brochure, facts = read_brochure(_data("brochure_112.json"))
            load_brochure(brochure, facts, actor=SYSTEM)
            load_venues(read_venues(_data("venues_112.json")), actor=SYSTEM)
            yield app
            db.session.close()
            db.engine.dispose()
        databases.drop("bench")


def _settings(folder: str, database_url: str, more: dict[str, str]) -> Settings:
    environment = {
        "PORTAL_MODE": "test",
        "PORTAL_BASE_URL": "https://hakka.example.tw",
        "PORTAL_INSTANCE": folder,
        "DATABASE_URL": database_url,
        "JOBS_URL": "immediate:",
    }
    return Settings.from_environment(environment | new_keys() | more)


def _data(name: str) -> str:
    return (ROOT / "data" / name).read_text(encoding="utf-8")
