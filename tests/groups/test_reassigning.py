"""A group gets another leader: access, members, order, session and mails (decision 21)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.accounts.emails import parse_email
from app.accounts.models import Account, Realm
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import NotFound, Refused
from app.groups import queries
from app.groups.leader import LEADER_RELATION, Leader
from app.groups.models import Group
from app.groups.services import (
    add_member,
    cancel_group,
    plan_reassignment,
    reassign_leader,
    remove_member,
    submit_group,
)
from app.payments.reminders import remind_payers
from app.registration import queries as registrations
from app.registration.models import Registration
from app.registration.states import FormState
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader
from tests.factories.extra_sessions import make_extra_offering
from tests.factories.groups import LEADER, fill, make_group, make_submitted_group, pay_group
from tests.factories.registrations import FREE, make_candidate
from tests.mailbox import Mailbox

NEW = Leader(
    name="彭秀英",
    phone="0937123456",
    email="new.teacher@school.tw",
    zip_code="104",
    county="臺北市",
    district="中山區",
    street="長安東路二段15號",
)
pytestmark = pytest.mark.usefixtures("app")


def give(group: Group, account: Account, leader: Leader = NEW) -> Group:
    return reassign_leader(
        group.public_id,
        parse_email(account.email),
        leader,
        evidence="letter",
        reason="導師異動",
        actor=SYSTEM,
    )


def add(group: Group, **changes: object) -> Registration:
    candidate = make_candidate(birth_on=FREE, **changes)
    return add_member(group.public_id, group.account_id, candidate, actor=SYSTEM)


# ---- what goes over ----


@pytest.mark.requirement("R214", "R216")
def test_group_members_and_order_go_over_and_the_old_leader_keeps_nothing() -> None:
    group, new = make_submitted_group(paying=2, free=3), make_leader()
    old_id, order_id = group.account_id, group.order_id
    members = queries.list_members(group)

    give(group, new)

    db.session.expire_all()
    found = queries.get_group(group.public_id, new.id)
    assert (found.leader, found.order_id, found.order.account_id) == (NEW, order_id, new.id)
    assert {each.account_id for each in members} == {new.id}
    with pytest.raises(NotFound):
        queries.get_group(group.public_id, old_id)
    with pytest.raises(NotFound):
        registrations.get_registration(members[0].public_id, old_id)


def test_who_was_removed_goes_over_as_well() -> None:
    group, new = fill(make_group(), free=5), make_leader()
    removed = queries.list_members(group)[0]
    remove_member(group.public_id, group.account_id, removed.public_id, actor=SYSTEM)

    give(group, new)

    assert removed.account_id == new.id


def test_the_new_leader_goes_on_where_the_old_one_stopped() -> None:
    group, new = fill(make_group(), paying=1, free=3), make_leader()

    give(group, new)
    submit_group(group.public_id, new.id, actor=SYSTEM)
    pay_group(group)

    assert (group.order.account_id, group.order.is_paid) == (new.id, True)


@pytest.mark.requirement("R241", "R242", "R243")
@pytest.mark.parametrize("submitted", [False, True])
def test_what_members_have_from_the_leader_follows_and_nothing_else(submitted: bool) -> None:
    group, new = make_group(), make_leader()
    follower = add(group, email=LEADER.email, **LEADER.emergency, **LEADER.address)
    own = add(group)
    add(group)
    add(group)
    if submitted:
        submit_group(group.public_id, group.account_id, actor=SYSTEM)
    before = (own.email, own.emergency_name, own.street)
    moved = replace(NEW, street="南京東路三段1號")

    plan = plan_reassignment(group.public_id, parse_email(new.email), moved)
    give(group, new, moved)

    assert (plan.members, plan.following) == (4, 1)
    assert (follower.email, follower.emergency_name) == (NEW.email, NEW.name)
    assert (follower.emergency_relation, follower.street) == (LEADER_RELATION, "南京東路三段1號")
    assert (own.email, own.emergency_name, own.street) == before
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "registration.follow_leader")
    ).one()
    assert entry.details == {"fields": ["email", "emergency_name", "emergency_phone", "street"]}


@pytest.mark.requirement("R040")
def test_a_session_held_for_the_leader_is_held_for_the_new_one(at: Callable[[str], None]) -> None:
    at("2023-05-02 09:00")
    old, new = make_leader(realm=Realm.MULTI), make_leader(realm=Realm.MULTI)
    offering = make_extra_offering(old)
    group = make_group(old, round_code=offering.exam_round.code, area=offering.area, places=40)

    give(group, new)

    assert offering.reserved_for == new.id


def test_a_session_in_which_the_old_leader_has_other_groups_stays_theirs(
    at: Callable[[str], None],
) -> None:
    at("2023-05-02 09:00")
    old, new = make_leader(realm=Realm.MULTI), make_leader(realm=Realm.MULTI)
    offering = make_extra_offering(old, capacity=80)
    where = {"round_code": offering.exam_round.code, "area": offering.area, "places": 40}
    group, _other = make_group(old, **where), make_group(old, **where)

    give(group, new)

    assert offering.reserved_for == old.id


# ---- who is told ----


def test_both_are_told_and_neither_how_to_reach_the_other(mailbox: Mailbox) -> None:
    group = make_submitted_group(paying=0, free=4)
    old, new = db.session.get_one(Account, group.account_id), make_leader()
    sent = len(mailbox.all())

    give(group, new)

    mails = {mail.to: mail.text for mail in mailbox.all()[sent:]}
    assert set(mails) == {old.email, LEADER.email, new.email, NEW.email}
    assert "不能再查看" in mails[old.email]
    assert mails[LEADER.email] == mails[old.email]
    assert f"/groups/{group.public_id}" not in mails[old.email]
    assert f"/groups/{group.public_id}" in mails[new.email]
    for known_to in (old.email, LEADER.email):
        assert NEW.name not in mails[known_to]
        assert new.email not in mails[known_to]
    assert LEADER.name not in mails[new.email]


def test_reminders_go_to_the_new_leader(mailbox: Mailbox, at: Callable[[str], None]) -> None:
    group, new = make_submitted_group(paying=2, free=3), make_leader()
    give(group, new)
    sent = len(mailbox.all())
    at(f"{group.order.last_day} 09:00")

    remind_payers()

    assert [mail.to for mail in mailbox.all()[sent:]] == [new.email]


def test_it_is_on_record_with_reason_and_evidence_and_nothing_personal() -> None:
    group, new = fill(make_group(), free=4), make_leader()
    old = db.session.get_one(Account, group.account_id)

    give(group, new)

    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "group.reassign")).one()
    assert entry.details == {
        "before": old.public_id,
        "after": new.public_id,
        "members": 4,
        "following": 0,
        "evidence": "letter",
        "reason": "導師異動",
    }


def test_giving_twice_gives_once(mailbox: Mailbox) -> None:
    group, new = fill(make_group(), free=4), make_leader()
    give(group, new)
    sent = len(mailbox.all())

    give(group, new)

    assert len(mailbox.all()) == sent
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == "group.reassign")) == 1


# ---- refusals ----


@pytest.mark.requirement("R192", "R195")
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: make_leader(realm=Realm.MULTI), "請新負責人先註冊"),
        (lambda: make_account(realm=Realm.STAFF), "請新負責人先註冊"),
        (make_account, "團體報名"),
        (lambda: make_account(kind=None), "團體報名"),
    ],
)
def test_only_a_leader_s_account_of_the_track_can_have_it(make: Callable[[], Account], words: str) -> None:
    group = fill(make_group(), free=4)

    with pytest.raises(Refused, match=words):
        give(group, make())


def test_who_has_it_already_cannot_be_made_its_leader() -> None:
    group = fill(make_group(), free=4)

    with pytest.raises(Refused, match="已經是"):
        give(group, db.session.get_one(Account, group.account_id))


@pytest.mark.requirement("R036")
def test_a_leader_who_has_some_of_the_pupils_removes_them_first() -> None:
    group, new = make_group(), make_leader()
    add(group, id_number="A123456789")
    mine = make_group(new)
    other = add(mine, id_number="A123456789")

    with pytest.raises(Refused, match="已有其中 1 位"):
        give(group, new)
    remove_member(mine.public_id, new.id, other.public_id, actor=SYSTEM)

    assert give(group, new).account_id == new.id


def test_a_submitted_group_goes_over_whatever_the_new_leader_has_begun() -> None:
    group, new = make_group(), make_leader()
    add(group, id_number="A123456789")
    fill(group, free=3)
    submit_group(group.public_id, group.account_id, actor=SYSTEM)
    db.session.expire_all()

    begun = add(make_group(new, round_code="nat-112-01"), id_number="B123456780")

    assert give(group, new).account_id == new.id
    assert begun.form_state == FormState.DRAFT


def test_a_cancelled_group_gets_no_other_leader() -> None:
    group = fill(make_group(), free=4)
    cancel_group(group.public_id, group.account_id, actor=SYSTEM)

    with pytest.raises(Refused, match="請新負責人重新建立團體"):
        give(group, make_leader())


# ---- the pages afterwards ----


def test_the_old_leader_s_pages_are_gone_at_once(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    group, new = make_submitted_group(paying=0, free=4), make_leader()
    old = db.session.get_one(Account, group.account_id)
    sign_in(old)
    assert client.get(f"/groups/{group.public_id}").status_code == 200

    give(group, new)

    assert client.get(f"/groups/{group.public_id}").status_code == 404
    assert group.name not in client.page("/groups").main.get_text()
    sign_in(new)
    assert client.page(f"/groups/{group.public_id}").h1.get_text() == group.name


def test_the_number_of_queries_does_not_grow_with_the_members(
    count_queries: Callable[[], object],
) -> None:
    small, large = make_submitted_group(paying=0, free=4), make_submitted_group(paying=0, free=12)
    with count_queries() as few:
        give(small, make_leader())

    with count_queries() as many:
        give(large, make_leader())

    assert len(many) <= len(few) + 1
