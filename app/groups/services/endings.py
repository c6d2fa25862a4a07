"""How a group ends: withdrawn by its leader, or by the clock because it was left lying."""

from __future__ import annotations

import contextlib
from datetime import datetime

from app.core import audit, clock
from app.core.actors import SYSTEM, Actor
from app.core.db import transaction
from app.core.decisions import Decision
from app.core.errors import Refused
from app.exams.places import release_places
from app.groups import mails, queries, rules
from app.groups.models import Group
from app.groups.states import GroupEvent, GroupState, next_group_state
from app.payments.services import cancel_order
from app.registration.services.endings import end_registration
from app.registration.states import CancelReason


def cancel_group(public_id: str, account_id: int, *, actor: Actor) -> Group:
    """Withdraw a group that is open or unpaid, with all its members; the places go back at once.

    Cancelling what is cancelled already changes nothing.

    :raises NotFound: when the account has no such group
    :raises Refused: when it is paid (refund procedure, 玖), or complete and free
    """
    with transaction() as session:
        group = queries.get_group_for_update(session, public_id, account_id)
        if group.state == GroupState.CANCELLED:
            return group
        check_can_cancel(group).raise_if_refused()
        _end(group, CancelReason.WITHDRAWN, now=clock.now(), actor=actor)
    return group


def cancel_lapsed_groups() -> int:
    """End the groups whose time has run out, tell their leaders, return how many (R088, R219).

    Nothing depends on it being run: what has lapsed holds no place and keeps nobody out.
    """
    now = clock.now()
    ended = 0
    for public_id, account_id in queries.list_lapse_candidates(now):
        # One that was paid at this very moment stays, and must not keep the others waiting.
        with contextlib.suppress(Refused):
            ended += _cancel_if_lapsed(public_id, account_id, now=now)
    return ended


def check_can_cancel(group: Group) -> Decision:
    """Decide whether the leader can withdraw the group now."""
    order = group.order
    return rules.check_can_cancel(
        group.state,
        has_receipts=order is not None and order.applied_twd > 0,
        owes=group.unpaid_last_day is not None,
    )


def _cancel_if_lapsed(public_id: str, account_id: int, *, now: datetime) -> bool:
    with transaction() as session:
        group = queries.get_group_for_update(session, public_id, account_id)
        lapse = queries.find_lapse_of(group, now)
        if lapse is None:
            return False
        _end(group, lapse, now=now, actor=SYSTEM)
        mails.tell_lapsed(group, lapse, today=clock.taipei_day(now))
    return True


def _end(group: Group, reason: CancelReason, *, now: datetime, actor: Actor) -> None:
    for member in queries.list_members(group):
        end_registration(member, reason, now=now, actor=actor)
    group.state = next_group_state(group.state, GroupEvent.CANCEL)
    group.cancel_reason = reason
    # The order first: a payment that arrives now locks it, and then the places, in that order too.
    if group.order is not None:
        cancel_order(group.order, actor=actor)
    if group.hold is not None and (group.hold.until_at is None or group.hold.until_at > now):
        release_places(group.hold)
    audit.record("group.cancel", group, actor, reason=reason.value)
