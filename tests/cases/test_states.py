"""Every pair of state and event of a case."""

from __future__ import annotations

import itertools

import pytest

from app.cases.states import (
    BOX_STATES,
    CASE_TRANSITIONS,
    PUBLIC_WORDS,
    CaseEvent,
    CaseState,
    next_case_state,
)
from app.core.errors import IllegalTransition


@pytest.mark.parametrize(("state", "event"), list(itertools.product(CaseState, CaseEvent)))
def test_only_the_transitions_of_the_table_can_happen(state: CaseState, event: CaseEvent) -> None:
    if (state, event) in CASE_TRANSITIONS:
        assert next_case_state(state, event) == CASE_TRANSITIONS[state, event]
    else:
        with pytest.raises(IllegalTransition):
            next_case_state(state, event)


@pytest.mark.parametrize("event", CaseEvent)
def test_a_closed_case_can_only_be_read(event: CaseEvent) -> None:
    with pytest.raises(IllegalTransition, match="已結案"):
        next_case_state(CaseState.CLOSED, event)


def test_every_state_stands_in_one_inbox_and_has_words_for_the_public() -> None:
    in_boxes = [state for states in BOX_STATES.values() for state in states]

    assert sorted(in_boxes) == sorted(CaseState)
    assert set(PUBLIC_WORDS) == set(CaseState)
