"""gunicorn with the portal's own configuration: it ends politely and counts for all its processes."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.conftest import KEYS, TestDatabases
from tests.operation.processes import Running, free_port, gunicorn, running, wait_until


@dataclass
class Server:
    port: int
    process: Running

    def get(self, path: str) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=10)

    def is_up(self) -> bool:
        try:
            return self.get("/healthz").ok
        except requests.ConnectionError:
            return False


@pytest.fixture
def server(tmp_path: Path, databases: TestDatabases, template: str) -> Iterator[Server]:
    port = free_port()
    environment = {
        **KEYS,
        "PORTAL_MODE": "demo",
        "PORTAL_INSTANCE": str(tmp_path),
        "DATABASE_URL": databases.create("served", like=template),
        "WEB_WORKERS": "2",
        "TMPDIR": str(tmp_path),
    }
    with running(gunicorn(f"127.0.0.1:{port}"), tmp_path, environment=environment, name="web") as process:
        server = Server(port, process)
        wait_until(server.is_up, "gunicorn answers")
        yield server
    databases.drop("served")


def test_a_request_that_is_being_answered_is_answered_to_its_end(server: Server) -> None:
    body = b"email=yu%40example.tw&password=x"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as slow:
        slow.sendall(
            b"POST /national/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body[:10])
        )
        # Nobody outside can see that the portal waits for the rest of the form.
        time.sleep(0.5)
        server.process.terminate()
        wait_until(lambda: "Handling signal: term" in server.process.log, "the stop has begun")
        time.sleep(0.5)
        slow.sendall(body[10:])
        answer = b"".join(iter(lambda: slow.recv(65536), b""))

    assert answer.startswith(b"HTTP/1.1 400 ")  # it came without the form's token
    assert answer.rstrip().endswith(b"</html>")
    assert server.process.ended() == 0


def test_any_process_tells_the_figures_of_all(server: Server) -> None:
    for _ in range(30):
        server.get("/rounds")

    counted = {server.get("/metrics").text for _ in range(6)}

    name = re.compile(r'^portal_requests_total\{method="GET",route="site.rounds",status="200"\} (\S+)$', re.M)
    assert {name.search(text)[1] for text in counted} == {"30.0"}
    assert 'route="operation.readyz"' not in server.get("/metrics").text
    assert server.get("/readyz").status_code == 200


def test_what_it_leaves_in_the_log_can_be_read_by_a_machine(server: Server, tmp_path: Path) -> None:
    server.process.terminate()
    server.process.ended()

    lines = [json.loads(line) for line in server.process.log.splitlines()]
    assert {"gunicorn.error"} <= {line["logger"] for line in lines}
    assert list(tmp_path.glob("portal-metrics-*")) == []
