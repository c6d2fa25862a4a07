"""``flask payments check`` finds nothing in sound books, and each fault that is put into them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db, transaction
from app.payments.books.checking import Totals, check_books
from app.payments.models import (
    Attempt,
    GatewayMessage,
    GatewayRefund,
    Order,
    OrderLine,
    Receipt,
    RefundCase,
)
from app.payments.refunds.states import GatewayRefundState
from app.payments.services import cancel_order, record_message
from app.payments.states import AttemptState, ReceiptOutcome, ReceiptSource
from tests.conftest import taipei
from tests.factories.orders import make_attempt, make_order, paid_message

Change = Callable[[Order], object]


def pay(order: Order, **how: object) -> Attempt:
    attempt = make_attempt(order)
    record_message("ecpay", paid_message(attempt, **how), address=None, actor=SYSTEM)
    return attempt


def faults() -> list[tuple[str, str]]:
    db.session.expire_all()
    return [(fault.place, fault.what) for fault in check_books(db.session, Totals())]


@pytest.fixture
def books(app: Flask) -> Order:
    """An order paid twice, one paid late, one cancelled, one open, and money of unknown purpose."""
    order = make_order()
    other = make_attempt(order)
    pay(order)
    record_message("ecpay", paid_message(other), address=None, actor=SYSTEM)
    pay(make_order(), at=taipei("2023-05-09 10:00"))
    cancelled = make_order()
    cancel_order(cancelled, actor=SYSTEM)
    make_order()
    with transaction() as session:
        session.add(
            Receipt(
                gateway="bank",
                gateway_trade_number="unknown",
                amount_twd=300,
                source=ReceiptSource.FILE,
                paid_at=clock.now(),
                recorded_at=clock.now(),
                outcome=ReceiptOutcome.SUSPENSE,
            )
        )
    return order


def test_sound_books_are_found_sound(app: Flask, books: Order) -> None:
    result = app.test_cli_runner().invoke(args=["payments", "check"])

    assert result.exit_code == 0
    assert result.output == (
        "4 orders: received NT$1,050 = applied NT$250 + refundable NT$500 + refunded NT$0"
        " + in suspense NT$300\n"
    )


def change(model: type, condition: sa.ColumnElement[bool], **values: object) -> Change:
    return lambda _order: db.session.execute(sa.update(model).where(condition).values(**values))


def lose_case(order: Order) -> None:
    db.session.execute(sa.delete(RefundCase).where(RefundCase.order_id == order.id))


def lose_receipt(order: Order) -> None:
    lose_case(order)
    db.session.execute(sa.delete(Receipt).where(Receipt.order_id == order.id))


def repay_twice(order: Order) -> None:
    case = order.refunds[0]
    receipt = case.receipt
    db.session.add(
        GatewayRefund(
            case=case,
            attempt_id=receipt.attempt_id,
            amount_twd=400,
            before_twd=0,
            state=GatewayRefundState.DONE,
            started_at=clock.now(),
            ended_at=clock.now(),
        )
    )


SEEDED: dict[str, tuple[Change, str]] = {
    "a line is dearer": (change(OrderLine, OrderLine.position == 1, unit_twd=251), "sum of its lines"),
    "a receipt is larger": (change(Receipt, Receipt.amount_twd == 250, amount_twd=251), "cases say"),
    "a case is lost": (lose_case, "cases say"),
    "a receipt is lost": (lose_receipt, "paid, but no receipt"),
    "a message without its receipt": (lose_receipt, "told us of money"),
    "an attempt was set back": (
        change(Attempt, Attempt.state == AttemptState.PAID, state=AttemptState.FAILED),
        "a receipt, but not paid",
    ),
    "a receipt moved to another order": (
        lambda order: change(Receipt, Receipt.order_id == order.id, order_id=order.id + 2)(order),
        "another order or gateway",
    ),
    "a case's receipt is another order's": (
        lambda order: change(RefundCase, RefundCase.order_id == order.id, order_id=order.id + 2)(order),
        "its receipt belongs to another order",
    ),
    "more was given back than came in": (repay_twice, "more given back than came in"),
    "given back and not closed": (repay_twice, "it is not closed so"),
    "closed and not given back": (
        lambda order: change(RefundCase, RefundCase.order_id == order.id, paid_by_gateway=True)(order),
        "which did not give back",
    ),
    "counted after it was cancelled": (
        lambda order: change(Order, Order.id == order.id, cancelled_at=taipei("2023-04-30 09:00"))(order),
        "after it was cancelled",
    ),
}


@pytest.mark.parametrize("name", SEEDED)
def test_each_fault_is_found(books: Order, name: str) -> None:
    put_in, expected = SEEDED[name]
    assert faults() == []

    with transaction():
        put_in(books)

    assert any(expected in what for _place, what in faults())


def test_a_fault_fails_the_command_and_names_the_place(app: Flask, books: Order) -> None:
    with transaction():
        lose_case(books)

    result = app.test_cli_runner().invoke(args=["payments", "check"])

    assert result.exit_code == 1
    assert f"order {books.public_id}: unneeded" in result.output


def test_messages_are_not_needed_for_sound_books(books: Order) -> None:
    with transaction() as session:
        session.execute(sa.delete(GatewayMessage))

    assert faults() == []
