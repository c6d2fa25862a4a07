"""The desk for special arrangements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.accounts.permissions import Permission
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.uploads import Document
from app.registration.models import Registration
from app.registration.services import describe_arrangement, submit_registration
from tests.client import CheckingClient
from tests.factories.registrations import make_candidate, make_draft, make_submitted

REQUEST = "左耳重度聽損，需要安靜的座位"
GRANT = {"state": "granted", "arrangement": "可使用助聽器"}


def asked() -> Registration:
    draft = make_draft(None, make_candidate(accommodation=REQUEST))
    card = Document("pdf", b"%PDF-1.7 card")
    describe_arrangement(draft.public_id, draft.account_id, "助聽器", [card], actor=SYSTEM)
    return submit_registration(draft.public_id, draft.account_id, actor=SYSTEM)


def actions_on(registration: Registration) -> list[str]:
    query = sa.select(AuditEntry.action).where(AuditEntry.subject_id == registration.public_id)
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


@pytest.mark.requirement("R253")
def test_a_request_is_read_on_record_and_answered(client: CheckingClient, staff: Account) -> None:
    registration = asked()
    assert REQUEST not in client.page("/admin/arrangements/").main.get_text()

    page = client.page(f"/admin/arrangements/{registration.public_id}")
    file = client.get(page.select_one("a[href*='/files/']")["href"])
    client.send(f"/admin/arrangements/{registration.public_id}", GRANT)

    assert REQUEST in page.main.get_text()
    assert file.data == b"%PDF-1.7 card"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "registration.view_arrangement" in actions_on(registration)
    assert "registration.view_arrangement_file" in actions_on(registration)
    assert "依申請提供" in client.page("/admin/arrangements/?answered=yes").main.get_text()


def test_an_answer_that_says_too_little_comes_back(client: CheckingClient, staff: Account) -> None:
    registration = asked()
    address = f"/admin/arrangements/{registration.public_id}"

    page = client.send(address, {"state": "partly", "arrangement": "可使用助聽器"}, status=422)

    assert "請向考生說明原因" in page.find(id="reply-error").get_text()
    assert page.find(id="arrangement")["value"] == "可使用助聽器"


def test_the_desk_has_a_permission_of_its_own(app: Any) -> None:
    views = [app.view_functions[f"admin.arrangements.{name}"] for name in ("index", "show", "proof")]

    assert {view.audience for view in views} == {(Permission.ACCOMMODATION,)}


def test_who_asks_for_nothing_is_not_found(client: CheckingClient, staff: Account) -> None:
    client.page(f"/admin/arrangements/{make_submitted().public_id}", status=404)


def test_the_list_asks_as_often_for_many_as_for_one(
    client: CheckingClient, staff: Account, count_queries: Callable[[], Any]
) -> None:
    asked()
    client.page("/admin/arrangements/")
    with count_queries() as one:
        client.page("/admin/arrangements/")
    for _each in range(4):
        asked()

    with count_queries() as many:
        page = client.page("/admin/arrangements/")

    assert len(page.select("tbody tr")) == 5
    assert len(many) == len(one)
