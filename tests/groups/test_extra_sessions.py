"""A leader asks for an additional session, and registers a group in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.accounts.models import Account, Realm
from app.core.actors import SYSTEM
from app.core.errors import DomainError, NotFound, Refused
from app.exams import queries as exams
from app.exams.choices import OfferingOrigin
from app.groups import extra_session_queries as queries
from app.groups.extra_session_rules import School
from app.groups.services import create_group, grant_extra_session, submit_group
from app.groups.states import GroupKind
from app.registration.services import save_draft
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader
from tests.factories.extra_sessions import MULTI_8, make_extra_offering, make_request
from tests.factories.groups import LEADER, fill, make_group
from tests.factories.registrations import make_candidate
from tests.mailbox import Mailbox

FIELDS = {
    "exam_round": MULTI_8,
    "kind": "on_campus",
    "school": "primary",
    "name": "臺北市中山區中山國小",
    "expected": "４５",
    "county": "臺北市",
    "address": "臺北市中山區長安東路二段15號",
    "rooms": "2",
    "computers": "60",
    "contact_name": "鍾美珍",
    "contact_phone": "02-2503-1234#12",
    "reason": "全校六年級一起應試，學生往返不便。",
}


@pytest.fixture
def leader(sign_in: Callable[[Account], None]) -> Account:
    account = make_leader(realm=Realm.MULTI)
    sign_in(account)
    return account


@pytest.mark.requirement("R040", "S024")
def test_a_school_asks_for_a_session_on_campus(
    client: CheckingClient, leader: Account, mailbox: Mailbox
) -> None:
    page = client.send("/groups/sessions/new", FIELDS)

    assert "等候審核" in page.main.get_text()
    [asked] = queries.list_mine(leader.id)
    assert (asked.kind, asked.expected, asked.computers) == (OfferingOrigin.ON_CAMPUS, 45, 60)
    assert mailbox.last().to == leader.email
    assert "已收到到校施測申請" in mailbox.last().subject
    assert asked.name in client.page("/groups/sessions").main.get_text()


@pytest.mark.requirement("R039", "R040")
@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"expected": "39"}, "expected", "40 人以上"),
        ({"expected": "很多"}, "expected", "請填 1 到"),
        ({"school": "other"}, "kind", "只開放國小和國中"),
        ({"address": ""}, "address", "學校地址"),
        ({"computers": ""}, "computers", "電腦台數"),
        ({"reason": ""}, "reason", "申請理由"),
    ],
)
def test_a_mistake_comes_back_beside_its_field(
    client: CheckingClient, leader: Account, change: dict[str, str], field: str, sentence: str
) -> None:
    page = client.send("/groups/sessions/new", {**FIELDS, **change}, status=422)

    assert sentence in page.find(id=f"{field}-error").get_text()
    assert page.find(id="contact_name")["value"] == "鍾美珍"
    assert not queries.list_mine(leader.id)


def test_asking_twice_asks_once(client: CheckingClient, leader: Account) -> None:
    client.send("/groups/sessions/new", FIELDS)

    page = client.send("/groups/sessions/new", FIELDS, status=422)

    assert "不必重送" in page.main.get_text()
    assert len(queries.list_mine(leader.id)) == 1


def test_a_national_leader_is_told_that_only_multi_rounds_are_extended(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    sign_in(make_leader(realm=Realm.NATIONAL))

    assert "只有多梯次認證" in client.page("/groups/sessions/new", status=409).main.get_text()


def test_another_leaders_request_is_not_found(client: CheckingClient, leader: Account) -> None:
    asked = make_request()

    client.page(f"/groups/sessions/{asked.public_id}", status=404)


@pytest.mark.requirement("R039", "Q10")
def test_a_granted_session_is_for_the_leader_who_asked_alone(client: CheckingClient, leader: Account) -> None:
    offering = make_extra_offering(leader)

    mine = client.page(f"/groups/new?round={MULTI_8}&area={offering.area}")
    assert "竹東（為您的團體增開）" in mine.main.get_text()
    assert mine.find("input", attrs={"name": "area", "value": "竹東"}).has_attr("checked")
    assert "竹東" not in client.page(f"/rounds/{MULTI_8}").main.get_text()
    group = make_group(leader, round_code=MULTI_8, area="竹東", places=45)
    assert group.offering is offering
    with pytest.raises(NotFound):
        make_group(round_code=MULTI_8, area="竹東")
    person = make_account(realm=Realm.MULTI)
    with pytest.raises(NotFound):
        save_draft(person.id, MULTI_8, "竹東", make_candidate(), actor=SYSTEM)


@pytest.mark.requirement("R041")
def test_thirty_nine_of_an_additional_session_cannot_be_submitted_and_forty_can(app: object) -> None:
    account = make_leader(realm=Realm.MULTI)
    make_extra_offering(account)
    group = fill(make_group(account, round_code=MULTI_8, area="竹東"), free=39)

    with pytest.raises(Refused, match="還差 1 人"):
        submit_group(group.public_id, account.id, actor=SYSTEM)
    fill(group, free=1)

    assert submit_group(group.public_id, account.id, actor=SYSTEM).submitted_at is not None


@pytest.mark.requirement("R039")
def test_the_session_keeps_the_rounds_dates(app: object, at: Callable[[str], None]) -> None:
    account = make_leader(realm=Realm.MULTI)
    make_extra_offering(account)

    at("2023-07-01 00:00")
    with pytest.raises(Refused, match="截止"):
        create_group(account.id, MULTI_8, "竹東", "竹東客家協會", GroupKind.OTHER, LEADER, actor=SYSTEM)


@pytest.mark.parametrize(
    "wish", [{"kind": OfferingOrigin.ON_CAMPUS, "school": School.OTHER}, {"expected": 39}]
)
def test_the_service_refuses_what_the_rule_refuses(app: object, wish: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        make_request(**wish)


def test_an_area_that_the_round_has_already_is_not_opened_twice(app: object) -> None:
    asked = make_request()

    with pytest.raises(DomainError, match="已有苗栗考區"):
        grant_extra_session(asked.public_id, area="苗栗", site=None, capacity=45, reply=None, actor=SYSTEM)

    assert [each.area for each in exams.get_round(MULTI_8).offerings] == ["苗栗"]
