"""Reads of requests for additional sessions."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.models import Round
from app.groups.extra_session_models import ExtraSession
from app.groups.extra_session_rules import ExtraSessionState

_SHOWN = (
    joinedload(ExtraSession.exam_round).options(joinedload(Round.exam_year), selectinload(Round.offerings)),
    joinedload(ExtraSession.offering),
    joinedload(ExtraSession.account),
)


def get_request(public_id: str, account_id: int | None = None) -> ExtraSession:
    """Return a request; raises NotFound, also when it is not the account's.

    :param account_id: None: for the office
    """
    query = sa.select(ExtraSession).where(ExtraSession.public_id == public_id).options(*_SHOWN)
    if account_id is not None:
        query = query.where(ExtraSession.account_id == account_id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(Message("沒有這件申請，請從列表重新選擇"))
    return found


def get_request_for_update(session: Session, public_id: str) -> ExtraSession:
    """Return a request, locked and read anew; raises NotFound."""
    query = sa.select(ExtraSession).where(ExtraSession.public_id == public_id)
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = session.scalars(locked).one_or_none()
    if found is None:
        raise NotFound(Message("沒有這件申請，請從列表重新選擇"))
    return found


def find_waiting(session: Session, account_id: int, round_id: int) -> ExtraSession | None:
    """Return the account's request for a round that has not been answered yet, or None."""
    query = sa.select(ExtraSession).where(
        ExtraSession.account_id == account_id,
        ExtraSession.round_id == round_id,
        ExtraSession.state == ExtraSessionState.WAITING,
    )
    return session.scalars(query).one_or_none()


def list_mine(account_id: int) -> Sequence[ExtraSession]:
    """Return an account's requests, the newest first."""
    query = sa.select(ExtraSession).where(ExtraSession.account_id == account_id).options(*_SHOWN)
    return db.session.scalars(query.order_by(ExtraSession.id.desc())).all()


def list_requests(state: ExtraSessionState, *, offset: int, limit: int) -> Sequence[ExtraSession]:
    """Return the requests in a state for the desk: those that wait oldest first, the others newest first."""
    query = sa.select(ExtraSession).where(ExtraSession.state == state).options(*_SHOWN)
    waiting = state == ExtraSessionState.WAITING
    query = query.order_by(ExtraSession.id if waiting else ExtraSession.id.desc())
    return db.session.scalars(query.offset(offset).limit(limit)).all()


def count_requests() -> dict[ExtraSessionState, int]:
    """Count the requests in every state."""
    query = sa.select(ExtraSession.state, sa.func.count(ExtraSession.id)).group_by(ExtraSession.state)
    return dict.fromkeys(ExtraSessionState, 0) | dict(db.session.execute(query).all())
