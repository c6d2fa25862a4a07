"""``flask payments check`` on the books of many orders: how long it takes, and that it finds each fault."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Realm
from app.accounts.services import create_verified_account
from app.core import clock
from app.core.db import db, transaction
from app.core.ids import new_public_id
from app.payments.books.checking import Totals, check_books
from app.payments.gateways.base import Method
from app.payments.models import Attempt, Order, OrderLine, Receipt, RefundCase
from app.payments.refunds.rules import RefundReason
from app.payments.refunds.states import RefundState
from app.payments.states import AttemptState, ReceiptOutcome, ReceiptSource
from bench.measure import Measure, timed
from bench.portal import fresh_portal

FULL_ORDERS, SHORT_ORDERS = 100_000, 2_000
_AT_ONCE = 1_000
_FEE, _KEPT = 250, 58


def run(*, short: bool) -> list[Measure]:
    """Return how long the check takes; raise RuntimeError when it misses a fault or invents one."""
    orders = SHORT_ORDERS if short else FULL_ORDERS
    with fresh_portal():
        account = create_verified_account(Realm.NATIONAL, "payer@example.tw", "thirty-eight-pupils")
        for first in range(1, orders + 1, _AT_ONCE):
            _write(account.id, range(first, min(first + _AT_ONCE, orders + 1)))
        seconds, found = timed(_faults)
        if found:
            raise RuntimeError(f"sound books are found wrong: {found[:3]}")
        for name, statement in _seeds(orders):
            with transaction() as session:
                session.execute(statement)
            before, found = found, _faults()
            if not set(found) - set(before):
                raise RuntimeError(f"not found: {name}")
    return [
        Measure("books", f"check {orders:,} orders", seconds, "s"),
        Measure("books", "orders per second", orders / seconds, "orders/s"),
    ]


def _faults() -> list[tuple[str, str]]:
    db.session.expire_all()
    return [(fault.place, fault.what) for fault in check_books(db.session, Totals())]


def _write(account_id: int, ids: range) -> None:
    """Write orders of all kinds: two in three paid, some twice, some late, some open."""
    chance = random.Random(ids.start)
    now = clock.now()
    rows: dict[type, list[dict[str, Any]]] = {
        each: [] for each in (Order, OrderLine, Attempt, Receipt, RefundCase)
    }
    for number in ids:
        last_day = clock.today() + timedelta(days=6)
        rows[Order].append(_order(number, account_id, last_day))
        rows[OrderLine].append(
            {"order_id": number, "position": 1, "title": "報名費", "quantity": 1, "unit_twd": _FEE}
        )
        kind = chance.choices(("paid", "open", "late", "twice"), (66, 28, 3, 3))[0]
        outcomes = {
            "paid": [ReceiptOutcome.APPLIED],
            "open": [],
            "late": [ReceiptOutcome.LATE],
            "twice": [ReceiptOutcome.APPLIED, ReceiptOutcome.SURPLUS],
        }[kind]
        for place, outcome in itertools.zip_longest((0, 1), outcomes):
            key = number * 2 + place
            rows[Attempt].append(_attempt(key, number, now, paid=outcome is not None))
            if outcome is None:
                continue
            rows[Receipt].append(_receipt(key, number, outcome, now))
            if outcome is not ReceiptOutcome.APPLIED:
                rows[RefundCase].append(_case(key, number, outcome, now))
    with transaction() as session:
        for model, values in rows.items():
            if values:
                session.execute(sa.insert(model), values)


def _order(number: int, account_id: int, last_day: date) -> dict[str, Any]:
    return {
        "id": number,
        "public_id": new_public_id(),
        "account_id": account_id,
        "title": "全國認證第一梯次報名費",
        "page_path": "/",
        "amount_twd": _FEE,
        "issued_on": clock.today(),
        "last_day": last_day,
        "deadline_clause": "捌、二、(四)5",
        "methods": ["atm"],
    }


def _attempt(key: int, order_id: int, now: Any, *, paid: bool) -> dict[str, Any]:
    return {
        "id": key,
        "public_id": new_public_id(),
        "order_id": order_id,
        "gateway": "ecpay",
        "trade_number": f"BENCH{key:012d}",
        "method": Method.ATM,
        "amount_twd": _FEE,
        "state": AttemptState.PAID if paid else AttemptState.STARTED,
        "started_at": now,
        "times_asked": 0,
    }


def _receipt(key: int, order_id: int, outcome: ReceiptOutcome, now: Any) -> dict[str, Any]:
    return {
        "id": key,
        "order_id": order_id,
        "place": key % 2 + 1,
        "attempt_id": key,
        "gateway": "ecpay",
        "gateway_trade_number": f"{key:016d}",
        "amount_twd": _FEE,
        "source": ReceiptSource.NOTICE,
        "paid_at": now,
        "recorded_at": now,
        "outcome": outcome,
    }


def _case(key: int, order_id: int, outcome: ReceiptOutcome, now: Any) -> dict[str, Any]:
    late = outcome is ReceiptOutcome.LATE
    return {
        "public_id": new_public_id(),
        "order_id": order_id,
        "receipt_id": key,
        "reason": RefundReason.LATE if late else RefundReason.OVERPAID,
        "state": RefundState.WAITING,
        "subjects": [],
        "basis_twd": _FEE,
        "deduction_twd": _KEPT,
        "amount_twd": _FEE - _KEPT,
        "explanation": "",
        "opened_at": now,
        "paper_proof": False,
        "paid_by_gateway": False,
    }


def _seeds(orders: int) -> Iterator[tuple[str, Any]]:
    """Yield one fault after the other, each at a place of its own."""
    paid = db.session.scalars(
        sa.select(Receipt.id).where(Receipt.outcome == ReceiptOutcome.APPLIED).order_by(Receipt.id)
    ).all()
    cases = db.session.scalars(sa.select(RefundCase.id).order_by(RefundCase.id)).all()

    def change(model: Any, condition: Any, **values: Any) -> Any:
        return sa.update(model).where(condition).values(**values)

    its_order = sa.select(Receipt.order_id).where(Receipt.id == paid[7]).scalar_subquery()
    yield "a receipt is larger", change(Receipt, Receipt.id == paid[1], amount_twd=_FEE + 1)
    yield (
        "a receipt belongs to another order",
        change(Receipt, Receipt.id == paid[2], order_id=orders, place=9),
    )
    yield "a receipt is lost", sa.delete(Receipt).where(Receipt.id == paid[3])
    yield "a case is lost", sa.delete(RefundCase).where(RefundCase.id == cases[1])
    yield "a case claims less", change(RefundCase, RefundCase.id == cases[2], basis_twd=249, amount_twd=191)
    yield "paid by no gateway", change(RefundCase, RefundCase.id == cases[3], paid_by_gateway=True)
    yield "a line is dearer", change(OrderLine, OrderLine.order_id == 5, unit_twd=_FEE + 1)
    yield "an attempt is set back", change(Attempt, Attempt.id == paid[6], state=AttemptState.STARTED)
    day_before = clock.now() - timedelta(days=1)
    yield "cancelled before its money", change(Order, Order.id == its_order, cancelled_at=day_before)
