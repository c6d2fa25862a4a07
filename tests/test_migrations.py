"""Migrations: one head, models and database agree, and every step goes forward and back with rows present."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from app.cli import alembic_config
from app.config import ROOT
from app.core import audit
from app.core.actors import SYSTEM
from app.core.db import Base, db, prepare_sqlite, transaction
from app.exams.brochure import read_brochure
from app.exams.services import load_brochure
from tests.conftest import make_app, make_settings
from tests.databases import TestDatabases
from tests.factories.accounts import make_account


@pytest.fixture
def empty_app(databases: TestDatabases, tmp_path: Path) -> Iterator[Flask]:
    app = make_app(make_settings(tmp_path, databases.create("migrations")))
    with app.app_context():
        yield app
        db.session.close()
        db.engine.dispose()
    databases.drop("migrations")


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_there_is_one_head(app: Flask) -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


def test_the_files_are_numbered_in_their_order(app: Flask) -> None:
    script = ScriptDirectory.from_config(alembic_config())

    revisions = [revision.revision for revision in script.walk_revisions()]

    assert revisions == [f"{n:04d}" for n in range(len(revisions), 0, -1)]


def test_models_and_migrated_database_agree(empty_app: Flask) -> None:
    command.upgrade(alembic_config(), "head")

    with db.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)

    assert differences == []


def test_every_step_goes_back_and_forward_again_with_rows_present(empty_app: Flask) -> None:
    config = alembic_config()
    command.upgrade(config, "head")
    text = (ROOT / "data" / "brochure_112.json").read_text(encoding="utf-8")
    load_brochure(*read_brochure(text), actor=SYSTEM)
    make_account()
    with transaction():
        audit.record("test.act", ("thing", "1"), SYSTEM)
    db.session.close()
    all_tables = tables()

    for revision in ScriptDirectory.from_config(config).walk_revisions():
        command.downgrade(config, revision.down_revision or "base")
        command.upgrade(config, revision.revision)
        command.downgrade(config, revision.down_revision or "base")

    assert tables() == set()
    command.upgrade(config, "head")
    assert tables() == all_tables


def test_sqlite_is_set_up_for_writers_that_wait(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    prepare_sqlite(engine)

    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10000
    engine.dispose()
