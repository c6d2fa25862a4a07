"""What `/metrics` tells: requests as they are counted, and the state of queue, money notices and backups.

Under gunicorn every process counts into files of one folder, PROMETHEUS_MULTIPROC_DIR, which
`deploy/gunicorn.conf.py` sets; any of them then answers for all.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import redis
import sqlalchemy as sa
from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.core import clock, outbox
from app.core.db import db
from app.operation.backup import newest_backup
from app.payments.models import GatewayMessage

log = logging.getLogger(__name__)

# Ours alone: the library's own registry would name the versions we run on.
_registry = CollectorRegistry()
REQUESTS = Counter(
    "portal_requests",
    "Answers by route, method and status",
    ["route", "method", "status"],
    registry=_registry,
)
SECONDS = Histogram(
    "portal_request_seconds",
    "How long answers took, by route",
    ["route"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=_registry,
)


class _Stock(Collector):
    """Figures that are looked up at the moment they are asked for."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        try:
            figures = list(self._look_up())
        except (sa.exc.SQLAlchemyError, OSError, redis.RedisError) as error:
            # What was counted is worth reading all the more when the database is down.
            log.warning("figures cannot be looked up", extra={"error": type(error).__name__})
            db.session.rollback()
            figures = []
        yield _gauge("portal_figures_complete", "1: the figures below could be looked up", bool(figures))
        yield from figures

    def _look_up(self) -> Iterable[GaugeMetricFamily]:
        waiting = outbox.count_pending()
        yield _gauge("portal_outbox_pending", "Messages not yet delivered", waiting.pending)
        yield _gauge("portal_outbox_given_up", "Messages that failed too often", waiting.given_up)
        yield _gauge(
            "portal_outbox_oldest_seconds",
            "How long the oldest due message has waited for a worker",
            outbox.longest_wait().total_seconds(),
        )
        yield _gauge(
            "portal_jobs_waiting", "Jobs in the queue", current_app.extensions["huey"].pending_count()
        )
        yield _notices()
        newest = newest_backup(Path(current_app.extensions["settings"].instance))
        if newest is not None:
            age = (clock.system_now() - newest).total_seconds()
            yield _gauge("portal_backup_age_seconds", "Age of the newest backup on this machine", age)


def _gauge(name: str, explains: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, explains, value=value)


def _notices() -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "portal_gateway_messages", "What gateways have reported, by what became of it", labels=["outcome"]
    )
    rows = sa.select(GatewayMessage.outcome, sa.func.count()).group_by(GatewayMessage.outcome)
    for outcome, count in db.session.execute(rows.order_by(GatewayMessage.outcome)):
        family.add_metric([outcome.value if outcome else "not_understood"], count)
    return family


def render() -> bytes:
    """Return all figures of the portal in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Stock())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(_registry) + generate_latest(registry)


def watch_requests(app: Flask) -> None:
    """Count and log every answer of an app: by route, never by address, which may hold a token."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.begun = time.perf_counter()


def _end(response: Response) -> Response:
    route = request.endpoint or "none"
    seconds = time.perf_counter() - g.get("begun", time.perf_counter())
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(route, method, str(response.status_code)).inc()
    SECONDS.labels(route).observe(seconds)
    facts: dict[str, Any] = {
        "method": method,
        "status": response.status_code,
        "seconds": round(seconds, 3),
        "account_id": _account_id(),
    }
    current_app.logger.info("request", extra=facts)
    if "request_id" in g:
        # The proxy's log and ours meet in this number.
        response.headers["X-Request-Id"] = g.request_id
    return response


def _account_id() -> int | None:
    # Only where the request itself has asked who is signed in: a log line is no reason to look it up.
    user = g.get("_login_user")
    return user.id if user is not None and user.is_authenticated else None


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
