"""The audit log: who did what to what, when; rows are only ever added (a trigger holds it so), and each
carries a digest over itself and the one before (security 10).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock
from app.core.actors import Actor, ActorKind
from app.core.crypto import keyring
from app.core.db import Base, choice_column, db, last_step

_LOCK = 0x61756469  # any number that nothing else locks on


class AuditEntry(Base):
    __tablename__ = "audit_log"
    __table_args__ = (
        sa.Index(None, "subject_type", "subject_id"),
        sa.Index(None, "at"),
        sa.Index(None, "action"),
        sa.Index(None, "actor_account_id"),
        sa.Index(None, "request_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_kind: Mapped[ActorKind] = choice_column(ActorKind)
    # NULL: nobody was signed in. No foreign key, so that the log outlives the account.
    actor_account_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(sa.String(80))
    subject_type: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[str] = mapped_column(sa.String(80))
    # Names and figures of the trade; never an ID number, name, address or secret.
    details: Mapped[dict[str, Any]]
    address: Mapped[str | None] = mapped_column(sa.String(64))  # NULL: background work
    request_id: Mapped[str | None] = mapped_column(sa.String(40))  # NULL: background work
    digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))  # NULL: older than the chain


def record(action: str, subject: Any, actor: Actor, **details: Any) -> None:
    """Add an entry in the open unit of work: no commit, no entry; no entry, no commit.

    :param action: ``room.verb``, e.g. ``registration.submit``
    :param subject: a row with a public id or a code, or a pair (type, id)
    :param details: JSON values, never personal data
    """
    subject_type, subject_id = subject if isinstance(subject, tuple) else _name(subject)
    if db.session.in_nested_transaction():
        raise RuntimeError("an entry made in a savepoint would outlive its rollback")
    last_step("audit", _Chain).entries.append(
        {
            "at": clock.now(),
            "actor_kind": actor.kind,
            "actor_account_id": actor.account_id,
            "action": action,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "details": details,
            "address": actor.address,
            "request_id": actor.request_id,
        }
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the log is as it was written.

    :ivar unchained: entries from before there was a chain
    :ivar broken: the id of the first entry that is not what was written, or that does not follow the one
        before it, because one was taken out or put in; None: there is none
    :ivar head: the last entry's digest, in hexadecimal; kept elsewhere, it shows whether the tail was cut off
    """

    chained: int
    unchained: int
    broken: int | None
    head: str


def check_chain() -> Verdict:
    """Read the whole log and return whether its chain holds."""
    chained = unchained = 0
    previous, begun = None, False
    query = sa.select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)
    with closing(db.session.scalars(query)) as entries:
        for entry in entries:
            if entry.digest is None and not begun:
                unchained += 1
                continue
            begun = True
            if entry.digest is None or not hmac.compare_digest(
                entry.digest, _digest_of(_content_of(entry), previous)
            ):
                return Verdict(chained, unchained, entry.id, _hex(previous))
            chained, previous = chained + 1, entry.digest
            db.session.expunge(entry)
    return Verdict(chained, unchained, None, _hex(previous))


class _Chain:
    """The entries of a unit of work; the last thing that is written, each with a digest over the one before.

    Two writers must not follow the same entry: SQLite has one writer anyway, on PostgreSQL a lock is
    held from here to the commit. It is the last one taken, so nobody waits for somebody who waits.
    """

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def __call__(self, session: Session) -> None:
        session.flush()
        if session.get_bind().dialect.name == "postgresql":
            session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        last = sa.select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)
        previous = session.scalar(last)
        for entry in self.entries:
            entry["digest"] = previous = _digest_of(entry, previous)
        # As plain rows: an import adds an entry for each of its members.
        session.execute(sa.insert(cast(sa.Table, AuditEntry.__table__)), self.entries)


_CHAINED = (
    "actor_kind",
    "actor_account_id",
    "action",
    "subject_type",
    "subject_id",
    "details",
    "address",
    "request_id",
)
_as_text = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def _digest_of(entry: Mapping[str, Any], previous: bytes | None) -> bytes:
    """Return a keyed digest: who can write to the database still cannot forge the chain."""
    content = [entry["at"].astimezone(UTC).isoformat(), *(entry[name] for name in _CHAINED)]
    return keyring().blind("audit", f"{_hex(previous)}\0{_as_text(content)}")


def _content_of(entry: AuditEntry) -> dict[str, Any]:
    return {"at": entry.at} | {name: getattr(entry, name) for name in _CHAINED}


def _hex(digest: bytes | None) -> str:
    return digest.hex() if digest else ""


def _name(subject: Any) -> tuple[str, str]:
    identifier = getattr(subject, "code", None) or getattr(subject, "public_id", None) or subject.id
    return str(subject.__tablename__), str(identifier)
