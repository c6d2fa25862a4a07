from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from app.accounts.models import Realm
from app.core.actors import SYSTEM
from app.core.identity import parse_identity
from app.groups.services import add_member as add_group_member
from app.groups.services import create_group
from app.groups.states import GroupKind
from app.registration.services import (
    AlreadyRegistered,
    bring_in_absences,
    record_absence,
    withdraw_absence,
)
from tests.factories.accounts import make_account, make_leader
from tests.factories.ids import make_national_id
from tests.factories.registrations import make_candidate, make_draft, make_submitted
from tests.factories.seating import LEADER

At = Callable[[str], None]


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> None:
    """Every test here works on the database."""


@pytest.mark.requirement("R044", "Q2")
def test_the_brochures_example_absent_in_april_111_is_back_in_april_112(at: At) -> None:
    number = make_national_id()
    bring_in_absences({number: date(2022, 4, 23)}, actor=SYSTEM)
    at("2023-01-20 09:00")

    with pytest.raises(AlreadyRegistered):
        make_draft(candidate=make_candidate(id_number=number), round_code="multi-112-03", area="桃園")

    assert make_draft(candidate=make_candidate(id_number=number), round_code="multi-112-04", area="雲林")


@pytest.mark.requirement("R043")
def test_whoever_was_absent_is_told_by_the_same_account(at: At) -> None:
    account = make_account(realm=Realm.MULTI)
    number = make_national_id()
    at("2023-03-01 09:00")
    absent = make_submitted(account, make_candidate(id_number=number), round_code="multi-112-05", area="臺東")
    record_absence(absent, actor=SYSTEM)
    at("2023-05-28 09:00")

    with pytest.raises(AlreadyRegistered, match="全國認證不受影響") as refusal:
        make_draft(account, make_candidate(id_number=number), round_code="multi-112-08", area="苗栗")

    assert refusal.value.same_account


def test_a_stranger_with_a_number_learns_nothing_of_an_absence(at: At) -> None:
    number = make_national_id()
    at("2023-03-01 09:00")
    absent = make_submitted(
        candidate=make_candidate(id_number=number), round_code="multi-112-05", area="臺東"
    )
    record_absence(absent, actor=SYSTEM)
    at("2023-05-28 09:00")
    stranger = make_candidate(id_number=number, birth_on=date(1990, 1, 1))

    with pytest.raises(AlreadyRegistered, match="系統無法自動受理") as refusal:
        make_draft(candidate=stranger, round_code="multi-112-08", area="苗栗")

    assert not refusal.value.same_account


@pytest.mark.requirement("R045")
def test_the_national_rounds_are_open_to_whoever_was_absent_from_a_multi_round() -> None:
    number = make_national_id()
    bring_in_absences({number: date(2023, 4, 15)}, actor=SYSTEM)

    assert make_draft(candidate=make_candidate(id_number=number))


@pytest.mark.requirement("R046")
def test_an_absence_from_a_national_round_has_no_consequence(at: At) -> None:
    number = make_national_id()
    record_absence(make_submitted(candidate=make_candidate(id_number=number)), actor=SYSTEM)
    at("2023-09-03 09:00")

    assert make_draft(candidate=make_candidate(id_number=number), round_code="multi-112-10", area="高雄")


def test_an_absence_withdrawn_is_forgotten_and_recording_twice_is_once(at: At) -> None:
    account = make_account(realm=Realm.MULTI)
    number = make_national_id()
    at("2023-03-01 09:00")
    absent = make_submitted(account, make_candidate(id_number=number), round_code="multi-112-05", area="臺東")
    record_absence(absent, actor=SYSTEM)
    record_absence(absent, actor=SYSTEM)
    withdraw_absence(absent, actor=SYSTEM)
    at("2023-05-28 09:00")

    assert make_draft(account, make_candidate(id_number=number), round_code="multi-112-08", area="苗栗")


@pytest.mark.requirement("R043")
def test_a_groups_member_who_was_absent_is_refused_as_well() -> None:
    identity = parse_identity(make_national_id(), nationality_foreign=False)
    bring_in_absences({identity.value: date(2023, 4, 15)}, actor=SYSTEM)
    leader = make_leader(realm=Realm.MULTI)
    group = create_group(
        leader.id, "multi-112-08", "苗栗", "銅鑼讀書會", GroupKind.OTHER, LEADER, actor=SYSTEM
    )

    with pytest.raises(AlreadyRegistered):
        add_group_member(group.public_id, leader.id, make_candidate(id_number=identity.value), actor=SYSTEM)


def test_a_list_of_earlier_years_can_be_taken_in_again() -> None:
    absences = {make_national_id(): date(2022, 4, 23), make_national_id(): date(2022, 5, 21)}

    assert bring_in_absences(absences, actor=SYSTEM) == 2
    assert bring_in_absences(absences, actor=SYSTEM) == 0
