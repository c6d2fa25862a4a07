"""Whether the portal says truly that it can work."""

from __future__ import annotations

import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock, outbox
from app.core.db import db, transaction
from app.core.outbox import OutboxMessage
from app.operation import readiness
from tests.client import CheckingClient

usage = namedtuple("usage", "total used free")


@pytest.fixture(autouse=True)
def half_a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are not about the machine they run on."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(1000, 500, 500))


def failing() -> list[str]:
    return [check.name for check in readiness.check_all() if not check.ok]


def test_a_portal_in_order_is_ready(app: Flask) -> None:
    assert failing() == []


def test_the_trial_write_leaves_nothing_behind(app: Flask) -> None:
    readiness.check_all()

    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == 0


def test_a_database_that_cannot_be_written_is_named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise sa.exc.OperationalError("INSERT", {}, OSError("read only"))

    monkeypatch.setattr(outbox, "put", refuse)

    assert failing() == ["database"]


def test_a_database_behind_the_code_is_named(app: Flask) -> None:
    with transaction() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))

    assert failing() == ["migrations"]


@pytest.mark.parametrize(("minutes", "expected"), [(4, []), (6, ["queue"])])
def test_a_message_that_nobody_takes_for_five_minutes_is_named(
    app: Flask, minutes: int, expected: list[str]
) -> None:
    waiting(app, due=timedelta(minutes=-minutes))

    assert failing() == expected


def test_a_message_that_was_given_up_says_nothing_about_the_workers(app: Flask) -> None:
    waiting(app, due=timedelta(days=-1), attempts=outbox.MAX_ATTEMPTS)

    assert failing() == []
    assert outbox.count_pending() == outbox.Stock(pending=0, given_up=1)


@pytest.mark.parametrize(("free", "expected"), [(100, []), (99, ["disk"])])
def test_a_full_disk_is_named(
    app: Flask, monkeypatch: pytest.MonkeyPatch, free: int, expected: list[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(1000, 1000 - free, free))

    assert failing() == expected


def waiting(app: Flask, *, due: timedelta, attempts: int = 0) -> None:
    with transaction() as session:
        session.add(
            OutboxMessage(
                kind="mail",
                payload={},
                created_at=clock.now(),
                available_at=clock.system_now() + due,
                attempts=attempts,
            )
        )


def test_the_operator_is_told_each_check(client: CheckingClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert [line.split()[:2] for line in answer.text.splitlines()] == [
        ["ok", "database"],
        ["ok", "migrations"],
        ["ok", "queue"],
        ["ok", "disk"],
        ["ok", "keys"],
    ]


def test_not_being_ready_is_a_503(client: CheckingClient, app: Flask) -> None:
    waiting(app, due=timedelta(hours=-1))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "FAIL queue 3600 s" in answer.text


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
@pytest.mark.parametrize(
    ("address", "headers"), [("192.0.2.7", {}), ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"})]
)
def test_a_stranger_sees_the_page_of_a_wrong_address(
    client: CheckingClient, path: str, address: str, headers: dict[str, str]
) -> None:
    answer = client.get(path, headers=headers, environ_overrides={"REMOTE_ADDR": address})

    assert answer.status_code == 404


def test_the_command_ends_with_one_when_something_fails(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["operation", "check"]).exit_code == 0

    waiting(app, due=timedelta(hours=-1))

    assert runner.invoke(args=["operation", "check"]).exit_code == 1
