"""Reads of refund cases; nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.notices import list_notices
from app.payments.models import Order, RefundCase
from app.payments.queries import get_order_for_update
from app.payments.refunds.ledger import CaseFacts, Ledger, ReceiptFacts, balance
from app.payments.refunds.rules import RefundDeadlines, RefundReason, refund_deadlines
from app.payments.refunds.states import CLAIMING, SETTLED
from app.payments.refunds.subjects import Member, Subject

SHOWN = (joinedload(RefundCase.order), joinedload(RefundCase.exam_round), joinedload(RefundCase.proof))


def get_case(public_id: str) -> RefundCase:
    """Return any case by its public id, for staff; raises NotFound."""
    query = sa.select(RefundCase).where(RefundCase.public_id == public_id).options(*SHOWN)
    return _found(db.session.scalars(query).one_or_none())


def get_case_of(public_id: str, account_id: int) -> RefundCase:
    """Return a case about an order of the account; raises NotFound, also when it is another's."""
    query = sa.select(RefundCase).join(RefundCase.order).where(RefundCase.public_id == public_id)
    return _found(
        db.session.scalars(query.where(Order.account_id == account_id).options(*SHOWN)).one_or_none()
    )


def get_case_for_update(session: Session, public_id: str) -> RefundCase:
    """Return a case read anew under its order's lock, which all its money shares; raises NotFound."""
    order_id = session.scalar(sa.select(RefundCase.order_id).where(RefundCase.public_id == public_id))
    if order_id is None:
        return _found(None)
    get_order_for_update(session, order_id)
    query = sa.select(RefundCase).where(RefundCase.public_id == public_id)
    return _found(session.scalars(query.execution_options(populate_existing=True)).one_or_none())


def list_cases(order: Order) -> Sequence[RefundCase]:
    """Return an order's cases, the first first."""
    query = sa.select(RefundCase).where(RefundCase.order_id == order.id).options(joinedload(RefundCase.proof))
    return db.session.scalars(query.order_by(RefundCase.id)).all()


def list_open_of_round(round_id: int, area: str | None) -> Sequence[RefundCase]:
    """Return the cases of a round, or of one of its areas, that are not settled."""
    query = sa.select(RefundCase).where(
        RefundCase.round_id == round_id, RefundCase.state.in_(CLAIMING - SETTLED)
    )
    if area is not None:
        query = query.where(RefundCase.area == area)
    return db.session.scalars(query.order_by(RefundCase.id)).all()


def find_by_money_order(number: str) -> RefundCase | None:
    """Return the case that a money order has paid."""
    return db.session.scalar(sa.select(RefundCase).where(RefundCase.money_order_number == number))


def noticed_reasons(subject: Subject) -> set[RefundReason]:
    """Return the reasons for which a notice about the round and area has been published (R178)."""
    return {RefundReason(notice.cause.value) for notice in list_notices(subject.exam_round.id, subject.area)}


def deadlines_of(subject: Subject) -> RefundDeadlines:
    """Return until when to apply and to pay, notices of the round counted in (R106, R109)."""
    notices = list_notices(subject.exam_round.id, subject.area)
    return refund_deadlines(
        subject.exam_round.test_on,
        postponed_to=max((n.new_test_on for n in notices if n.new_test_on), default=None),
        mass_pay_by=max((n.mass_pay_by for n in notices if n.mass_pay_by), default=None),
    )


def members_left(subject: Subject, cases: Sequence[RefundCase]) -> list[Member]:
    """Return the paying members for whom nobody has asked a refund yet."""
    claimed = {key for case in cases if case.state in CLAIMING for key in case.subjects}
    return [member for member in subject.paying if member.key not in claimed]


def ledger_of(order: Order) -> Ledger:
    """Return where an order's money is."""
    return balance(
        order.needed_twd,
        [ReceiptFacts(each.id, each.amount_twd, each.outcome) for each in order.receipts],
        [
            CaseFacts(each.receipt_id, each.state, each.basis_twd, each.amount_twd, each.deduction_twd)
            for each in order.refunds
        ],
    )


def _found(case: RefundCase | None) -> RefundCase:
    if case is None:
        raise NotFound(Message("沒有這件退費，請從列表重新選擇"))
    return case
