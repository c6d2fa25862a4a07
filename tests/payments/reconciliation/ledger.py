"""What the tests of reconciliation look up in the books."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.core.actors import SYSTEM
from app.core.db import db
from app.payments.books.checking import Totals, check_books
from app.payments.models import Attempt, Finding, Order, Receipt
from app.payments.reconciliation.services import Period
from app.payments.reconciliation.states import FindingKind
from app.payments.services import record_message
from tests.conftest import taipei
from tests.factories.orders import make_attempt, paid_message

TRADE_NUMBER = "2305031000000001"
FIRST_OF_MAY_TO_THIRD = Period(taipei("2023-05-01").date(), taipei("2023-05-03").date())


def reported(order: Order, theirs: str = TRADE_NUMBER, **changes: str) -> Attempt:
    """Return an attempt whose payment, on the third, ECPay has told us of."""
    attempt = make_attempt(order)
    record_message(
        "ecpay",
        paid_message(attempt, at=taipei("2023-05-03 10:00"), TradeNo=theirs, **changes),
        address=None,
        actor=SYSTEM,
    )
    return attempt


def rows(kind: type) -> Sequence:
    return db.session.scalars(sa.select(kind).order_by(kind.id)).all()


def open_findings(kind: FindingKind) -> list[Finding]:
    return [finding for finding in rows(Finding) if finding.kind is kind and finding.closed_at is None]


def money() -> list[tuple]:
    """Return all that must not change when a file is taken again."""
    return [(r.id, r.order_id, r.amount_twd, r.outcome, r.fee_twd, r.paid_at) for r in rows(Receipt)]


def books_balance() -> bool:
    return not list(check_books(db.session, Totals()))
