"""Where every dollar of an order is: applied, to be refunded, or refunded; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.money import Twd
from app.payments.refunds.rules import RefundReason
from app.payments.refunds.states import CLAIMING, SETTLED, RefundState
from app.payments.states import ReceiptOutcome

# Money paid in time for a registration that has been withdrawn is more than is owed.
_REASONS = {
    ReceiptOutcome.LATE: RefundReason.LATE,
    ReceiptOutcome.SURPLUS: RefundReason.OVERPAID,
    ReceiptOutcome.CANCELLED_ORDER: RefundReason.OVERPAID,
}


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    id: int
    amount_twd: Twd
    outcome: ReceiptOutcome


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """:ivar receipt_id: whose money the office gives back; None: an applicant asks for the fee"""

    receipt_id: int | None
    state: RefundState
    basis_twd: Twd
    amount_twd: Twd
    deduction_twd: Twd


@dataclass(frozen=True, slots=True)
class Unneeded:
    """The part of a receipt that its order does not need, and which reason of the list it falls under."""

    receipt_id: int
    reason: RefundReason
    basis_twd: Twd


@dataclass(frozen=True, slots=True)
class Ledger:
    """:ivar applied_twd: pays for the order
    :ivar refundable_twd: waits to go back, claimed by a case that is not settled
    :ivar refunded_twd: settled: sent to the payer, or kept as the deduction of a case that is closed
    """

    received_twd: Twd
    applied_twd: Twd
    refundable_twd: Twd
    refunded_twd: Twd
    mistakes: tuple[str, ...] = ()


def unneeded_parts(amount_twd: Twd, receipts: Iterable[ReceiptFacts]) -> list[Unneeded]:
    """Return what the order does not need, receipt by receipt in their order (R101, R102).

    :param amount_twd: what the order has a claim to; 0 once it has ended before the sum was complete
    """
    left, parts = amount_twd, []
    for receipt in receipts:
        if receipt.outcome != ReceiptOutcome.APPLIED:
            parts.append(Unneeded(receipt.id, _REASONS[receipt.outcome], receipt.amount_twd))
            continue
        excess = max(0, receipt.amount_twd - left)
        left -= receipt.amount_twd - excess
        if excess:
            parts.append(Unneeded(receipt.id, RefundReason.OVERPAID, excess))
    return parts


def balance(amount_twd: Twd, receipts: Sequence[ReceiptFacts], cases: Sequence[CaseFacts]) -> Ledger:
    """Return where an order's money is; `mistakes` says in English what does not add up.

    Receipts = applied + refundable + refunded, each side counted on its own: what was received from the
    receipts, what goes back from the cases, and every unneeded dollar has exactly one case.
    """
    unneeded = {part.receipt_id: part.basis_twd for part in unneeded_parts(amount_twd, receipts)}
    claims = [case for case in cases if case.state in CLAIMING]
    received = sum(receipt.amount_twd for receipt in receipts)
    refunded = sum(case.basis_twd for case in claims if case.state in SETTLED)
    refundable = sum(case.basis_twd for case in claims if case.state not in SETTLED)
    asked_for = sum(case.basis_twd for case in claims if case.receipt_id is None)
    applied = received - sum(unneeded.values()) - asked_for
    mistakes = []
    claimed = {case.receipt_id: case.basis_twd for case in claims if case.receipt_id is not None}
    if claimed != unneeded:
        mistakes.append(f"unneeded {sorted(unneeded.items())}, cases say {sorted(claimed.items())}")
    if applied < 0:
        mistakes.append(f"{asked_for} asked back of {received - sum(unneeded.values())}")
    if any(case.amount_twd + case.deduction_twd != case.basis_twd for case in cases):
        mistakes.append("a case's amount and deduction are not its basis")
    if applied + refundable + refunded != received:
        mistakes.append(f"received {received}, but {applied} + {refundable} + {refunded}")
    return Ledger(received, applied, refundable, refunded, tuple(mistakes))
