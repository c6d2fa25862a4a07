"""Errors on tickets: reported on the status page, dealt with at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.errors import IllegalTransition, InvalidValue
from app.examday import queries, services
from app.examday.states import ReportItem, ReportState
from app.groups.queries import list_members
from app.registration.models import Registration
from app.registration.queries import find_waiting_amendment
from app.registration.states import AmendmentState
from app.tickets.services import assign_round
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader
from tests.factories.examday import account_of, seat_of
from tests.factories.registrations import NATIONAL_1
from tests.factories.results import make_seated
from tests.factories.seating import AREA, load_example_venues, make_approved_group
from tests.mailbox import Mailbox

At = Callable[[str], None]
SignIn = Callable[[Account], None]
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.requirement("R137")]
OPEN = "2023-08-11 09:00"
ERROR = {"item": "seat", "text": "試區地址印錯了"}


def page_of(registration: Registration) -> str:
    return f"/registrations/{registration.public_id}/ticket-report"


def report_of(registration: Registration) -> str:
    report = services.report_ticket_error(
        registration.public_id, registration.account_id, ReportItem.SEAT, "地址印錯了", actor=SYSTEM
    )
    return report.public_id


def test_the_candidate_reports_an_error_from_the_status_page(
    client: CheckingClient, sign_in: SignIn, at: At
) -> None:
    [candidate] = make_seated("徐玉蘭")
    sign_in(account_of(candidate))
    at(OPEN)

    status = client.page(f"/registrations/{candidate.public_id}")
    assert status.find("a", href=page_of(candidate)) is not None
    page = client.send(page_of(candidate), ERROR)

    assert "已回報，處理中" in page.get_text()
    assert "已送出回報" in page.get_text()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({**ERROR, "item": ""}, "請選擇哪裡有誤"), ({**ERROR, "text": ""}, "請寫出准考證上印的內容")],
)
def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(
    client: CheckingClient, sign_in: SignIn, at: At, fields: dict[str, str], sentence: str
) -> None:
    [candidate] = make_seated("徐玉蘭")
    sign_in(account_of(candidate))
    at(OPEN)

    page = client.send(page_of(candidate), fields, status=422)

    assert sentence in page.select_one(".error-summary").get_text()
    assert page.find(id="text").get_text(strip=True) == fields["text"]


def test_after_the_last_day_the_page_says_what_to_do_instead(
    client: CheckingClient, sign_in: SignIn, at: At
) -> None:
    [candidate] = make_seated("徐玉蘭")
    sign_in(account_of(candidate))
    at("2023-08-19 00:00:00")

    page = client.page(page_of(candidate), status=409)

    assert "認證當天帶身分證件到試區更正" in page.get_text()
    assert client.page(f"/registrations/{candidate.public_id}").find("a", href=page_of(candidate)) is None


def test_a_leader_reports_for_a_member_and_nobody_else_can(
    client: CheckingClient, sign_in: SignIn, at: At
) -> None:
    load_example_venues()
    leader = make_leader()
    group = make_approved_group(2, leader)
    assign_round(NATIONAL_1, AREA, actor=SYSTEM)
    member = list_members(group)[0]
    at(OPEN)

    sign_in(make_account())
    client.page(page_of(member), status=404)
    sign_in(leader)
    assert client.page(f"/groups/{group.public_id}").find("a", href=page_of(member)) is not None
    client.send(page_of(member), ERROR)

    report = queries.find_ticket_report(member.id)
    assert report is not None
    assert (report.item, report.text) == (ReportItem.SEAT, "試區地址印錯了")


def test_reporting_again_writes_over_what_waits(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(OPEN)

    assert report_of(candidate) == report_of(candidate)


def test_the_office_puts_it_right_on_a_new_version_and_tells_by_mail(at: At, mailbox: Mailbox) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(OPEN)
    report = report_of(candidate)

    services.answer_ticket_report(report, ReportState.FIXED, None, actor=SYSTEM)

    assert seat_of(candidate).ticket.version == 2
    assert "准考證已換新版" in mailbox.last().subject
    with pytest.raises(IllegalTransition, match="處理過"):
        services.answer_ticket_report(report, ReportState.FIXED, None, actor=SYSTEM)


@pytest.mark.requirement("R142")
def test_ones_own_error_waits_for_the_test_day(at: At, mailbox: Mailbox) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(OPEN)

    services.answer_ticket_report(report_of(candidate), ReportState.ON_SITE, None, actor=SYSTEM)

    waiting = find_waiting_amendment(candidate)
    assert waiting is not None
    assert (waiting.state, waiting.wish) == (AmendmentState.ON_SITE, "地址印錯了")
    assert "認證當天" in mailbox.last().subject
    assert seat_of(candidate).ticket.version == 1


def test_a_ticket_that_is_right_stays_with_a_word(at: At, mailbox: Mailbox) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(OPEN)
    report = report_of(candidate)

    with pytest.raises(InvalidValue, match="請說明為什麼不更改"):
        services.answer_ticket_report(report, ReportState.DECLINED, None, actor=SYSTEM)
    services.answer_ticket_report(report, ReportState.DECLINED, "地址沒有錯", actor=SYSTEM)

    assert "地址沒有錯" in mailbox.last().text
