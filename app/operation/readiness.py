"""Whether this process can do its work: asked by operators, by deployments and after a restore."""

from __future__ import annotations

import contextlib
import functools
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from app.cli import alembic_config
from app.core import crypto, outbox
from app.core.db import db, transaction
from app.core.errors import GatewayError
from app.payments.gateways.clock_check import LARGEST_OFFSET, clock_offset

LONGEST_WAIT = timedelta(minutes=5)
LEAST_FREE_DISK = 0.10


@dataclass(frozen=True, slots=True)
class Check:
    """:ivar says: what was found, in figures; empty where there is nothing to add"""

    name: str
    ok: bool
    says: str = ""


class _Undo(Exception):
    """Ends a transaction that was only a trial."""


def check_all() -> list[Check]:
    """Return every check in a fixed order; none of them raises, and none leaves anything behind."""
    checks: dict[str, Callable[[], Check]] = {
        "database": _check_write,
        "migrations": _check_migrations,
        "queue": _check_queue,
        "disk": _check_disk,
        "keys": _check_keys,
    }
    return [_run(name, check) for name, check in checks.items()]


def check_clock() -> Check:
    """Compare this machine's clock with the gateway's (payments.md 6, case 27).

    Not among the others, which are asked every few seconds: this one asks another house. A gateway that is
    silent says nothing about the clock.
    """
    try:
        offset = clock_offset(current_app.extensions["settings"].ecpay_host)
    except GatewayError:
        return Check("clock", True, "the gateway does not answer, so it was not compared")
    return Check("clock", abs(offset) <= LARGEST_OFFSET, f"{offset.total_seconds():+.0f} s")


def _run(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except Exception as error:
        db.session.rollback()
        return Check(name, False, type(error).__name__)


def _check_write() -> Check:
    with contextlib.suppress(_Undo), transaction() as session:
        outbox.put("readiness", {})
        session.flush()
        session.info["after_commit"].clear()
        raise _Undo
    return Check("database", True)


def _check_migrations() -> Check:
    current = MigrationContext.configure(db.session.connection()).get_current_heads()
    return Check("migrations", set(current) == _heads(), f"at {', '.join(current) or 'nothing'}")


@functools.cache
def _heads() -> set[str]:
    return set(ScriptDirectory.from_config(alembic_config()).get_heads())


def _check_queue() -> Check:
    """Look whether workers take what is due; what fails and is tried again is no stopped queue."""
    waits = outbox.longest_wait()
    return Check("queue", waits <= LONGEST_WAIT, f"{waits.total_seconds():.0f} s")


def _check_disk() -> Check:
    usage = shutil.disk_usage(current_app.extensions["settings"].instance)
    free = usage.free / usage.total
    return Check("disk", free >= LEAST_FREE_DISK, f"{free:.0%} free")


def _check_keys() -> Check:
    ring = crypto.keyring()
    return Check("keys", ring.unseal(ring.seal("ready", "readiness"), "readiness") == "ready")
