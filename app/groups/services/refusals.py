"""What a leader is told when a candidate is in another group of theirs already."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.core.messages import N_, Message
from app.groups import queries
from app.groups.models import Group
from app.groups.states import GroupState
from app.registration.services import AlreadyRegistered


def name_group(session: Session, refusal: AlreadyRegistered, group: Group) -> AlreadyRegistered:
    """Return the refusal with the name of the leader's own group that the person is in, if there is one.

    :param group: the group that the person was to join
    """
    other = queries.find_group_of(session, refusal.other) if refusal.other is not None else None
    return _named(refusal, other, group)


def name_groups(
    session: Session, refusals: Mapping[bytes, AlreadyRegistered], group: Group
) -> dict[bytes, AlreadyRegistered]:
    """Return many refusals as `name_group` does, with one query for hundreds of them."""
    others = [each.other for each in refusals.values() if each.other is not None]
    groups = queries.list_groups_of(session, others)
    return {
        key: _named(each, groups.get(each.other.id) if each.other is not None else None, group)
        for key, each in refusals.items()
    }


def _named(refusal: AlreadyRegistered, other: Group | None, group: Group) -> AlreadyRegistered:
    if other is None:
        return refusal
    if other is group:
        text = N_("這位考生已在這個團體的名單中，不必重複加入")
    elif other.state == GroupState.OPEN:
        text = N_("這位考生已在您的團體「%(group)s」的名單中；要改到這個團體，請先從那裡移除")
    else:
        text = N_("這位考生已在您送出的團體「%(group)s」中，不必重複加入")
    message = Message(text, {"group": other.name})
    return AlreadyRegistered(message, same_account=True, other=refusal.other)
