"""How far a request to send something again can come: every pair of state and event."""

from __future__ import annotations

from itertools import product

import pytest

from app.core.errors import IllegalTransition
from app.mailings.states import ResendEvent, ResendState, next_resend_state

ASKED, DUE, READY, REFUSED = ResendState
LEGAL = {
    (ASKED, ResendEvent.BILL): DUE,
    (ASKED, ResendEvent.WAIVE): READY,
    (ASKED, ResendEvent.REFUSE): REFUSED,
    (DUE, ResendEvent.RECEIVE): READY,
    (DUE, ResendEvent.WAIVE): READY,
    (DUE, ResendEvent.REFUSE): REFUSED,
}


@pytest.mark.parametrize(("state", "event"), list(product(ResendState, ResendEvent)))
@pytest.mark.requirement("R174")
def test_every_pair_of_state_and_event(state: ResendState, event: ResendEvent) -> None:
    if (state, event) in LEGAL:
        assert next_resend_state(state, event) == LEGAL[state, event]
    else:
        with pytest.raises(IllegalTransition):
            next_resend_state(state, event)
