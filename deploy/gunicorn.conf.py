"""gunicorn's settings: ``gunicorn -c deploy/gunicorn.conf.py wsgi:app``; options beside it win over these.

Restart for a new version, do not reload (HUP): the master holds the code that formats log lines.
"""

import logging
import os
import shutil
import tempfile

workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
# A stop waits so long for requests that are being answered; systemd must wait longer.
graceful_timeout = 25
# Memory that a library keeps for itself is given back now and then, not by all workers at once.
max_requests = 5000
max_requests_jitter = 500
# Nobody steers it but systemd, by signals.
control_socket_disable = True

# All workers count into one folder, so that any of them can answer /metrics for all.
_metrics_are_ours = "PROMETHEUS_MULTIPROC_DIR" not in os.environ
if _metrics_are_ours:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="portal-metrics-")

# gunicorn's own lines take the form of ours; `make demo` leaves them out. Requests are logged by the portal,
# which knows their route.
_level = logging.WARNING if "QUIET_GUNICORN" in os.environ else logging.INFO
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "app.core.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": logging.INFO, "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": _level, "handlers": [], "propagate": True},
        "gunicorn.access": {"level": logging.WARNING, "handlers": [], "propagate": True},
    },
}


def child_exit(server, worker):  # noqa: ARG001 - gunicorn's signature
    """Forget the gauges of a worker that has ended; what it counted stays."""
    from prometheus_client import multiprocess  # not above: it reads the folder's name when it is imported

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):  # noqa: ARG001 - gunicorn's signature
    if _metrics_are_ours:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
