from itertools import product

import pytest

from app.core.errors import IllegalTransition
from app.registration.states import (
    FORM_TRANSITIONS,
    REVIEW_TRANSITIONS,
    FormEvent,
    FormState,
    ReviewEvent,
    ReviewState,
    next_form_state,
    next_review_state,
)

LEGAL_FORM = {
    ("draft", "submit", "submitted"),
    ("draft", "cancel", "cancelled"),
    ("submitted", "cancel", "cancelled"),
}
LEGAL_REVIEW = {
    ("pending", "approve", "approved"),
    ("pending", "return", "returned"),
    ("returned", "correct", "pending"),
    ("returned", "approve", "approved"),
}


@pytest.mark.parametrize(("state", "event"), list(product(FormState, FormEvent)))
def test_a_form_moves_only_as_the_table_says(state: FormState, event: FormEvent) -> None:
    following = [after for before, by, after in LEGAL_FORM if (before, by) == (state, event)]

    if following:
        assert [next_form_state(state, event)] == following
    else:
        with pytest.raises(IllegalTransition):
            next_form_state(state, event)


@pytest.mark.parametrize(("state", "event"), list(product(ReviewState, ReviewEvent)))
def test_a_review_moves_only_as_the_table_says(state: ReviewState, event: ReviewEvent) -> None:
    following = [after for before, by, after in LEGAL_REVIEW if (before, by) == (state, event)]

    if following:
        assert [next_review_state(state, event)] == following
    else:
        with pytest.raises(IllegalTransition):
            next_review_state(state, event)


def test_the_tables_hold_nothing_more() -> None:
    assert (len(FORM_TRANSITIONS), len(REVIEW_TRANSITIONS)) == (len(LEGAL_FORM), len(LEGAL_REVIEW))
