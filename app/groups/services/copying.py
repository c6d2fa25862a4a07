"""Last year's or another round's group as a start: its people, not its dates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.messages import Message
from app.groups import copy_queries, queries, rules
from app.groups.models import Group, GroupMember
from app.groups.school_age import has_outgrown
from app.groups.services.carrying import read_candidate, taken_over
from app.groups.services.guards import check_open, get_open_group, hold_at_least
from app.groups.services.refusals import name_groups
from app.registration import services as registrations
from app.registration.candidate import CandidateData
from app.registration.models import Registration
from app.registration.services import AlreadyRegistered


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the earlier group.

    :ivar refusal: why they cannot be copied; None: they can be
    :ivar outgrown: whether they have probably changed school since
    :ivar arrangement: whether they asked for special arrangements, which are not copied
    """

    member: Registration
    refusal: Message | None
    outgrown: bool
    arrangement: bool


@dataclass(frozen=True, slots=True)
class CopyPlan:
    source: Group
    people: Sequence[Person]


@dataclass(frozen=True, slots=True)
class CopyOutcome:
    """:ivar known: how many were in the group already
    :ivar refused: the names of those who could not be copied any more, each with the reason
    """

    copied: int
    known: int
    refused: Sequence[tuple[str, Message]]


def plan_copy(public_id: str, account_id: int, source_id: str, *, actor: Actor) -> CopyPlan:
    """Return who of an earlier group can be copied into another and who cannot, with the reason (R020, R036).

    :raises NotFound: when the account has no such groups
    :raises Refused: when the group cannot be changed any more
    """
    with transaction() as session:
        group, source = queries.get_group(public_id, account_id), queries.get_group(source_id, account_id)
        check_open(group)
        people, today = copy_queries.list_people(source), clock.today()
        refusals = _find_refusals(session, group, source, people, actor=actor)
        plan = [
            Person(
                member=member,
                refusal=refusals.get(member.id_blind),
                outgrown=has_outgrown(member.education, member.occupation, member.birth_on, today),
                arrangement=member.accommodation_sealed is not None,
            )
            for member in people
        ]
    return CopyPlan(source, plan)


def copy_members(
    public_id: str, account_id: int, source_id: str, chosen: Collection[str], *, actor: Actor
) -> CopyOutcome:
    """Copy people of an earlier group into an open one; who is in it already is left alone.

    What identifies them, how they are reached, their dialect and where their mail goes is copied; who had
    taken over that group's leader's data takes over this one's (R241-R243). Fees, tickets and states belong
    to that registration, and special arrangements are asked for anew each time (R253).

    :param chosen: their public ids in the earlier group; what is no id of its people is passed over
    :raises NotFound: when the account has no such groups
    :raises Refused: when the group cannot be changed any more, or would become too large
    :raises OfferingFull: when a multi group grows beyond the places left; then nobody is copied
    """
    with transaction() as session:
        group = get_open_group(session, public_id, account_id)
        source = queries.get_group(source_id, account_id)
        people = [each for each in copy_queries.list_people(source) if each.public_id in chosen]
        known = queries.list_known_blinds(session, group, [each.id_blind for each in people])
        new = [each for each in people if each.id_blind not in known]
        rules.check_room_for(queries.count_members(group) + len(new)).raise_if_refused()
        copied, refused = _add(session, group, source, new, actor=actor)
        if copied:
            hold_at_least(group, queries.count_members(group))
            audit.record(
                "group.copy_members",
                group,
                actor,
                source=source.public_id,
                copied=copied,
                refused=len(refused),
            )
    return CopyOutcome(copied, len(known), refused)


def _add(
    session: Session, group: Group, source: Group, people: Sequence[Registration], *, actor: Actor
) -> tuple[int, list[tuple[str, Message]]]:
    """Add people and return how many came in, and who did not."""
    if not people:
        return 0, []
    outcomes = registrations.add_members(
        group.account_id,
        group.exam_round,
        group.offering,
        [_copied(each, source, group) for each in people],
        actor=actor,
    )
    refusals = {}
    for member, outcome in zip(people, outcomes, strict=True):
        if isinstance(outcome, AlreadyRegistered):
            refusals[member.id_blind] = outcome
        else:
            session.add(GroupMember(registration=outcome, group=group))
    session.flush()
    named = name_groups(session, refusals, group)
    refused = [(each.chinese_name, named[each.id_blind].message) for each in people if each.id_blind in named]
    return len(people) - len(refused), refused


def _find_refusals(
    session: Session, group: Group, source: Group, people: Sequence[Registration], *, actor: Actor
) -> dict[bytes, Message]:
    known = queries.list_known_blinds(session, group, [each.id_blind for each in people])
    asked = [each for each in people if each.id_blind not in known]
    candidates = [_copied(each, source, group) for each in asked]
    found = registrations.check_members(group.account_id, group.exam_round, candidates, actor=actor)
    refusals = {each.id_blind: refusal for each, refusal in zip(asked, found, strict=True) if refusal}
    reasons = {blind: each.message for blind, each in name_groups(session, refusals, group).items()}
    return reasons | dict.fromkeys(known, Message("已在這個團體的名單中"))


def _copied(member: Registration, source: Group, group: Group) -> CandidateData:
    candidate = read_candidate(member)
    return replace(candidate, accommodation=None, **taken_over(candidate, source.leader, group.leader))
