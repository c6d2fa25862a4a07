"""An OpenID provider that is not ours, as a process of its own, for the tests of signing in with one."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from app.accounts.providers import bind_providers
from app.config import ROOT
from simulator.facebook import APP_ID, APP_SECRET, bind_facebook
from tests.accounts.person_at_provider import PersonAtProvider

HERE = Path(__file__).with_name("openid_provider")


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    """The address of `oidc-provider` from npm, installed on the first run."""
    if shutil.which("npm") is None or not _is_installed():
        if os.environ.get("CI"):
            pytest.fail("the tests of signing in with a provider need node, npm and the network")
        pytest.skip("no node or no network: the tests of signing in with a provider did not run")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        ["node", "provider.js", str(port)], cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield _when_ready(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def facebook() -> Iterator[str]:
    """The address of the simulator's Facebook, which speaks Facebook's own protocol."""
    simulator = Flask("facebook", template_folder=str(ROOT / "simulator" / "templates"))
    bind_facebook(simulator, "http://localhost")
    server = make_server("127.0.0.1", 0, simulator, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/facebook/v23.0"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


@pytest.fixture
def with_facebook(app: Flask, facebook: str) -> Iterator[Flask]:
    """The app with the Facebook button alone, which needs nothing but Python."""
    settings = app.extensions["settings"]
    bind_providers(app, replace(settings, **_facebook_settings(facebook)))
    yield app
    bind_providers(app, settings)


def _facebook_settings(address: str) -> dict[str, str]:
    return {
        "facebook_dialog_url": f"{address}/dialog/oauth",
        "facebook_graph_url": address,
        "facebook_client_id": APP_ID,
        "facebook_client_secret": APP_SECRET,
    }


@pytest.fixture
def with_providers(app: Flask, issuer: str, facebook: str) -> Iterator[Flask]:
    """The app with both buttons: behind Google's stands the provider, behind Facebook's the simulator."""
    settings = app.extensions["settings"]
    bind_providers(
        app,
        replace(
            settings,
            google_issuer=issuer,
            google_client_id="portal-at-google",
            google_client_secret="secret-at-google",
            **_facebook_settings(facebook),
        ),
    )
    yield app
    bind_providers(app, settings)


@pytest.fixture
def somebody(with_providers: Flask) -> type[PersonAtProvider]:
    """Make people: ``somebody("meihua")`` is who types that login at the provider."""
    return PersonAtProvider


def _is_installed() -> bool:
    with (HERE / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes begin at once
        if (HERE / "node_modules" / "oidc-provider").is_dir():
            return True
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=False)
        return done.returncode == 0


def _when_ready(url: str, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{url}/.well-known/openid-configuration", timeout=1).ok:
                return url
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError("the OpenID provider did not start")
