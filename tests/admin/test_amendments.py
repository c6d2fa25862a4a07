"""The desk for identity data, and what candidates sent in."""

from __future__ import annotations

import sqlalchemy as sa

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.uploads import Document
from app.registration import queries
from app.registration.services import answer_correction, ask_amendment, return_registration
from tests.client import CheckingClient
from tests.factories.registrations import FREE, make_paid

REASON = {"nationality": "same", "cause": "mistake", "reason": "核對身分證影本"}


def asked() -> object:
    registration = make_paid()
    ask_amendment(
        registration.public_id, registration.account_id, "玉蘭誤為玉藍", office_error=False, actor=SYSTEM
    )
    return registration


def test_the_desk_lists_what_waits_masked(client: CheckingClient, staff: Account) -> None:
    registration = asked()

    page = client.page("/admin/amendments/")

    assert "徐○蘭" in page.main.get_text()
    assert registration.chinese_name not in page.main.get_text()
    assert client.page("/admin/amendments/?at=site").find("table") is None


def test_only_what_is_typed_changes(client: CheckingClient, staff: Account) -> None:
    registration = asked()
    number = registration.id_number

    page = client.send(f"/admin/amendments/{registration.public_id}", {**REASON, "chinese_name": "徐玉藍"})

    assert "已更正" in page.get_text()
    db.session.refresh(registration)
    assert (registration.chinese_name, registration.id_number) == ("徐玉藍", number)


def test_without_a_reason_or_a_change_nothing_is_corrected(client: CheckingClient, staff: Account) -> None:
    registration = asked()
    address = f"/admin/amendments/{registration.public_id}"

    no_reason = client.send(address, {**REASON, "reason": "", "chinese_name": "徐玉藍"}, status=422)
    no_change = client.send(address, REASON, status=422)

    assert "請寫出更正的依據" in no_reason.main.get_text()
    assert "沒有可以更正的地方" in no_change.main.get_text()
    db.session.refresh(registration)
    assert registration.chinese_name == "徐玉蘭"


def test_another_fee_is_pointed_out_before_it_is_accepted(client: CheckingClient, staff: Account) -> None:
    registration = asked()
    address = f"/admin/amendments/{registration.public_id}"
    birth = {**REASON, "birth_on": FREE.isoformat()}

    page = client.send(address, birth, status=422)
    assert "從 250 元變成 0 元" in page.find(id="fee_accepted-error").get_text()

    client.send(address, {**birth, "fee_accepted": "y"})
    db.session.refresh(registration)
    assert registration.birth_on == FREE


def test_a_request_is_declined_with_a_word(client: CheckingClient, staff: Account) -> None:
    registration = asked()
    address = f"/admin/amendments/{registration.public_id}/decline"

    assert "請說明為什麼不更正" in client.send(address, {"reply": ""}, status=422).main.get_text()
    client.send(address, {"reply": "考生不能更換"})

    assert queries.find_waiting_amendment(registration) is None


def test_the_case_shows_the_answer_and_hands_out_its_documents_on_record(
    client: CheckingClient, staff: Account
) -> None:
    registration = make_paid()
    return_registration(registration.public_id, ["請補證明"], actor=SYSTEM)
    document = Document("pdf", b"%PDF-1.7 card")
    answer_correction(registration.public_id, registration.account_id, "已補上", [document], actor=SYSTEM)

    page = client.page(f"/admin/review/{registration.public_id}")
    answer = client.get(page.select_one("a[href*='/files/']")["href"])

    assert "已補上" in page.main.get_text()
    assert answer.data == b"%PDF-1.7 card"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "registration.view_file")
    ).one()


def test_a_document_of_another_registration_is_not_handed_out(client: CheckingClient, staff: Account) -> None:
    registration, other = make_paid(), make_paid()
    return_registration(other.public_id, ["請補證明"], actor=SYSTEM)
    answer_correction(other.public_id, other.account_id, "", [Document("pdf", b"%PDF-")], actor=SYSTEM)
    [correction] = queries.list_corrections(other)

    address = f"/admin/review/{registration.public_id}/files/{correction.files[0].public_id}"
    assert client.get(address).status_code == 404
