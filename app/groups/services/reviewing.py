"""The office's review of a group: what is missing of many is asked for once (R068, R213, S003)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.messages import Message
from app.groups import handing_mails, queries
from app.groups.models import Group
from app.registration.models import Registration
from app.registration.services import approve_registrations, return_registrations


def list_chosen(group: Group, member_ids: Collection[str]) -> list[Registration]:
    """Return the chosen members of a group in its order; raises NotFound when one is not in it."""
    wanted = set(member_ids)
    chosen = [each for each in queries.list_members(group) if each.public_id in wanted]
    if len(chosen) < len(wanted):
        raise NotFound(Message("有些考生已不在這個團體，請回到團體再選一次"))
    return chosen


def approve_members(public_id: str, member_ids: Collection[str], *, actor: Actor) -> int:
    """Approve members of a group, all or none, and return how many were not approved before (R213).

    :raises NotFound: when there is no such group or member
    :raises Refused: when one of them is not complete
    """
    with transaction() as session:
        chosen = list_chosen(queries.lock_group(session, public_id), member_ids)
        return approve_registrations([each.public_id for each in chosen], actor=actor)


def return_members(
    public_id: str, member_ids: Collection[str], missing: Sequence[str], *, actor: Actor
) -> int:
    """Ask for the same corrections of several members, each in a case of their own; return of how many.

    The leader gets one letter with everything, members with an address of their own one each. Who has been
    asked already is not asked again.

    :param missing: what to send or correct, one sentence each; at least one
    :raises NotFound: when there is no such group or member
    :raises Refused: when one of them is not complete
    :raises IllegalTransition: when one of them is approved already
    """
    with transaction() as session:
        group = queries.lock_group(session, public_id)
        chosen = list_chosen(group, member_ids)
        asked = return_registrations([each.public_id for each in chosen], missing, actor=actor)
        if asked:
            members = [each.registration for each in asked]
            handing_mails.tell_members_returned(group, members, missing, asked[0].last_day)
    return len(asked)
