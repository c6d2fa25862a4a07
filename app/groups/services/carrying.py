"""When a leader's data change, so do those of the members who have taken them over (R241-R243)."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from app.core.actors import Actor
from app.core.identity import IdentityNumber
from app.groups import queries
from app.groups.leader import Leader
from app.groups.models import Group
from app.registration.candidate import CandidateData
from app.registration.models import Registration
from app.registration.services import change_member

_SAME_NAMES = tuple(field.name for field in fields(CandidateData) if field.name != "identity")


def carry_over(group: Group, before: Leader, after: Leader, *, actor: Actor) -> int:
    """Bring members up to date, inside the open unit of work, and return how many were changed."""
    changed = 0
    for member in queries.list_members(group):
        old = read_candidate(member)
        new = replace(old, **taken_over(old, before, after))
        if new != old:
            change_member(member.public_id, group.account_id, new, actor=actor)
            changed += 1
    return changed


def read_candidate(member: Registration) -> CandidateData:
    """Return what a registration says about its candidate."""
    identity = IdentityNumber(member.id_kind, member.id_number)
    return CandidateData(identity=identity, **{name: getattr(member, name) for name in _SAME_NAMES})


def taken_over(candidate: CandidateData | Registration, before: Leader, after: Leader) -> dict[str, Any]:
    """Return the new values of what a candidate has in common with a leader, as a whole or not at all."""
    changes: dict[str, Any] = {}
    for old, new in (
        (before.emergency, after.emergency),
        (before.address, after.address),
        ({"email": before.email}, {"email": after.email}),
    ):
        if all(getattr(candidate, name) == value for name, value in old.items()):
            changes |= new
    return changes
