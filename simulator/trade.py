"""A trade as the gateway sees it, and a notice it owes the merchant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from app.core import clock
from app.payments.gateways import barcode
from simulator.orders import Order

_COLLECTOR: Final = "6EA"


class Status(StrEnum):
    CREATED = "created"
    CODE_ISSUED = "code_issued"
    PAID = "paid"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Trade:
    """One order and what became of it.

    :ivar code: the virtual account, the second bar of a barcode or the store code; None until issued
    """

    id: int
    page_key: str
    order: Order
    status: Status
    created_at: datetime
    code: str | None
    issued_at: datetime | None
    paid_at: datetime | None
    paid_amount: int | None

    @property
    def gateway_number(self) -> str:
        """Return ECPay's own number: ``yyMMddHHmmss`` and four digits."""
        # The demo's clock stands still, so the last digits must tell the trades apart.
        return f"{self.created_at.astimezone(clock.TAIPEI):%y%m%d%H%M%S}{self.id % 10_000:04d}"

    @property
    def authorisation_number(self) -> int:
        """Return the number of a card's authorisation, which ECPay calls gwsr."""
        return 10_000_000 + self.id

    @property
    def last_day(self) -> date | None:
        """Return the last Taipei day on which the code can be paid; None without a code."""
        if self.issued_at is None:
            return None
        if self.expires_at is not None:
            return clock.taipei_day(self.expires_at - timedelta(microseconds=1))
        if self.order.code_days is None:
            return None
        return clock.taipei_day(self.issued_at) + timedelta(days=self.order.code_days)

    @property
    def expires_at(self) -> datetime | None:
        """Return the instant at which a store code ends; None for what ends with a day."""
        if self.issued_at is None or self.order.code_minutes is None:
            return None
        return self.issued_at + timedelta(minutes=self.order.code_minutes)

    @property
    def barcodes(self) -> tuple[str, str, str] | None:
        """Return the three bars; None unless a barcode was issued."""
        if self.order.choice != "BARCODE" or self.code is None:
            return None
        if self.issued_at is None or self.last_day is None:
            return None
        first = barcode.first_segment(self.last_day, _COLLECTOR)
        prefix = f"{self.issued_at.astimezone(clock.TAIPEI):%m%d}"
        return (first, self.code, barcode.third_segment(first, self.code, prefix, self.order.amount))

    @property
    def account(self) -> str | None:
        return self.code if self.order.choice == "ATM" else None

    @property
    def store_code(self) -> str | None:
        return self.code if self.order.choice == "CVS" else None

    def is_expired_at(self, instant: datetime) -> bool:
        """Return whether the code has run out; of a barcode a store reads the day, not the hour."""
        if self.expires_at is not None:
            return instant >= self.expires_at
        return self.last_day is not None and clock.taipei_day(instant) > self.last_day


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice owed to the merchant's server, until it answers ``1|OK``.

    :ivar old_key: sign it with the merchant's first retired keys
    :ivar not_before: when it is due; None: whenever somebody asks for deliveries
    """

    id: int
    trade_number: str
    url: str
    fields: dict[str, str]
    wrong_digest: bool
    old_key: bool
    not_before: datetime | None
    attempts: int


@dataclass(frozen=True, slots=True)
class CardMove:
    """Something done with a card's authorisation: C, R, E or N, of so many dollars, at an instant."""

    action: str
    amount: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong the next time a merchant calls at a place (see README.md).

    :ivar seconds: how long a slow answer takes, 0 for the other kinds
    """

    place: str
    kind: str
    seconds: float
