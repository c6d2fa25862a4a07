from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import TestDatabases
from tests.payments.street import Street, open_street


@pytest.fixture
def street(databases: TestDatabases, template: str, tmp_path: Path) -> Iterator[Street]:
    with open_street(databases, template, tmp_path) as opened:
        yield opened
