"""The numbers of receipts: made from the money that came, so that they never change; pure."""

from __future__ import annotations

from app.core.clock import taipei_day
from app.core.roc_dates import roc_year
from app.payments.models import Order, Receipt
from app.payments.states import ReceiptOutcome


def completing_receipt(order: Order) -> Receipt | None:
    """Return the money that completed the sum of an order; None while it is not complete.

    Nothing is counted for an order any more once it is paid, so it stays the same for good.
    """
    applied = [each for each in order.receipts if each.outcome == ReceiptOutcome.APPLIED]
    return max(applied, key=lambda each: (each.recorded_at, each.id)) if order.is_paid else None


def receipt_number(receipt: Receipt) -> str:
    """Return ``112-000123``: the Minguo year of the payment and the receipt's own number."""
    return f"{roc_year(taipei_day(receipt.paid_at))}-{receipt.id:06d}"
