"""Background jobs on huey: SQLite on one machine, Redis or PostgreSQL on many, by setting alone.

A room's ``tasks.py`` marks its entry points with ``@job``; a job takes identifiers only, loads
afresh, and may run twice.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app
from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey, crontab
from huey.contrib.sql_huey import SqlHuey
from huey.serializer import SignedSerializer


class Job:
    """A function that a worker runs; calling it runs it here, `later` puts it into the queue."""

    def __init__(self, function: Callable[..., None], *, each_minute: bool) -> None:
        self.function = function
        self.name = f"{function.__module__}.{function.__name__}"
        self.each_minute = each_minute

    def __call__(self, *identifiers: str) -> None:
        self.function(*identifiers)

    def later(self, *identifiers: str) -> None:
        current_app.extensions["jobs"][self.name](*identifiers)


_jobs: dict[str, Job] = {}


def job(function: Callable[..., None]) -> Job:
    """Mark a function as a job that is run when asked for."""
    return _register(Job(function, each_minute=False))


def minutely(function: Callable[..., None]) -> Job:
    """Mark a function as a job that is run every minute, and when asked for."""
    return _register(Job(function, each_minute=True))


def _register(new: Job) -> Job:
    _jobs[new.name] = new
    return new


def bind_jobs(app: Flask, url: str, *, secret: str) -> Huey:
    """Connect the jobs to a queue.

    :param url: ``sqlite:///FILE``, ``redis://…``, ``postgresql://…``, or ``immediate:`` to run each
        job at once in the caller's process (tests)
    :param secret: signs what stands in the queue, whose format could otherwise run code
    """
    huey = _queue(url, SignedSerializer(secret=secret, salt="jobs"))
    app.extensions["huey"] = huey
    app.extensions["jobs"] = {name: _bind(app, huey, each) for name, each in _jobs.items()}
    return huey


def _queue(url: str, serializer: SignedSerializer) -> Huey:
    scheme = urlsplit(url).scheme
    if scheme == "immediate":
        return MemoryHuey("portal", immediate=True, serializer=serializer)
    if scheme == "sqlite":
        file = Path(url.removeprefix("sqlite:///"))
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return SqliteHuey("portal", filename=str(file), serializer=serializer, results=False)
    if scheme in ("redis", "rediss"):
        return RedisHuey("portal", url=url, serializer=serializer, results=False)
    if scheme == "postgresql":
        return SqlHuey("portal", database=url + "?prefer_psycopg3=true", serializer=serializer, results=False)
    raise ValueError(f"JOBS_URL must begin with sqlite:///, redis:// or postgresql://, not {scheme}:")


def _bind(app: Flask, huey: Huey, each: Job) -> Any:
    def run(*identifiers: str) -> None:
        with app.app_context():
            each(*identifiers)

    if each.each_minute:
        # The periodic twin is only the alarm clock; asking for the job by hand uses the plain task.
        huey.periodic_task(crontab(minute="*"), name=f"{each.name}.minutely")(run)
    return huey.task(name=each.name, retries=3, retry_delay=30)(run)
