"""Two requests at the same moment, on two connections with real commits."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Realm
from app.core.actors import SYSTEM
from app.core.db import db
from app.groups.copy_queries import list_people
from app.groups.models import Group, GroupMember
from app.groups.services import copy_members, submit_group
from app.groups.services.copying import CopyOutcome
from app.groups.staging.services import commit, stage_sheet
from app.payments.models import Order
from tests.factories.accounts import make_leader
from tests.factories.groups import SAMPLES, fill, make_group
from tests.registration.test_races import at_once


def _count(model: type) -> int | None:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


@pytest.mark.requirement("R230")
def test_a_sheet_sent_twice_at_once_goes_in_once(live_app: Flask) -> None:
    content = (SAMPLES / "group_38_pupils.xlsx").read_bytes()
    with live_app.app_context():
        group = make_group()

    def send() -> int:
        who = {"account_id": group.account_id, "actor": SYSTEM}
        sheet = stage_sheet(group.public_id, "a.xlsx", content, **who)
        return commit(group.public_id, sheet.public_id, **who).added

    outcomes = at_once(live_app, send, send)

    assert sorted(outcomes) == [0, 38]
    with live_app.app_context():
        assert _count(GroupMember) == 38


def test_a_group_copied_twice_at_once_has_nobody_twice(live_app: Flask) -> None:
    with live_app.app_context():
        account = make_leader(realm=Realm.MULTI)
        source = fill(make_group(account, round_code="multi-112-07", area="屏東"), free=4)
        group = make_group(account, round_code="multi-112-08", area="苗栗")
        people = [each.public_id for each in list_people(source)]

    def send() -> CopyOutcome:
        return copy_members(group.public_id, group.account_id, source.public_id, people, actor=SYSTEM)

    outcomes = at_once(live_app, send, send)

    assert sorted((each.copied, each.known) for each in outcomes) == [(0, 4), (4, 0)]
    with live_app.app_context():
        assert _count(GroupMember) == 8


def test_a_group_submitted_twice_at_once_has_one_order(live_app: Flask) -> None:
    with live_app.app_context():
        group = fill(make_group(), paying=4)

    def send() -> Group:
        return submit_group(group.public_id, group.account_id, actor=SYSTEM)

    outcomes = at_once(live_app, send, send)

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    with live_app.app_context():
        assert _count(Order) == 1
