"""Last year's or another round's group as a start: people, not dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Account, Realm
from app.core.actors import SYSTEM, Actor
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import NotFound, Refused
from app.exams.choices import Dialect
from app.exams.models import Offering
from app.exams.places import OfferingFull
from app.groups import copy_queries, queries
from app.groups.models import Group
from app.groups.services import (
    add_member,
    cancel_group,
    cancel_lapsed_groups,
    copy_members,
    plan_copy,
    remove_member,
    submit_group,
)
from app.registration.choices import Education, MailTo
from app.registration.states import FormState
from tests.factories.accounts import make_leader
from tests.factories.groups import LEADER, fill, make_group, make_submitted_group
from tests.factories.ids import make_national_id
from tests.factories.registrations import make_candidate, make_submitted

At = Callable[[str], None]
MULTI_7 = {"round_code": "multi-112-07", "area": "屏東"}
MULTI_8 = {"round_code": "multi-112-08", "area": "苗栗"}

pytestmark = pytest.mark.usefixtures("app")


def _multi_leader() -> Account:
    return make_leader(realm=Realm.MULTI)


def _other_round(account: Account) -> Group:
    """Return an empty group of another multi round whose registration is open as well."""
    return make_group(account, **MULTI_8, name="八月團", places=40)


def _earlier(account: Account, **candidate: Any) -> Group:
    group = make_group(account, **MULTI_7, name="七月團", places=40)
    add_member(group.public_id, account.id, make_candidate(**candidate), actor=SYSTEM)
    return group


def _everybody(source: Group) -> list[str]:
    return [each.public_id for each in copy_queries.list_people(source)]


def _copy(group: Group, source: Group, chosen: list[str] | None = None, actor: Actor = SYSTEM) -> Any:
    ids = _everybody(source) if chosen is None else chosen
    return copy_members(group.public_id, group.account_id, source.public_id, ids, actor=actor)


def _plan(group: Group, source: Group) -> Any:
    return plan_copy(group.public_id, group.account_id, source.public_id, actor=SYSTEM)


def test_a_person_is_copied_with_dialect_and_mailing_but_not_with_what_was_decided() -> None:
    account = _multi_leader()
    source = _earlier(
        account,
        chinese_name="黃𠊎堃",
        dialect=Dialect.ZHAOAN,
        ticket_by_post=True,
        score_to=MailTo.LEADER,
        accommodation="輪椅座位",
    )
    fill(source, paying=3)
    submit_group(source.public_id, account.id, actor=SYSTEM)
    group = _other_round(account)

    outcome = _copy(group, source)

    assert (outcome.copied, outcome.known, outcome.refused) == (4, 0, [])
    old, new = queries.list_members(source)[0], queries.list_members(group)[0]
    same = ("id_number", "birth_on", "mobile", "email", "street", "dialect", "ticket_by_post", "score_to")
    assert [getattr(new, name) for name in same] == [getattr(old, name) for name in same]
    assert (new.chinese_name, new.accommodation, new.order, new.fee_twd) == ("黃𠊎堃", None, None, None)
    assert (new.form_state, new.round_id, new.in_group) == (FormState.DRAFT, group.round_id, True)
    assert old.accommodation == "輪椅座位"


@pytest.mark.requirement("R241", "R242", "R243")
def test_who_had_taken_over_the_leaders_data_takes_over_the_new_leaders() -> None:
    account = _multi_leader()
    source = _earlier(account, email=LEADER.email, **LEADER.emergency, **LEADER.address)
    leader = replace(LEADER, name="徐文雄", email="new@school.tw", street="松江路1號")
    group = make_group(account, **MULTI_8, leader=leader)

    _copy(group, source)

    [member] = queries.list_members(group)
    assert (member.emergency_name, member.email, member.street) == ("徐文雄", "new@school.tw", "松江路1號")


@pytest.mark.requirement("R036")
def test_copying_twice_changes_nothing() -> None:
    account = _multi_leader()
    source, group = fill(_earlier(account), free=2), _other_round(account)
    _copy(group, source)
    before = [each.public_id for each in queries.list_members(group)]

    outcome = _copy(group, source)

    assert (outcome.copied, outcome.known) == (0, 3)
    assert [each.public_id for each in queries.list_members(group)] == before
    assert [each.refusal.template for each in _plan(group, source).people] == ["已在這個團體的名單中"] * 3


def test_only_who_is_ticked_is_copied_and_strangers_are_passed_over() -> None:
    account = _multi_leader()
    source, group = fill(_earlier(account), free=2), _other_round(account)
    stranger = queries.list_members(fill(make_group(), free=1))[0]

    outcome = _copy(group, source, [_everybody(source)[1], stranger.public_id, "x"])

    assert outcome.copied == 1
    [member] = queries.list_members(group)
    assert member.id_number == queries.list_members(source)[1].id_number


@pytest.mark.requirement("R020")
def test_one_national_round_a_year_holds_for_copies_too() -> None:
    account = make_leader()
    source, group = make_submitted_group(account), make_group(account, round_code="nat-112-02")

    plan, outcome = _plan(group, source), _copy(group, source)

    assert outcome.copied == 0
    assert {str(each.refusal) for each in plan.people} == {
        f"這位考生已在您送出的團體「{source.name}」中，不必重複加入"
    }
    assert [str(reason) for _name, reason in outcome.refused] == [str(each.refusal) for each in plan.people]


@pytest.mark.requirement("R036")
def test_of_somebody_registered_elsewhere_nothing_is_told_and_the_try_is_on_record() -> None:
    account, number = _multi_leader(), make_national_id()
    source, group = _earlier(account, id_number=number), _other_round(account)
    make_submitted(candidate=make_candidate(id_number=number), **MULTI_8)

    [person] = _plan(group, source).people
    outcome = _copy(group, source)

    assert "洽總試務中心" in str(person.refusal)
    assert (outcome.copied, len(outcome.refused)) == (0, 1)
    tries = sa.select(AuditEntry.subject_id).where(AuditEntry.action == "registration.refused_number")
    assert db.session.scalars(tries).all() == [str(account.id)] * 2


@pytest.mark.requirement("R219")
def test_a_group_that_lapsed_at_midnight_is_begun_anew(at: At) -> None:
    account = _multi_leader()
    lapsed = fill(_earlier(account), free=3)
    at("2023-05-02 00:00")
    cancel_lapsed_groups()
    group = make_group(account, **MULTI_7)

    assert _copy(group, lapsed).copied == 4


def test_whom_the_leader_took_out_does_not_come_back() -> None:
    account = _multi_leader()
    source = fill(_earlier(account), free=2)
    gone = queries.list_members(source)[0]
    remove_member(source.public_id, account.id, gone.public_id, actor=SYSTEM)
    cancel_group(source.public_id, account.id, actor=SYSTEM)

    assert gone.public_id not in _everybody(source)
    assert len(_everybody(source)) == 2
    assert copy_queries.list_sources(account.id) == [(source, 2)]


def test_pupils_who_have_grown_and_former_requests_are_pointed_out() -> None:
    account = _multi_leader()
    source = _earlier(account, birth_on=date(2010, 9, 1), education=Education.PRIMARY, accommodation="助聽器")
    fill(source, free=1)

    grown, other = _plan(_other_round(account), source).people

    assert (grown.outgrown, grown.arrangement) == (True, True)
    assert (other.outgrown, other.arrangement) == (False, False)


@pytest.mark.requirement("R218")
def test_when_there_are_too_few_places_nobody_is_copied() -> None:
    account = _multi_leader()
    source = fill(_earlier(account), free=5)
    group = make_group(account, **MULTI_8, places=4)
    with transaction() as session:
        session.get_one(Offering, group.offering_id).capacity = 5

    with pytest.raises(OfferingFull):
        _copy(group, source)

    db.session.expire_all()
    assert queries.count_members(group) == 0


@pytest.mark.requirement("R225")
def test_nobody_is_copied_into_a_submitted_group_or_from_somebody_elses() -> None:
    account = make_leader()
    source, submitted = make_submitted_group(account), make_submitted_group(account)
    mine, theirs = make_group(account), fill(make_group(), free=2)

    with pytest.raises(Refused):
        _copy(submitted, source)
    with pytest.raises(Refused):
        _plan(submitted, source)
    for verb in (_copy, _plan):
        with pytest.raises(NotFound):
            verb(mine, theirs)


def test_each_copy_is_on_record(actor: Actor) -> None:
    account = _multi_leader()
    source, group = fill(_earlier(account), free=1), _other_round(account)

    _copy(group, source, actor=actor)
    _copy(group, source, actor=actor)

    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "group.copy_members")).all()
    assert [(each.subject_id, each.details) for each in entries] == [
        (group.public_id, {"source": source.public_id, "copied": 2, "refused": 0})
    ]


def test_planning_and_copying_ask_as_much_for_many_as_for_few(
    count_queries: Callable[[], Any],
) -> None:
    account = _multi_leader()
    source = fill(_earlier(account), free=1)

    def asked(verb: Callable[[Group, Group], Any]) -> int:
        group = _other_round(account)
        db.session.expire_all()
        with count_queries() as sent:
            verb(group, source)
        cancel_group(group.public_id, account.id, actor=SYSTEM)
        return len([each for each in sent if not str(each).startswith(("INSERT", "UPDATE"))])

    few = asked(_plan), asked(_copy)
    fill(source, free=10)

    assert (asked(_plan), asked(_copy)) == few
