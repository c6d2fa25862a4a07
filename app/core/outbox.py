"""What must happen after a commit: a row in the same transaction, delivered at least once.

A handler may run twice for one row and must make nothing of it. Retries are counted on the
machine's own clock, so that moving the demo clock neither hurries nor hides a failing delivery.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, WithPublicId, after_commit, db, transaction

log = logging.getLogger(__name__)

Handler = Callable[[str, dict[str, Any]], None]

MAX_ATTEMPTS = 12
_handlers: dict[str, Handler] = {}
_wake: list[Callable[[], None]] = []


class OutboxMessage(WithPublicId, Base):
    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index(
            "ix_outbox_pending",
            "available_at",
            sqlite_where=sa.text("delivered_at IS NULL"),
            postgresql_where=sa.text("delivered_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    payload: Mapped[dict[str, Any]]  # emptied at delivery: a mail may carry a link that opens an account
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]  # not tried before
    delivered_at: Mapped[datetime | None]  # NULL: still to be delivered
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(sa.String(200))  # NULL: never failed


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that delivers a kind; it is called with the message's public id and payload."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def on_commit(wake: Callable[[], None]) -> None:
    """Set what is called after a commit that put something in: it asks a worker to deliver."""
    _wake[:] = [wake]


def put(kind: str, payload: dict[str, Any]) -> None:
    """Add a message in the open unit of work."""
    now = clock.system_now()
    db.session.add(
        OutboxMessage(kind=kind, payload=payload, created_at=clock.now(), available_at=now, attempts=0)
    )
    for wake in _wake:
        after_commit("outbox", wake)


@dataclass(frozen=True, slots=True)
class Stock:
    """:ivar given_up: failed `MAX_ATTEMPTS` times and are not tried any more; not among the pending"""

    pending: int
    given_up: int


def count_pending() -> Stock:
    """Return how many messages still wait to be delivered."""
    counted = sa.select(sa.func.count()).where(OutboxMessage.delivered_at.is_(None))
    given_up = db.session.scalar(counted.where(OutboxMessage.attempts >= MAX_ATTEMPTS)) or 0
    return Stock((db.session.scalar(counted) or 0) - given_up, given_up)


def longest_wait() -> timedelta:
    """Return for how long the oldest due message has not been tried: long only where no worker runs."""
    now = clock.system_now()
    oldest = sa.select(sa.func.min(OutboxMessage.available_at)).where(
        OutboxMessage.delivered_at.is_(None), OutboxMessage.attempts < MAX_ATTEMPTS
    )
    since = db.session.scalar(oldest)
    return max(now - since, timedelta(0)) if since else timedelta(0)


def deliver_pending(limit: int = 200) -> int:
    """Deliver what is due, oldest first, and return how many went out; a failure is tried again later."""
    due = sa.select(OutboxMessage.id).where(
        OutboxMessage.delivered_at.is_(None),
        OutboxMessage.available_at <= clock.system_now(),
        OutboxMessage.attempts < MAX_ATTEMPTS,
    )
    identifiers = db.session.scalars(due.order_by(OutboxMessage.id).limit(limit)).all()
    return sum(_deliver(identifier) for identifier in identifiers)


def _deliver(identifier: int) -> bool:
    message = _claim(identifier)
    if message is None:
        return False
    try:
        _handlers[message.kind](message.public_id, message.payload)
    except Exception as error:
        # Only the name of the error: its text may hold the address a mail was for.
        facts = {"kind": message.kind, "outbox": message.public_id, "error": type(error).__name__}
        log.error("outbox delivery failed", extra=facts)
        _put_off(identifier, error)
        return False
    with transaction() as session:
        message = session.get_one(OutboxMessage, identifier)
        message.delivered_at, message.payload = clock.now(), {}
    return True


def _put_off(identifier: int, error: Exception) -> None:
    """Let a message wait twice as long as before: twelve tries outlast a mail server's weekend."""
    with transaction() as session:
        message = session.get_one(OutboxMessage, identifier)
        message.last_error = type(error).__name__
        message.available_at = clock.system_now() + timedelta(minutes=2**message.attempts)


def _claim(identifier: int) -> OutboxMessage | None:
    # Two workers may have read the same row; the one whose update counts has it for a while.
    now = clock.system_now()
    with transaction() as session:
        update = session.execute(
            sa.update(OutboxMessage)
            .where(
                OutboxMessage.id == identifier,
                OutboxMessage.delivered_at.is_(None),
                OutboxMessage.available_at <= now,
            )
            .values(
                attempts=OutboxMessage.attempts + 1,
                available_at=now + timedelta(minutes=1),
            )
        )
        claimed = cast("sa.CursorResult[Any]", update).rowcount == 1
        return session.get_one(OutboxMessage, identifier, populate_existing=True) if claimed else None
