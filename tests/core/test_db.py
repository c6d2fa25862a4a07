"""Units of work: the outermost commits, any error undoes all; constraints have the same names everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Account, Realm
from app.core.db import after_commit, db, transaction, violated_constraint
from app.exams.models import Offering, Round
from tests.factories.accounts import make_account


def emails() -> list[str]:
    return list(db.session.scalars(sa.select(Account.email).order_by(Account.email)))


def test_an_inner_unit_joins_the_outer_one(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="outer failed"), transaction():
        make_account(email="inner@example.tw")
        raise RuntimeError("outer failed")

    assert emails() == []


def test_a_finished_unit_is_kept(app: Flask) -> None:
    make_account(email="kept@example.tw")

    db.session.rollback()

    assert emails() == ["kept@example.tw"]


def test_a_change_outside_a_unit_is_an_error_of_ours(app: Flask) -> None:
    account = make_account()
    account.email = "changed@example.tw"

    with pytest.raises(RuntimeError, match="outside a transaction"), transaction():
        pass


def test_what_waits_for_the_commit_runs_once_after_it_and_never_after_an_error(app: Flask) -> None:
    calls: list[str] = []

    with transaction():
        after_commit("mail", lambda: calls.append("first"))
        after_commit("mail", lambda: calls.append("second"))
        assert calls == []
    with pytest.raises(RuntimeError), transaction():
        after_commit("mail", lambda: calls.append("never"))
        raise RuntimeError

    assert calls == ["second"]


def test_a_unique_violation_is_known_by_its_name(app: Flask) -> None:
    make_account(email="same@example.tw")

    with pytest.raises(sa.exc.IntegrityError) as violation:
        make_account(email="same@example.tw")

    assert violated_constraint(violation.value) == "uq_accounts_realm_email_key"


def test_a_check_violation_is_known_by_its_name(app: Flask) -> None:
    offering = db.session.scalars(sa.select(Offering).limit(1)).one()

    with pytest.raises(sa.exc.IntegrityError) as violation, transaction():
        offering.capacity = -1

    assert violated_constraint(violation.value) == "ck_offerings_capacity"


def test_an_unknown_word_is_refused_by_the_database_itself(app: Flask) -> None:
    with pytest.raises(sa.exc.IntegrityError) as violation, transaction() as session:
        session.execute(sa.text("UPDATE rounds SET track = 'regional'"))

    assert violated_constraint(violation.value) == "ck_rounds_track"


def test_an_instant_without_a_zone_is_refused(app: Flask) -> None:
    account = make_account()

    with pytest.raises(sa.exc.StatementError, match="needs a time zone"), transaction():
        account.created_at = datetime(2023, 5, 1)  # noqa: DTZ001 - the naive instant is the point


@pytest.mark.requirement("W043")
def test_an_instant_comes_back_aware_and_in_utc(app: Flask) -> None:
    opens_at = db.session.scalars(sa.select(Round.ticket_opens_at).where(Round.code == "nat-112-01")).one()

    assert opens_at == datetime(2023, 8, 11, 1, 0, tzinfo=UTC)
    assert opens_at.tzinfo is UTC


def test_accounts_of_two_tracks_may_share_an_address(app: Flask) -> None:
    make_account(email="same@example.tw", realm=Realm.NATIONAL)
    make_account(email="same@example.tw", realm=Realm.MULTI)

    assert emails() == ["same@example.tw", "same@example.tw"]


def test_a_queue_that_is_down_does_not_undo_what_was_committed(app: Flask) -> None:
    def fail() -> None:
        raise ConnectionRefusedError

    calls: list[str] = []
    with transaction():
        make_account(email="kept@example.tw")
        after_commit("first", fail)
        after_commit("second", lambda: calls.append("second"))

    assert emails() == ["kept@example.tw"]
    assert calls == ["second"]
