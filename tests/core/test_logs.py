"""Log lines: what a machine can read, and nothing of a person."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import ROOT
from app.core.logs import JsonFormatter, mask
from tests.conftest import KEYS

PERSONAL = [
    "A123456789",
    "AC01234567",
    "yu.chen@example.tw",
    "0912345678",
    "0912-345-678",
    "+886 912 345 678",
    "(02)8722-0000",
    "王小明",
    "臺北市信義區信義路五段7號",
    "𠊎愛客話",
    "Bearer abc.def",
    "Zk3vJ0m2nX8qQ5tY7uW1eR4oP6aS9dF0gH2jK4lL6zX",
    "311234567",
]


@pytest.mark.parametrize("sample", PERSONAL)
def test_what_is_a_persons_is_masked(sample: str) -> None:
    masked = mask(f"before {sample}, after")

    assert sample not in masked
    assert masked.startswith(("before [", "before Bearer ["))
    assert masked.endswith(" after")


@pytest.mark.parametrize(
    "harmless",
    [
        "request 4f1d2c3b4a59",
        "Booting worker with pid: 15102",
        "Listening at: http://127.0.0.1:8000 (42)",
        "2026-11-21 08:59:59",
        "registration.submit of N7aQx0bR2kLm4TzYw8Vc3d in 0.125 s",
        "app/registration/services/submissions.py:118 submit_registration",
    ],
)
def test_what_an_operator_needs_stays(harmless: str) -> None:
    assert mask(harmless) == harmless


def test_a_query_string_does_not_reach_the_log() -> None:
    assert mask("Error handling request /verify?name=Yu&x=1 HTTP/1.1") == (
        "Error handling request /verify?[query] HTTP/1.1"
    )


def test_nobody_can_write_a_line_of_their_own() -> None:
    line = formatted("tried", ('x\n{"level": "info"}\r\u2028\x1b[31m',), "name %s %s")

    assert "\n" not in line
    assert json.loads(line)["event"] == 'name tried x {"level": "info"} [31m'


def formatted(first: str, rest: tuple[str, ...], sentence: str) -> str:
    record = logging.LogRecord("app", logging.INFO, __file__, 1, sentence, (first, *rest), None)
    return JsonFormatter().format(record)


def test_named_fields_stay_fields() -> None:
    record = logging.makeLogRecord(
        {
            "name": "app",
            "levelno": 20,
            "levelname": "INFO",
            "msg": "gateway message refused",
            "outcome": "forged",
        }
        | {"amount_twd": 250, "who": "yu@example.tw"}
    )

    line = json.loads(JsonFormatter().format(record))

    assert line["event"] == "gateway message refused"
    assert (line["outcome"], line["amount_twd"], line["who"]) == ("forged", 250, "[e-mail]")
    assert line["at"].endswith("+00:00")


def test_of_an_error_the_type_and_the_places_are_kept() -> None:
    line = logged_error(lambda: int("John Smith"))

    assert line["error"]["type"] == "ValueError"
    assert any("test_logs.py" in place for place in line["error"]["at"])
    assert "Smith" not in json.dumps(line)


def test_an_error_about_code_says_what_is_wrong_with_it() -> None:
    line = logged_error(lambda: None.missing)

    assert line["error"]["text"] == "'NoneType' object has no attribute 'missing'"


def logged_error(call: object) -> dict[str, object]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.Logger("alone")
    logger.addHandler(handler)
    try:
        call()
    except Exception:
        logger.exception("it failed")
    return json.loads(stream.getvalue())


# Runs in a process of its own: logging belongs to a whole process.
EVERY_LOGGER = """
import json, logging, sys, warnings
import sqlalchemy as sa
from app import create_app
from app.core import jobs, logs
from app.core.db import db

samples = json.loads(sys.argv[1])

@jobs.job
def failing_job(sample):
    secret = sample
    raise ValueError(secret)

app = create_app()
logs.configure(logging.DEBUG)
import gunicorn.glogging, alembic.runtime.migration, huey.consumer, werkzeug.serving
for name in ["", "gunicorn.error", "gunicorn.access", "werkzeug", *logging.root.manager.loggerDict]:
    for sample in samples:
        logger = logging.getLogger(name)
        logger.setLevel(logging.DEBUG)
        logger.warning("said " + sample)
        logger.warning("said %s", sample)
        logger.warning("said %s %s", sample)  # one argument is missing
        logger.warning("said", extra={"field": sample, "fields": {"name": [sample]}})
        try:
            local = sample
            raise KeyError(local)
        except KeyError:
            logger.exception("failed")
with app.app_context():
    for sample in samples:
        warnings.warn(sample)
    # A name in Latin letters looks like any word: errors and statements must not quote it at all.
    for sample in [*samples, "Nakamura"]:
        app.extensions["jobs"][f"{__name__}.failing_job"](sample)
        try:
            db.session.execute(sa.text("SELECT :name FROM nowhere"), {"name": sample})
        except sa.exc.OperationalError:
            app.logger.exception("statement failed")
            db.session.rollback()
        db.session.execute(sa.text("SELECT :name"), {"name": sample})
"""


@pytest.mark.requirement("S023")
def test_no_logger_of_any_library_lets_a_person_through(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        **KEYS,
        "PORTAL_MODE": "demo",
        "PORTAL_INSTANCE": str(tmp_path),
        "JOBS_URL": "immediate:",
        "DATABASE_URL": "",
    }

    done = subprocess.run(
        [sys.executable, "-c", EVERY_LOGGER, json.dumps(PERSONAL)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    loggers = {line["logger"] for line in lines}
    assert done.stdout == ""
    assert loggers >= {"root", "app", "huey", "sqlalchemy.engine.Engine", "gunicorn.error", "py.warnings"}
    decoded = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    assert [sample for sample in [*PERSONAL, "Nakamura"] if sample in decoded] == []
