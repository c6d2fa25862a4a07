"""Payers are reminded of their last day, once, by mail (S002)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa

from app.core import audit, clock
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.payments import letters, queries
from app.payments.models import Order

_ACTION: Final = "payment.remind"
_FROM_HOUR: Final = 9  # nobody wants this mail in the night


def remind_payers() -> int:
    """Mail everybody who has one more day to pay, and whom nobody was there to remind then; return how many.

    Who submitted today has just been told the day and is left alone. Nothing is sent before 09:00.
    """
    today = clock.today()
    if clock.now().astimezone(clock.TAIPEI).hour < _FROM_HOUR:
        return 0
    waiting = db.session.scalars(_unreminded(today).with_only_columns(Order.id)).all()
    db.session.rollback()
    return sum(_remind(order_id, today) for order_id in waiting)


def _remind(order_id: int, today: date) -> bool:
    with transaction() as session:
        order = queries.get_order_for_update(session, order_id)
        # Paid, cancelled or reminded by another worker since it was listed.
        if session.scalar(_unreminded(today).where(Order.id == order_id)) is None:
            return False
        letters.send_reminder(order)
        audit.record(_ACTION, order, SYSTEM)
        return True


def _unreminded(today: date) -> sa.Select[tuple[Order]]:
    reminded = sa.exists().where(
        AuditEntry.subject_type == Order.__tablename__,
        AuditEntry.subject_id == Order.public_id,
        AuditEntry.action == _ACTION,
    )
    return (
        sa.select(Order)
        .where(
            Order.last_day.in_([today, today + timedelta(days=1)]),
            Order.issued_on < today,
            Order.cancelled_at.is_(None),
            queries.applied_twd() < Order.amount_twd,
            ~reminded,
        )
        .order_by(Order.id)
    )
