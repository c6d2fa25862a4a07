"""How an order stands, on both sides of midnight."""

from datetime import date, datetime

import pytest

from app.core.clock import TAIPEI
from app.payments.status import EXEMPT, PaymentKind, payment_status

LAST_DAY = date(2023, 5, 7)


def on(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TAIPEI)


@pytest.mark.parametrize(
    ("applied", "now", "kind", "label", "days_left"),
    [
        (0, "2023-05-01 00:00", PaymentKind.OPEN, "待繳費", 6),
        (0, "2023-05-06 23:59:59", PaymentKind.OPEN, "待繳費", 1),
        (0, "2023-05-07 23:59:59.999999", PaymentKind.OPEN, "待繳費", 0),
        (0, "2023-05-08 00:00", PaymentKind.EXPIRED, "逾期未繳費", None),
        (100, "2023-05-07 12:00", PaymentKind.PARTIAL, "尚未繳足", 0),
        (100, "2023-05-08 00:00", PaymentKind.EXPIRED, "逾期未繳費", None),
        (250, "2023-05-01 09:00", PaymentKind.PAID, "已繳費", None),
        (250, "2023-09-01 09:00", PaymentKind.PAID, "已繳費", None),
        (500, "2023-05-01 09:00", PaymentKind.PAID, "已繳費", None),
    ],
)
def test_status_follows_the_clock_and_what_was_received(applied, now, kind, label, days_left):
    paid_at = on("2023-05-01 09:00") if applied >= 250 else None

    status = payment_status(
        amount_twd=250, applied_twd=applied, last_day=LAST_DAY, paid_at=paid_at, now=on(now)
    )

    assert (status.kind, str(status.label), status.days_left) == (kind, label, days_left)
    assert status.paid_at == paid_at


@pytest.mark.parametrize(("applied", "kind"), [(0, PaymentKind.CANCELLED), (250, PaymentKind.PAID)])
def test_a_cancelled_order_is_not_payable_but_a_payment_is_never_forgotten(applied, kind):
    status = payment_status(
        amount_twd=250,
        applied_twd=applied,
        last_day=LAST_DAY,
        paid_at=None,
        now=on("2023-05-02 09:00"),
        cancelled=True,
    )

    assert status.kind == kind
    assert not status.can_pay


def test_who_is_free_owes_nothing():
    assert EXEMPT.is_settled
    assert not EXEMPT.can_pay
    assert str(EXEMPT.label) == "免繳費"
