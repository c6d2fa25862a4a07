from itertools import product

import pytest

from app.core.errors import IllegalTransition
from app.groups.states import GroupEvent, GroupState, next_group_state

LEGAL = {
    ("open", "submit", "submitted"),
    ("open", "cancel", "cancelled"),
    ("submitted", "cancel", "cancelled"),
}


@pytest.mark.parametrize(("state", "event"), list(product(GroupState, GroupEvent)))
def test_a_group_moves_only_as_the_table_says(state: GroupState, event: GroupEvent) -> None:
    following = [after for before, by, after in LEGAL if (before, by) == (state, event)]

    if following:
        assert [next_group_state(state, event)] == following
    else:
        with pytest.raises(IllegalTransition):
            next_group_state(state, event)
