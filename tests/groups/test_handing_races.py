"""The office and a leader at the same moment, on two connections with real commits."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.accounts.emails import parse_email
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import Refused
from app.exams.models import PlaceHold
from app.groups.models import Group
from app.groups.queries import list_members
from app.groups.services import move_member, reassign_leader, submit_group
from app.registration.models import Registration
from tests.factories.accounts import make_account, make_leader
from tests.factories.groups import LEADER, fill, make_group, make_submitted_group, pay_group
from tests.registration.test_races import at_once

WHY = {"evidence": "letter", "reason": "轉學", "actor": SYSTEM}


def count(action: str) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == action)) or 0


def test_a_member_moved_twice_at_once_is_moved_once(live_app: Flask) -> None:
    with live_app.app_context():
        group, account = make_submitted_group(paying=1, free=4), make_account()
        pay_group(group)
        group_id, member_id, email = group.public_id, list_members(group)[0].public_id, account.email

    def move() -> str:
        return move_member(group_id, member_id, parse_email(email), **WHY).public_id

    assert at_once(live_app, move, move) == [member_id, member_id]
    with live_app.app_context():
        assert count("group.move_member") == 1
        assert sorted(db.session.scalars(sa.select(PlaceHold.places))) == [1, 4]


def test_a_move_and_a_submission_at_once_bill_everybody_once(live_app: Flask) -> None:
    with live_app.app_context():
        group, account = fill(make_group(), paying=2, free=4), make_account()
        group_id, leader_id, email = group.public_id, group.account_id, account.email
        member_id = list_members(group)[0].public_id

    def move() -> bool:
        try:
            move_member(group_id, member_id, parse_email(email), **WHY)
        except Refused:
            return False  # the bill was sent first, and cannot be divided
        return True

    def submit() -> bool:
        submit_group(group_id, leader_id, actor=SYSTEM)
        return True

    moved, submitted = at_once(live_app, move, submit)

    assert submitted is True
    with live_app.app_context():
        group = db.session.scalars(sa.select(Group)).one()
        billed = [each for each in list_members(group) if each.fee_twd]
        member = db.session.scalars(sa.select(Registration).filter_by(public_id=member_id)).one()
        assert group.order.amount_twd == sum(each.fee_twd for each in billed)
        assert (member in billed) == (not moved)
        assert member.in_group == (not moved)


def test_a_group_given_to_two_leaders_at_once_is_one_leaders(live_app: Flask) -> None:
    with live_app.app_context():
        group, first, second = make_submitted_group(paying=1, free=4), make_leader(), make_leader()
        group_id, emails = group.public_id, [first.email, second.email]

    def give_to(email: str) -> str:
        return reassign_leader(group_id, parse_email(email), LEADER, **WHY).public_id

    given = at_once(live_app, lambda: give_to(emails[0]), lambda: give_to(emails[1]))

    assert given == [group_id] * 2
    with live_app.app_context():
        group = db.session.scalars(sa.select(Group)).one()
        owners = set(db.session.scalars(sa.select(Registration.account_id)))
        assert owners == {group.account_id} == {group.order.account_id}
