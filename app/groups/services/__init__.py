"""The verbs of a group; each is one transaction.

A leader makes a group, fills it by form or by sheet, submits it whole and pays one order; nothing in
it can be changed afterwards. What was left lying is ended by the clock.
"""

from app.groups.services.copying import copy_members, plan_copy
from app.groups.services.endings import cancel_group, cancel_lapsed_groups, check_can_cancel
from app.groups.services.extra_sessions import (
    ask_extra_session,
    grant_extra_session,
    refuse_extra_session,
)
from app.groups.services.facts import template_facts
from app.groups.services.making import change_group, create_group
from app.groups.services.members import add_member, change_member, remove_member
from app.groups.services.moving import move_member, plan_move
from app.groups.services.reassigning import plan_reassignment, reassign_leader
from app.groups.services.reviewing import approve_members, list_chosen, return_members
from app.groups.services.submission import keep_places_of, submit_group
from app.groups.services.taking_out import take_out_members

__all__ = [
    "add_member",
    "approve_members",
    "ask_extra_session",
    "cancel_group",
    "cancel_lapsed_groups",
    "change_group",
    "change_member",
    "check_can_cancel",
    "copy_members",
    "create_group",
    "grant_extra_session",
    "keep_places_of",
    "list_chosen",
    "move_member",
    "plan_copy",
    "plan_move",
    "plan_reassignment",
    "reassign_leader",
    "refuse_extra_session",
    "remove_member",
    "return_members",
    "submit_group",
    "take_out_members",
    "template_facts",
]
