"""What the simulator is told from outside."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.core import clock
from app.payments.gateways.ecpay import STAGE, EcpaySettings
from app.payments.gateways.line_pay_wire import SIMULATED, LinePaySettings

_PORTAL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """The trades' file, the one merchant with its one channel, and the one portal that people sign in to."""

    database: Path
    merchant: EcpaySettings = STAGE
    line_pay: LinePaySettings = SIMULATED
    portal_url: str = _PORTAL


def from_environment() -> SimulatorSettings:
    """Return the settings of this process and set its clock.

    ``SIMULATOR_DB`` names the SQLite file; without it the trades live in a new temporary folder,
    which is enough for one process. ``DEMO_CLOCK_FILE`` names the file that holds the demo's time, and
    ``PORTAL_BASE_URL`` the portal to which the simulated OpenID providers send people back.
    """
    clock_file = os.environ.get("DEMO_CLOCK_FILE")
    if clock_file:
        clock.use_demo_file(Path(clock_file), start=clock.DEMO_START)
    database = os.environ.get("SIMULATOR_DB")
    if not database:
        database = str(Path(tempfile.mkdtemp(prefix="simulator-")) / "trades.sqlite3")
    portal_url = os.environ.get("PORTAL_BASE_URL") or _PORTAL
    return SimulatorSettings(Path(database), portal_url=portal_url)
