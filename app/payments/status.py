"""How an order's payment stands, as one value for status pages, lists and letters; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from app.core.clock import taipei_day
from app.core.messages import Message
from app.payments import deadlines
from app.payments.deadlines import PaymentDeadline


class PaymentKind(StrEnum):
    EXEMPT = "exempt"
    OPEN = "open"
    PARTIAL = "partial"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """:ivar label: the word for the status tag
    :ivar last_day: payable up to and including it; None when nothing was ever due
    :ivar days_left: whole days after today, 0 on the last day; None unless it can still be paid
    :ivar paid_at: when the sum was complete; None unless it is
    :ivar confirming: a gateway is taking the money, or has taken it and not told us yet (case 18)
    """

    kind: PaymentKind
    label: Message
    last_day: date | None = None
    days_left: int | None = None
    paid_at: datetime | None = None
    confirming: bool = False

    @property
    def is_settled(self) -> bool:
        """Return whether nothing is owed: paid, or free from the start (R079)."""
        return self.kind in (PaymentKind.EXEMPT, PaymentKind.PAID)

    @property
    def can_pay(self) -> bool:
        return self.kind in (PaymentKind.OPEN, PaymentKind.PARTIAL)


_CONFIRMING: Final = Message("確認付款中")
EXEMPT: Final = PaymentStatus(PaymentKind.EXEMPT, Message("免繳費"))


def payment_status(
    *,
    amount_twd: int,
    applied_twd: int,
    last_day: date,
    paid_at: datetime | None,
    now: datetime,
    cancelled: bool = False,
) -> PaymentStatus:
    """Return how the payment of an order stands at an instant; a registration without an order is `EXEMPT`.

    Paid stays paid, whatever comes after. An unpaid order ends at 00:00 Taipei of the day after its
    last day. 捌、二、(四)5; R085-R089, R211.

    :param applied_twd: what has been received in time and counted
    :param paid_at: when the sum was complete, None while it is not
    :param now: aware instant
    """
    if applied_twd >= amount_twd:
        return PaymentStatus(PaymentKind.PAID, Message("已繳費"), last_day, paid_at=paid_at)
    if cancelled:
        return PaymentStatus(PaymentKind.CANCELLED, Message("已取消"), last_day)
    deadline = PaymentDeadline(last_day)
    if not deadline.is_open_at(now):
        return PaymentStatus(PaymentKind.EXPIRED, Message("逾期未繳費"), last_day)
    left = deadlines.days_left(deadline, taipei_day(now))
    if applied_twd:
        return PaymentStatus(PaymentKind.PARTIAL, Message("尚未繳足"), last_day, left)
    return PaymentStatus(PaymentKind.OPEN, Message("待繳費"), last_day, left)


def with_confirmation(status: PaymentStatus, *, confirming: bool) -> PaymentStatus:
    """Return the status as its payer is to see it while a gateway is asked whether it has the money."""
    if not (confirming and status.can_pay):
        return status
    return replace(status, label=_CONFIRMING, confirming=True)
