"""The audit log: who did what to what, when; rows are only ever added (a trigger holds it so)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.actors import Actor, ActorKind
from app.core.db import Base, choice_column, db


class AuditEntry(Base):
    __tablename__ = "audit_log"
    __table_args__ = (
        sa.Index(None, "subject_type", "subject_id"),
        sa.Index(None, "at"),
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


def record(action: str, subject: Any, actor: Actor, **details: Any) -> None:
    """Add an entry in the open unit of work: no commit, no entry; no entry, no commit.

    :param action: ``room.verb``, e.g. ``registration.submit``
    :param subject: a row with a public id or a code, or a pair (type, id)
    :param details: JSON values, never personal data
    """
    subject_type, subject_id = subject if isinstance(subject, tuple) else _name(subject)
    db.session.add(
        AuditEntry(
            at=clock.now(),
            actor_kind=actor.kind,
            actor_account_id=actor.account_id,
            action=action,
            subject_type=subject_type,
            subject_id=subject_id,
            details=details,
            address=actor.address,
            request_id=actor.request_id,
        )
    )


def _name(subject: Any) -> tuple[str, str]:
    identifier = getattr(subject, "code", None) or getattr(subject, "public_id", None) or subject.id
    return str(subject.__tablename__), str(identifier)
