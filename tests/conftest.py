"""The harness: one migrated database with the 112 brochure per run, one rolled-back transaction per test."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask

from app import create_app
from app.accounts import sessions
from app.accounts.models import Account, SignInLevel
from app.cli import alembic_config
from app.config import ROOT, Settings, new_keys
from app.core import clock
from app.core.actors import SYSTEM, Actor, ActorKind
from app.core.db import db
from app.exams.brochure import read_brochure
from app.exams.services import load_brochure
from app.extensions import limiter
from tests.client import CheckingClient
from tests.databases import TestDatabases
from tests.mailbox import Mailbox

KEYS = new_keys()


def taipei(text: str) -> datetime:
    """Return an instant from ``2023-05-01 09:00`` in Taipei time."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.TAIPEI)


def make_settings(instance: Path, database_url: str, **changes: str) -> Settings:
    environment = {
        "PORTAL_MODE": "test",
        "PORTAL_BASE_URL": "http://localhost",
        "PORTAL_INSTANCE": str(instance),
        "DATABASE_URL": database_url,
        "JOBS_URL": "immediate:",
        **KEYS,
        **changes,
    }
    return Settings.from_environment(environment)


def make_app(settings: Settings) -> Flask:
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = CheckingClient
    app.teardown_appcontext(_refuse_dirty_session)
    return app


def _refuse_dirty_session(error: BaseException | None) -> None:
    session = db.session
    if error is None and (session.new or session.dirty or session.deleted):
        raise AssertionError("a request left changes outside a transaction()")


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> TestDatabases:
    return TestDatabases(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def template(databases: TestDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of the database that is copied: migrated, with the 112 brochure."""
    name = "template"
    app = make_app(make_settings(tmp_path_factory.mktemp("template"), databases.create(name)))
    with app.app_context():
        command.upgrade(alembic_config(), "head")
        brochure, facts = read_brochure((ROOT / "data" / "brochure_112.json").read_text(encoding="utf-8"))
        load_brochure(brochure, facts, actor=SYSTEM)
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.close()
        db.engine.dispose()
    yield name
    databases.drop(name)


@pytest.fixture(scope="session")
def portal(
    databases: TestDatabases, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The app of this run, on its own copy of the template."""
    app = make_app(
        make_settings(tmp_path_factory.mktemp("portal"), databases.create("portal", like=template))
    )
    yield app
    with app.app_context():
        db.engine.dispose()
    databases.drop("portal")


@pytest.fixture
def app(portal: Flask) -> Iterator[Flask]:
    """The app inside a transaction that is rolled back after the test; an app context is open."""
    # One limiter serves every app of the process: the last one made has the say, unless it is put right.
    limiter.enabled = portal.config["RATELIMIT_ENABLED"]
    with portal.app_context():
        connection = db.engine.connect()
        outer = connection.begin()
        db.sessionmaker.configure(bind=connection, binds={}, join_transaction_mode="create_savepoint")
        mail = portal.extensions["mail_transport"].folder
        for file in mail.glob("*"):
            file.unlink()
        try:
            yield portal
        finally:
            db.session.close()
            outer.rollback()
            connection.close()
            db.sessionmaker.configure(bind=db.engine)


@pytest.fixture
def live_app(databases: TestDatabases, template: str, tmp_path: Path) -> Iterator[Flask]:
    """An app on a database of its own with real commits: for races and for servers in other threads."""
    app = make_app(make_settings(tmp_path, databases.create("live", like=template)))
    yield app
    with app.app_context():
        db.engine.dispose()
    databases.drop("live")


@pytest.fixture
def client(app: Flask) -> CheckingClient:
    return app.test_client()


@pytest.fixture
def mailbox(app: Flask) -> Mailbox:
    """What was mailed in this test."""
    return Mailbox(app.extensions["mail_transport"].folder)


@pytest.fixture
def at() -> Iterator[Callable[[str], None]]:
    """Set the clock: ``at("2023-05-01 09:00")`` in Taipei time, until the next call or the end."""
    with contextlib.ExitStack() as stack:
        yield lambda text: stack.enter_context(clock.fixed(taipei(text)))


@pytest.fixture(autouse=True)
def in_registration_period() -> Iterator[None]:
    """Every test lives on 112-05-01 09:00, in the national registration period, unless it says otherwise."""
    with clock.fixed(taipei("2023-05-01 09:00")):
        yield


@pytest.fixture
def actor() -> Actor:
    return Actor(ActorKind.APPLICANT, None, "192.0.2.1", "test")


@pytest.fixture
def sign_in(client: CheckingClient) -> Callable[[Account], None]:
    """Sign an account in without its login page; staff with both factors."""

    def sign_in(account: Account) -> None:
        level = SignInLevel.SECOND_FACTOR if account.is_staff else SignInLevel.PASSWORD
        token = sessions.begin(account, level=level, browser="test", actor=SYSTEM)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True

    return sign_in


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], Any]:
    """``with count_queries() as queries: …`` then ``len(queries)``: the statements sent, savepoints aside."""

    @contextlib.contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if "SAVEPOINT" not in statement:
                statements.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)

    return counting
