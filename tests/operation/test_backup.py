"""Backup and restore: what comes back is the same portal."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import mail
from app.core.crypto import Keyring
from app.core.db import db, transaction
from app.operation import archive, backup
from app.operation.archive import BackupError
from app.registration.models import Registration
from tests.factories.registrations import make_paid, make_submitted


def everything() -> dict[str, list[Any]]:
    """Return all rows of all tables, the audit log aside: backup and restore write into it themselves."""
    connection = db.session.connection()
    tables = sa.MetaData()
    tables.reflect(connection)
    rows = {
        table.name: sorted(map(repr, connection.execute(sa.select(table))))
        for table in tables.sorted_tables
        if table.name != "audit_log"
    }
    db.session.rollback()
    return rows


def files(instance: Path) -> dict[str, bytes]:
    kept = [path for path in archive.list_instance_files(instance) if not path.name.endswith(".sqlite")]
    return {str(path): (instance / path).read_bytes() for path in kept}


@pytest.fixture
def instance(live_app: Flask) -> Path:
    return Path(live_app.extensions["settings"].instance)


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("outside")


@pytest.fixture
def lived_in(live_app: Flask, instance: Path) -> Flask:
    """A portal with a paid candidate, a mail in its folder and the keys beside it."""
    with live_app.app_context():
        make_paid()
        with transaction():
            mail.send_later("yu@example.tw", "通知", "您好")
    (instance / "keys.json").write_text("secret keys")
    return live_app


def go_on(instance: Path) -> None:
    """Let the portal live on after its backup: more rows, other rows, files come and gone."""
    make_submitted()
    with transaction() as session:
        session.execute(sa.update(Registration).values(county="新竹縣"))
    for file in (instance / "mail").iterdir():
        file.unlink()
    (instance / "mail" / "later.eml").write_bytes(b"later")


def test_a_restore_gives_the_same_portal(lived_in: Flask, instance: Path, outside: Path) -> None:
    with lived_in.app_context():
        file = backup.make_backup(outside / "backups")
        rows, kept = everything(), files(instance)
        go_on(instance)
        assert everything() != rows

        restored = backup.restore_backup(file, outside / "before")

        assert everything() == rows
        assert files(instance) == kept
        candidate = db.session.scalars(sa.select(Registration)).one()
        assert (candidate.chinese_name, candidate.mobile) == ("徐玉蘭", "0912345678")
        assert sum(restored.manifest.rows.values()) > len(rows)


def test_what_stood_there_before_a_restore_can_be_had_back(
    lived_in: Flask, instance: Path, outside: Path
) -> None:
    with lived_in.app_context():
        file = backup.make_backup(outside / "backups")
        go_on(instance)
        rows, kept = everything(), files(instance)

        first = backup.restore_backup(file, outside / "before")
        backup.restore_backup(first.before, outside / "later")

        assert everything() == rows
        assert files(instance) == kept


def test_a_restore_fills_an_empty_machine(
    lived_in: Flask,
    outside: Path,
    databases: Any,
    new_portal: Callable[[str], Flask],
) -> None:
    with lived_in.app_context():
        file = backup.make_backup(outside / "backups")
        rows = everything()

    elsewhere = new_portal("elsewhere")
    with elsewhere.app_context():
        restored = backup.restore_backup(file, outside / "before")

        assert everything() == rows
        assert restored.before is None


@pytest.fixture
def new_portal(databases: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Make apps on empty databases: ``new_portal("elsewhere")``."""
    from tests.conftest import make_app, make_settings

    made: list[tuple[str, Flask]] = []

    def make(name: str) -> Flask:
        app = make_app(make_settings(tmp_path_factory.mktemp(name), databases.create(name)))
        made.append((name, app))
        return app

    yield make
    for name, app in made:
        with app.app_context():
            db.session.close()
            db.engine.dispose()
        databases.drop(name)


def test_a_backup_holds_no_keys_and_is_its_owners_alone(lived_in: Flask, outside: Path) -> None:
    with lived_in.app_context():
        file = backup.make_backup(outside)

    with tarfile.open(file) as opened:
        names = opened.getnames()
    assert "instance/keys.json" not in names
    assert any(name.startswith("instance/mail/") for name in names)
    assert os.stat(file).st_mode & 0o077 == 0


def test_a_backup_of_backups_does_not_grow(lived_in: Flask, instance: Path, outside: Path) -> None:
    with lived_in.app_context():
        backup.make_backup(backup.default_folder(instance))
        file = backup.make_backup(outside)

    with tarfile.open(file) as opened:
        assert [name for name in opened.getnames() if "backups" in name] == []
    assert backup.newest_backup(instance) is not None


@pytest.mark.parametrize("spoil", ["cut", "garbage", "foreign"])
def test_a_spoilt_backup_is_refused_before_anything_is_touched(
    lived_in: Flask, outside: Path, spoil: str
) -> None:
    with lived_in.app_context():
        file = backup.make_backup(outside)
        rows = everything()
        content = file.read_bytes()
        if spoil == "cut":
            file.write_bytes(content[: len(content) // 2])
        elif spoil == "garbage":
            file.write_bytes(b"no archive at all")
        else:
            with tarfile.open(file, "w:gz") as other:
                other.add(__file__, arcname="manifest.json")

        with pytest.raises(BackupError, match="no complete backup"):
            backup.restore_backup(file, outside / "before")

        assert everything() == rows


def test_a_folder_that_would_be_part_of_the_backup_is_refused(lived_in: Flask, instance: Path) -> None:
    with lived_in.app_context(), pytest.raises(BackupError, match="lies in the instance folder"):
        backup.make_backup(instance / "mail")


def test_keys_that_do_not_fit_are_noticed(lived_in: Flask, outside: Path) -> None:
    with lived_in.app_context():
        file = backup.make_backup(outside / "backups")
        lived_in.extensions["keyring"] = Keyring(1, {1: os.urandom(32)}, os.urandom(32))

        with pytest.raises(BackupError, match="FIELD_KEYS"):
            backup.restore_backup(file, outside / "before")


def test_the_commands_say_what_they_did(lived_in: Flask, outside: Path) -> None:
    runner = lived_in.test_cli_runner()

    written = runner.invoke(args=["operation", "backup", "--to", str(outside / "b")])
    (file,) = (outside / "b").iterdir()
    restored = runner.invoke(args=["operation", "restore", str(file), "--to", str(outside / "c")])

    assert written.exit_code == restored.exit_code == 0, restored.output
    assert str(file) in written.output
    assert "restored:" in restored.output
    assert "what stood here before is in" in restored.output


def test_backup_and_restore_stand_in_the_audit_log(lived_in: Flask, outside: Path) -> None:
    from app.core.audit import AuditEntry

    with lived_in.app_context():
        backup.restore_backup(backup.make_backup(outside / "backups"), outside / "before")

        actions = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(2))
        assert list(actions) == ["operation.restore", "operation.backup"]
