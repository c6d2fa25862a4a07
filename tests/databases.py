"""Databases for tests: SQLite files by default, PostgreSQL databases when TEST_DATABASE_URL names a server.

A template is migrated and loaded with the 112 brochure once per run; what a test works on is a copy of it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import sqlalchemy as sa


class TestDatabases:
    """Makes databases for one test process.

    :ivar folder: where SQLite files go
    """

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        server = os.environ.get("TEST_DATABASE_URL")
        self.server = sa.make_url(server) if server else None

    def url(self, name: str) -> str:
        if self.server is None:
            return f"sqlite:///{self.folder / name}.sqlite"
        # The process in the name lets several runs share a server.
        return self.server.set(database=f"portal_test_{os.getpid()}_{name}").render_as_string(
            hide_password=False
        )

    def create(self, name: str, *, like: str | None = None) -> str:
        """Make a database, empty or as a copy, replacing one of that name; return its address."""
        if self.server is None:
            file = self.folder / f"{name}.sqlite"
            for leftover in self.folder.glob(f"{name}.sqlite*"):
                leftover.unlink()
            if like:
                shutil.copy(self.folder / f"{like}.sqlite", file)
        else:
            database = sa.make_url(self.url(name)).database
            template = f' TEMPLATE "{sa.make_url(self.url(like)).database}"' if like else ""
            self._administer(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            self._administer(f'CREATE DATABASE "{database}"{template}')
        return self.url(name)

    def drop(self, name: str) -> None:
        if self.server is not None:
            self._administer(f'DROP DATABASE IF EXISTS "{sa.make_url(self.url(name)).database}" WITH (FORCE)')

    def _administer(self, statement: str) -> None:
        engine = sa.create_engine(self.server.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()
