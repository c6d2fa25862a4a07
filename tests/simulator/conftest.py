"""The simulator as a process of its own, a merchant's server beside it, and the demo's clock."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import requests

from app.core import clock
from app.payments.gateways.base import ChargeRequest, Method
from app.payments.gateways.ecpay import STAGE, EcpayGateway
from tests.simulator.merchant import Merchant, open_merchant

REPOSITORY = Path(__file__).parents[2]

# Monday 1 May 2023, 09:00 in Taipei; payable through Sunday 7 May, the brochure's own example.
MORNING = datetime(2023, 5, 1, 9, 0, tzinfo=clock.TAIPEI)
LAST_DAY = datetime(2023, 5, 7, tzinfo=clock.TAIPEI).date()


@pytest.fixture(scope="session")
def clock_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clock") / "now"


@pytest.fixture(scope="session")
def simulator_url(clock_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DEMO_CLOCK_FILE": str(clock_file),
        "SIMULATOR_DB": str(tmp_path_factory.mktemp("simulator") / "trades.sqlite3"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--port", str(port)],
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _when_ready(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(autouse=True)
def demo_clock(clock_file: Path, simulator_url: str) -> Iterator[None]:
    """Set the time of both processes to the morning of 1 May before each test."""
    clock.use_demo_file(clock_file, start=MORNING)
    clock.set_demo_time(MORNING)
    yield
    clock.use_system_clock()


@pytest.fixture
def merchant() -> Iterator[Merchant]:
    with open_merchant() as merchant:
        yield merchant


@pytest.fixture
def gateway(simulator_url: str) -> EcpayGateway:
    """Return the portal's own client, pointed at the simulator."""
    return EcpayGateway(replace(STAGE, base_url=simulator_url))


@pytest.fixture
def a_charge(merchant: Merchant, request: pytest.FixtureRequest) -> ChargeRequest:
    """Return a charge by account; its number is different in every test."""
    return ChargeRequest(
        trade_number=f"HK{abs(hash(request.node.nodeid)) % 10**14:014d}",
        amount_twd=250,
        item_name="112年客語能力認證報名費",
        description="全國認證第一梯次",
        method=Method.ATM,
        last_day=LAST_DAY,
        requested_at=MORNING,
        notify_url=f"{merchant.url}/notify",
        code_url=f"{merchant.url}/code",
        return_url=f"{merchant.url}/return",
        client_back_url=f"{merchant.url}/registrations",
    )


def _when_ready(url: str, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{url}/healthz", timeout=1).ok:
                return url
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError("the simulator did not start")
