"""The audit log can only grow."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import audit
from app.core.actors import Actor
from app.core.audit import AuditEntry
from app.core.db import db, transaction


@pytest.mark.requirement("P003")
@pytest.mark.parametrize("statement", ["UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log"])
def test_an_entry_can_be_neither_changed_nor_deleted(app: Flask, actor: Actor, statement: str) -> None:
    with transaction():
        audit.record("test.act", ("thing", "1"), actor)

    with pytest.raises(sa.exc.DatabaseError, match="append only"), transaction() as session:
        session.execute(sa.text(statement))


def test_an_entry_says_who_did_what_to_what(app: Flask, actor: Actor) -> None:
    with transaction():
        audit.record("test.act", ("thing", "1"), actor, amount=250)

    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "test.act")).one()
    assert (entry.subject_type, entry.subject_id, entry.details) == ("thing", "1", {"amount": 250})
    assert (entry.actor_kind, entry.address, entry.request_id) == ("applicant", "192.0.2.1", "test")


def test_no_act_no_entry(app: Flask, actor: Actor) -> None:
    with pytest.raises(RuntimeError), transaction():
        audit.record("test.act", ("thing", "1"), actor)
        raise RuntimeError

    assert db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "test.act")).all() == []
