"""Jobs really run on each kind of queue, and a worker that is stopped finishes what it has begun."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import KEYS, TestDatabases, make_app, make_settings
from tests.operation import patient_worker
from tests.operation.processes import running, running_redis, wait_until

KINDS = ["sqlite", "redis", *(["postgresql"] if os.environ.get("TEST_DATABASE_URL") else [])]


@pytest.fixture(params=KINDS)
def queue(request: pytest.FixtureRequest, tmp_path: Path, databases: TestDatabases) -> Iterator[str]:
    if request.param == "redis":
        with running_redis(tmp_path) as url:
            yield url
    elif request.param == "postgresql":
        url = databases.create("queue")
        yield sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        databases.drop("queue")
    else:
        yield f"sqlite:///{tmp_path / 'jobs.sqlite'}"


def test_a_stopped_worker_finishes_the_job_it_has_begun(
    queue: str, tmp_path: Path, databases: TestDatabases, template: str
) -> None:
    database = databases.create("worked", like=template)
    settings = make_settings(tmp_path, database, JOBS_URL=queue)
    environment = {
        **KEYS,
        "PORTAL_MODE": "test",
        "PORTAL_INSTANCE": str(tmp_path),
        "DATABASE_URL": database,
        "JOBS_URL": queue,
    }
    command = [sys.executable, "-c", "from tests.operation import patient_worker as p; p.worker.main()"]
    app = make_app(settings)

    with running(command, tmp_path, environment=environment, name="worker") as worker:
        with app.app_context():
            patient_worker.write_slowly.later(str(tmp_path))
        wait_until((tmp_path / "begun").exists, "the job begins")
        worker.terminate()
        code = worker.ended()

    assert (tmp_path / "done").exists(), worker.log
    assert code == 0
    app.extensions["huey"].storage.close()
    databases.drop("worked")
