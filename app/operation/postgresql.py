"""PostgreSQL's own tools for a copy of a database and its return."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from app.operation.archive import BackupError

# In one transaction with what follows: either all of the copy stands there, or all of what was before.
_EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


def dump(url: URL, target: Path, *, snapshot: str) -> None:
    """Write a copy of a database that may be in use, as an exported snapshot sees it."""
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    _run(["pg_dump", *options, f"--file={target}"], url)


def restore(source: Path, url: URL) -> None:
    """Replace a database by a copy, wholly or not at all."""
    script = source.with_suffix(".sql")
    _run(["pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(source)], url)
    options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"]
    _run(["psql", *options, f"--command={_EMPTY}", f"--file={script}"], url)


def _run(command: list[str], url: URL) -> None:
    if shutil.which(command[0]) is None:
        raise BackupError(f"{command[0]} is missing; install postgresql-client")
    # Not as arguments, which every user of the machine can read.
    login = {
        "PGHOST": url.host,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGOPTIONS": "--client-min-messages=warning",
    }
    environment = os.environ | {name: value for name, value in login.items() if value}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
    if done.returncode:
        # The first line names the trouble; the next ones quote rows.
        raise BackupError(f"{command[0]} failed: {(done.stderr.splitlines() or ['without a word'])[0]}")
