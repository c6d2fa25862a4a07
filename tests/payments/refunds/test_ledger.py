"""Where an order's money is: received = applied + refundable + refunded."""

from __future__ import annotations

import pytest

from app.payments.refunds.ledger import CaseFacts, ReceiptFacts, balance, unneeded_parts
from app.payments.refunds.rules import RefundReason
from app.payments.refunds.states import CLAIMING, SETTLED, RefundState
from app.payments.states import ReceiptOutcome

FEE = 250
APPLIED, LATE = ReceiptOutcome.APPLIED, ReceiptOutcome.LATE
SURPLUS, CANCELLED = ReceiptOutcome.SURPLUS, ReceiptOutcome.CANCELLED_ORDER


def receipts(*lines: tuple[int, ReceiptOutcome]) -> list[ReceiptFacts]:
    return [ReceiptFacts(number, amount, outcome) for number, (amount, outcome) in enumerate(lines, start=1)]


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        ([(250, APPLIED)], []),
        ([(100, APPLIED)], []),
        ([(300, APPLIED)], [(1, RefundReason.OVERPAID, 50)]),
        ([(100, APPLIED), (250, APPLIED)], [(2, RefundReason.OVERPAID, 100)]),
        ([(250, APPLIED), (250, SURPLUS)], [(2, RefundReason.OVERPAID, 250)]),
        ([(250, LATE)], [(1, RefundReason.LATE, 250)]),
        ([(250, CANCELLED)], [(1, RefundReason.OVERPAID, 250)]),
    ],
)
def test_what_an_order_does_not_need_goes_back_receipt_by_receipt(
    lines: list[tuple[int, ReceiptOutcome]], parts: list[tuple[int, RefundReason, int]]
) -> None:
    found = unneeded_parts(FEE, receipts(*lines))

    assert [(part.receipt_id, part.reason, part.basis_twd) for part in found] == parts


def case(receipt_id: int | None, state: RefundState, basis: int = 250, deduction: int = 58) -> CaseFacts:
    return CaseFacts(receipt_id, state, basis, basis - deduction, deduction)


@pytest.mark.parametrize(
    ("lines", "cases", "sums"),
    [
        ([(250, APPLIED)], [], (250, 0, 0)),
        ([(250, APPLIED), (250, SURPLUS)], [case(2, RefundState.WAITING)], (250, 250, 0)),
        ([(250, APPLIED), (250, SURPLUS)], [case(2, RefundState.GRANTED)], (250, 250, 0)),
        ([(250, APPLIED), (250, SURPLUS)], [case(2, RefundState.PAID)], (250, 0, 250)),
        ([(300, APPLIED)], [case(1, RefundState.CLOSED, 50, 50)], (250, 0, 50)),
        ([(250, APPLIED)], [case(None, RefundState.WAITING, 250, 0)], (0, 250, 0)),
        ([(250, APPLIED)], [case(None, RefundState.PAID, 250, 0)], (0, 0, 250)),
        ([(250, APPLIED)], [case(None, RefundState.REFUSED), case(None, RefundState.WITHDRAWN)], (250, 0, 0)),
    ],
)
def test_every_dollar_is_in_one_place(
    lines: list[tuple[int, ReceiptOutcome]], cases: list[CaseFacts], sums: tuple[int, int, int]
) -> None:
    ledger = balance(FEE, receipts(*lines), cases)

    assert (ledger.applied_twd, ledger.refundable_twd, ledger.refunded_twd) == sums
    assert sum(sums) == ledger.received_twd
    assert ledger.mistakes == ()


@pytest.mark.parametrize(
    ("lines", "cases"),
    [
        pytest.param([(250, LATE)], [], id="late money without a case"),
        pytest.param([(250, LATE)], [case(1, RefundState.WAITING, 100)], id="a case about too little"),
        pytest.param([(250, APPLIED)], [case(1, RefundState.PAID)], id="the fee itself given back"),
        pytest.param(
            [(250, APPLIED)],
            [case(None, RefundState.PAID), case(None, RefundState.WAITING)],
            id="the fee given back twice",
        ),
        pytest.param(
            [(250, LATE)], [CaseFacts(1, RefundState.PAID, 250, 250, 58)], id="a sum that does not add up"
        ),
    ],
)
def test_what_does_not_add_up_is_told(
    lines: list[tuple[int, ReceiptOutcome]], cases: list[CaseFacts]
) -> None:
    assert balance(FEE, receipts(*lines), cases).mistakes


def test_only_refused_and_withdrawn_cases_lay_no_claim() -> None:
    assert set(RefundState) - CLAIMING == {RefundState.REFUSED, RefundState.WITHDRAWN}
    assert SETTLED < CLAIMING
