"""The simulator's own book: trades and deliveries in one SQLite file."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from app.core import clock
from simulator.orders import Order
from simulator.trade import CardMove, Delivery, Fault, Status, Trade

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS trades (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    page_key TEXT NOT NULL UNIQUE,
    terms TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    code TEXT UNIQUE,          -- NULL until issued, and always for a card
    issued_at TEXT,            -- NULL until a code is issued
    paid_at TEXT,              -- NULL until paid
    paid_amount INTEGER        -- NULL until paid
);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY,
    trade_number TEXT NOT NULL REFERENCES trades (number),
    url TEXT NOT NULL,
    fields TEXT NOT NULL,
    wrong_digest INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    accepted INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS card_moves (
    id INTEGER PRIMARY KEY,
    trade_number TEXT NOT NULL REFERENCES trades (number),
    action TEXT NOT NULL,      -- C, R, E or N
    amount INTEGER NOT NULL,
    at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS knobs (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY,
    place TEXT NOT NULL,
    kind TEXT NOT NULL,
    seconds REAL NOT NULL,
    remaining INTEGER NOT NULL
);
"""
# Columns that a book of an earlier version lacks.
_LATER_COLUMNS: Final = {
    "old_key": "INTEGER NOT NULL DEFAULT 0",
    "not_before": "TEXT",
}

_ATM_PREFIX, _BARCODE_PREFIX = "5219", "3453"


class DuplicateTrade(Exception):
    """The merchant has used this number before."""


class TradeBook:
    """The file; each method is one short transaction on a connection of its own."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._transaction() as connection:
            connection.executescript(_SCHEMA)
            known = {row["name"] for row in connection.execute("PRAGMA table_info(deliveries)")}
            for name, kind in _LATER_COLUMNS.items():
                if name not in known:
                    connection.execute(f"ALTER TABLE deliveries ADD COLUMN {name} {kind}")

    def add(self, order: Order, *, at: datetime) -> Trade:
        """Record a new order; raises DuplicateTrade when its number was ever used."""
        key = secrets.token_urlsafe(16)
        try:
            with self._transaction() as connection:
                connection.execute(
                    "INSERT INTO trades (number, page_key, terms, status, created_at) VALUES (?, ?, ?, ?, ?)",
                    (order.number, key, json.dumps(asdict(order)), Status.CREATED, at.isoformat()),
                )
        except sqlite3.IntegrityError as error:
            raise DuplicateTrade(order.number) from error
        return self._get("number", order.number)

    def find(self, number: str) -> Trade | None:
        return self._find("number", number)

    def find_by_page_key(self, key: str) -> Trade | None:
        return self._find("page_key", key)

    def find_by_authorisation(self, number: str) -> Trade | None:
        """Return the card trade whose authorisation has this number."""
        every = (trade for trade in self.list_all() if trade.order.choice == "Credit")
        return next((trade for trade in every if str(trade.authorisation_number) == number), None)

    def list_all(self) -> list[Trade]:
        """Return every trade, the newest first."""
        with self._transaction() as connection:
            return [_trade(row) for row in connection.execute("SELECT * FROM trades ORDER BY id DESC")]

    def issue_code(self, trade: Trade, *, at: datetime) -> tuple[Trade, bool]:
        """Give the trade its code and return it with True, or with False when it already had one."""
        code = _new_code(trade.order.choice, at)
        with self._transaction() as connection:
            changed = connection.execute(
                "UPDATE trades SET status = ?, code = ?, issued_at = ? WHERE id = ? AND status = ?",
                (Status.CODE_ISSUED, code, at.isoformat(), trade.id, Status.CREATED),
            ).rowcount
        return self._get("number", trade.order.number), changed == 1

    def record_paid(self, trade: Trade, *, amount: int, at: datetime) -> Trade:
        """Mark the trade paid; one already paid keeps its first payment."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE trades SET status = ?, paid_at = ?, paid_amount = ? WHERE id = ? AND status != ?",
                (Status.PAID, at.isoformat(), amount, trade.id, Status.PAID),
            )
        return self._get("number", trade.order.number)

    def record_declined(self, trade: Trade) -> Trade:
        """Mark a card trade declined, unless it was paid."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE trades SET status = ? WHERE id = ? AND status = ?",
                (Status.DECLINED, trade.id, Status.CREATED),
            )
        return self._get("number", trade.order.number)

    def owe(
        self,
        trade: Trade,
        url: str,
        fields: dict[str, str],
        *,
        wrong_digest: bool = False,
        old_key: bool = False,
        not_before: datetime | None = None,
        attempts: int = 0,
    ) -> int:
        """Record a notice that the merchant's server must receive; return its number.

        :param attempts: how many deliveries it has had; all of them for one that gets lost
        """
        values = (
            trade.order.number,
            url,
            json.dumps(fields),
            wrong_digest,
            old_key,
            not_before.isoformat() if not_before else None,
            attempts,
        )
        with self._transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO deliveries"
                " (trade_number, url, fields, wrong_digest, old_key, not_before, attempts)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            )
        return int(cursor.lastrowid or 0)

    def list_owed(self) -> list[Delivery]:
        """Return the notices not yet accepted, the oldest first."""
        with self._transaction() as connection:
            rows = connection.execute("SELECT * FROM deliveries WHERE accepted = 0 ORDER BY id").fetchall()
        return [_delivery(row) for row in rows]

    def get_delivery(self, delivery_id: int) -> Delivery:
        with self._transaction() as connection:
            row = connection.execute("SELECT * FROM deliveries WHERE id = ?", (delivery_id,)).fetchone()
        return _delivery(row)

    def record_attempt(self, delivery: Delivery, *, accepted: bool, again_at: datetime | None) -> None:
        """Note a delivery and, where the merchant did not take it, when it is due again."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE deliveries SET attempts = attempts + 1, accepted = ?, not_before = ? WHERE id = ?",
                (accepted, again_at.isoformat() if again_at else None, delivery.id),
            )

    def list_card_moves(self, trade: Trade) -> list[CardMove]:
        """Return what was done with a card's authorisation, the oldest first."""
        with self._transaction() as connection:
            rows = connection.execute(
                "SELECT * FROM card_moves WHERE trade_number = ? ORDER BY id", (trade.order.number,)
            ).fetchall()
        return [CardMove(row["action"], row["amount"], datetime.fromisoformat(row["at"])) for row in rows]

    def add_card_move(self, trade: Trade, move: CardMove) -> None:
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO card_moves (trade_number, action, amount, at) VALUES (?, ?, ?, ?)",
                (trade.order.number, move.action, move.amount, move.at.isoformat()),
            )

    def read_knobs(self) -> dict[str, Any]:
        with self._transaction() as connection:
            return {
                row["name"]: json.loads(row["value"]) for row in connection.execute("SELECT * FROM knobs")
            }

    def turn_knobs(self, values: dict[str, Any]) -> None:
        rows = [(name, json.dumps(value)) for name, value in values.items()]
        with self._transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO knobs VALUES (?, ?)", rows)

    def add_fault(self, fault: Fault, *, times: int) -> None:
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO faults (place, kind, seconds, remaining) VALUES (?, ?, ?, ?)",
                (fault.place, fault.kind, fault.seconds, times),
            )

    def take_fault(self, place: str) -> Fault | None:
        """Return the oldest fault that is left for a place, and use it up by one; None when all is well."""
        with self._transaction() as connection:
            row = connection.execute(
                "UPDATE faults SET remaining = remaining - 1 WHERE id = (SELECT min(id) FROM faults"
                " WHERE place = ? AND remaining > 0) RETURNING place, kind, seconds",
                (place,),
            ).fetchone()
        return Fault(row["place"], row["kind"], row["seconds"]) if row else None

    def clear_faults(self) -> None:
        with self._transaction() as connection:
            connection.execute("DELETE FROM faults")

    def _get(self, column: str, value: str) -> Trade:
        trade = self._find(column, value)
        if trade is None:
            raise LookupError(value)
        return trade

    def _find(self, column: str, value: str) -> Trade | None:
        queries = {
            "number": "SELECT * FROM trades WHERE number = ?",
            "page_key": "SELECT * FROM trades WHERE page_key = ?",
        }
        with self._transaction() as connection:
            row = connection.execute(queries[column], (value,)).fetchone()
        return None if row is None else _trade(row)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            connection.row_factory = sqlite3.Row
            yield connection


def _new_code(choice: str, at: datetime) -> str:
    if choice == "CVS":  # three letters, the year, the day of the year, six digits (payments.md 1.3)
        return f"LLL{at.astimezone(clock.TAIPEI):%y%j}{secrets.randbelow(10**6):06d}"
    prefix = _ATM_PREFIX if choice == "ATM" else _BARCODE_PREFIX
    return f"{prefix}{secrets.randbelow(10**12):012d}"


def _trade(row: sqlite3.Row) -> Trade:
    return Trade(
        id=row["id"],
        page_key=row["page_key"],
        order=Order(**json.loads(row["terms"])),
        status=Status(row["status"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        code=row["code"],
        issued_at=_instant(row["issued_at"]),
        paid_at=_instant(row["paid_at"]),
        paid_amount=row["paid_amount"],
    )


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(
        id=row["id"],
        trade_number=row["trade_number"],
        url=row["url"],
        fields=json.loads(row["fields"]),
        wrong_digest=bool(row["wrong_digest"]),
        old_key=bool(row["old_key"]),
        not_before=_instant(row["not_before"]),
        attempts=row["attempts"],
    )


def _instant(text: Any) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
