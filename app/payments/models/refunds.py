"""Refund cases, and the proofs that applicants send with them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.crypto import Sealed, SealedBytes
from app.core.db import Base, WithPublicId, WordedType, choice_column
from app.exams.models import Round
from app.exams.words import name_wording
from app.payments.models.orders import Attempt, Order, Receipt
from app.payments.refunds.rules import RULES, RefundReason
from app.payments.refunds.states import SETTLED, GatewayRefundState, RefundState


class RefundCase(WithPublicId, Base):
    """One application, one decision, one money order."""

    __tablename__ = "refund_cases"
    __table_args__ = (
        # The money of a receipt goes back once, also when its payment is reported twice at once.
        sa.UniqueConstraint("receipt_id"),
        sa.CheckConstraint("basis_twd > 0 AND amount_twd >= 0 AND deduction_twd >= 0", name="amounts"),
        sa.CheckConstraint("amount_twd + deduction_twd = basis_twd", name="sum"),
        sa.CheckConstraint("decided_by_id <> proposed_by_id", name="two_persons"),
        sa.CheckConstraint(
            "state <> 'paid' OR paid_by_gateway OR money_order_number IS NOT NULL", name="money_order"
        ),
        sa.Index(None, "state", "pay_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    receipt_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("receipts.id")
    )  # NULL: an applicant asks for the fee of an exam that cannot be taken
    round_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("rounds.id"), index=True
    )  # NULL: nothing refers to the order
    area: Mapped[str | None] = mapped_column(WordedType(10, name_wording))  # NULL: as above
    reason: Mapped[RefundReason] = choice_column(RefundReason)
    state: Mapped[RefundState] = choice_column(RefundState, default=RefundState.WAITING)
    subjects: Mapped[list[str]]  # public ids of the registrations that end with it; none: only money
    basis_twd: Mapped[int]
    deduction_twd: Mapped[int]
    amount_twd: Mapped[int]
    explanation: Mapped[str] = mapped_column(sa.String(500))  # the applicant's words; may be empty
    opened_at: Mapped[datetime]
    apply_by: Mapped[date | None]  # last postmark; NULL: started by the office
    pay_by: Mapped[date | None]  # NULL: nothing refers to the order
    postmarked_on: Mapped[date | None]  # NULL: the signed application has not arrived
    paper_proof: Mapped[bool] = mapped_column(default=False)  # a proof lay in the envelope
    # Who gets the money order (R107); NULL: not known yet.
    payee_name: Mapped[str | None] = mapped_column(sa.String(60))
    payee_address_sealed: Mapped[bytes | None]
    payee_phone_sealed: Mapped[bytes | None]
    # The proposal and the decision, by two persons (R108); NULL: not yet.
    proposed_grant: Mapped[bool | None]
    proposal_note: Mapped[str | None] = mapped_column(sa.String(300))
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime | None]
    decision_note: Mapped[str | None] = mapped_column(sa.String(300))
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    money_order_number: Mapped[str | None] = mapped_column(sa.String(20), unique=True)  # NULL: not bought yet
    paid_on: Mapped[date | None]  # the day it was posted, or the gateway gave it back; NULL: not yet
    paid_by_gateway: Mapped[bool] = mapped_column(default=False)  # False: by money order, or not yet

    order: Mapped[Order] = relationship(back_populates="refunds")
    receipt: Mapped[Receipt | None] = relationship()
    exam_round: Mapped[Round | None] = relationship()
    proof: Mapped[RefundProof | None] = relationship(back_populates="case")
    gateway_refunds: Mapped[list[GatewayRefund]] = relationship(
        back_populates="case", order_by="GatewayRefund.id"
    )

    payee_address = Sealed("payee_address_sealed")
    payee_phone = Sealed("payee_phone_sealed")

    @property
    def number(self) -> str:
        """What the office calls it, printed on the form; it opens nothing."""
        return f"R{self.id:06d}"

    @property
    def by_office(self) -> bool:
        return RULES[self.reason].by_office

    @property
    def has_proof(self) -> bool:
        return self.paper_proof or self.proof is not None

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED


class GatewayRefund(Base):
    """One request to a gateway to give money back; written before it is asked (payments.md 6, case 23)."""

    __tablename__ = "gateway_refunds"
    __table_args__ = (
        sa.CheckConstraint("amount_twd > 0 AND before_twd >= 0", name="amounts"),
        sa.CheckConstraint("(state = 'in_transit') = (ended_at IS NULL)", name="ended"),
        # One refund of a case is under way or done, however many have failed before.
        sa.Index(
            "uq_gateway_refunds_living",
            "case_id",
            unique=True,
            sqlite_where=sa.text("state <> 'failed'"),
            postgresql_where=sa.text("state <> 'failed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("refund_cases.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("payment_attempts.id"), index=True)
    amount_twd: Mapped[int]
    before_twd: Mapped[int]  # what the gateway had given back of this payment before
    state: Mapped[GatewayRefundState] = choice_column(
        GatewayRefundState, default=GatewayRefundState.IN_TRANSIT
    )
    reference: Mapped[str | None] = mapped_column(sa.String(40))  # the gateway's number; NULL: none given
    result_code: Mapped[str | None] = mapped_column(sa.String(40))  # NULL: no answer yet
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # NULL: in transit
    ask_at: Mapped[datetime | None] = mapped_column(index=True)  # when to ask what became of it; NULL: known
    times_asked: Mapped[int] = mapped_column(default=0)

    case: Mapped[RefundCase] = relationship(back_populates="gateway_refunds")
    attempt: Mapped[Attempt] = relationship()


class RefundProof(WithPublicId, Base):
    """A document that an applicant sent; kept sealed with the case, shown to staff only."""

    __tablename__ = "refund_proofs"

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("refund_cases.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    mimetype: Mapped[str] = mapped_column(sa.String(40))
    content_sealed: Mapped[bytes] = mapped_column(deferred=True)

    case: Mapped[RefundCase] = relationship(back_populates="proof")

    content = SealedBytes("content_sealed")
