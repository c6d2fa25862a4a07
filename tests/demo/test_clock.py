"""The demo's clock: what scripts send to it, and what it does not let happen to itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.core.db import db
from tests.client import CheckingClient
from tests.conftest import make_app, make_settings
from tests.databases import TestDatabases

RELEASE = datetime(2023, 8, 11, 1, 0, tzinfo=UTC)
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def demo(
    databases: TestDatabases, template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """A portal in demo mode, whose clock is its own."""
    monkeypatch.setattr(clock, "_fixed", None)
    settings = make_settings(tmp_path, databases.create("demo", like=template), PORTAL_MODE="demo")
    app = make_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()
    clock.use_system_clock()
    databases.drop("demo")


@pytest.fixture
def client(demo: Flask) -> CheckingClient:
    return demo.test_client()


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"now": "2023-08-11T09:00:00+08:00"}},
        {"json": {"now": "2023-08-11T01:00:00Z"}},
        {"data": {"now": "2023-08-11T09:00:00+08:00"}},
        {"data": {"now": "2023-08-11T09:00"}},
        {"data": {"now": "2023-08-11 09:00"}},
        {"data": b"now=2023-08-11T09:00:00+08:00", "content_type": "application/x-www-form-urlencoded"},
    ],
    ids=["json", "json-utc", "form", "taipei", "with-a-space", "curl-with-a-bare-plus"],
)
def test_the_clock_is_set_as_scripts_write_it(client: CheckingClient, sent: dict[str, Any]) -> None:
    answer = client.post("/demo/clock", **sent)

    assert answer.get_json() == {"now": "2023-08-11T09:00:00+08:00"}
    assert clock.now() == RELEASE


@pytest.mark.parametrize("seconds", ["3600", "1800.5", -60])
def test_the_clock_is_moved_by_seconds(client: CheckingClient, seconds: str | int) -> None:
    before = clock.now()

    client.post("/demo/clock", json={"advance": seconds})

    assert (clock.now() - before).total_seconds() == float(seconds)


@pytest.mark.parametrize(
    "sent",
    [
        {"now": ""},
        {"now": "tomorrow"},
        {"now": "1911-10-10T00:00:00+08:00"},
        {"now": "9999-12-31T23:59:59+00:00"},
        {"advance": "nan"},
        {"advance": 1e12},
        {"advance": [60]},
        {},
        [],
        ["2023-08-11T09:00:00+08:00"],
        "2023-08-11T09:00:00+08:00",
        None,
    ],
)
def test_what_is_no_time_of_an_exam_year_is_refused_and_changes_nothing(
    client: CheckingClient, sent: Any
) -> None:
    before = clock.now()

    answer = client.post("/demo/clock", json=sent)

    assert answer.status_code == 400
    assert clock.now() == before


def test_a_browser_is_taken_back_to_the_page(client: CheckingClient) -> None:
    answer = client.post("/demo/clock", data={"advance": "60"}, headers=BROWSER)

    assert (answer.status_code, answer.location) == (303, "/demo/clock")
    assert client.get("/demo/clock", headers=BROWSER).mimetype == "text/html"
