"""What refunds ask of a group: its leader applies, for all of its paying members or for some."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.core.db import db
from app.core.messages import Message
from app.groups.models import Group
from app.payments.models import Order
from app.payments.refunds.queries import list_cases
from app.payments.refunds.standing import case_standing
from app.payments.refunds.subjects import Subject, subject_source
from app.registration.models import Registration
from app.registration.queries import list_by_order
from app.registration.refunds import member_of
from app.registration.status import Tag, TimelineItem
from app.registration.timeline import UpperFact, timeline_source


@subject_source
def find_subject(order: Order) -> Subject | None:
    """Return the group that an order pays for; its leader's ID number is not on record."""
    group = db.session.scalars(sa.select(Group).where(Group.order_id == order.id)).first()
    if group is None:
        return None
    # Who has left the group since is still on its bill.
    members = list_by_order(db.session, order.id)
    leader = group.leader
    return Subject(
        exam_round=group.exam_round,
        area=group.offering.area,
        applicant_name=leader.name,
        id_number=None,
        phone=leader.phone,
        address=f"{leader.zip_code} {leader.county}{leader.district}{leader.street}",
        members=tuple(member_of(member, left_group=not member.in_group) for member in members),
        page_path=f"/groups/{group.public_id}",
        is_group=True,
        group_name=group.name,
    )


def refund_items(group: Group) -> list[TimelineItem]:
    """Return a line for each refund of a group's money, for its page."""
    subject = find_subject(group.order) if group.order is not None else None
    if group.order is None or subject is None:
        return []
    cases = [each for each in list_cases(group.order) if not subject.own_account_of(each.subjects)]
    standings = [case_standing(case) for case in cases]
    return [
        TimelineItem(Message("退費"), Tag(each.kind), each.label, each.sentence, key="refund")
        for each in standings
    ]


@timeline_source
def tell_bill(registration: Registration, _now: datetime) -> list[UpperFact]:
    """Return a line for who has left a group: on whose bill the fee was paid."""
    if registration.order is None or registration.in_group or registration.own_order is not None:
        return []
    name = db.session.scalar(sa.select(Group.name).where(Group.order_id == registration.order_id))
    note = Message(
        "報名費在團體「%(group)s」的帳單上繳清，不用再繳；要申請退費，請以書面向總試務中心申請。",
        {"group": name},
    )
    return [
        UpperFact("bill", Message("報名費"), Tag.DONE, Message("已由團體繳清"), note=note, after="payment")
    ]
