"""Findings, files, suspense and day-end totals, for looking at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.admin.paging import SIZE, Page
from app.admin.queries.charts import taipei_date
from app.core.clock import end_of_day, start_of_day
from app.core.db import db
from app.payments.gateways.base import Method
from app.payments.models import (
    Attempt,
    Finding,
    GatewayRefund,
    Order,
    Receipt,
    ReconciliationFile,
    ReconciliationLine,
    RefundCase,
    SuspenseDecision,
)
from app.payments.reconciliation.lines import LineKind
from app.payments.reconciliation.sources import SOURCES
from app.payments.reconciliation.states import FindingKind, SuspenseAction
from app.payments.refunds.states import GatewayRefundState, RefundState
from app.payments.states import ReceiptOutcome

DAYS_SHOWN = 14
#: Money orders go by no gateway.
POST = "post"

_FINDING_SHOWN = (
    joinedload(Finding.line),
    joinedload(Finding.receipt).joinedload(Receipt.attempt),
    joinedload(Finding.receipt).joinedload(Receipt.order),
)


@dataclass(slots=True)
class Side:
    """What one side says of a day, a gateway and a method; in dollars, refunds and reversals positive."""

    count: int = 0
    received_twd: int = 0
    fees_twd: int = 0
    refunded_twd: int = 0


@dataclass(slots=True)
class DayTotal:
    """:ivar gateway: `POST` for money orders
    :ivar method: None: of no attempt of ours, or a money order
    """

    day: date
    gateway: str
    method: Method | None
    portal: Side = field(default_factory=Side)
    file: Side = field(default_factory=Side)

    @property
    def agrees(self) -> bool:
        return self.portal.received_twd == self.file.received_twd


def count_findings(*, closed: bool) -> dict[FindingKind, int]:
    """Count the findings of each kind, those that are closed or those that are open."""
    query = sa.select(Finding.kind, sa.func.count(Finding.id)).where(_is(closed)).group_by(Finding.kind)
    return dict(db.session.execute(query).all())


def list_findings(kind: FindingKind, *, closed: bool, page: Page | None) -> Sequence[Finding]:
    """Return one page of the findings of a kind, the oldest open or the last closed first; None: all."""
    query = sa.select(Finding).where(Finding.kind == kind, _is(closed)).options(*_FINDING_SHOWN)
    query = query.order_by(Finding.id.desc() if closed else Finding.id)
    if page is not None:
        query = query.limit(SIZE).offset(page.offset)
    return db.session.scalars(query).all()


def orders_of(findings: Sequence[Finding]) -> dict[str, str]:
    """Return the public id of the order behind each trade number of ours that the lines name."""
    numbers = {finding.line.trade_number for finding in findings if finding.line}
    query = sa.select(Attempt.trade_number, Order.public_id).join(Attempt.order)
    return dict(db.session.execute(query.where(Attempt.trade_number.in_(numbers))).all())


def count_files() -> int:
    return db.session.scalar(sa.select(sa.func.count(ReconciliationFile.id))) or 0


def list_files(page: Page) -> Sequence[ReconciliationFile]:
    """Return one page of the files, the last taken first."""
    query = sa.select(ReconciliationFile).order_by(ReconciliationFile.id.desc())
    return db.session.scalars(query.limit(SIZE).offset(page.offset)).all()


def count_suspense() -> tuple[int, int]:
    """Return how much money in suspense nobody has decided about, and how much is to go back: in receipts."""
    back = sa.func.sum(sa.case((SuspenseDecision.action == SuspenseAction.RETURN, 1), else_=0))
    query = sa.select(sa.func.count(Receipt.id), back).outerjoin(
        SuspenseDecision, SuspenseDecision.receipt_id == Receipt.id
    )
    every, returning = db.session.execute(query.where(Receipt.outcome == ReceiptOutcome.SUSPENSE)).one()
    return every - (returning or 0), returning or 0


def list_suspense(*, returning: bool, page: Page | None) -> Sequence[tuple[Receipt, SuspenseDecision | None]]:
    """Return one page of the money in suspense, the oldest first: undecided, or to go back; None: all."""
    query = (
        sa.select(Receipt, SuspenseDecision)
        .outerjoin(SuspenseDecision, SuspenseDecision.receipt_id == Receipt.id)
        .where(Receipt.outcome == ReceiptOutcome.SUSPENSE)
    )
    decided = SuspenseDecision.receipt_id.is_not(None)
    query = query.where(decided if returning else ~decided).order_by(Receipt.id)
    if page is not None:
        query = query.limit(SIZE).offset(page.offset)
    return [(receipt, decision) for receipt, decision in db.session.execute(query)]


def find_line_of(receipt: Receipt) -> ReconciliationLine | None:
    """Return the line of a file that brought a receipt, or None."""
    query = sa.select(ReconciliationLine).where(ReconciliationLine.receipt_id == receipt.id)
    return db.session.scalars(query.order_by(ReconciliationLine.id).limit(1)).first()


def list_likely_orders(receipt: Receipt) -> Sequence[Order]:
    """Return up to ten orders that were waiting for just this amount when the money came."""
    waiting = sa.select(Attempt.order_id).where(
        Attempt.gateway == receipt.gateway,
        Attempt.amount_twd == receipt.amount_twd,
        Attempt.started_at <= receipt.paid_at,
        Attempt.started_at > receipt.paid_at - timedelta(days=14),
    )
    paid = sa.exists().where(Receipt.order_id == Order.id, Receipt.outcome == ReceiptOutcome.APPLIED)
    query = sa.select(Order).where(Order.id.in_(waiting), ~paid).order_by(Order.id.desc()).limit(10)
    return db.session.scalars(query).all()


def day_totals(last: date) -> list[DayTotal]:
    """Return what came in and went back on each of the fourteen days up to one, the last first."""
    first = last - timedelta(days=DAYS_SHOWN - 1)
    totals: dict[tuple[date, str, Method | None], DayTotal] = {}

    def of(day: date, gateway: str, method: Method | None) -> DayTotal:
        return totals.setdefault((day, gateway, method), DayTotal(day, gateway, method))

    for day, gateway, method, count, amount, fees in _received(first, last):
        side = of(day, gateway, method).portal
        side.count, side.received_twd, side.fees_twd = count, amount, fees
    for day, gateway, method, amount in _given_back(first, last):
        of(day, gateway, method).portal.refunded_twd += amount
    for day, source, method, kind, count, amount, fees in _filed(first, last):
        facts = SOURCES[source]
        side = of(day, facts.gateway, method).file
        if kind is not LineKind.PAYMENT:
            side.refunded_twd += amount
        elif facts.brings_money:  # the settlement file tells of the same payments again
            side.count, side.received_twd = side.count + count, side.received_twd + amount
            side.fees_twd += fees
    # Days from the last to the first; within a day by name.
    by_day = defaultdict(list)
    for total in totals.values():
        by_day[total.day].append(total)
    return [
        total
        for day in sorted(by_day, reverse=True)
        for total in sorted(by_day[day], key=lambda each: (each.gateway, each.method or ""))
    ]


def _is(closed: bool) -> sa.ColumnElement[bool]:
    return Finding.closed_at.is_not(None) if closed else Finding.closed_at.is_(None)


def _received(first: date, last: date) -> Iterator[tuple]:
    day = taipei_date(Receipt.paid_at)
    # Of money in suspense only the file knows how it was paid.
    method = sa.func.coalesce(Attempt.method, ReconciliationLine.method, type_=Attempt.method.type)
    query = (
        sa.select(
            day,
            Receipt.gateway,
            method,
            sa.func.count(Receipt.id),
            sa.func.sum(Receipt.amount_twd),
            sa.func.coalesce(sa.func.sum(Receipt.fee_twd), 0),
        )
        .outerjoin(Receipt.attempt)
        .outerjoin(
            ReconciliationLine,
            sa.and_(Receipt.attempt_id.is_(None), ReconciliationLine.receipt_id == Receipt.id),
        )
        .where(Receipt.paid_at >= start_of_day(first), Receipt.paid_at < end_of_day(last))
        .group_by(day, Receipt.gateway, method)
    )
    yield from db.session.execute(query)


def _given_back(first: date, last: date) -> Iterator[tuple]:
    by_post = sa.select(RefundCase.paid_on, sa.func.sum(RefundCase.amount_twd)).where(
        RefundCase.state == RefundState.PAID,
        RefundCase.paid_by_gateway.is_(False),
        RefundCase.paid_on.between(first, last),
    )
    for day, amount in db.session.execute(by_post.group_by(RefundCase.paid_on)):
        yield day, POST, None, amount
    day = taipei_date(GatewayRefund.ended_at)
    by_gateway = (
        sa.select(day, Attempt.gateway, Attempt.method, sa.func.sum(GatewayRefund.amount_twd))
        .join(GatewayRefund.attempt)
        .where(
            GatewayRefund.state == GatewayRefundState.DONE,
            GatewayRefund.ended_at >= start_of_day(first),
            GatewayRefund.ended_at < end_of_day(last),
        )
        .group_by(day, Attempt.gateway, Attempt.method)
    )
    yield from db.session.execute(by_gateway)


def _filed(first: date, last: date) -> Iterator[tuple]:
    line = ReconciliationLine
    keys = (line.day, line.source, line.method, line.kind)
    query = (
        sa.select(
            *keys,
            sa.func.count(line.id),
            sa.func.sum(line.amount_twd),
            sa.func.coalesce(sa.func.sum(line.fee_twd), 0),
        )
        .where(line.day.between(first, last))
        .group_by(*keys)
    )
    yield from db.session.execute(query)
