"""A candidate asks for special arrangements, with aids and proof; the office answers."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import Refused
from app.registration.arrangement_rules import ArrangementState
from app.registration.models import Arrangement, ArrangementFile, Registration
from app.registration.services import (
    decide_arrangement,
    describe_arrangement,
    save_draft,
    submit_registration,
)
from tests.client import CheckingClient
from tests.factories.accounts import make_account
from tests.factories.groups import fill, make_group
from tests.factories.registrations import NATIONAL_1, make_candidate, make_draft, make_submitted
from tests.mailbox import Mailbox

REQUEST = "左耳重度聽損，需要安靜的座位"


@pytest.fixture
def person(sign_in: Callable[[Account], None]) -> Account:
    account = make_account()
    sign_in(account)
    return account


def asking(account: Account | None = None) -> Registration:
    return make_draft(account, make_candidate(accommodation=REQUEST))


def proof(name: str = "card.pdf", content: bytes = b"%PDF-1.7 card") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


@pytest.mark.requirement("R185", "R253")
def test_aids_are_named_and_proof_is_sent_at_registration(client: CheckingClient, person: Account) -> None:
    draft = asking(person)
    address = f"/registrations/{draft.public_id}/arrangement"

    page = client.send(address, {"aids": "助聽器", "files": [proof(), proof("b.pdf")]})

    assert page.h1.get_text() == "檢查並送出"
    assert "助聽器" in page.main.get_text()
    assert "2 份" in page.main.get_text()
    stored = db.session.execute(
        sa.select(Arrangement.aids_sealed, ArrangementFile.content_sealed).join(Arrangement.files)
    ).all()
    assert all("助聽器".encode() not in aids and b"%PDF" not in file for aids, file in stored)


def test_a_file_that_is_none_of_the_three_is_refused_beside_the_field(
    client: CheckingClient, person: Account
) -> None:
    draft = asking(person)
    address = f"/registrations/{draft.public_id}/arrangement"

    page = client.send(address, {"aids": "助聽器", "files": [proof("a.exe", b"MZ")]}, status=422)

    assert "只收 PDF、JPG 或 PNG" in page.find(id="files-error").get_text()
    assert "助聽器" in page.find(id="aids").get_text()


def test_a_proof_can_be_taken_back_and_there_are_at_most_five(
    client: CheckingClient, person: Account
) -> None:
    draft = asking(person)
    address = f"/registrations/{draft.public_id}/arrangement"
    client.send(address, {"files": [proof() for _each in range(5)]})

    full = client.send(address, {"files": [proof()]}, status=422)
    client.send(full.select_one("form[action*='/files/']")["action"], {})

    assert "最多 5 個" in full.main.get_text()
    assert len(db.session.scalars(sa.select(ArrangementFile)).all()) == 4


def test_taking_the_request_back_deletes_aids_and_proof(app: object) -> None:
    draft = asking()
    describe_arrangement(draft.public_id, draft.account_id, "助聽器", [], actor=SYSTEM)

    candidate = make_candidate(id_number=draft.id_number)
    save_draft(draft.account_id, NATIONAL_1, "苗栗", candidate, actor=SYSTEM, public_id=draft.public_id)

    assert db.session.scalars(sa.select(Arrangement)).all() == []


@pytest.mark.requirement("R069", "R253")
def test_after_submission_nothing_is_added(client: CheckingClient, person: Account) -> None:
    draft = asking(person)
    submit_registration(draft.public_id, person.id, actor=SYSTEM)

    with pytest.raises(Refused, match="已送出"):
        describe_arrangement(draft.public_id, person.id, "助聽器", [], actor=SYSTEM)

    page = client.page(f"/registrations/{draft.public_id}/arrangement")
    assert "正在審核" in page.main.get_text()
    assert page.main.find("form") is None


@pytest.mark.requirement("R253")
def test_the_answer_is_shown_on_the_status_page_and_the_mail_says_only_that_there_is_one(
    client: CheckingClient, person: Account, mailbox: Mailbox
) -> None:
    registration = make_submitted(person, make_candidate(accommodation=REQUEST))

    decide_arrangement(
        registration.public_id,
        ArrangementState.PARTLY,
        provided="安排靠牆的座位",
        reply="試場無法調整音量",
        actor=SYSTEM,
    )

    assert "部分提供" in client.page(f"/registrations/{registration.public_id}").main.get_text()
    page = client.page(f"/registrations/{registration.public_id}/arrangement").main.get_text()
    assert "安排靠牆的座位" in page
    assert "試場無法調整音量" in page
    mail = mailbox.last()
    assert "有回覆" in mail.subject
    assert not any(word in mail.subject + mail.text for word in ("特殊", "座位", "音量", "聽損"))


def test_the_log_keeps_no_word_of_it(app: object) -> None:
    registration = make_submitted(None, make_candidate(accommodation=REQUEST))

    decide_arrangement(
        registration.public_id, ArrangementState.REFUSED, provided=None, reply="請補診斷證明", actor=SYSTEM
    )

    with transaction() as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.action.contains("arrangement")))
        assert [entry.details for entry in entries] == [{}]


def test_another_persons_request_is_not_found(client: CheckingClient, person: Account) -> None:
    other = asking()

    client.page(f"/registrations/{other.public_id}/arrangement", status=404)


def test_a_leader_is_led_from_the_member_to_aids_and_proof(
    client: CheckingClient, sign_in: Callable[[Account], None], app: Any
) -> None:
    group = fill(make_group(), free=1)
    sign_in(db.session.get_one(Account, group.account_id))
    fields = {
        "dialect": "海陸",
        "nationality": "national",
        "chinese_name": "范姜宇軒",
        "id_number": make_candidate().identity.value,
        "birth_on": "100/9/2",
        "mobile": "0912-345-678",
        "email_from_leader": "y",
        "address_from_leader": "y",
        "emergency_from_leader": "y",
        "materials_to": "leader",
        "ticket": "print",
        "ticket_to": "leader",
        "score_to": "leader",
        "background": "其他",
        "occupation": "學生",
        "education": "小學(含)以下",
        "needs_accommodation": "y",
        "accommodation": REQUEST,
    }

    page = client.send(f"/groups/{group.public_id}/members/new", fields)
    member = db.session.scalars(
        sa.select(Registration).where(Registration.accommodation_sealed.is_not(None))
    ).one()
    back = client.send(f"/registrations/{member.public_id}/arrangement", {"aids": "助聽器"})

    assert page.h1.get_text() == "特殊需求服務"
    assert back.h1.get_text() == group.name
