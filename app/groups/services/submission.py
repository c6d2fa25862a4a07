"""Submitting a group: its members' forms close at once, one fee is decided, one order opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.exams.age_line import first_free_birth_date, last_paying_birth_date
from app.exams.models import Round
from app.exams.places import hold_until, release_places, take_places
from app.groups import mails, queries, rules
from app.groups.models import Group
from app.groups.services.guards import get_open_group
from app.groups.states import GroupEvent, GroupState, next_group_state
from app.payments.fees import FeeTotal, total_fee
from app.payments.models import Order
from app.payments.services import OrderLineSpec, open_order
from app.payments.words import carried_line, free_line, group_fee_title, paying_line
from app.registration.fees import fees_of
from app.registration.rules import kept_until
from app.registration.services import foreign_numbers_counted, submit_members


def submit_group(public_id: str, account_id: int, *, actor: Actor) -> Group:
    """Submit a group with all its members; nothing in it can be changed afterwards (R225).

    The fee is the sum of its paying members (R078); when all are free there is no order and the group is
    complete (R079). Its places are held until an unpaid order's payment could no longer be reported.
    Submitting what is submitted already changes nothing.

    :raises NotFound: when the account has no such group
    :raises Refused: when it has too few members (R222), registration is closed, or it has lapsed
    :raises AlreadyRegistered: when a member has been registered elsewhere meanwhile
    :raises OfferingFull: when the area has fewer places left than the group has members
    """
    with foreign_numbers_counted(account_id, actor=actor), transaction() as session:
        group = queries.get_group_for_update(session, public_id, account_id)
        if group.state == GroupState.SUBMITTED:
            return group
        group = get_open_group(session, public_id, account_id)
        members = queries.list_members(group)
        rules.check_group_size(
            group.kind, len(members), queries.minimums_of(group), origin=group.offering.origin
        ).raise_if_refused()
        now = clock.now()
        fees = fees_of(members)
        total = total_fee(fees)
        group.state = next_group_state(group.state, GroupEvent.SUBMIT)
        group.submitted_at = now
        group.order = None if total.exempt else _open_order(group, total, now=now, actor=actor)
        submit_members(members, order=group.order, fees=fees, actor=actor)
        _hold_places(group, len(members))
        audit.record(
            "group.submit",
            group,
            actor,
            members=len(members),
            fee_twd=total.amount_twd,
            free=total.free_count,
        )
        session.flush()
        mails.tell_submitted(group, total)
    return group


def keep_places_of(order: Order, *, actor: Actor) -> None:
    """Keep for good the places of the group that an order has paid for, inside the payment's transaction.

    A payment made in time but reported late keeps them even when the hold had run out meanwhile.
    """
    with transaction() as session:
        for group in queries.list_groups_of_order(session, order.id):
            if group.hold is not None:
                hold_until(group.hold, None)
                audit.record("group.keep_places", group, actor)


def order_lines(exam_round: Round, total: FeeTotal) -> Sequence[OrderLineSpec]:
    """Return the bill's lines: who pays and who is free, with the birth dates that decide (R078)."""
    reference_on, age = exam_round.fee_reference_on, exam_round.free_up_to_age
    lines = [
        OrderLineSpec(
            paying_line(last_paying_birth_date(reference_on, age)), total.paying_count, exam_round.fee_twd
        )
    ]
    by_age = total.free_count - total.carried_count
    if by_age:
        lines.append(OrderLineSpec(free_line(first_free_birth_date(reference_on, age)), by_age, 0))
    if total.carried_count:
        lines.append(OrderLineSpec(carried_line(), total.carried_count, 0))
    return lines


def _open_order(group: Group, total: FeeTotal, *, now: datetime, actor: Actor) -> Order:
    exam_round = group.exam_round
    return open_order(
        account_id=group.account_id,
        # Printed at the store, so without the group's name, which may be a family's.
        title=group_fee_title(exam_round.name),
        page_path=f"/groups/{group.public_id}/pay",
        lines=order_lines(exam_round, total),
        submitted_on=clock.taipei_day(now),
        days_allowed=exam_round.payment_days,
        methods=exam_round.payment_methods,
        actor=actor,
    )


def _hold_places(group: Group, places: int) -> None:
    """Take exactly the places the group needs; what a multi group held until now goes into them."""
    if group.hold is not None:
        release_places(group.hold)
    until_at = None if group.order is None else kept_until(group.order.last_day)
    group.hold = take_places(group.offering_id, places, until_at=until_at)
