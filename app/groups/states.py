"""Kinds and states of a group and the legal transitions; pure."""

from __future__ import annotations

from enum import StrEnum

from app.core.errors import IllegalTransition
from app.core.messages import Message


class GroupKind(StrEnum):
    """團體類型 (R215)."""

    FAMILY = "family"
    SCHOOL = "school"
    COMMUNITY = "community"
    OTHER = "other"


class GroupState(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    CANCELLED = "cancelled"


class GroupEvent(StrEnum):
    SUBMIT = "submit"
    CANCEL = "cancel"


GROUP_TRANSITIONS = {
    (GroupState.OPEN, GroupEvent.SUBMIT): GroupState.SUBMITTED,
    (GroupState.OPEN, GroupEvent.CANCEL): GroupState.CANCELLED,
    (GroupState.SUBMITTED, GroupEvent.CANCEL): GroupState.CANCELLED,
}


def next_group_state(state: GroupState, event: GroupEvent) -> GroupState:
    """Return the state after the event; raises IllegalTransition when it cannot happen."""
    try:
        return GROUP_TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(Message("這個團體已經送出，不能再修改")) from None
