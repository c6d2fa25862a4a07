"""What refunds ask of a group: its leader applies, for all of its paying members or for some."""

from __future__ import annotations

import sqlalchemy as sa

from app.core.db import db
from app.core.messages import Message
from app.groups.models import Group, GroupMember
from app.payments.models import Order
from app.payments.refunds.queries import list_cases
from app.payments.refunds.standing import case_standing
from app.payments.refunds.subjects import Subject, subject_source
from app.registration.models import Registration
from app.registration.refunds import member_of
from app.registration.status import Tag, TimelineItem


@subject_source
def find_subject(order: Order) -> Subject | None:
    """Return the group that an order pays for; its leader's ID number is not on record."""
    group = db.session.scalars(sa.select(Group).where(Group.order_id == order.id)).first()
    if group is None:
        return None
    members = db.session.scalars(
        sa.select(Registration)
        .join(GroupMember, GroupMember.registration_id == Registration.id)
        .where(GroupMember.group_id == group.id, Registration.submitted_at.is_not(None))
        .order_by(Registration.id)
    )
    leader = group.leader
    return Subject(
        exam_round=group.exam_round,
        area=group.offering.area,
        applicant_name=leader.name,
        id_number=None,
        phone=leader.phone,
        address=f"{leader.zip_code} {leader.county}{leader.district}{leader.street}",
        members=tuple(member_of(member) for member in members),
        page_path=f"/groups/{group.public_id}",
        is_group=True,
    )


def refund_items(group: Group) -> list[TimelineItem]:
    """Return a line for each refund of a group's money, for its page."""
    if group.order is None:
        return []
    standings = [case_standing(case) for case in list_cases(group.order)]
    return [
        TimelineItem(Message("退費"), Tag(each.kind), each.label, each.sentence, key="refund")
        for each in standings
    ]
