"""What the simulator is told from outside."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.core import clock
from app.payments.gateways.ecpay import STAGE, EcpaySettings


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """The trades' file and the one merchant who may trade here."""

    database: Path
    merchant: EcpaySettings = STAGE


def from_environment() -> SimulatorSettings:
    """Return the settings of this process and set its clock.

    ``SIMULATOR_DB`` names the SQLite file; without it the trades live in a new temporary folder,
    which is enough for one process. ``DEMO_CLOCK_FILE`` names the file that holds the demo's time.
    """
    clock_file = os.environ.get("DEMO_CLOCK_FILE")
    if clock_file:
        clock.use_demo_file(Path(clock_file), start=clock.DEMO_START)
    database = os.environ.get("SIMULATOR_DB")
    if not database:
        database = str(Path(tempfile.mkdtemp(prefix="simulator-")) / "trades.sqlite3")
    return SimulatorSettings(Path(database))
