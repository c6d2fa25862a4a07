"""Single members of an open group: added by form, changed, removed (R223)."""

from __future__ import annotations

from app.core import audit
from app.core.actors import Actor
from app.core.db import transaction
from app.groups import queries, rules
from app.groups.models import GroupMember
from app.groups.services.guards import get_open_group, hold_at_least
from app.groups.services.refusals import name_group
from app.groups.signals import members_changed
from app.registration import services as registrations
from app.registration.candidate import CandidateData
from app.registration.models import Registration
from app.registration.services import AlreadyRegistered


def add_member(public_id: str, account_id: int, candidate: CandidateData, *, actor: Actor) -> Registration:
    """Add a candidate to a group and return the draft.

    :raises NotFound: when the account has no such group
    :raises Refused: when the group cannot be changed any more, or is as large as a group may be
    :raises AlreadyRegistered: when the person has a live registration that excludes this one
    :raises OfferingFull: when a multi group grows and the area has no place left
    """
    with registrations.foreign_numbers_counted(account_id, actor=actor), transaction() as session:
        group = get_open_group(session, public_id, account_id)
        count = queries.count_members(group) + 1
        rules.check_room_for(count).raise_if_refused()
        try:
            member = registrations.add_member(
                account_id, group.exam_round, group.offering, candidate, actor=actor
            )
        except AlreadyRegistered as refusal:
            raise name_group(session, refusal, group) from None
        session.add(GroupMember(registration=member, group=group))
        hold_at_least(group, count)
        members_changed.send(group, blinds=[member.id_blind], actor=actor)
        audit.record("group.add_member", group, actor, member=member.public_id)
    return member


def change_member(
    public_id: str, account_id: int, member_id: str, candidate: CandidateData, *, actor: Actor
) -> Registration:
    """Change a member's data; raises as `add_member`, and NotFound when there is no such member."""
    with registrations.foreign_numbers_counted(account_id, actor=actor), transaction() as session:
        group = get_open_group(session, public_id, account_id)
        member = queries.get_member(group, member_id)
        before = member.id_blind
        try:
            changed = registrations.change_member(member.public_id, account_id, candidate, actor=actor)
        except AlreadyRegistered as refusal:
            raise name_group(session, refusal, group) from None
        members_changed.send(group, blinds=[before, changed.id_blind], actor=actor)
    return changed


def remove_member(public_id: str, account_id: int, member_id: str, *, actor: Actor) -> Registration:
    """Take a member out; the person can be registered again at once.

    :raises NotFound: when the account has no such group, or the group no such member
    :raises Refused: when the group cannot be changed any more
    """
    with transaction() as session:
        group = get_open_group(session, public_id, account_id)
        member = queries.get_member(group, member_id)
        registrations.remove_member(member.public_id, account_id, actor=actor)
        members_changed.send(group, blinds=[member.id_blind], actor=actor)
        audit.record("group.remove_member", group, actor, member=member.public_id)
    return member
