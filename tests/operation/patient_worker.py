"""A worker with one more job, which takes its time."""

import time
from pathlib import Path

from app import worker
from app.core.jobs import job

__all__ = ["worker", "write_slowly"]


@job
def write_slowly(folder: str) -> None:
    Path(folder, "begun").touch()
    time.sleep(2)
    Path(folder, "done").touch()
