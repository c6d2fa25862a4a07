"""Every pair of state and event of a refund case."""

from __future__ import annotations

import itertools

import pytest

from app.core.errors import IllegalTransition
from app.payments.refunds.states import STATE_LABELS, TRANSITIONS, RefundEvent, RefundState, next_state

LEGAL = {
    ("waiting", "propose"): "proposed",
    ("waiting", "withdraw"): "withdrawn",
    ("proposed", "send_back"): "waiting",
    ("proposed", "grant"): "granted",
    ("proposed", "refuse"): "refused",
    ("granted", "pay"): "paid",
    ("granted", "send"): "sending",
    ("sending", "pay"): "paid",
    ("sending", "fail"): "granted",
}


@pytest.mark.parametrize(("state", "event"), list(itertools.product(RefundState, RefundEvent)))
def test_only_the_legal_moves_are_possible(state: RefundState, event: RefundEvent) -> None:
    expected = LEGAL.get((state.value, event.value))

    if expected is None:
        with pytest.raises(IllegalTransition):
            next_state(state, event)
    else:
        assert next_state(state, event) == expected


def test_the_table_is_as_long_as_it_says_here_and_every_state_has_a_word() -> None:
    assert len(TRANSITIONS) == len(LEGAL)
    assert set(STATE_LABELS) == set(RefundState)
