"""The addresses for operators. Strangers get the page that every wrong address gets."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST

from app.accounts.policy import open_to_all
from app.operation import figures, readiness

bp = Blueprint("operation", __name__)


def operators_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer only to what comes from this machine and not through the public proxy.

    The proxy names whom it speaks for (X-Forwarded-For) at every public request; its listener for
    operators names nobody. `deploy/nginx.conf` has both.
    """

    @wraps(view)
    def guarded(*args: Any, **values: Any) -> Any:
        if "X-Forwarded-For" in request.headers or not _is_local(request.remote_addr):
            abort(404)
        return view(*args, **values)

    return guarded


def _is_local(address: str | None) -> bool:
    # A Unix socket has no address.
    return not address or ipaddress.ip_address(address).is_loopback


@bp.get("/readyz")
@operators_only
@open_to_all
def readyz() -> Response:
    """Say whether this process can work: 200 and a line per check, 503 when one of them fails."""
    checks = readiness.check_all()
    lines = [f"{'ok  ' if each.ok else 'FAIL'} {each.name} {each.says}".rstrip() for each in checks]
    ready = all(each.ok for each in checks)
    return Response("\n".join([*lines, ""]), 200 if ready else 503, content_type="text/plain; charset=utf-8")


@bp.get("/metrics")
@operators_only
@open_to_all
def metrics() -> Response:
    return Response(figures.render(), content_type=CONTENT_TYPE_LATEST)
