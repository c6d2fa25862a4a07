"""The peaks of memory of one large import, taken in processes that do nothing else.

``python -m bench.import_memory`` reads a sheet from its standard input, stages and commits it, and prints
the megabytes of each step as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from flask import current_app

from app.config import ROOT
from app.core.actors import SYSTEM
from app.core.spreadsheets import reader
from app.groups.staging import services
from bench.people import make_group
from bench.portal import fresh_portal

#: Runs the reader's own script and tells, behind its last line, what it needed at most.
_WATCHED = """
import runpy, sys
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
sys.stderr.write(open("/proc/self/status").read())
"""


def peaks_of(content: bytes) -> dict[str, float]:
    """Return the megabytes that a sheet's import needs at most, by step: reader, staging, commit."""
    command = [sys.executable, "-m", "bench.import_memory"]
    done = subprocess.run(command, input=content, capture_output=True, check=True, cwd=ROOT)
    peaks: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return peaks


def main() -> None:
    from bench.group_import import LIFTED, large_groups

    content = sys.stdin.buffer.read()
    with fresh_portal(**LIFTED), large_groups():
        peaks = {"reader": _reader_peak(content)}
        group = make_group(0)
        sheet = services.stage_sheet(
            group.public_id, "pupils.xlsx", content, account_id=group.account_id, actor=SYSTEM
        )
        peaks["staging"] = _megabytes(Path("/proc/self/status").read_text())
        Path("/proc/self/clear_refs").write_text("5")  # begin to count anew
        services.commit(group.public_id, sheet.public_id, account_id=group.account_id, actor=SYSTEM)
        peaks["commit"] = _megabytes(Path("/proc/self/status").read_text())
    print(json.dumps(peaks))


def _reader_peak(content: bytes) -> float:
    interpreter, *options, script, limits = reader.child_command(
        current_app.extensions["settings"].sheet_limits()
    )
    with tempfile.TemporaryFile() as upload:
        upload.write(content)
        upload.seek(0)
        command = [interpreter, *options, "-c", _WATCHED, script, limits]
        done = subprocess.run(
            command, stdin=upload, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True
        )
    return _megabytes(done.stderr.decode())


def _megabytes(status: str) -> float:
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
