"""Servers and a worker are killed at random points of 50 imports: nothing half in, nothing twice."""

from __future__ import annotations

import os
import random
import signal
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.config import Settings
from app.core import audit
from app.core.actors import SYSTEM
from app.core.db import db
from app.core.spreadsheets import Row, Sheet, Workbook
from app.groups import queries as groups
from app.groups.models import Group, GroupMember
from app.groups.sheets.columns import COLUMNS
from app.groups.staging import queries, services
from app.groups.staging.models import StagedRow, StagedSheet
from app.groups.staging.services import files, reading, tending
from app.groups.staging.states import RowState, SheetState
from app.registration.models import Registration
from tests.conftest import make_app, make_settings
from tests.databases import TestDatabases
from tests.factories.accounts import make_leader
from tests.factories.groups import make_group
from tests.groups.staging.desk import people

IMPORTS, GROUPS, ROWS = 50, 25, 24
MOST_KILLS = 40  # then they may come to their end, also on a slow machine
SERVERS = 2  # two tabs send the same files
Job = tuple[str, int, bytes]


def test_kill_9_at_random_points_of_50_imports(
    databases: TestDatabases, template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every third file is read by the worker, some rows at a time, and taken up again at once.
    url = databases.create("killed", like=template)
    settings = make_settings(
        tmp_path, url, JOBS_URL=f"sqlite:///{tmp_path}/jobs.sqlite", IMPORT_ROWS=str(ROWS)
    )
    books: dict[bytes, Workbook] = {}
    monkeypatch.setattr(files, "open_file", books.__getitem__)
    monkeypatch.setattr(reading, "_BATCH", 5)
    monkeypatch.setattr(reading, "_MOST_ATTEMPTS", 1000)
    monkeypatch.setattr(tending, "_ABANDONED_AFTER", timedelta(seconds=0.2))
    app = make_app(settings)
    with app.app_context():
        jobs = _jobs(books)
        db.session.close()
        db.engine.dispose()
    try:
        kills = _run_and_kill(settings, jobs, tmp_path)
        with app.app_context():
            _check(app, jobs)
            db.session.close()
            db.engine.dispose()
    finally:
        databases.drop("killed")
    assert kills > 10


def _jobs(books: dict[bytes, Workbook]) -> list[Job]:
    """Two files for each group, of which the second repeats some people of the first."""
    account = make_leader()
    made = [make_group(account, name=f"{number + 1}年級") for number in range(GROUPS)]
    jobs = []
    for number in range(IMPORTS):
        group = made[number % GROUPS]
        first = (number % GROUPS) * 100 + (number // GROUPS) * (ROWS - 5)
        count = ROWS + 10 if number % 3 == 0 else ROWS
        content = f"file {number}".encode()
        books[content] = _book(first, count)
        jobs.append((group.public_id, group.account_id, content))
    return jobs


def _book(first: int, count: int) -> Workbook:
    """Return a sheet as it is read; the process that reads it would take most of the time to start."""
    rows = [Row(1, tuple(column.label for column in COLUMNS))]
    for number, each in enumerate(people(count, first=first), start=2):
        rows.append(Row(number, tuple(each.get(column.key) for column in COLUMNS)))
    return Workbook((Sheet("名單", True, tuple(rows)),))


def _run_and_kill(settings: Settings, jobs: list[Job], folder: Path) -> int:
    """Let the processes work, killing one of them every moment; return how often that was done."""
    chance = random.Random(4)
    tasks: list[Callable[[], None]] = [
        lambda: _serve(settings, jobs, folder / "done-0"),
        lambda: _serve(settings, jobs[::-1], folder / "done-1"),
        lambda: _work(settings),
    ]
    errors = folder / "errors"
    begun = time.monotonic()
    _serve_one(settings, jobs, folder, errors)
    # What a start and an import take on this machine: processes that live shorter would never get anywhere.
    moment = time.monotonic() - begun
    running, kills = {number: _start(task, errors) for number, task in enumerate(tasks)}, 0
    try:
        while any(number in running for number in range(SERVERS)):
            assert time.monotonic() < begun + 550, "the imports do not come to an end"
            time.sleep(chance.uniform(0, 2 * moment))
            number = chance.choice(sorted(running))
            if kills < MOST_KILLS:
                os.kill(running[number], signal.SIGKILL)
            elif not _has_ended(running[number]):
                continue
            _, status = os.waitpid(running.pop(number), 0)
            assert not errors.exists(), errors.read_text()
            if os.WIFSIGNALED(status):  # else it had come to its end before
                kills += 1
                running[number] = _start(tasks[number], errors)
    finally:
        for process in running.values():
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
    return kills


def _has_ended(process: int) -> bool:
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _serve_one(settings: Settings, jobs: list[Job], folder: Path, errors: Path) -> None:
    process = _start(lambda: _serve(settings, jobs[1:2], folder / "done-first"), errors)
    os.waitpid(process, 0)
    assert not errors.exists(), errors.read_text()


def _start(task: Callable[[], None], errors: Path) -> int:
    """Run a task in a process of its own; a fork, because a fresh interpreter takes longer than an import."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        task()
        code = 0
    except BaseException:
        errors.write_text(traceback.format_exc())
    finally:
        os._exit(code)


def _serve(settings: Settings, jobs: list[Job], done: Path) -> None:
    """What a web server does for a leader who sends file after file and comes back after a crash."""
    with make_app(settings).app_context():
        for number, (group_id, account_id, content) in enumerate(jobs):
            if str(number) in (done.read_text().split() if done.exists() else ()):
                continue
            sheet = services.stage_sheet(group_id, "a.xlsx", content, account_id=account_id, actor=SYSTEM)
            while sheet.state is SheetState.READING:
                time.sleep(0.02)
                db.session.rollback()
                db.session.refresh(sheet)
            assert sheet.state in (SheetState.OPEN, SheetState.DONE), sheet.state
            services.commit(group_id, sheet.public_id, account_id=account_id, actor=SYSTEM)
            with done.open("a") as file:
                file.write(f"{number}\n")


def _work(settings: Settings) -> None:
    with make_app(settings).app_context():
        while True:
            services.read_abandoned_sheets()
            db.session.rollback()
            time.sleep(0.05)


def _check(app: Flask, jobs: list[Job]) -> None:
    expected: dict[str, int] = {}
    for number, (group_id, _, _) in enumerate(jobs):
        last = (number // GROUPS) * (ROWS - 5) + (ROWS + 10 if number % 3 == 0 else ROWS)
        expected[group_id] = max(expected.get(group_id, 0), last)
    for group in db.session.scalars(sa.select(Group)):
        members = groups.list_members(group)
        assert len(members) == len({member.id_blind for member in members}) == expected[group.public_id]
    members, registered = (
        db.session.scalar(sa.select(sa.func.count()).select_from(model))
        for model in (GroupMember, Registration)
    )
    assert members == registered == sum(expected.values())
    assert {sheet.state for sheet in db.session.scalars(sa.select(StagedSheet))} == {SheetState.DONE}
    states = set(db.session.scalars(sa.select(StagedRow.state).distinct()))
    assert states <= {RowState.IN, RowState.KNOWN}
    assert db.session.scalar(sa.select(sa.func.count()).where(StagedRow.state == RowState.IN)) == registered
    assert audit.check_chain().broken is None
    assert queries.list_sheets(db.session.scalars(sa.select(Group)).first())
