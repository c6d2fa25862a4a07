"""A stretch of a file held against the books: what agrees is noted, what is missing heals or is listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.crypto import column_sealer
from app.core.db import db, transaction
from app.core.ids import new_public_id
from app.payments.models import Attempt, Finding, Receipt, ReconciliationFile, ReconciliationLine
from app.payments.queries import get_order_for_update
from app.payments.receiving import Payment, receive
from app.payments.reconciliation.lines import Line
from app.payments.reconciliation.queries import Books, KnownReceipt
from app.payments.reconciliation.sources import SOURCES, FileSource
from app.payments.reconciliation.states import ClosingAction, FindingKind, LineState, line_state
from app.payments.states import ReceiptOutcome, ReceiptSource

_FINDINGS = {
    LineState.SUSPENSE: FindingKind.NOT_IN_PORTAL,
    LineState.MISSING: FindingKind.NOT_IN_PORTAL,
    LineState.DIFFERS: FindingKind.AMOUNT_DIFFERS,
    LineState.NOT_OURS: FindingKind.EXTERNAL_REFUND,
}


def heal(source: FileSource, lines: Sequence[Line], *, actor: Actor) -> set[str]:
    """Record the payments of attempts of ours that nobody has told us of, and return their keys (case 16).

    Each in a transaction of its own, under its order's lock, as if the gateway had told us; what has been
    told meanwhile changes nothing.
    """
    books = Books(source, lines)
    healed = set()
    for line in lines:
        attempt = books.attempt_of(line)
        if _state(source, line, books) is not LineState.HEALED or attempt is None:
            continue
        _receive(attempt.id, line, actor=actor)
        healed.add(line.key)
    return healed


def take_lines(
    session: Session, file: ReconciliationFile, lines: Sequence[Line], healed: set[str], *, actor: Actor
) -> Counter[str]:
    """Keep the lines of a stretch, once each, and return how many there are by what became of them.

    To be called in a transaction, after `heal`, by one worker at a time.
    """
    stretch = _Stretch(session, file, Books(file.source, lines), actor)
    for line in {line.key: line for line in lines}.values():
        stretch.take(line, was_healed=line.key in healed)
    return stretch.finish()


def close_by_itself(finding: Finding) -> None:
    """Close what has come to agree without anybody's doing."""
    finding.closed_at, finding.closing_action = clock.now(), ClosingAction.AGREED


def note_agreement(session: Session, finding: Finding, receipt: Receipt) -> None:
    """Note that the portal has heard of a line's payment; another amount is a finding of its own."""
    line = cast(ReconciliationLine, finding.line)
    line.receipt_id = receipt.id
    line.at, line.day = receipt.paid_at, clock.taipei_day(receipt.paid_at)
    line.state = LineState.MATCHED if receipt.amount_twd == line.amount_twd else LineState.DIFFERS
    close_by_itself(finding)
    if line.state is LineState.DIFFERS:
        session.add(_finding(FindingKind.AMOUNT_DIFFERS, line, line.amount_twd, receipt.amount_twd))


class _Stretch:
    """The lines that go in with one commit."""

    def __init__(self, session: Session, file: ReconciliationFile, books: Books, actor: Actor) -> None:
        self._session, self._file, self._books, self._actor = session, file, books, actor
        self._plain: list[dict[str, Any]] = []
        self._fees: list[dict[str, int]] = []
        self._counts: Counter[str] = Counter()

    def take(self, line: Line, *, was_healed: bool) -> None:
        state = LineState.HEALED if was_healed else _state(self._file.source, line, self._books)
        receipt = self._books.receipt_of(line)
        if receipt is not None and receipt.fee_twd is None and line.fee_twd is not None:
            self._fees.append({"receipt": receipt.id, "fee": line.fee_twd})
        known = self._books.known.get(line.key)
        if known is not None:
            self._meet_again(known, line, state, receipt)
            return
        self._counts[state.value] += 1
        values = self._values(line, state, receipt)
        if state not in _FINDINGS:
            self._plain.append(values)
            return
        row = ReconciliationLine(**values)
        self._session.add(row)
        if state is LineState.SUSPENSE:
            row.receipt = self._suspend(line)
        elif state is LineState.MISSING:
            self._ask(line)
        self._session.add(_finding(_FINDINGS[state], row, line.amount_twd, receipt and receipt.amount_twd))

    def finish(self) -> Counter[str]:
        if self._plain:
            self._session.execute(sa.insert(cast(sa.Table, ReconciliationLine.__table__)), self._plain)
        if self._fees:
            table = cast(sa.Table, Receipt.__table__)
            statement = sa.update(table).where(table.c.id == sa.bindparam("receipt"))
            self._session.connection().execute(statement.values(fee_twd=sa.bindparam("fee")), self._fees)
        self._session.flush()
        return self._counts

    def _meet_again(
        self, known: ReconciliationLine, line: Line, state: LineState, receipt: KnownReceipt | None
    ) -> None:
        """Hold a line against what a file said of it before: the same changes nothing (case 30)."""
        self._counts["repeated"] += 1
        if known.fee_twd is None:
            known.fee_twd = line.fee_twd
        if (known.kind, known.amount_twd) != (line.kind, line.amount_twd):
            known.state = LineState.DIFFERS
            if self._finding_of(known, FindingKind.AMOUNT_DIFFERS) is None:
                self._session.add(
                    _finding(FindingKind.AMOUNT_DIFFERS, known, line.amount_twd, known.amount_twd)
                )
        elif known.state is LineState.MISSING and state is LineState.HEALED and receipt is not None:
            known.state, known.receipt_id = state, receipt.id
            finding = self._finding_of(known, FindingKind.NOT_IN_PORTAL)
            if finding is not None and finding.closed_at is None:
                close_by_itself(finding)

    def _finding_of(self, line: ReconciliationLine, kind: FindingKind) -> Finding | None:
        return self._session.scalar(
            sa.select(Finding).where(Finding.line_id == line.id, Finding.kind == kind)
        )

    def _values(self, line: Line, state: LineState, receipt: KnownReceipt | None) -> dict[str, Any]:
        public_id = new_public_id()
        at = receipt.paid_at if receipt is not None and not line.is_exact else line.at
        sealed = column_sealer(ReconciliationLine.__tablename__, public_id)
        return {
            "public_id": public_id,
            "file_id": self._file.id,
            "source": self._file.source,
            "natural_key": line.key,
            "kind": line.kind,
            "amount_twd": line.amount_twd,
            "fee_twd": line.fee_twd,
            "at": at,
            "day": clock.taipei_day(at),
            "method": line.method,
            "trade_number": line.trade_number,
            "gateway_trade_number": line.gateway_trade_number,
            "account": line.account,
            "raw_sealed": sealed("raw_sealed", line.raw),
            "state": state,
            "receipt_id": receipt.id if receipt else None,
        }

    def _suspend(self, line: Line) -> Receipt:
        """Keep money of which nobody knows what it is for: it is never dropped (case 7)."""
        receipt = Receipt(
            gateway=SOURCES[self._file.source].gateway,
            gateway_trade_number=line.gateway_trade_number or line.key,
            amount_twd=line.amount_twd,
            fee_twd=line.fee_twd,
            source=ReceiptSource.FILE,
            paid_at=line.at,
            recorded_at=clock.now(),
            outcome=ReceiptOutcome.SUSPENSE,
        )
        self._session.add(receipt)
        self._session.flush()
        audit.record(
            "reconciliation.suspend",
            ("receipts", str(receipt.id)),
            self._actor,
            amount_twd=receipt.amount_twd,
            gateway=receipt.gateway,
        )
        return receipt

    def _ask(self, line: Line) -> None:
        """Have the gateway asked about a payment that the file does not tell enough of."""
        attempt = self._books.attempt_of(line)
        if attempt is not None:
            self._session.get_one(Attempt, attempt.id).ask_at = clock.now()


def _state(source: FileSource, line: Line, books: Books) -> LineState:
    receipt = books.receipt_of(line)
    return line_state(
        line,
        brings_money=SOURCES[source].brings_money,
        receipt_twd=receipt.amount_twd if receipt else None,
        has_attempt=books.attempt_of(line) is not None,
        is_own_refund=books.is_own_refund(line),
    )


def _receive(attempt_id: int, line: Line, *, actor: Actor) -> None:
    payment = Payment(line.gateway_trade_number or line.key, line.amount_twd, line.at, line.fee_twd)
    with transaction() as session:
        attempt = session.get_one(Attempt, attempt_id)
        order = get_order_for_update(session, attempt.order_id)
        db.session.refresh(attempt)
        receive(order, attempt, payment, source=ReceiptSource.FILE, actor=actor)


def _finding(kind: FindingKind, line: ReconciliationLine, file_twd: int, portal_twd: int | None) -> Finding:
    return Finding(kind=kind, line=line, file_twd=file_twd, portal_twd=portal_twd, opened_at=clock.now())
