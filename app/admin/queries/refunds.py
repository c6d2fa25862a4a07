"""Refund cases for the staff's desk."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.models import Account
from app.admin.paging import SIZE, Page
from app.core.db import db
from app.payments.models import RefundCase
from app.payments.refunds.states import RefundState


def count_by_state() -> dict[RefundState, int]:
    """Count the cases in each state."""
    query = sa.select(RefundCase.state, sa.func.count(RefundCase.id)).group_by(RefundCase.state)
    return dict(db.session.execute(query).all())


def list_cases(state: RefundState, *, page: Page) -> Sequence[RefundCase]:
    """Return one page of the cases in a state, what is due first at the top."""
    query = sa.select(RefundCase).where(RefundCase.state == state).options(*_SHOWN)
    ordered = query.order_by(RefundCase.pay_by, RefundCase.id)
    return db.session.scalars(ordered.limit(SIZE).offset(page.offset)).all()


def list_to_pay() -> Sequence[RefundCase]:
    """Return all granted cases for the list of money orders, what is due first at the top."""
    query = sa.select(RefundCase).where(RefundCase.state == RefundState.GRANTED).options(*_SHOWN)
    return db.session.scalars(query.order_by(RefundCase.pay_by, RefundCase.id)).all()


def list_picked(public_ids: Sequence[str]) -> list[RefundCase]:
    """Return the chosen cases, in the order of the list, at most a page of them."""
    query = sa.select(RefundCase).where(RefundCase.public_id.in_(public_ids[:SIZE])).options(*_SHOWN)
    return list(db.session.scalars(query.order_by(RefundCase.pay_by, RefundCase.id)))


def names_of(account_ids: Sequence[int | None]) -> dict[int, str]:
    """Return the e-mail addresses of staff by account id."""
    wanted = [each for each in account_ids if each is not None]
    query = sa.select(Account.id, Account.email).where(Account.id.in_(wanted))
    return dict(db.session.execute(query).all())


_SHOWN = (joinedload(RefundCase.order), joinedload(RefundCase.exam_round), joinedload(RefundCase.proof))
