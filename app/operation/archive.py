"""The form of a backup: one tar file with the database, the instance's files and a list of both.

The keys of the settings are never in it: who finds a backup must not be able to open it, and they are
kept elsewhere (docs/operating.md).
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database", "instance"
# Keys and the demo's settings, which hold keys; and the backups themselves.
_LEFT_OUT = {"demo.json", "keys.json", "backups"}


class BackupError(Exception):
    """A backup cannot be made, read or brought back; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """:ivar rows: how many rows each table held, by name
    :ivar written_at: ISO 8601, UTC
    """

    format: int
    dialect: str
    revision: str
    written_at: str
    rows: dict[str, int]


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database that may be in use, by SQLite's online backup; the target is replaced as one step.

    A file copy would miss what still stands in the write-ahead log.
    """
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target)) as copy:
        origin.backup(copy)


def list_instance_files(folder: Path) -> Iterator[Path]:
    """Yield what an instance folder holds beside keys and backups, in order, relative to it."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        aside = relative.parts[0] in _LEFT_OUT or path.name.endswith(("-wal", "-shm", "-journal"))
        if path.is_file() and not path.is_symlink() and not aside:
            yield relative


def copy_file(source: Path, target: Path) -> None:
    """Copy a file of an instance folder; a SQLite database through SQLite."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if is_sqlite(source):
        copy_sqlite(source, target)
    else:
        shutil.copy2(source, target)


def is_sqlite(file: Path) -> bool:
    with file.open("rb") as content:
        return content.read(16) == b"SQLite format 3\0"


def pack(folder: Path, manifest: Manifest, target: Path) -> None:
    """Write a folder and its manifest as one archive, readable by its owner alone, complete or not at all."""
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
    unfinished = target.with_suffix(".part")
    unfinished.touch(mode=0o600)
    with tarfile.open(unfinished, "w:gz") as archive:
        for path in sorted(folder.iterdir()):
            archive.add(path, arcname=path.name)
    unfinished.replace(target)


def unpack(file: Path, folder: Path) -> Manifest:
    """Unpack an archive into an empty folder and return its manifest.

    :raises BackupError: when it is no backup of ours, or a damaged one
    """
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except (OSError, EOFError, tarfile.TarError, ValueError, TypeError) as error:
        raise BackupError(f"{file} is no complete backup of the portal ({type(error).__name__})") from error
    if manifest.format != FORMAT:
        raise BackupError(f"{file} has format {manifest.format}; this version reads {FORMAT}")
    return manifest


def check_sqlite(file: Path) -> None:
    """Raise BackupError unless a SQLite file is sound."""
    with closing(sqlite3.connect(file)) as connection:
        (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
    if answer != "ok":
        raise BackupError(f"{file.name} is damaged: {answer}")
