"""``flask payments check``: whether every dollar is where the books say."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask.cli import AppGroup
from sqlalchemy.orm import selectinload

from app.core.db import db
from app.core.money import format_twd
from app.payments.models import Order
from app.payments.refunds.ledger import Ledger
from app.payments.refunds.queries import ledger_of

payments_cli = AppGroup("payments", help="Money.")


@payments_cli.command("check")
def check() -> None:
    """Check that receipts = applied + refundable + refunded for every order; exit 1 when they are not."""
    query = sa.select(Order).options(selectinload(Order.receipts), selectinload(Order.refunds))
    total, wrong = Ledger(0, 0, 0, 0), 0
    for order in db.session.scalars(query.order_by(Order.id).execution_options(yield_per=500)):
        ledger = ledger_of(order)
        total = Ledger(
            total.received_twd + ledger.received_twd,
            total.applied_twd + ledger.applied_twd,
            total.refundable_twd + ledger.refundable_twd,
            total.refunded_twd + ledger.refunded_twd,
        )
        for mistake in ledger.mistakes:
            wrong += 1
            click.echo(f"order {order.public_id}: {mistake}")
    click.echo(
        f"received {format_twd(total.received_twd)} = applied {format_twd(total.applied_twd)}"
        f" + refundable {format_twd(total.refundable_twd)} + refunded {format_twd(total.refunded_twd)}"
    )
    if wrong:
        raise SystemExit(1)
