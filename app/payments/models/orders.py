"""Orders with lines, attempts at a gateway, receipts, and every message a gateway sent.

Money is counted, never overwritten. Whether an order is paid follows from its receipts.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, WithPublicId, WordedType, choice_column
from app.payments.gateways.base import Method
from app.payments.states import AttemptState, NoticeOutcome, ReceiptOutcome, ReceiptSource
from app.payments.words import order_wording

if TYPE_CHECKING:
    from app.payments.models.refunds import RefundCase


class Order(WithPublicId, Base):
    """What is to be paid, by when. Issued on the day of submission; nothing moves its last day (Q5)."""

    __tablename__ = "orders"
    __table_args__ = (
        sa.CheckConstraint("amount_twd > 0", name="amount"),
        sa.CheckConstraint("last_day >= issued_on", name="last_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    title: Mapped[str] = mapped_column(
        WordedType(100, order_wording)
    )  # what is paid for, as the payer sees it
    page_path: Mapped[str] = mapped_column(
        sa.String(120)
    )  # the owner's page about it; the gateway leads back there
    amount_twd: Mapped[int]
    issued_on: Mapped[date]
    last_day: Mapped[date]  # payable up to and including it
    deadline_clause: Mapped[str] = mapped_column(sa.String(60))
    methods: Mapped[list[str]]  # values of Method that this track allows
    terms_accepted_at: Mapped[datetime | None]  # NULL: no method chosen yet (R090)
    cancelled_at: Mapped[datetime | None]  # NULL: in force

    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", order_by="OrderLine.position")
    attempts: Mapped[list[Attempt]] = relationship(back_populates="order", order_by="Attempt.id")
    receipts: Mapped[list[Receipt]] = relationship(back_populates="order", order_by="Receipt.place")
    refunds: Mapped[list[RefundCase]] = relationship(back_populates="order", order_by="RefundCase.id")

    @property
    def applied_twd(self) -> int:
        """The dollars received and counted for this order."""
        return sum(r.amount_twd for r in self.receipts if r.outcome == ReceiptOutcome.APPLIED)

    @property
    def is_paid(self) -> bool:
        return self.applied_twd >= self.amount_twd

    @property
    def paid_at(self) -> datetime | None:
        """When the receipt arrived that completed the sum; None while it is incomplete."""
        applied = [r.paid_at for r in self.receipts if r.outcome == ReceiptOutcome.APPLIED]
        return max(applied) if self.is_paid and applied else None

    @property
    def outstanding_twd(self) -> int:
        """The dollars still to be paid; 0 when it is paid."""
        return max(0, self.amount_twd - self.applied_twd)

    @property
    def needed_twd(self) -> int:
        """The dollars it has a claim to: nothing, once it has ended before the sum was complete."""
        return 0 if self.cancelled_at is not None and not self.is_paid else self.amount_twd

    @property
    def unneeded_twd(self) -> int:
        """The dollars received that this order does not need: late, twice, too much, or after it ended."""
        return sum(r.amount_twd for r in self.receipts) - min(self.applied_twd, self.needed_twd)

    @property
    def refundable_twd(self) -> int:
        """What is unneeded and has not gone back yet; a rest that the deduction eats up is closed (Q21)."""
        return self.unneeded_twd - sum(c.basis_twd for c in self.refunds if c.by_office and c.is_settled)


class OrderLine(Base):
    __tablename__ = "order_lines"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("unit_twd >= 0", name="unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(WordedType(100, order_wording))
    quantity: Mapped[int]
    unit_twd: Mapped[int]

    order: Mapped[Order] = relationship(back_populates="lines")


class Attempt(WithPublicId, Base):
    """One try at one gateway: its number is never used again, whatever became of it."""

    __tablename__ = "payment_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    gateway: Mapped[str] = mapped_column(sa.String(20))
    trade_number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    method: Mapped[Method] = choice_column(Method)
    amount_twd: Mapped[int]
    state: Mapped[AttemptState] = choice_column(AttemptState, default=AttemptState.STARTED)
    started_at: Mapped[datetime]
    # What the payer needs, as the gateway issued it; NULL: nothing issued yet, or a card.
    bank_code: Mapped[str | None] = mapped_column(sa.String(3))
    account_number: Mapped[str | None] = mapped_column(sa.String(20), index=True)
    barcodes: Mapped[list[str] | None]
    code_expires_at: Mapped[datetime | None]
    store_code: Mapped[str | None] = mapped_column(sa.String(20))
    payment_url: Mapped[str | None] = mapped_column(sa.Text)
    # The gateway's own numbers: of the trade, and of the card's authorisation; NULL: not told.
    gateway_trade_number: Mapped[str | None] = mapped_column(sa.String(40))
    authorisation_number: Mapped[str | None] = mapped_column(sa.String(20), index=True)
    # When to ask the gateway what became of it, and how often that was done; NULL: there is nothing to ask.
    ask_at: Mapped[datetime | None] = mapped_column(index=True)
    times_asked: Mapped[int] = mapped_column(default=0)

    order: Mapped[Order] = relationship(back_populates="attempts")


class Receipt(Base):
    """Every dollar that arrived, whatever it was for."""

    __tablename__ = "receipts"
    __table_args__ = (
        # The same payment reported twice is one receipt, also when both reports arrive at once.
        sa.UniqueConstraint("gateway", "gateway_trade_number"),
        sa.UniqueConstraint("order_id", "place"),
        sa.CheckConstraint("amount_twd > 0", name="amount"),
        sa.CheckConstraint("(order_id IS NULL) = (outcome = 'suspense')", name="suspense"),
        sa.CheckConstraint("(order_id IS NULL) = (place IS NULL)", name="place"),
        sa.Index(None, "gateway", "paid_at"),
        sa.Index(None, "outcome", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # NULL: nobody knows yet what the money is for.
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    # The how manieth for its order, from 1: what comes on top is seen in this order, and money out of
    # suspense counts when it is matched. NULL: in suspense
    place: Mapped[int | None]
    # NULL: it came by no attempt of ours, or by one that nobody has found yet.
    attempt_id: Mapped[int | None] = mapped_column(sa.ForeignKey("payment_attempts.id"), index=True)
    gateway: Mapped[str] = mapped_column(sa.String(20))
    gateway_trade_number: Mapped[str] = mapped_column(sa.String(40))
    amount_twd: Mapped[int]
    fee_twd: Mapped[int | None]  # what the gateway keeps; NULL: not told
    source: Mapped[ReceiptSource] = choice_column(ReceiptSource)
    paid_at: Mapped[datetime]  # as the gateway says
    recorded_at: Mapped[datetime]
    outcome: Mapped[ReceiptOutcome] = choice_column(ReceiptOutcome)

    order: Mapped[Order | None] = relationship(back_populates="receipts")
    attempt: Mapped[Attempt | None] = relationship()

    @property
    def method(self) -> Method | None:
        """How it was paid; None when no attempt of ours is known."""
        return self.attempt.method if self.attempt else None


class GatewayMessage(Base):
    """A notification as it arrived, kept before it was understood."""

    __tablename__ = "gateway_messages"
    __table_args__ = (sa.Index(None, "received_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    gateway: Mapped[str] = mapped_column(sa.String(20))
    received_at: Mapped[datetime]
    address: Mapped[str | None] = mapped_column(sa.String(64))  # NULL: not known
    body: Mapped[bytes] = mapped_column(sa.LargeBinary)
    trade_number: Mapped[str | None] = mapped_column(sa.String(20), index=True)  # NULL: could not be read
    outcome: Mapped[NoticeOutcome | None] = choice_column(NoticeOutcome)  # NULL: stored, not yet judged
    understood: Mapped[dict[str, Any] | None]  # NULL: not readable
