"""Files of gateways and banks, their lines, what did not agree, and what was decided about suspense money."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.crypto import Sealed, SealedBytes
from app.core.db import Base, WithPublicId, choice_column
from app.payments.gateways.base import Method
from app.payments.models.orders import Order, Receipt
from app.payments.reconciliation.lines import LineKind
from app.payments.reconciliation.sources import FileSource
from app.payments.reconciliation.states import (
    ClosingAction,
    FileState,
    FindingKind,
    LineState,
    SuspenseAction,
)


class ReconciliationFile(WithPublicId, Base):
    """A file as it was taken; the same bytes are taken once."""

    __tablename__ = "reconciliation_files"
    __table_args__ = (
        sa.UniqueConstraint("digest"),
        sa.CheckConstraint("begins_on <= ends_on", name="period"),
        sa.Index(None, "source", "state", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[FileSource] = choice_column(FileSource)
    file_name: Mapped[str] = mapped_column(sa.String(120))
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    content_sealed: Mapped[bytes | None] = mapped_column(deferred=True)  # NULL: all of it is in the lines
    state: Mapped[FileState] = choice_column(FileState, default=FileState.READING)
    # Taipei days that it covers, inclusive.
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))  # NULL: by a command
    lines_total: Mapped[int]
    lines_done: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]]  # lines by what became of them; "repeated": known from before

    content = SealedBytes("content_sealed")


class ReconciliationLine(WithPublicId, Base):
    """A movement of money as a source tells of it, once, in however many of its files it stands (case 30)."""

    __tablename__ = "reconciliation_lines"
    __table_args__ = (
        sa.UniqueConstraint("source", "natural_key"),
        sa.CheckConstraint("amount_twd > 0", name="amount"),
        sa.Index(None, "day", "source"),
        sa.Index(None, "file_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("reconciliation_files.id"))  # the first that had it
    source: Mapped[FileSource] = choice_column(FileSource)
    natural_key: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[LineKind] = choice_column(LineKind)
    amount_twd: Mapped[int]
    fee_twd: Mapped[int | None]  # NULL: not told
    at: Mapped[datetime]  # of the payment, or the nearest that the file tells
    day: Mapped[date]  # its Taipei day
    method: Mapped[Method | None] = choice_column(Method)  # NULL: not told, or not one of ours
    # The numbers by which it can be found again; NULL: the file does not tell it.
    trade_number: Mapped[str | None] = mapped_column(sa.String(40))
    gateway_trade_number: Mapped[str | None] = mapped_column(sa.String(40))
    account: Mapped[str | None] = mapped_column(sa.String(20))
    raw_sealed: Mapped[bytes] = mapped_column(deferred=True)
    state: Mapped[LineState] = choice_column(LineState)
    receipt_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("receipts.id"), index=True
    )  # NULL: the portal has no money of that

    file: Mapped[ReconciliationFile] = relationship()
    receipt: Mapped[Receipt | None] = relationship()

    raw = Sealed("raw_sealed")


class Finding(WithPublicId, Base):
    """Something that does not agree, until somebody, or a later file, closes it (cases 26, 29)."""

    __tablename__ = "reconciliation_findings"
    __table_args__ = (
        sa.UniqueConstraint("kind", "line_id"),
        sa.UniqueConstraint("kind", "receipt_id"),
        sa.CheckConstraint("(closed_at IS NULL) = (closing_action IS NULL)", name="closed"),
        sa.CheckConstraint("(line_id IS NULL) <> (receipt_id IS NULL)", name="about"),
        sa.Index(None, "kind", "closed_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[FindingKind] = choice_column(FindingKind)
    line_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("reconciliation_lines.id"), index=True
    )  # NULL: it is in no file
    receipt_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("receipts.id"), index=True
    )  # NULL: it is about a line
    file_twd: Mapped[int | None]  # what the file says; NULL: nothing
    portal_twd: Mapped[int | None]  # what the portal says; NULL: nothing
    opened_at: Mapped[datetime]
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))  # NULL: nobody's yet
    closed_at: Mapped[datetime | None]  # NULL: open
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))  # NULL: open, or by itself
    closing_action: Mapped[ClosingAction | None] = choice_column(ClosingAction)
    note: Mapped[str | None] = mapped_column(sa.String(300))  # NULL: open, or closed by itself

    line: Mapped[ReconciliationLine | None] = relationship()
    receipt: Mapped[Receipt | None] = relationship()


class SuspenseDecision(Base):
    """What a person decided about money that nobody knew what it was for; the last word, the log has all."""

    __tablename__ = "suspense_decisions"
    __table_args__ = (sa.CheckConstraint("(action = 'matched') = (order_id IS NOT NULL)", name="order"),)

    receipt_id: Mapped[int] = mapped_column(sa.ForeignKey("receipts.id"), primary_key=True)
    action: Mapped[SuspenseAction] = choice_column(SuspenseAction)
    order_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("orders.id"), index=True
    )  # NULL: it goes back to the sender
    reason: Mapped[str] = mapped_column(sa.String(300))
    decided_by_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]

    receipt: Mapped[Receipt] = relationship()
    order: Mapped[Order | None] = relationship()


class AccountSerial(Base):
    """The last serial given out for virtual accounts that end on a day."""

    __tablename__ = "virtual_account_serials"

    due_on: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
