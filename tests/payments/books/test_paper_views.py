"""Receipt, bill and calendar entry where their owner, and nobody else, finds them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.accounts.roles import Role
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.groups.models import Group
from app.payments.gateways.base import Method
from app.payments.services import record_message
from app.registration.models import Registration
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader, make_staff
from tests.factories.groups import make_submitted_group, pay_group
from tests.factories.orders import barcode_message, make_attempt
from tests.factories.registrations import PAYS, make_candidate, make_submitted, pay

SignIn = Callable[[Account], None]


@pytest.fixture
def mine(sign_in: SignIn) -> Registration:
    """The unpaid registration of who is signed in."""
    account = make_account()
    sign_in(account)
    return make_submitted(account)


@pytest.fixture
def our_group(sign_in: SignIn) -> Group:
    """The unpaid group of who is signed in."""
    leader = make_leader()
    sign_in(leader)
    return make_submitted_group(leader, paying=2, free=2)


def issue_bars(order: object) -> None:
    attempt = make_attempt(order, Method.STORE_BARCODE)
    record_message("ecpay", barcode_message(attempt), address=None, actor=SYSTEM)


def links_of(client: CheckingClient, path: str) -> list[str]:
    return [link["href"] for link in client.page(path).select("main a[download]")]


def test_a_candidate_takes_the_receipt_from_both_pages_once_it_is_paid(
    client: CheckingClient, mine: Registration
) -> None:
    path = f"/registrations/{mine.public_id}"
    assert client.get(f"{path}/receipt.pdf").status_code == 409
    pay(mine)

    assert f"{path}/receipt.pdf" in links_of(client, path)
    assert f"{path}/receipt.pdf" in links_of(client, f"{path}/pay")
    answer = client.get(f"{path}/receipt.pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert f"receipt-112-{mine.order.receipts[0].id:06d}.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_leader_takes_the_receipt_of_the_group(client: CheckingClient, our_group: Group) -> None:
    path = f"/groups/{our_group.public_id}"
    pay_group(our_group)

    assert f"{path}/receipt.pdf" in links_of(client, path)
    assert f"{path}/receipt.pdf" in links_of(client, f"{path}/pay")
    assert client.get(f"{path}/receipt.pdf").data.startswith(b"%PDF")


@pytest.mark.requirement("R093")
def test_the_bill_is_offered_with_the_bars(client: CheckingClient, mine: Registration) -> None:
    path = f"/registrations/{mine.public_id}"
    assert f"{path}/bill.pdf" not in links_of(client, f"{path}/pay")
    assert "重新選擇繳費方式" in client.page(f"{path}/bill.pdf", status=409).get_text()
    issue_bars(mine.order)

    assert f"{path}/bill.pdf" in links_of(client, f"{path}/pay")

    assert client.get(f"{path}/bill.pdf").data.startswith(b"%PDF")


@pytest.mark.requirement("R093")
def test_a_group_takes_its_bill(client: CheckingClient, our_group: Group) -> None:
    issue_bars(our_group.order)

    answer = client.get(f"/groups/{our_group.public_id}/bill.pdf")

    assert answer.data.startswith(b"%PDF")


@pytest.mark.requirement("R099")
def test_the_last_day_is_offered_for_any_calendar_and_rings_the_day_before(
    client: CheckingClient, mine: Registration
) -> None:
    path = f"/registrations/{mine.public_id}"
    assert f"{path}/pay.ics" in links_of(client, f"{path}/pay")

    answer = client.get(f"{path}/pay.ics")

    text = answer.text.replace("\r\n ", "")
    assert answer.mimetype == "text/calendar"
    assert text.count("BEGIN:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20230507" in text
    assert "DTEND;VALUE=DATE:20230508" in text
    assert "SUMMARY:繳費期限：全國認證第一梯次報名費 NT$250" in text
    assert "BEGIN:VALARM\r\nACTION:DISPLAY" in text
    assert "TRIGGER:-PT900M" in text  # 09:00 on the day before
    assert f"{path}/pay\r\n" in text
    # The file with all dates knows the same day by the same name, so that no calendar shows it twice.
    uid = f"UID:{mine.public_id}-payment@localhost"
    assert uid in text
    assert uid in client.get(f"{path}/calendar.ics").text.replace("\r\n ", "")


@pytest.mark.requirement("R099")
def test_the_last_day_of_a_group_is_there_until_it_is_paid(client: CheckingClient, our_group: Group) -> None:
    path = f"/groups/{our_group.public_id}/pay.ics"
    assert "NT$500" in client.get(path).text
    pay_group(our_group)

    assert client.get(path).status_code == 409


@pytest.mark.parametrize("paper", ["receipt.pdf", "bill.pdf", "pay.ics"])
def test_papers_are_their_owners_only(
    client: CheckingClient, mine: Registration, sign_in: SignIn, paper: str
) -> None:
    others = make_submitted_group(make_leader(), paying=1, free=3)

    sign_in(make_account())

    assert client.get(f"/registrations/{mine.public_id}/{paper}").status_code == 404
    assert client.get(f"/groups/{others.public_id}/{paper}").status_code == 403
    sign_in(make_leader())
    assert client.get(f"/groups/{others.public_id}/{paper}").status_code == 404


@pytest.mark.parametrize("paper", ["receipt.pdf", "bill.pdf", "pay.ics"])
def test_who_paid_nothing_has_no_papers(client: CheckingClient, sign_in: SignIn, paper: str) -> None:
    account = make_account()
    sign_in(account)
    free = make_submitted(account, make_candidate(birth_on=PAYS.replace(year=2010)))

    client.page(f"/registrations/{free.public_id}/{paper}", status=404)


def test_staff_take_the_receipt_from_the_order_and_that_is_on_record(
    client: CheckingClient, sign_in: SignIn
) -> None:
    registration = make_submitted()
    order = registration.order
    path = f"/admin/payments/orders/{order.public_id}"
    staff = make_staff([(Role.FINANCE, "")])
    sign_in(staff)
    assert client.get(f"{path}/receipt.pdf").status_code == 409
    assert not links_of(client, path)
    pay(registration)

    assert links_of(client, path) == [f"{path}/receipt.pdf"]
    assert client.get(f"{path}/receipt.pdf").data.startswith(b"%PDF")

    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "payment.print_receipt")
    ).one()
    assert (entry.actor_account_id, entry.subject_id) == (staff.id, order.public_id)
    sign_in(make_staff([(Role.RESULTS, "")]))
    assert client.get(f"{path}/receipt.pdf").status_code == 403
