"""Backup and restore: everything that the portal knows, in one file, and back from it.

Services of this room work on the database as a whole, so they do not open a unit of work of their own
except for the line in the audit log.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from cryptography.exceptions import InvalidTag
from flask import current_app

from app.core import audit, clock
from app.core.actors import SYSTEM
from app.core.crypto import keyring
from app.core.db import db, transaction
from app.operation import archive, postgresql
from app.operation.archive import BackupError, Manifest

_NAME = "portal-%Y%m%dT%H%M%SZ.tar.gz"


@dataclass(frozen=True, slots=True)
class Restored:
    """:ivar before: the backup of what stood there before; None where nothing stood there"""

    manifest: Manifest
    before: Path | None


def default_folder(instance: Path) -> Path:
    return instance / "backups"


def newest_backup(instance: Path) -> datetime | None:
    """Return when the newest backup in the instance folder was made; None without one."""
    return max(_written(default_folder(instance)), default=None)


def _written(folder: Path) -> Iterator[datetime]:
    for file in folder.glob("portal-*.tar.gz"):
        yield datetime.strptime(file.name, _NAME).replace(tzinfo=UTC)


def make_backup(folder: Path) -> Path:
    """Write a backup while the portal runs, and return its file.

    The database comes first: a file that it names is there when the files are copied. The copy is read
    once more before it counts.

    :raises BackupError: when a tool is missing or the copy is not sound
    """
    _prepare(folder)
    with transaction():
        audit.record("operation.backup", ("portal", "whole"), SYSTEM)
    target = folder / clock.system_now().strftime(_NAME)
    if target.exists():
        raise BackupError(f"{target} has just been written; wait a second")
    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        manifest = _copy_database(work / archive.DATABASE)
        _copy_files(work / archive.FILES)
        archive.pack(work, manifest, target)
    return target


def restore_backup(file: Path, folder: Path) -> Restored:
    """Replace database and files by those of a backup; what stood there is backed up into `folder` first.

    Web server and workers must be stopped. Keys come from the settings and must be those of the
    backup's time, or later ones with them among the old.

    :raises BackupError: when the backup is unsound or made on another kind of database, before anything is
        touched; or when what stands there afterwards is not what was backed up
    """
    instance = _instance()
    _prepare(folder)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        manifest = archive.unpack(file, work)
        _check_fits(manifest, work / archive.DATABASE)
        before = make_backup(folder) if count_rows() else None
        db.session.close()
        db.engine.dispose()
        _put_database_back(work / archive.DATABASE)
        for relative in archive.list_instance_files(work / archive.FILES):
            archive.copy_file(work / archive.FILES / relative, instance / relative)
        _remove_what_came_later(instance, work / archive.FILES)
    _check_same(manifest)
    _check_keys_open()
    with transaction():
        audit.record("operation.restore", ("portal", "whole"), SYSTEM, written_at=manifest.written_at)
    return Restored(manifest, before)


def _prepare(folder: Path) -> None:
    instance, folder = _instance().resolve(), folder.resolve()
    if folder.is_relative_to(instance) and not folder.is_relative_to(default_folder(instance)):
        # It would be part of what is backed up, and be tidied away by a restore.
        raise BackupError(f"{folder} lies in the instance folder; only {default_folder(instance)} may")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _copy_database(target: Path) -> Manifest:
    if db.engine.dialect.name == "sqlite":
        archive.copy_sqlite(_sqlite_file(), target)
        archive.check_sqlite(target)
        engine = sa.create_engine(f"sqlite:///{target}")
        with engine.connect() as copy:
            manifest = _describe(copy)
        engine.dispose()
        return manifest
    # One snapshot for the copy and for what the list says of it.
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        manifest = _describe(connection)
        postgresql.dump(db.engine.url, target, snapshot=snapshot)
    return manifest


def _describe(connection: sa.Connection) -> Manifest:
    return Manifest(
        format=archive.FORMAT,
        dialect=connection.dialect.name,
        revision=", ".join(MigrationContext.configure(connection).get_current_heads()),
        written_at=clock.system_now().isoformat(timespec="seconds"),
        rows=count_rows(connection),
    )


def count_rows(connection: sa.Connection | None = None) -> dict[str, int]:
    """Return how many rows each table of a database (default: the portal's) holds, by name."""
    connection = connection or db.session.connection()
    quote = connection.dialect.identifier_preparer.quote
    counts = {}
    for name in sorted(sa.inspect(connection).get_table_names()):
        statement = f"SELECT count(*) FROM {quote(name)}"  # noqa: S608 - the database's own names
        counts[name] = int(connection.exec_driver_sql(statement).scalar_one())
    return counts


def _copy_files(target: Path) -> None:
    instance = _instance()
    target.mkdir()
    for relative in archive.list_instance_files(instance):
        if not _is_database(instance / relative):
            archive.copy_file(instance / relative, target / relative)


def _check_fits(manifest: Manifest, database: Path) -> None:
    here = db.engine.dialect.name
    if manifest.dialect != here:
        raise BackupError(f"the backup is of {manifest.dialect}, DATABASE_URL names {here}")
    if here == "sqlite":
        archive.check_sqlite(database)


def _put_database_back(source: Path) -> None:
    if db.engine.dialect.name == "sqlite":
        archive.copy_sqlite(source, _sqlite_file())
    else:
        postgresql.restore(source, db.engine.url)


def _remove_what_came_later(instance: Path, kept: Path) -> None:
    for relative in list(archive.list_instance_files(instance)):
        if not (kept / relative).exists() and not _is_database(instance / relative):
            (instance / relative).unlink()


def _check_same(manifest: Manifest) -> None:
    found = count_rows()
    names = {*found, *manifest.rows}
    differing = sorted(name for name in names if found.get(name) != manifest.rows.get(name))
    if differing:
        raise BackupError(f"these tables have not come back as they were: {', '.join(differing)}")


def _check_keys_open() -> None:
    """Raise BackupError when the keys of the settings do not open what was sealed."""
    # By statement, not by model: the backup may be older than the code.
    row = db.session.execute(
        sa.text("SELECT public_id, id_sealed FROM registrations ORDER BY id LIMIT 1")
    ).first()
    try:
        if row is not None:
            keyring().unseal(bytes(row.id_sealed), f"registrations|id_sealed|{row.public_id}")
    except (InvalidTag, KeyError):
        raise BackupError(
            "everything is back, but FIELD_KEYS lacks the key that sealed it: add it and restore again"
        ) from None


def _instance() -> Path:
    return Path(current_app.extensions["settings"].instance)


def _sqlite_file() -> Path:
    return Path(db.engine.url.database or "")


def _is_database(file: Path) -> bool:
    return db.engine.dialect.name == "sqlite" and file.resolve() == _sqlite_file().resolve()
