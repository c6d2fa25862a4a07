"""The independent facts of a registration and their legal transitions.

Payment is not among them: it is derived from the order.
"""

from __future__ import annotations

from enum import StrEnum

from app.core.errors import IllegalTransition
from app.core.messages import Message


class FormState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CANCELLED = "cancelled"


class FormEvent(StrEnum):
    SUBMIT = "submit"
    CANCEL = "cancel"


class CancelReason(StrEnum):
    """Why a registration ended; the first three by the clock alone."""

    NOT_SUBMITTED = "not_submitted"  # a multi draft, not submitted on the day (R064)
    CLOSED = "closed"  # a draft, not submitted before registration closed (R063)
    UNPAID = "unpaid"  # not paid in time (R088, R089)
    WITHDRAWN = "withdrawn"  # by the candidate
    REMOVED = "removed"  # from a group, by its leader
    REFUNDED = "refunded"  # the fee goes back: the exam cannot be taken (玖)
    NOT_CORRECTED = "not_corrected"  # what was missing was not made good in time (R068)


BY_THE_CLOCK = (CancelReason.NOT_SUBMITTED, CancelReason.CLOSED, CancelReason.UNPAID)


class ReviewState(StrEnum):
    PENDING = "pending"
    RETURNED = "returned"
    APPROVED = "approved"


class ReviewEvent(StrEnum):
    APPROVE = "approve"
    RETURN = "return"
    CORRECT = "correct"


class AmendmentState(StrEnum):
    """How far a request to correct identity data has come (R141, R142)."""

    OPEN = "open"  # waits for the office
    ON_SITE = "on_site"  # is corrected on the test day, at the site
    DONE = "done"
    DECLINED = "declined"


FORM_TRANSITIONS = {
    (FormState.DRAFT, FormEvent.SUBMIT): FormState.SUBMITTED,
    (FormState.DRAFT, FormEvent.CANCEL): FormState.CANCELLED,
    (FormState.SUBMITTED, FormEvent.CANCEL): FormState.CANCELLED,
}

REVIEW_TRANSITIONS = {
    (ReviewState.PENDING, ReviewEvent.APPROVE): ReviewState.APPROVED,
    (ReviewState.PENDING, ReviewEvent.RETURN): ReviewState.RETURNED,
    (ReviewState.RETURNED, ReviewEvent.CORRECT): ReviewState.PENDING,
    (ReviewState.RETURNED, ReviewEvent.APPROVE): ReviewState.APPROVED,
}


def next_form_state(state: FormState, event: FormEvent) -> FormState:
    """Return the state after the event; raises IllegalTransition when it cannot happen."""
    try:
        return FORM_TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(Message("這份報名表目前的狀態不能這樣處理，請重新整理頁面")) from None


def next_review_state(state: ReviewState, event: ReviewEvent) -> ReviewState:
    """Return the state after the event; raises IllegalTransition when it cannot happen."""
    try:
        return REVIEW_TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(Message("這份報名的資格審查目前不能這樣處理，請重新整理頁面")) from None
