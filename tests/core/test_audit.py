"""The audit log can only grow, and what was written cannot be changed without its chain telling."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import audit, clock
from app.core.actors import SYSTEM, Actor
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


def write_entries(actor: Actor, *actions: str) -> list[int]:
    """Write entries in one unit of work and return their ids."""
    with transaction():
        for action in actions:
            audit.record(action, ("thing", "1"), actor, amount=250, place="苗栗")
    db.session.expunge_all()
    found = sa.select(AuditEntry.id).where(AuditEntry.action.in_(actions)).order_by(AuditEntry.id)
    return list(db.session.scalars(found))


def tamper(statement: str, **values: object) -> None:
    """Do as somebody would who can switch the triggers off."""
    with transaction() as session:
        if session.get_bind().dialect.name == "sqlite":
            for event in ("update", "delete"):
                session.execute(sa.text(f"DROP TRIGGER audit_log_no_{event}"))
        else:
            session.execute(sa.text("ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only"))
        session.execute(sa.text(statement), values)
    db.session.expunge_all()


def test_the_chain_of_an_untouched_log_holds(app: Flask, actor: Actor) -> None:
    write_entries(actor, "test.one", "test.two")
    write_entries(actor, "test.three")

    verdict = audit.check_chain()

    assert verdict.broken is None
    assert verdict.chained == db.session.scalar(sa.select(sa.func.count(AuditEntry.id)))
    assert len(verdict.head) == 64


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_log SET action = 'test.other' WHERE id = :id",
        "UPDATE audit_log SET details = '{\"amount\": 5000}' WHERE id = :id",
        "UPDATE audit_log SET actor_account_id = 7 WHERE id = :id",
        "UPDATE audit_log SET digest = NULL WHERE id = :id",
    ],
)
def test_a_changed_row_is_named(app: Flask, actor: Actor, change: str) -> None:
    ids = write_entries(actor, "test.one", "test.two", "test.three")

    tamper(change, id=ids[1])

    assert audit.check_chain().broken == ids[1]


def test_the_row_after_a_deleted_one_is_named(app: Flask, actor: Actor) -> None:
    ids = write_entries(actor, "test.one", "test.two", "test.three")

    tamper("DELETE FROM audit_log WHERE id = :id", id=ids[1])

    assert audit.check_chain().broken == ids[2]


def test_rows_older_than_the_chain_cannot_be_made_up_out_of_it(app: Flask, actor: Actor) -> None:
    ids = write_entries(actor, "test.one", "test.two")

    tamper("UPDATE audit_log SET digest = NULL WHERE id <= :id", id=ids[0])

    assert audit.check_chain().broken == ids[1]


def test_an_entry_belongs_into_a_unit_of_work_and_not_into_a_savepoint(app: Flask, actor: Actor) -> None:
    with pytest.raises(RuntimeError):
        audit.record("test.act", ("thing", "1"), actor)
    with pytest.raises(RuntimeError, match="savepoint"), transaction() as session, session.begin_nested():
        audit.record("test.act", ("thing", "1"), actor)


def test_writers_at_the_same_moment_make_one_chain(live_app: Flask) -> None:
    start = Barrier(8)

    def write(number: int) -> None:
        with live_app.app_context(), clock.fixed(datetime(2023, 5, 1, tzinfo=UTC)):
            start.wait()
            for turn in range(5):
                with transaction():
                    audit.record("test.act", ("thing", f"{number}-{turn}"), SYSTEM)
                    audit.record("test.act", ("thing", f"{number}-{turn}"), SYSTEM)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))

    with live_app.app_context():
        verdict = audit.check_chain()
        written = db.session.scalar(
            sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.action == "test.act")
        )
    assert (verdict.broken, written) == (None, 80)


def test_the_command_says_whether_the_chain_holds(app: Flask, actor: Actor) -> None:
    ids = write_entries(actor, "test.one", "test.two")
    run = app.test_cli_runner().invoke

    sound = run(args=["audit", "check"])
    tamper("UPDATE audit_log SET subject_id = '2' WHERE id = :id", id=ids[0])
    broken = run(args=["audit", "check"])

    assert (sound.exit_code, broken.exit_code) == (0, 1)
    assert sound.output.startswith("ok")
    assert f"row {ids[0]} " in broken.output
