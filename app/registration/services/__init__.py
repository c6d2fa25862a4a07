"""The verbs of a registration; each is one transaction.

A draft is saved, submitted, paid for and reviewed; a candidate can withdraw it, and the clock ends
what was left lying. Members of a group go the same way, moved by the group.
"""

from app.registration.fees import fee_of, fees_of
from app.registration.services.absences import bring_in_absences, record_absence, withdraw_absence
from app.registration.services.amendments import (
    amend_identity,
    ask_amendment,
    change_contact,
    decline_amendment,
    route_of,
)
from app.registration.services.arrangements import (
    decide_arrangement,
    describe_arrangement,
    remove_arrangement_file,
)
from app.registration.services.carry_overs import grant_carry_over
from app.registration.services.checks import check_members
from app.registration.services.corrections import answer_correction, void_uncorrected_registrations
from app.registration.services.date_changes import dates_of, move_dates, moved_dates
from app.registration.services.drafts import save_draft
from app.registration.services.endings import (
    cancel_lapsed_registrations,
    cancel_registration,
    check_can_cancel,
    end_refunded,
)
from app.registration.services.handing import count_own_drafts, hand_over, make_individual
from app.registration.services.members import (
    add_member,
    add_members,
    change_member,
    change_members,
    insert_members,
    remove_member,
    submit_members,
)
from app.registration.services.persons import AlreadyRegistered, NewMember, foreign_numbers_counted
from app.registration.services.postponements import Notice, check_notice, publish_notice
from app.registration.services.reviews import (
    approve_registrations,
    return_registration,
    return_registrations,
)
from app.registration.services.submission import keep_places_of, submit_registration

__all__ = [
    "AlreadyRegistered",
    "NewMember",
    "Notice",
    "add_member",
    "add_members",
    "amend_identity",
    "answer_correction",
    "approve_registrations",
    "ask_amendment",
    "bring_in_absences",
    "cancel_lapsed_registrations",
    "cancel_registration",
    "change_contact",
    "change_member",
    "change_members",
    "check_can_cancel",
    "check_members",
    "check_notice",
    "count_own_drafts",
    "dates_of",
    "decide_arrangement",
    "decline_amendment",
    "describe_arrangement",
    "end_refunded",
    "fee_of",
    "fees_of",
    "foreign_numbers_counted",
    "grant_carry_over",
    "hand_over",
    "insert_members",
    "keep_places_of",
    "make_individual",
    "move_dates",
    "moved_dates",
    "publish_notice",
    "record_absence",
    "remove_arrangement_file",
    "remove_member",
    "return_registration",
    "return_registrations",
    "route_of",
    "save_draft",
    "submit_members",
    "submit_registration",
    "void_uncorrected_registrations",
    "withdraw_absence",
]
