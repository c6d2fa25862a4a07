"""The verbs of a group; each is one transaction.

A leader makes a group, fills it by form or by sheet, submits it whole and pays one order; nothing in
it can be changed afterwards. What was left lying is ended by the clock.
"""

from app.groups.services.endings import cancel_group, cancel_lapsed_groups, check_can_cancel
from app.groups.services.extra_sessions import (
    ask_extra_session,
    grant_extra_session,
    refuse_extra_session,
)
from app.groups.services.facts import template_facts
from app.groups.services.imports import import_sheet
from app.groups.services.making import change_group, create_group
from app.groups.services.members import add_member, change_member, remove_member
from app.groups.services.submission import keep_places_of, submit_group

__all__ = [
    "add_member",
    "ask_extra_session",
    "cancel_group",
    "cancel_lapsed_groups",
    "change_group",
    "change_member",
    "check_can_cancel",
    "create_group",
    "grant_extra_session",
    "import_sheet",
    "keep_places_of",
    "refuse_extra_session",
    "remove_member",
    "submit_group",
    "template_facts",
]
