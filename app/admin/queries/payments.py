"""Orders, what arrived for them, and what the gateways sent, for looking at."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.admin.paging import SIZE, Page
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.groups.models import Group
from app.payments.models import Attempt, GatewayMessage, Order, Receipt, RefundCase
from app.payments.refunds.states import CLAIMING, SETTLED
from app.payments.states import NoticeOutcome
from app.registration.models import Registration

# That somebody looked is no part of a case's story.
_LOOKED_AT = "refund.view"


def count_orders() -> tuple[int, int]:
    """Return how many orders there are, and for how many money has to go back."""
    refundable = sa.select(sa.func.count(sa.distinct(Receipt.order_id))).where(_to_go_back())
    query = sa.select(sa.func.count(Order.id), refundable.scalar_subquery())
    every, to_refund = db.session.execute(query).one()
    return every, to_refund


def list_orders(*, refundable: bool, page: Page) -> Sequence[Order]:
    """Return one page of orders with their receipts, the newest first.

    :param refundable: only those for which money has to go back
    """
    query = sa.select(Order).options(selectinload(Order.receipts), selectinload(Order.refunds))
    if refundable:
        query = query.where(sa.exists().where(Receipt.order_id == Order.id, _to_go_back()))
    return db.session.scalars(query.order_by(Order.id.desc()).limit(SIZE).offset(page.offset)).all()


def get_order(public_id: str) -> Order:
    """Return any order with its lines, attempts and receipts; raises NotFound."""
    query = sa.select(Order).where(Order.public_id == public_id)
    found = db.session.scalars(
        query.options(
            selectinload(Order.lines),
            selectinload(Order.attempts),
            selectinload(Order.refunds).selectinload(RefundCase.gateway_refunds),
            selectinload(Order.receipts).joinedload(Receipt.attempt),
        )
    ).one_or_none()
    if found is None:
        raise NotFound(Message("沒有這筆訂單，請從繳費列表重新選擇"))
    return found


def find_subject(order: Order) -> Group | Registration | None:
    """Return the group or the individual registration that an order pays for."""
    group = db.session.scalars(sa.select(Group).where(Group.order_id == order.id)).one_or_none()
    if group is not None:
        return group
    own = sa.select(Registration).where(Registration.order_id == order.id, Registration.in_group.is_(False))
    return db.session.scalars(own).one_or_none()


def list_messages_of(order: Order) -> Sequence[GatewayMessage]:
    """Return what the gateways sent about an order, in the order of arrival."""
    numbers = sa.select(Attempt.trade_number).where(Attempt.order_id == order.id)
    query = sa.select(GatewayMessage).where(GatewayMessage.trade_number.in_(numbers))
    return db.session.scalars(query.order_by(GatewayMessage.id)).all()


def list_audit_of(order: Order) -> Sequence[AuditEntry]:
    """Return the log of an order and of its refund cases, in the order of time."""
    cases = [case.public_id for case in order.refunds]
    subject = sa.or_(
        sa.and_(
            AuditEntry.subject_type == Order.__tablename__,
            AuditEntry.subject_id == order.public_id,
        ),
        sa.and_(
            AuditEntry.subject_type == RefundCase.__tablename__,
            AuditEntry.subject_id.in_(cases),
            AuditEntry.action != _LOOKED_AT,
        ),
    )
    return db.session.scalars(sa.select(AuditEntry).where(subject).order_by(AuditEntry.id)).all()


def count_messages() -> dict[NoticeOutcome | None, int]:
    """Count what the gateways sent by what it changed; None: stored, but not judged yet."""
    query = sa.select(GatewayMessage.outcome, sa.func.count(GatewayMessage.id))
    return dict(db.session.execute(query.group_by(GatewayMessage.outcome)).all())


def list_messages(outcome: NoticeOutcome | None, *, page: Page) -> Sequence[GatewayMessage]:
    """Return one page of what the gateways sent, the newest first; None: whatever it changed."""
    query = sa.select(GatewayMessage)
    if outcome is not None:
        query = query.where(GatewayMessage.outcome == outcome)
    return db.session.scalars(query.order_by(GatewayMessage.id.desc()).limit(SIZE).offset(page.offset)).all()


def orders_by_trade_number(messages: Sequence[GatewayMessage]) -> dict[str, str]:
    """Return the public id of the order behind each trade number of ours that the messages name."""
    numbers = {each.trade_number for each in messages if each.trade_number}
    query = sa.select(Attempt.trade_number, Order.public_id).join(Attempt.order)
    return dict(db.session.execute(query.where(Attempt.trade_number.in_(numbers))).all())


def _to_go_back() -> sa.ColumnElement[bool]:
    """Return the condition that a receipt has money in it which the office still has to give back."""
    return sa.exists().where(RefundCase.receipt_id == Receipt.id, RefundCase.state.in_(CLAIMING - SETTLED))
