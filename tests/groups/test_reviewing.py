"""The office asks for what is missing of many members at once, and approves many (R068, R213, S003)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import IllegalTransition, NotFound, Refused
from app.groups import queries
from app.groups.models import Group
from app.groups.services import add_member, approve_members, return_members, submit_group
from app.registration.correction_models import Correction
from app.registration.models import Registration
from app.registration.states import ReviewState
from tests.factories.groups import LEADER, make_group, make_submitted_group
from tests.factories.registrations import FREE, make_candidate
from tests.mailbox import Mailbox

MISSING = ["請提供身分證件正面影本", "請補寄監護人同意書"]
pytestmark = pytest.mark.usefixtures("app")


def ids(members: list[Registration]) -> list[str]:
    return [each.public_id for each in members]


def make_waiting_group() -> tuple[Group, list[Registration]]:
    """Return a complete group of five: three have the leader's address, two their own."""
    group = make_group()
    for email in [LEADER.email] * 3 + ["a-fu@example.tw", "a-mei@example.tw"]:
        person = make_candidate(birth_on=FREE, email=email)
        add_member(group.public_id, group.account_id, person, actor=SYSTEM)
    submit_group(group.public_id, group.account_id, actor=SYSTEM)
    return group, list(queries.list_members(group))


@pytest.mark.requirement("R068", "S003")
def test_each_member_has_a_case_and_the_leader_one_letter(mailbox: Mailbox) -> None:
    group, members = make_waiting_group()
    leader = db.session.get_one(Account, group.account_id)
    sent = len(mailbox.all())

    asked = return_members(group.public_id, ids(members[:4]), MISSING, actor=SYSTEM)

    cases = db.session.scalars(sa.select(Correction)).all()
    mails = mailbox.all()[sent:]
    assert asked == 4
    assert [case.registration_id for case in cases] == [each.id for each in members[:4]]
    assert {tuple(case.missing) for case in cases} == {tuple(MISSING)}
    assert {each.review_state for each in members[:4]} == {ReviewState.RETURNED}
    assert members[4].review_state == ReviewState.PENDING
    assert sorted(mail.to for mail in mails) == sorted([leader.email, LEADER.email, "a-fu@example.tw"])
    to_leader = next(mail.text for mail in mails if mail.to == leader.email)
    assert "共 4 人" in to_leader
    for sentence in MISSING:
        assert to_leader.count(f"・{sentence}") == 1


def test_asking_twice_asks_nobody_twice(mailbox: Mailbox) -> None:
    group, members = make_waiting_group()
    return_members(group.public_id, ids(members[:2]), MISSING, actor=SYSTEM)
    sent = len(mailbox.all())

    again = return_members(group.public_id, ids(members[:2]), MISSING, actor=SYSTEM)
    more = return_members(group.public_id, ids(members[:3]), MISSING, actor=SYSTEM)

    assert (again, more) == (0, 1)
    assert db.session.scalar(sa.select(sa.func.count(Correction.id))) == 3
    assert [mail for mail in mailbox.all()[sent:] if "共 2 人" in mail.text] == []


def test_one_that_is_approved_keeps_all_of_them_back(mailbox: Mailbox) -> None:
    group, members = make_waiting_group()
    approve_members(group.public_id, ids(members[:1]), actor=SYSTEM)
    sent = len(mailbox.all())

    with pytest.raises(IllegalTransition):
        return_members(group.public_id, ids(members[:3]), MISSING, actor=SYSTEM)

    db.session.expire_all()
    assert [each.review_state for each in members[:3]] == [
        ReviewState.APPROVED,
        ReviewState.PENDING,
        ReviewState.PENDING,
    ]
    assert len(mailbox.all()) == sent


def test_members_of_another_group_are_not_there() -> None:
    group, _members = make_waiting_group()
    other = queries.list_members(make_submitted_group(paying=0, free=4))

    with pytest.raises(NotFound):
        approve_members(group.public_id, ids(list(other)), actor=SYSTEM)
    with pytest.raises(NotFound):
        return_members(group.public_id, ids(list(other)), MISSING, actor=SYSTEM)


def test_an_unpaid_group_can_be_neither_approved_nor_asked() -> None:
    group = make_submitted_group(paying=1, free=3)
    members = ids(list(queries.list_members(group)))

    with pytest.raises(Refused):
        approve_members(group.public_id, members, actor=SYSTEM)
    with pytest.raises(Refused):
        return_members(group.public_id, members, MISSING, actor=SYSTEM)


def test_approving_twice_approves_once() -> None:
    group, members = make_waiting_group()

    first = approve_members(group.public_id, ids(members), actor=SYSTEM)
    again = approve_members(group.public_id, ids(members), actor=SYSTEM)

    assert (first, again) == (5, 0)
    approvals = sa.select(sa.func.count()).where(AuditEntry.action == "registration.approve")
    assert db.session.scalar(approvals) == 5
