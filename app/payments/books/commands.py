"""``flask payments check``: whether every dollar is where the books say."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core.db import db
from app.core.money import format_twd
from app.payments.books.checking import Totals, check_books

payments_cli = AppGroup("payments", help="Money.")


@payments_cli.command("check")
def check() -> None:
    """List what does not fit in the books; exit 1 when there is something."""
    totals, faults = Totals(), 0
    for fault in check_books(db.session, totals):
        faults += 1
        click.echo(f"{fault.place}: {fault.what}")
    click.echo(
        f"{totals.orders:,} orders: received {format_twd(totals.received_twd)}"
        f" = applied {format_twd(totals.applied_twd)} + refundable {format_twd(totals.refundable_twd)}"
        f" + refunded {format_twd(totals.refunded_twd)} + in suspense {format_twd(totals.suspense_twd)}"
    )
    if faults:
        raise SystemExit(1)
