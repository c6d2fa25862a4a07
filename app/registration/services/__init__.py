"""The verbs of a registration; each is one transaction.

A draft is saved, submitted, paid for and reviewed; a candidate can withdraw it, and the clock ends
what was left lying. Members of a group go the same way, moved by the group.
"""

from app.registration.services.drafts import save_draft
from app.registration.services.endings import (
    cancel_lapsed_registrations,
    cancel_registration,
    check_can_cancel,
)
from app.registration.services.members import (
    add_member,
    add_members,
    change_member,
    remove_member,
    submit_members,
)
from app.registration.services.persons import AlreadyRegistered, foreign_numbers_counted
from app.registration.services.reviews import approve_registrations, return_registration
from app.registration.services.submission import fee_of, keep_places_of, submit_registration

__all__ = [
    "AlreadyRegistered",
    "add_member",
    "add_members",
    "approve_registrations",
    "cancel_lapsed_registrations",
    "cancel_registration",
    "change_member",
    "check_can_cancel",
    "fee_of",
    "foreign_numbers_counted",
    "keep_places_of",
    "remove_member",
    "return_registration",
    "save_draft",
    "submit_members",
    "submit_registration",
]
