"""What can happen to an attempt, and what becomes of money: every pair, every boundary."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest

from app.core.clock import TAIPEI
from app.core.errors import IllegalTransition
from app.payments.states import (
    ATTEMPT_TRANSITIONS,
    AttemptEvent,
    AttemptState,
    ReceiptOutcome,
    can_happen,
    next_state,
    receipt_outcome,
)

LAST_DAY = date(2023, 5, 7)  # submitted Monday 2023-05-01 on the national track
LAST_MOMENT = datetime(2023, 5, 7, 23, 59, 59, tzinfo=TAIPEI)

LEGAL = {
    ("started", "issue_code"): "code_issued",
    ("started", "pay"): "paid",
    ("started", "fail"): "failed",
    ("started", "confirm"): "confirming",
    ("started", "abandon"): "abandoned",
    ("code_issued", "pay"): "paid",
    ("code_issued", "abandon"): "abandoned",
    ("confirming", "confirm"): "confirming",
    ("confirming", "pay"): "paid",
    ("confirming", "fail"): "failed",
    ("confirming", "reopen"): "started",
    ("failed", "pay"): "paid",
    ("abandoned", "pay"): "paid",
}


@pytest.mark.parametrize(("state", "event"), list(product(AttemptState, AttemptEvent)))
def test_an_attempt_moves_only_as_the_table_says(state, event):
    expected = LEGAL.get((state.value, event.value))

    assert can_happen(state, event) == (expected is not None)
    if expected:
        assert next_state(state, event) == expected
    else:
        with pytest.raises(IllegalTransition):
            next_state(state, event)


def test_nothing_follows_a_payment():
    assert not [state for state, _ in ATTEMPT_TRANSITIONS if state == AttemptState.PAID]


@pytest.mark.parametrize(
    ("applied", "cancelled", "paid_at", "outcome"),
    [
        (0, False, LAST_MOMENT, ReceiptOutcome.APPLIED),
        (0, False, LAST_MOMENT + timedelta(seconds=1), ReceiptOutcome.LATE),
        (100, False, LAST_MOMENT, ReceiptOutcome.APPLIED),
        (249, False, LAST_MOMENT, ReceiptOutcome.APPLIED),
        (250, False, LAST_MOMENT, ReceiptOutcome.SURPLUS),
        (250, False, LAST_MOMENT + timedelta(days=1), ReceiptOutcome.SURPLUS),
        (0, True, LAST_MOMENT, ReceiptOutcome.CANCELLED_ORDER),
        # A registration that lapsed unpaid has a cancelled order; what comes then came late (R101).
        (0, True, LAST_MOMENT + timedelta(seconds=1), ReceiptOutcome.LATE),
        (250, True, LAST_MOMENT, ReceiptOutcome.SURPLUS),
    ],
)
def test_money_is_judged_by_when_it_was_paid(applied, cancelled, paid_at, outcome):
    judged = receipt_outcome(
        amount_twd=250, applied_twd=applied, last_day=LAST_DAY, cancelled=cancelled, paid_at=paid_at
    )

    assert judged == outcome
