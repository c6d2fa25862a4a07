"""Runs the demo: database, brochure, accounts, then web server, worker and gateway simulator as processes.

Ctrl-C (or SIGTERM) stops all of them. What was entered stays in ``instance/``; delete it to begin anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("PORT", "8000"))
GATEWAY_PORT = int(os.environ.get("GATEWAY_PORT", PORT + 1))
INSTANCE = Path(os.environ.get("PORTAL_INSTANCE", ROOT / "instance"))
PREPARATIONS = (
    ("database", ["db", "upgrade"]),
    ("the year 112", ["exams", "load", "data/brochure_112.json"]),
    ("venues", ["venues", "load", "data/venues_112.json"]),
)


def main() -> int:
    for name in (signal.SIGTERM, signal.SIGINT):  # a shell may have set SIGINT to be ignored
        signal.signal(name, lambda *_: sys.exit(0))
    environment = os.environ | settings() | {"QUIET_GUNICORN": "1"}
    for port in (PORT, GATEWAY_PORT):
        if is_taken(port):
            print(f"port {port} is in use; choose another: make demo PORT=9000", file=sys.stderr)
            print(f"(the portal takes {PORT}, the gateway simulator {GATEWAY_PORT})", file=sys.stderr)
            return 1
    steps = len(PREPARATIONS) + 1
    for at, (what, command) in enumerate(PREPARATIONS, start=1):
        print(f"[{at}/{steps}] {what}", flush=True)
        flask(command, environment, quiet=True)
    print(f"[{steps}/{steps}] web server, worker and gateway simulator", flush=True)
    processes = [
        start([*gunicorn(GATEWAY_PORT), "simulator.wsgi:app"], environment),
        start(["-m", "app.worker"], environment),
        start(
            [*gunicorn(PORT), "--config", "deploy/gunicorn.conf.py", "--workers", "2", "wsgi:app"],
            environment,
        ),
    ]
    try:
        wait_until_answering(processes)
        print(f"\nThe portal runs at http://127.0.0.1:{PORT} (demo; its clock stands until you move it).\n")
        flask(["demo", "seed"], environment)
        print(
            f"\nHelp, clock, mailbox and payer: http://127.0.0.1:{PORT}/demo      Stop with Ctrl-C.",
            flush=True,
        )
        return watch(processes)
    finally:
        stop(processes)


def settings() -> dict[str, str]:
    """Return the demo's environment; its keys are made once.

    It is kept in the instance folder, where ``flask --app wsgi …`` finds it.
    """
    sys.path.insert(0, str(ROOT))
    from app.config import DEMO_FILE, new_keys
    from app.payments.gateways.line_pay_wire import SIMULATED

    INSTANCE.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = INSTANCE / DEMO_FILE
    # An instance from an older version keeps its keys and gets those that have come since.
    known = new_keys() | (json.loads(file.read_text()) if file.exists() else {})
    environment = known | {
        "PORTAL_MODE": "demo",
        "PORTAL_BASE_URL": f"http://127.0.0.1:{PORT}",
        "PORTAL_INSTANCE": str(INSTANCE),
        "ECPAY_HOST": f"http://127.0.0.1:{GATEWAY_PORT}",
        "LINE_PAY_HOST": f"http://127.0.0.1:{GATEWAY_PORT}",
        "LINE_PAY_CHANNEL_ID": SIMULATED.channel_id,
        "LINE_PAY_CHANNEL_SECRET": SIMULATED.channel_secret,
        **providers(f"http://127.0.0.1:{GATEWAY_PORT}"),
        "SIMULATOR_DB": str(INSTANCE / "simulator.sqlite"),
        "DEMO_CLOCK_FILE": str(INSTANCE / "clock"),
    }
    file.touch(mode=0o600)
    file.write_text(json.dumps(environment, indent=1))
    return environment


def providers(simulator: str) -> dict[str, str]:
    """Return the settings with which the simulator plays Google and Facebook."""
    return {
        "GOOGLE_ISSUER": f"{simulator}/openid/google",
        "GOOGLE_CLIENT_ID": "demo-google",
        "GOOGLE_CLIENT_SECRET": "demo-google-secret",
        "FACEBOOK_DIALOG_URL": f"{simulator}/facebook/v23.0/dialog/oauth",
        "FACEBOOK_GRAPH_URL": f"{simulator}/facebook/v23.0",
        "FACEBOOK_CLIENT_ID": "demo-facebook",
        "FACEBOOK_CLIENT_SECRET": "demo-facebook-secret",
    }


def flask(arguments: list[str], environment: dict[str, str], *, quiet: bool = False) -> None:
    output = subprocess.DEVNULL if quiet else None
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=output,
    )


def gunicorn(port: int) -> list[str]:
    # Threads, because the simulator calls the portal back while the portal waits for it.
    options = ["--threads", "4", "--log-level", "warning", "--no-control-socket"]
    return ["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *options]


def start(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches this script alone, which then stops all of them in order.
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, start_new_session=True)


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until_answering(processes: list[subprocess.Popen[bytes]], *, seconds: int = 180) -> None:
    for port in (GATEWAY_PORT, PORT):
        end = time.monotonic() + seconds
        while not answers(f"http://127.0.0.1:{port}/healthz"):
            if any(process.poll() is not None for process in processes) or time.monotonic() > end:
                raise SystemExit("a process did not start; its message stands above")
            time.sleep(0.1)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def watch(processes: list[subprocess.Popen[bytes]]) -> int:
    """Return when one of the processes has ended: the others are no use without it."""
    while all(process.poll() is None for process in processes):
        time.sleep(0.5)
    return next(process.returncode for process in processes if process.returncode is not None) or 1


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask all to stop, and end what is left of them: no process survives the demo."""
    for process in processes:
        process.terminate()
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
