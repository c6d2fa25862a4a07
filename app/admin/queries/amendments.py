"""Requests to correct identity data, as the desk shows them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.registration.correction_models import AmendmentRequest, Correction, CorrectionFile
from app.registration.models import Registration
from app.registration.states import AmendmentState


def list_waiting(state: AmendmentState, *, limit: int = 200) -> Sequence[AmendmentRequest]:
    """Return the requests that wait at the office or for the site, the oldest first."""
    registration = joinedload(AmendmentRequest.registration)
    query = sa.select(AmendmentRequest).where(AmendmentRequest.state == state)
    shown = registration.options(joinedload(Registration.exam_round), joinedload(Registration.offering))
    return db.session.scalars(query.options(shown).order_by(AmendmentRequest.id).limit(limit)).all()


def count_waiting() -> dict[AmendmentState, int]:
    """Count the requests that wait, at the office and for the site."""
    states = (AmendmentState.OPEN, AmendmentState.ON_SITE)
    query = sa.select(AmendmentRequest.state, sa.func.count(AmendmentRequest.id))
    query = query.where(AmendmentRequest.state.in_(states)).group_by(AmendmentRequest.state)
    return dict.fromkeys(states, 0) | dict(db.session.execute(query).all())


def get_correction_file(registration: Registration, public_id: str) -> CorrectionFile:
    """Return a document that came with an answer of this registration; raises NotFound."""
    query = (
        sa.select(CorrectionFile)
        .join(CorrectionFile.correction)
        .where(Correction.registration_id == registration.id, CorrectionFile.public_id == public_id)
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(Message("沒有這份文件，請回到報名頁面查看"))
    return found
