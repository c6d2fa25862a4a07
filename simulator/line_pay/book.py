"""LINE Pay's own book: requests, what was taken, what was given back; two tables in the simulator's file."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from app.core import clock

#: How long a request can be agreed to and confirmed.
LIFE: Final = timedelta(minutes=20)

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS line_pay_requests (
    id INTEGER PRIMARY KEY,
    transaction_id TEXT NOT NULL UNIQUE,
    order_id TEXT NOT NULL UNIQUE,
    page_key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    terms TEXT NOT NULL,
    created_at TEXT NOT NULL,
    captured_at TEXT            -- NULL until the money was taken
);
CREATE TABLE IF NOT EXISTS line_pay_refunds (
    transaction_id TEXT PRIMARY KEY,
    request_id INTEGER NOT NULL REFERENCES line_pay_requests (id),
    amount INTEGER NOT NULL,
    at TEXT NOT NULL
);
"""


class State(StrEnum):
    WAITING = "waiting"
    AUTHENTICATED = "authenticated"
    CANCELLED = "cancelled"
    FAILED = "failed"
    CAPTURED = "captured"


class DuplicateOrder(Exception):
    """The merchant has used this order number before."""


@dataclass(frozen=True, slots=True)
class Refund:
    """:ivar amount: dollars, more than nothing"""

    transaction_id: str
    amount: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """One request for money and what became of it; `terms` is the merchant's JSON."""

    id: int
    transaction_id: str
    order_id: str
    page_key: str
    state: State
    terms: dict[str, Any]
    created_at: datetime
    captured_at: datetime | None
    refunds: tuple[Refund, ...]

    @property
    def amount(self) -> int:
        return int(self.terms["amount"])

    @property
    def refundable(self) -> int:
        return self.amount - sum(refund.amount for refund in self.refunds)

    @property
    def item(self) -> str:
        return str(self.terms["packages"][0]["products"][0]["name"])

    def is_over(self, now: datetime) -> bool:
        """Return whether it can no longer be agreed to or confirmed."""
        return self.state not in (State.WAITING, State.AUTHENTICATED) or now > self.created_at + LIFE

    def way_back(self, kind: str) -> str:
        """Return the merchant's address with both numbers; `kind` is ``confirmUrl`` or ``cancelUrl``."""
        url = str(self.terms["redirectUrls"][kind])
        sign = "&" if "?" in url else "?"
        return f"{url}{sign}transactionId={self.transaction_id}&orderId={self.order_id}"


class Book:
    """The file; each method is one short transaction on a connection of its own."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._transaction() as connection:
            connection.executescript(_SCHEMA)

    def add(self, terms: dict[str, Any], *, at: datetime) -> Request:
        """Record a new request; raises DuplicateOrder when its order number was ever used."""
        values = (
            _new_number(at),
            terms["orderId"],
            secrets.token_urlsafe(16),
            State.WAITING,
            json.dumps(terms),
            at.isoformat(),
        )
        try:
            with self._transaction() as connection:
                connection.execute(
                    "INSERT INTO line_pay_requests (transaction_id, order_id, page_key, state, terms,"
                    " created_at) VALUES (?, ?, ?, ?, ?, ?)",
                    values,
                )
        except sqlite3.IntegrityError as error:
            raise DuplicateOrder(terms["orderId"]) from error
        [added] = self.find_all(order_id=terms["orderId"])
        return added

    def find_all(self, **by: str) -> list[Request]:
        """Return the requests with one value of ``transaction_id``, ``order_id`` or ``page_key``, or all."""
        where = {
            "transaction_id": " WHERE transaction_id = ?",
            "order_id": " WHERE order_id = ?",
            "page_key": " WHERE page_key = ?",
        }
        [(column, value)] = by.items() if by else [("", "")]
        with self._transaction() as connection:
            rows = connection.execute(
                f"SELECT * FROM line_pay_requests{where.get(column, '')} ORDER BY id DESC",  # noqa: S608 - a constant
                (value,) if column else (),
            ).fetchall()
            return [_request(row, _refunds(connection, row["id"])) for row in rows]

    def move(self, request: Request, state: State, *, at: datetime) -> bool:
        """Put a request into a state, once; False: it was no longer where the caller saw it."""
        with self._transaction() as connection:
            return (
                connection.execute(
                    "UPDATE line_pay_requests SET state = ?, captured_at = ? WHERE id = ? AND state = ?",
                    (state, at.isoformat() if state is State.CAPTURED else None, request.id, request.state),
                ).rowcount
                == 1
            )

    def refund(self, request: Request, amount: int, *, at: datetime) -> Refund:
        refund = Refund(_new_number(at), amount, at)
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO line_pay_refunds (transaction_id, request_id, amount, at) VALUES (?, ?, ?, ?)",
                (refund.transaction_id, request.id, amount, at.isoformat()),
            )
        return refund

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            connection.row_factory = sqlite3.Row
            yield connection


def _new_number(at: datetime) -> str:
    """Return 19 digits whose last ones a floating-point number cannot hold."""
    return f"{at.astimezone(clock.TAIPEI):%Y%m%d}{secrets.randbelow(10**10):010d}{1 + secrets.randbelow(9)}"


def _refunds(connection: sqlite3.Connection, request_id: int) -> tuple[Refund, ...]:
    rows = connection.execute(
        "SELECT * FROM line_pay_refunds WHERE request_id = ? ORDER BY rowid", (request_id,)
    )
    return tuple(
        Refund(row["transaction_id"], row["amount"], datetime.fromisoformat(row["at"])) for row in rows
    )


def _request(row: sqlite3.Row, refunds: tuple[Refund, ...]) -> Request:
    return Request(
        id=row["id"],
        transaction_id=row["transaction_id"],
        order_id=row["order_id"],
        page_key=row["page_key"],
        state=State(row["state"]),
        terms=json.loads(row["terms"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        captured_at=datetime.fromisoformat(row["captured_at"]) if row["captured_at"] else None,
        refunds=refunds,
    )
