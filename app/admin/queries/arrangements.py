"""Requests for special arrangements, as their desk shows them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.admin.paging import SIZE, Page
from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.models import Round
from app.registration.arrangement_rules import ArrangementState
from app.registration.models import Arrangement, ArrangementFile, Registration
from app.registration.states import FormState


def is_unanswered() -> sa.ColumnElement[bool]:
    """Return the condition that a request waits; the query must join its arrangement, if there is one."""
    return sa.func.coalesce(Arrangement.state, ArrangementState.WAITING) == ArrangementState.WAITING


def asks() -> sa.ColumnElement[bool]:
    """Return the condition that a registration was sent with a request."""
    return sa.and_(
        Registration.form_state == FormState.SUBMITTED, Registration.accommodation_sealed.is_not(None)
    )


def list_requests(*, answered: bool, page: Page) -> Sequence[Registration]:
    """Return the registrations that ask for something: the next test first, then as they were sent."""
    unanswered = is_unanswered()
    query = (
        sa.select(Registration)
        .join(Registration.exam_round)
        .outerjoin(Registration.arrangement)
        .where(asks(), ~unanswered if answered else unanswered)
        .options(
            joinedload(Registration.exam_round),
            joinedload(Registration.offering),
            joinedload(Registration.arrangement),
        )
        .order_by(Round.test_on, Registration.submitted_at, Registration.id)
    )
    return db.session.scalars(query.offset(page.offset).limit(SIZE)).all()


def count_requests() -> dict[bool, int]:
    """Count the requests, by whether they are answered."""
    waiting = sa.func.coalesce(sa.func.sum(sa.case((is_unanswered(), 1), else_=0)), 0)
    query = sa.select(sa.func.count(Registration.id), waiting).outerjoin(Registration.arrangement)
    total, unanswered = db.session.execute(query.where(asks())).one()
    return {True: total - unanswered, False: unanswered}


def get_file(registration: Registration, public_id: str) -> ArrangementFile:
    """Return a proof of this registration; raises NotFound."""
    query = (
        sa.select(ArrangementFile)
        .join(ArrangementFile.arrangement)
        .where(Arrangement.registration_id == registration.id, ArrangementFile.public_id == public_id)
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(Message("沒有這份文件，請回到申請頁面查看"))
    return found
