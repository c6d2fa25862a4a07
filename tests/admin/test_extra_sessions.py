"""The desk for additional sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.core.audit import AuditEntry
from app.core.db import db
from app.exams import queries as exams
from app.exams.choices import OfferingOrigin
from app.groups.extra_session_models import ExtraSession
from app.groups.extra_session_rules import ExtraSessionState, School
from tests.client import CheckingClient
from tests.factories.extra_sessions import MULTI_8, make_extra_offering, make_request
from tests.mailbox import Mailbox


def _actions(asked: ExtraSession) -> list[str]:
    query = sa.select(AuditEntry.action).where(AuditEntry.subject_id == asked.public_id)
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


@pytest.mark.requirement("R039", "R040")
def test_a_request_is_granted_and_the_leader_is_told(
    client: CheckingClient, staff: Account, mailbox: Mailbox
) -> None:
    asked = make_request(
        kind=OfferingOrigin.ON_CAMPUS,
        school=School.PRIMARY,
        address="長安東路二段15號",
        rooms=2,
        computers=60,
    )
    fields = {"area": "竹東考區", "site": "竹東國小", "capacity": "６０", "note": "請備妥耳機。"}

    page = client.send(f"/admin/sessions/{asked.public_id}", fields)

    assert "已增開竹東考區" in page.get_text()
    offering = exams.get_offering(asked.round_id, "竹東", account_id=asked.account_id)
    assert (offering.origin, offering.capacity, offering.site) == ("on_campus", 60, "竹東國小")
    assert mailbox.last().to == asked.account.email
    assert "請備妥耳機。" in mailbox.last().text
    assert "extra_session.grant" in _actions(asked)


@pytest.mark.requirement("R039")
def test_a_request_is_refused_with_a_reason(client: CheckingClient, staff: Account, mailbox: Mailbox) -> None:
    asked = make_request()
    address = f"/admin/sessions/{asked.public_id}/refuse"

    assert "請說明不增開的原因" in client.send(address, {"reply": ""}, status=422).main.get_text()
    client.send(address, {"reply": "當天已無可用的試場。"})

    db.session.refresh(asked)
    assert asked.state == ExtraSessionState.REFUSED
    assert "當天已無可用的試場。" in mailbox.last().text


def test_wrong_figures_come_back_beside_their_fields(client: CheckingClient, staff: Account) -> None:
    asked = make_request()
    address = f"/admin/sessions/{asked.public_id}"

    taken = client.send(address, {"area": "苗栗", "capacity": "45"}, status=422)
    small = client.send(address, {"area": "竹東", "capacity": "39"}, status=422)

    assert "已有苗栗考區" in taken.find(id="area-error").get_text()
    assert "至少要 40 人" in small.find(id="capacity-error").get_text()


def test_an_answer_is_given_once(client: CheckingClient, staff: Account) -> None:
    offering = make_extra_offering()
    asked = db.session.scalars(sa.select(ExtraSession)).one()

    client.send(f"/admin/sessions/{asked.public_id}/refuse", {"reply": "改變主意"}, status=409)

    assert offering in exams.get_round(MULTI_8).offerings


def test_every_look_is_on_record(client: CheckingClient, staff: Account) -> None:
    asked = make_request()

    client.page(f"/admin/sessions/{asked.public_id}")

    assert _actions(asked) == ["extra_session.ask", "extra_session.view"]


def test_the_list_asks_as_often_for_many_as_for_one(
    client: CheckingClient, staff: Account, count_queries: Callable[[], Any]
) -> None:
    make_request()
    client.page("/admin/sessions/")
    with count_queries() as one:
        client.page("/admin/sessions/")
    for _each in range(4):
        make_request()

    with count_queries() as many:
        page = client.page("/admin/sessions/")

    assert len(page.select("tbody tr")) == 5
    assert len(many) == len(one)
