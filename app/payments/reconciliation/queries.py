"""Reads of files, lines, findings and suspense; nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.payments.models import (
    Attempt,
    Finding,
    GatewayRefund,
    Order,
    Receipt,
    ReconciliationFile,
    ReconciliationLine,
    SuspenseDecision,
)
from app.payments.reconciliation.lines import Line, LineKind
from app.payments.reconciliation.sources import SOURCES, FileSource
from app.payments.reconciliation.states import FileState, FindingKind
from app.payments.refunds.states import GatewayRefundState
from app.payments.states import ReceiptOutcome


@dataclass(frozen=True, slots=True)
class KnownAttempt:
    id: int
    order_id: int
    trade_number: str
    account_number: str | None
    authorisation_number: str | None


@dataclass(frozen=True, slots=True)
class KnownReceipt:
    id: int
    gateway_trade_number: str
    attempt_id: int | None
    amount_twd: int
    fee_twd: int | None
    paid_at: datetime


class Books:
    """What the portal knows of some lines: from files before, attempts, receipts, refunds of ours."""

    def __init__(self, source: FileSource, lines: Sequence[Line]) -> None:
        gateway = SOURCES[source].gateway
        self.known = _by(_known_lines(source, {line.key for line in lines}), "natural_key")
        attempts = list(_attempts(gateway, lines))
        self._by_number = _by(attempts, "trade_number")
        self._by_account = _by(attempts, "account_number")
        self._by_authorisation = _by(attempts, "authorisation_number")
        receipts = list(_receipts(gateway, lines, [attempt.id for attempt in attempts]))
        self._receipts = _by(receipts, "gateway_trade_number")
        self._of_attempt = _by(reversed(receipts), "attempt_id")
        self._own_refunds = (
            _own_refunds(attempts) if any(line.kind is LineKind.REFUND for line in lines) else set()
        )

    def attempt_of(self, line: Line) -> KnownAttempt | None:
        """Return the attempt that a line is about, by the best number that the file tells."""
        return (
            self._by_number.get(line.trade_number)
            or self._by_account.get(line.account)
            or self._by_authorisation.get(line.authorisation_number)
        )

    def receipt_of(self, line: Line) -> KnownReceipt | None:
        """Return what was received of a payment: by the gateway's number, or else by its attempt."""
        if line.gateway_trade_number is not None:
            return self._receipts.get(line.gateway_trade_number)
        attempt = self.attempt_of(line)
        return self._of_attempt.get(attempt.id) if attempt else None

    def is_own_refund(self, line: Line) -> bool:
        """Return whether we have asked the gateway to give this amount back."""
        attempt = self.attempt_of(line)
        return attempt is not None and (attempt.id, line.amount_twd) in self._own_refunds


def get_file(public_id: str) -> ReconciliationFile:
    """Return a file by its address; raises NotFound."""
    query = sa.select(ReconciliationFile).where(ReconciliationFile.public_id == public_id)
    return _one(query, Message("沒有這個檔案，請從檔案列表重新選擇"))


def find_same_file(digest: bytes) -> ReconciliationFile | None:
    """Return the file that has been taken with the same bytes, or None."""
    return db.session.scalar(sa.select(ReconciliationFile).where(ReconciliationFile.digest == digest))


def list_unread_files(*, before: datetime) -> Sequence[str]:
    """Return the public ids of files that were taken before an instant and are not read to the end."""
    query = sa.select(ReconciliationFile.public_id).where(
        ReconciliationFile.state == FileState.READING, ReconciliationFile.imported_at < before
    )
    return db.session.scalars(query.order_by(ReconciliationFile.id)).all()


def get_finding(public_id: str) -> Finding:
    """Return a finding by its address; raises NotFound."""
    query = sa.select(Finding).where(Finding.public_id == public_id)
    return _one(query, Message("沒有這一筆，請從對帳列表重新選擇"))


def get_suspense(receipt_id: int) -> Receipt:
    """Return money that is, or was, in suspense; raises NotFound."""
    decided = sa.exists().where(SuspenseDecision.receipt_id == Receipt.id)
    query = sa.select(Receipt).where(
        Receipt.id == receipt_id, sa.or_(Receipt.outcome == ReceiptOutcome.SUSPENSE, decided)
    )
    return _one(query, Message("沒有這筆款項，請從用途不明的款項列表重新選擇"))


def find_decision(receipt_id: int) -> SuspenseDecision | None:
    """Return what was decided about money in suspense, or None."""
    return db.session.get(SuspenseDecision, receipt_id)


def find_order(text: str) -> Order | None:
    """Return the order of a trade number of ours, of a virtual account or of its own address, or None."""
    wanted = text.strip().rstrip("/").rpartition("/")[2]
    by_attempt = sa.select(Attempt.order_id).where(
        sa.or_(Attempt.trade_number == wanted, Attempt.account_number == wanted)
    )
    query = sa.select(Order).where(sa.or_(Order.public_id == wanted, Order.id.in_(by_attempt)))
    return db.session.scalars(query.order_by(Order.id.desc()).limit(1)).first()


def find_files_read_until(gateways: Collection[str]) -> date | None:
    """Return the last day up to which files of all these gateways have been read (R095); None: not of all."""
    if not gateways:
        return None
    ends = [_read_until(gateway) for gateway in gateways]
    return None if None in ends else min(end for end in ends if end is not None)


def list_unfiled_receipts(
    session: Session, gateway: str, begins_at: datetime, ends_at: datetime
) -> Sequence[Receipt]:
    """Return what a gateway's files should tell of, by when it was paid, and do not."""
    in_a_file = sa.exists().where(ReconciliationLine.receipt_id == Receipt.id)
    found = sa.exists().where(Finding.receipt_id == Receipt.id, Finding.kind == FindingKind.NOT_IN_FILE)
    query = sa.select(Receipt).where(
        Receipt.gateway == gateway,
        Receipt.paid_at >= begins_at,
        Receipt.paid_at < ends_at,
        ~in_a_file,
        ~found,
    )
    return session.scalars(query.order_by(Receipt.id)).all()


def list_found_in_file(session: Session) -> Sequence[Finding]:
    """Return the open findings whose receipt stands in a file by now."""
    in_a_file = sa.exists().where(ReconciliationLine.receipt_id == Finding.receipt_id)
    query = sa.select(Finding).where(_is_open(FindingKind.NOT_IN_FILE), in_a_file)
    return session.scalars(query.order_by(Finding.id)).all()


def list_found_in_portal(session: Session, source: FileSource) -> Sequence[tuple[Finding, Receipt]]:
    """Return the open findings whose payment the portal has heard of by now, with its receipt."""
    line = ReconciliationLine
    same_payment = sa.or_(
        Receipt.gateway_trade_number == line.gateway_trade_number,
        sa.and_(line.gateway_trade_number.is_(None), Attempt.trade_number == line.trade_number),
    )
    query = (
        sa.select(Finding, Receipt)
        .join(Finding.line)
        .join(Receipt, Receipt.gateway == SOURCES[source].gateway)
        .outerjoin(Receipt.attempt)
        .where(
            _is_open(FindingKind.NOT_IN_PORTAL),
            line.source == source,
            line.receipt_id.is_(None),
            same_payment,
        )
    )
    return [
        (finding, receipt) for finding, receipt in session.execute(query.order_by(Finding.id, Receipt.id))
    ]


def list_findings_of_receipt(session: Session, receipt_id: int) -> Sequence[Finding]:
    """Return the open findings that say a receipt is not in the portal's orders."""
    query = (
        sa.select(Finding)
        .join(Finding.line)
        .where(_is_open(FindingKind.NOT_IN_PORTAL), ReconciliationLine.receipt_id == receipt_id)
    )
    return session.scalars(query.order_by(Finding.id)).all()


def _read_until(gateway: str) -> date | None:
    sources = [source for source, facts in SOURCES.items() if facts.gateway == gateway and facts.brings_money]
    query = sa.select(sa.func.max(ReconciliationFile.ends_on)).where(
        ReconciliationFile.source.in_(sources), ReconciliationFile.state == FileState.DONE
    )
    return db.session.scalar(query)


def _is_open(kind: FindingKind) -> sa.ColumnElement[bool]:
    return sa.and_(Finding.kind == kind, Finding.closed_at.is_(None))


def _known_lines(source: FileSource, keys: set[str]) -> Iterable[ReconciliationLine]:
    query = sa.select(ReconciliationLine).where(
        ReconciliationLine.source == source, ReconciliationLine.natural_key.in_(keys)
    )
    return db.session.scalars(query).all()


def _attempts(gateway: str, lines: Sequence[Line]) -> Iterable[KnownAttempt]:
    numbers = [
        (Attempt.trade_number, {line.trade_number for line in lines}),
        (Attempt.account_number, {line.account for line in lines}),
        (Attempt.authorisation_number, {line.authorisation_number for line in lines}),
    ]
    columns = (
        Attempt.id,
        Attempt.order_id,
        Attempt.trade_number,
        Attempt.account_number,
        Attempt.authorisation_number,
    )
    # One after the other, so that each goes by its own index.
    for column, wanted in numbers:
        if told := wanted - {None}:
            query = sa.select(*columns).where(Attempt.gateway == gateway, column.in_(told))
            yield from (KnownAttempt(*row) for row in db.session.execute(query.order_by(Attempt.id)))


def _receipts(gateway: str, lines: Sequence[Line], attempts: Sequence[int]) -> Iterable[KnownReceipt]:
    columns = (
        Receipt.id,
        Receipt.gateway_trade_number,
        Receipt.attempt_id,
        Receipt.amount_twd,
        Receipt.fee_twd,
        Receipt.paid_at,
    )
    numbers = {line.gateway_trade_number for line in lines} - {None}
    condition = Receipt.gateway_trade_number.in_(numbers) if numbers else Receipt.attempt_id.in_(attempts)
    query = sa.select(*columns).where(Receipt.gateway == gateway, condition)
    return [KnownReceipt(*row) for row in db.session.execute(query.order_by(Receipt.id))]


def _own_refunds(attempts: Sequence[KnownAttempt]) -> set[tuple[int, int]]:
    query = sa.select(GatewayRefund.attempt_id, GatewayRefund.amount_twd).where(
        GatewayRefund.attempt_id.in_([attempt.id for attempt in attempts]),
        GatewayRefund.state != GatewayRefundState.FAILED,
    )
    return {(attempt_id, amount) for attempt_id, amount in db.session.execute(query)}


def _by(rows: Iterable[Any], name: str) -> Mapping[Any, Any]:
    return {value: row for row in rows if (value := getattr(row, name)) is not None}


def _one(query: sa.Select[tuple[Any]], missing: Message) -> Any:
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(missing)
    return found
