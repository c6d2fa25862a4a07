from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.errors import Refused
from app.exams import queries as exams
from app.payments.fees import Fee
from app.registration.models import Registration
from app.registration.services import (
    AlreadyRegistered,
    add_member,
    add_members,
    change_member,
    fee_of,
    remove_member,
    submit_members,
)
from app.registration.states import CancelReason, FormState
from tests.factories.accounts import make_leader
from tests.factories.ids import make_national_id
from tests.factories.orders import make_order
from tests.factories.registrations import FREE, NATIONAL_1, make_candidate, make_submitted

MULTI = "multi-112-08"


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> None:
    """Every test here works on the database."""


@pytest.fixture
def leader() -> Account:
    return make_leader()


def add(
    leader: Account, *candidates: Any, round_code: str = NATIONAL_1
) -> list[Registration | AlreadyRegistered]:
    exam_round = exams.get_round(round_code)
    offering = exams.get_offering(exam_round.id, "苗栗")
    return add_members(leader.id, exam_round, offering, candidates, actor=SYSTEM)


def test_members_are_drafts_without_a_place_of_their_own(leader: Account) -> None:
    [member] = add(leader, make_candidate())

    assert isinstance(member, Registration)
    assert (member.in_group, member.form_state, member.hold) == (True, FormState.DRAFT, None)


def test_each_candidate_gets_an_answer_in_order(leader: Account) -> None:
    taken, own = make_national_id(), make_national_id()
    make_submitted(candidate=make_candidate(id_number=taken))
    add(leader, make_candidate(id_number=own))
    fresh = make_candidate()

    outcomes = add(leader, make_candidate(id_number=taken), fresh, make_candidate(id_number=own), fresh)

    elsewhere, member, known, twice = outcomes
    assert isinstance(member, Registration)
    assert [o.same_account for o in (elsewhere, known, twice) if isinstance(o, AlreadyRegistered)] == [
        False,
        True,
        True,
    ]


def test_one_member_who_is_registered_elsewhere_is_refused(leader: Account) -> None:
    number = make_national_id()
    make_submitted(candidate=make_candidate(id_number=number))
    exam_round = exams.get_round(NATIONAL_1)
    offering = exams.get_offering(exam_round.id, "苗栗")

    with pytest.raises(AlreadyRegistered):
        add_member(leader.id, exam_round, offering, make_candidate(id_number=number), actor=SYSTEM)


def test_a_hundred_members_do_not_take_a_hundred_questions(
    leader: Account, count_queries: Callable[[], Any]
) -> None:
    exam_round = exams.get_round(NATIONAL_1)
    offering = exams.get_offering(exam_round.id, "苗栗")
    candidates = [make_candidate() for _ in range(100)]

    with count_queries() as queries:
        add_members(leader.id, exam_round, offering, candidates, actor=SYSTEM)

    # Inserts are sent one by one or in batches, as the database's driver likes it.
    assert len([statement for statement in queries if statement.startswith("SELECT")]) < 8


def test_a_member_is_changed_and_removed_before_submission(leader: Account) -> None:
    [member] = add(leader, make_candidate())
    changed = make_candidate(id_number=member.id_number, chinese_name="徐玉梅")

    change_member(member.public_id, leader.id, changed, actor=SYSTEM)
    assert member.chinese_name == "徐玉梅"

    remove_member(member.public_id, leader.id, actor=SYSTEM)
    assert (member.form_state, member.cancel_reason) == (FormState.CANCELLED, CancelReason.REMOVED)
    [again] = add(leader, changed)
    assert isinstance(again, Registration)


def test_a_member_may_take_over_the_number_of_a_lapsed_one(
    leader: Account, at: Callable[[str], None]
) -> None:
    number = make_national_id()
    at("2023-05-02 09:00")
    [member] = add(leader, make_candidate(), round_code=MULTI)
    at("2023-05-01 09:00")
    [lapsed] = add(leader, make_candidate(id_number=number), round_code=MULTI)
    at("2023-05-02 10:00")

    change_member(member.public_id, leader.id, make_candidate(id_number=number), actor=SYSTEM)

    assert (member.id_number, lapsed.form_state) == (number, FormState.CANCELLED)


def test_a_submitted_group_stands(leader: Account) -> None:
    members = add(leader, make_candidate(), make_candidate(birth_on=FREE))
    order = make_order(account=leader)
    fees: list[Fee] = [fee_of(member) for member in members]

    submit_members(members, order=order, fees=fees, actor=SYSTEM)

    assert [member.fee_twd for member in members] == [250, 0]
    assert [member.is_complete for member in members] == [False, False]
    with pytest.raises(Refused):
        remove_member(members[0].public_id, leader.id, actor=SYSTEM)
    with pytest.raises(Refused):
        change_member(members[1].public_id, leader.id, make_candidate(), actor=SYSTEM)


def test_members_of_a_group_without_an_order_are_complete_at_once(leader: Account) -> None:
    [member] = add(leader, make_candidate(birth_on=FREE))

    submit_members([member], order=None, fees=[fee_of(member)], actor=SYSTEM)

    assert member.is_complete
