"""A real Chromium against the running demo: web server, worker and simulator as `make demo` starts them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, sync_playwright

from app.config import ROOT
from tests.databases import TestDatabases

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def in_registration_period() -> None:
    """The running portal has its own clock; this process leaves the time alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="no Chromium here: the browser tests did not run"))


@dataclass(frozen=True)
class Portal:
    """The running demo.

    :ivar environment: with which a command of the portal works on the same database and clock
    """

    url: str
    environment: dict[str, str]

    def set_clock(self, now: str) -> None:
        answer = requests.post(f"{self.url}/demo/clock", json={"now": now}, timeout=10)
        answer.raise_for_status()

    def mails_to(self, address: str) -> list[dict[str, Any]]:
        """Return the mails to an address, the newest first."""
        mails = requests.get(f"{self.url}/demo/mailbox.json", timeout=10).json()
        return [mail for mail in mails if mail["to"] == address]

    def account(self, role: str) -> dict[str, str]:
        accounts = requests.get(f"{self.url}/demo/accounts.json", timeout=10).json()
        return next(account for account in accounts if account["role"] == role)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# Ended with this folder: while Playwright runs, its event loop would get in the way of other tests' apps.
@pytest.fixture(scope="package")
def portal(databases: TestDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running_demo(databases, "browser", tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture
def fresh_portal(databases: TestDatabases, tmp_path: Path) -> Iterator[Portal]:
    """A demo of one's own, in which nobody has registered yet.

    Leaders may see results (R155), and cards are paid back through their gateway.
    """
    settings = {"LEADER_RESULTS": "on", "GATEWAY_REFUNDS": "card,line_pay"}
    with running_demo(databases, "fresh", tmp_path, **settings) as running:
        yield running


@contextmanager
def running_demo(
    databases: TestDatabases, database: str, instance: Path, **settings: str
) -> Iterator[Portal]:
    port = free_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "GATEWAY_PORT": str(free_port()),
        "PORTAL_INSTANCE": str(instance),
        "DATABASE_URL": databases.create(database),
        **settings,
    }
    with (instance / "log").open("wb") as log:
        demo = subprocess.Popen(
            [sys.executable, "scripts/demo.py"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/demo/accounts.json", demo, instance / "log")
        yield Portal(f"http://127.0.0.1:{port}", environment)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(timeout=30)
        databases.drop(database)


def _wait_for(url: str, demo: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(900):
        if demo.poll() is not None:
            pytest.fail(f"the demo did not start:\n{log.read_text()}")
        try:
            if len(requests.get(url, timeout=2).json()) == 5 and b"Stop with" in log.read_bytes():
                return
        except requests.RequestException:
            pass
        time.sleep(0.2)
    pytest.fail(f"the demo does not answer:\n{log.read_text()}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Make pages of persons who share nothing: ``new_page()`` on a desk, ``new_page(PHONE)`` in a hand.

    They are at the fresh portal where the test asks for it, else at the one that all tests share.
    """
    fresh = "fresh_portal" in request.fixturenames
    portal: Portal = request.getfixturevalue("fresh_portal" if fresh else "portal")
    contexts = []

    def make(viewport: dict[str, int] | None = None) -> Page:
        context = browser.new_context(
            viewport=viewport or DESKTOP, locale="zh-TW", timezone_id="Asia/Taipei", base_url=portal.url
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error on {page.url}: {error}"))
        return page

    yield make
    for context in contexts:
        context.close()
