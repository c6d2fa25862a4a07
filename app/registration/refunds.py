"""What refunds ask of a registration, and what its status page says about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.core.db import db
from app.core.messages import Message
from app.core.roc_dates import format_roc_long
from app.exams.notices import NoticeCause, list_notices
from app.exams.words import with_dialect
from app.payments.models import Order
from app.payments.refunds.queries import list_cases
from app.payments.refunds.standing import case_standing
from app.payments.refunds.subjects import Member, Subject, subject_source
from app.registration.models import Registration
from app.registration.states import FormState
from app.registration.status import Tag
from app.registration.timeline import UpperFact, timeline_source


@subject_source
def find_subject(order: Order) -> Subject | None:
    """Return the individual registration that an order pays for, as refunds need it."""
    query = sa.select(Registration).where(
        Registration.order_id == order.id,
        Registration.in_group.is_(False),
        Registration.account_id == order.account_id,
    )
    registration = db.session.scalars(query.order_by(Registration.id)).first()
    if registration is None:
        return None
    place = f"{registration.zip_code} {registration.county}{registration.district}"
    return Subject(
        exam_round=registration.exam_round,
        area=registration.offering.area,
        applicant_name=registration.chinese_name,
        id_number=registration.id_number,
        phone=registration.mobile or registration.phone,
        address=f"{place}{registration.street}",
        members=(member_of(registration),),
        page_path=f"/registrations/{registration.public_id}",
        dialect=with_dialect(registration.dialect),
    )


def member_of(registration: Registration, *, left_group: bool = False) -> Member:
    """Return a candidate as refunds see one.

    :param left_group: the order is that of a group in which the candidate was
    """
    return Member(
        key=registration.public_id,
        name=registration.chinese_name,
        fee_twd=registration.fee_twd or 0,
        live=registration.form_state == FormState.SUBMITTED,
        account_id=registration.account_id if left_group else None,
    )


@timeline_source
def tell_refunds(registration: Registration, _now: datetime) -> Sequence[UpperFact]:
    """Return a line for each refund of an individual registration."""
    if registration.order is None or registration.in_group:
        return []
    own = registration.own_order is not None
    action = (Message("查看退費"), f"/registrations/{registration.public_id}/refund") if own else None
    facts = []
    for case in list_cases(registration.order):
        # Of a bill that others are on as well, only what is asked for this candidate.
        if not own and registration.public_id not in case.subjects:
            continue
        standing = case_standing(case)
        facts.append(
            UpperFact(
                "refund", Message("退費"), Tag(standing.kind), standing.label, standing.sentence, action
            )
        )
    return facts


@timeline_source
def tell_postponements(registration: Registration, _now: datetime) -> Sequence[UpperFact]:
    """Return the newest notice that concerns a registration, in place of its test's line (R176, R177)."""
    if registration.form_state != FormState.SUBMITTED:
        return []
    notice = next(iter(list_notices(registration.round_id, registration.offering.area)), None)
    if notice is None:
        return []
    label = Message("已延期") if notice.cause == NoticeCause.POSTPONED else Message("天然災害公告")
    if notice.new_test_on is None:
        return [
            UpperFact(
                "test",
                Message("認證"),
                Tag.ATTENTION,
                label,
                Message("%(reason)s", {"reason": notice.reason}),
            )
        ]
    values = {"day": format_roc_long(notice.new_test_on), "place": notice.new_place}
    when = Message("改到 %(day)s舉行，地點：%(place)s", values)
    return [UpperFact("test", Message("認證"), Tag.ATTENTION, label, when)]
