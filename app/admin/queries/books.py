"""The books of a period, row by row: orders, receipts, refunds, fees; names masked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from app.core.clock import TAIPEI, end_of_day, start_of_day
from app.core.db import db
from app.core.identity import mask_name
from app.core.roc_dates import format_roc
from app.groups.models import Group
from app.payments import queries
from app.payments.books.numbers import receipt_number
from app.payments.books.sheet_files import Column, Row, Sheet
from app.payments.models import Attempt, Order, OrderLine, Receipt, RefundCase
from app.payments.refunds.rules import RULES
from app.payments.refunds.states import STATE_LABELS
from app.payments.states import ReceiptOutcome, ReceiptSource
from app.payments.status import payment_status
from app.payments.words import METHOD_NAMES
from app.registration.models import Registration

_AT_ONCE: Final = 1000
_OUTCOMES: Final = {
    ReceiptOutcome.APPLIED: "入帳",
    ReceiptOutcome.LATE: "逾期",
    ReceiptOutcome.SURPLUS: "溢繳",
    ReceiptOutcome.CANCELLED_ORDER: "報名已取消",
    ReceiptOutcome.SUSPENSE: "用途不明",
}
_SOURCES: Final = {
    ReceiptSource.NOTICE: "金流通知",
    ReceiptSource.QUERY: "向金流查詢",
    ReceiptSource.CONFIRMATION: "付款確認",
    ReceiptSource.FILE: "對帳檔",
}


@dataclass(frozen=True, slots=True)
class Period:
    """Taipei days, both inclusive."""

    since: date
    until: date

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """Return the first instant of it and the first one after it."""
        return start_of_day(self.since), end_of_day(self.until)


def books_of(period: Period, *, now: datetime) -> list[Sheet]:
    """Return the four sheets of a period; each asks the database when its rows are taken.

    An order belongs to the day it was opened, a receipt to when it was paid, a refund to the day the
    money went back; the fees are those of the receipts.
    """
    return [
        Sheet("訂單", _ORDER_COLUMNS, _orders(period, now)),
        Sheet("收款", _RECEIPT_COLUMNS, _receipts(period)),
        Sheet("退費", _REFUND_COLUMNS, _refunds(period)),
        Sheet("手續費", _FEE_COLUMNS, _fees(period)),
    ]


_ORDER_COLUMNS: Final = (
    Column("訂單", 26),
    Column("項目", 30),
    Column("繳費人", 24),
    Column("開立日", 12),
    Column("繳費期限", 12),
    Column("繳費人數", 10, summed=True),
    Column("免繳人數", 10, summed=True),
    Column("應繳", 10, summed=True),
    Column("已入帳", 10, summed=True),
    Column("狀態", 12),
)


def _orders(period: Period, now: datetime) -> Iterator[Row]:
    group_name = sa.select(Group.name).where(Group.order_id == Order.id).limit(1).scalar_subquery()
    own_name = (
        sa.select(Registration.chinese_name)
        .where(Registration.order_id == Order.id, Registration.in_group.is_(False))
        .order_by(Registration.id)
        .limit(1)
        .scalar_subquery()
    )
    paid_at = (
        sa.select(sa.func.max(Receipt.paid_at))
        .where(Receipt.order_id == Order.id, Receipt.outcome == ReceiptOutcome.APPLIED)
        .scalar_subquery()
    )
    found = _stream(
        sa.select(
            Order.public_id,
            Order.title,
            group_name,
            own_name,
            Order.issued_on,
            Order.last_day,
            _people(OrderLine.unit_twd > 0),
            _people(OrderLine.unit_twd == 0),
            Order.amount_twd,
            queries.applied_twd(),
            Order.cancelled_at,
            paid_at,
        )
        .where(Order.issued_on.between(period.since, period.until))
        .order_by(Order.id)
    )
    for key, title, group, own, issued_on, last_day, paying, free, amount, applied, cancelled, paid in found:
        status = payment_status(
            amount_twd=amount,
            applied_twd=applied,
            last_day=last_day,
            paid_at=paid,
            now=now,
            cancelled=cancelled is not None,
        )
        payer = group or (mask_name(own) if own else "")
        days = str(format_roc(issued_on)), str(format_roc(last_day))
        yield key, str(title), payer, *days, paying, free, amount, applied, str(status.label)


def _people(condition: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.coalesce(sa.func.sum(OrderLine.quantity), 0))
        .where(OrderLine.order_id == Order.id, condition)
        .scalar_subquery()
    )


_RECEIPT_COLUMNS: Final = (
    Column("收款編號", 14),
    Column("繳費時間", 18),
    Column("入帳時間", 18),
    Column("訂單", 26),
    Column("項目", 30),
    Column("方式", 12),
    Column("金流", 10),
    Column("金流交易編號", 24),
    Column("金額", 10, summed=True),
    Column("手續費", 10, summed=True),
    Column("結果", 12),
    Column("來源", 12),
)


def _receipts(period: Period) -> Iterator[Row]:
    since, before = period.instants
    found = _stream(
        sa.select(Receipt, Order.public_id, Order.title, Attempt.method)
        .outerjoin(Order, Order.id == Receipt.order_id)
        .outerjoin(Attempt, Attempt.id == Receipt.attempt_id)
        .where(Receipt.paid_at >= since, Receipt.paid_at < before)
        .order_by(Receipt.paid_at, Receipt.id)
    )
    for receipt, key, title, method in found:
        yield (
            receipt_number(receipt),
            _minute(receipt.paid_at),
            _minute(receipt.recorded_at),
            key,
            str(title) if title else "",
            str(METHOD_NAMES[method]) if method else "",
            receipt.gateway,
            receipt.gateway_trade_number,
            receipt.amount_twd,
            receipt.fee_twd,
            _OUTCOMES[receipt.outcome],
            _SOURCES[receipt.source],
        )
        db.session.expunge(receipt)


_REFUND_COLUMNS: Final = (
    Column("案號", 12),
    Column("訂單", 26),
    Column("項目", 30),
    Column("原因", 34),
    Column("狀態", 12),
    Column("退還日", 12),
    Column("原繳", 10, summed=True),
    Column("扣除", 10, summed=True),
    Column("退還", 10, summed=True),
    Column("退還方式", 12),
    Column("匯票號碼", 16),
)


def _refunds(period: Period) -> Iterator[Row]:
    found = _stream(
        sa.select(RefundCase, Order.public_id, Order.title)
        .join(Order, Order.id == RefundCase.order_id)
        .where(RefundCase.paid_on.between(period.since, period.until))
        .order_by(RefundCase.paid_on, RefundCase.id)
    )
    for case, key, title in found:
        yield (
            case.number,
            key,
            str(title),
            str(RULES[case.reason].label),
            str(STATE_LABELS[case.state]),
            str(format_roc(case.paid_on)),
            case.basis_twd,
            case.deduction_twd,
            case.amount_twd,
            "原路退回" if case.paid_by_gateway else "郵政匯票",
            case.money_order_number,
        )
        db.session.expunge(case)


_FEE_COLUMNS: Final = (
    Column("金流", 10),
    Column("方式", 12),
    Column("筆數", 10, summed=True),
    Column("收款", 12, summed=True),
    Column("手續費", 12, summed=True),
    Column("實收", 12, summed=True),
    Column("手續費未告知的筆數", 20, summed=True),
)


def _fees(period: Period) -> Iterator[Row]:
    since, before = period.instants
    fee = sa.func.coalesce(sa.func.sum(Receipt.fee_twd), 0)
    received = sa.func.sum(Receipt.amount_twd)
    known = sa.func.count(Receipt.fee_twd)
    found = db.session.execute(
        sa.select(Receipt.gateway, Attempt.method, sa.func.count(Receipt.id), received, fee, known)
        .outerjoin(Attempt, Attempt.id == Receipt.attempt_id)
        .where(Receipt.paid_at >= since, Receipt.paid_at < before)
        .group_by(Receipt.gateway, Attempt.method)
        .order_by(Receipt.gateway, Attempt.method)
    )
    for gateway, method, count, total, kept, told in found:
        name = str(METHOD_NAMES[method]) if method else ""
        yield gateway, name, count, int(total), int(kept), int(total) - int(kept), count - told


def _stream(query: sa.Select[Any]) -> Iterator[Any]:
    yield from db.session.execute(query.execution_options(yield_per=_AT_ONCE))


def _minute(instant: datetime) -> str:
    local = instant.astimezone(TAIPEI)
    return f"{format_roc(local.date())} {local:%H:%M}"
