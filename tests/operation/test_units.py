"""systemd's own check of the unit files, and that they name what is there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from app.config import ROOT, Settings
from tests.operation.processes import needed
from tests.operation.test_deployment import example_settings

UNITS = sorted(path.name for path in (ROOT / "deploy").glob("portal-*.*"))


def test_all_units_are_looked_at() -> None:
    assert UNITS == [
        "portal-backup.service",
        "portal-backup.timer",
        "portal-web.service",
        "portal-worker.service",
    ]


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    for name in UNITS:
        text = (ROOT / "deploy" / name).read_text().replace("/srv/portal", str(ROOT))
        (tmp_path / name).write_text(text)

    done = subprocess.run(
        [needed("systemd-analyze"), "verify", "--man=no", *[str(tmp_path / name) for name in UNITS]],
        capture_output=True,
        text=True,
        check=False,
    )

    ours = [line for line in done.stderr.splitlines() if "portal-" in line]
    assert (done.returncode, ours) == (0, []), done.stderr


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_what_a_unit_starts_is_there(name: str) -> None:
    lines = (ROOT / "deploy" / name).read_text().splitlines()
    (start,) = [line.removeprefix("ExecStart=") for line in lines if line.startswith("ExecStart=")]

    program = start.split()[0].replace("/srv/portal", str(ROOT))

    assert Path(program).exists()


def test_a_stop_leaves_requests_more_time_than_gunicorn_gives_them() -> None:
    unit = (ROOT / "deploy" / "portal-web.service").read_text()
    conf = (ROOT / "deploy" / "gunicorn.conf.py").read_text()
    seconds = int(unit.split("TimeoutStopSec=")[1].split()[0])

    assert seconds > int(conf.split("graceful_timeout = ")[1].split()[0])


def test_the_example_names_only_settings_that_exist() -> None:
    known = {field.metadata["name"] for field in Settings.__dataclass_fields__.values()}

    assert set(example_settings()) - known == {"WEB_WORKERS", "WEB_THREADS"}
