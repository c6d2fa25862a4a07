"""The site's screens on the test day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.signing import Statement, signer, verification_url
from app.examday import queries
from app.examday.states import IncidentKind
from app.registration.choices import Education
from app.registration.models import Registration
from app.tickets.content import TICKET
from tests.client import CheckingClient
from tests.factories.examday import (
    AFTER_SESSION,
    BELL,
    TOO_LATE,
    account_of,
    check_in,
    record,
    seat_of,
)
from tests.factories.registrations import NATIONAL_1
from tests.factories.results import make_seated, number_of
from tests.mailbox import Mailbox

At = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("staff")
DESK = "/admin/exam-day/"


def room_of(registration: Registration) -> str:
    seat = seat_of(registration)
    return f"{DESK}rooms/{seat.slot_id}/{seat.room_id}"


def seat_page(registration: Registration) -> str:
    return f"{DESK}seats/{number_of(registration)}"


def row_of(page: Any, registration: Registration) -> str:
    return page.find(id=f"seat-{seat_of(registration).number}").get_text(" ", strip=True)


def last_entry(action: str) -> AuditEntry:
    query = sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id.desc())
    return db.session.scalars(query.limit(1)).one()


def test_the_desk_shows_the_rooms_of_todays_round(client: CheckingClient, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at("2023-09-02 08:00")

    page = client.page(DESK)

    assert "全國認證第一梯次" in page.select_one(".answer").get_text()
    assert page.find("a", href=room_of(candidate)) is not None
    assert "還沒點名" in page.select_one("table").get_text()


@pytest.mark.requirement("R139", "R179")
def test_a_scanned_or_typed_ticket_leads_to_its_seat(client: CheckingClient, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at("2023-09-02 08:30")
    number = number_of(candidate)
    statement = Statement(TICKET, number, 1, seat_of(candidate).ticket.issued_at.date())

    for text in (
        number,
        f" {number} ",
        verification_url("http://localhost", statement),
        signer().sign(statement),
    ):
        page = client.get(f"{DESK}find", query_string={"q": text}, follow_redirects=True)
        assert page.request.path == seat_page(candidate)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "請輸入 12 碼准考證號碼"),
        ("999999999999", "沒有這個准考證號碼"),
        ("T.112101060001.1.20230811..1." + "A" * 86, "請輸入 12 碼准考證號碼"),
    ],
)
def test_what_is_no_ticket_is_said(client: CheckingClient, text: str, sentence: str) -> None:
    response = client.get(f"{DESK}find", query_string={"q": text}, follow_redirects=True)

    assert sentence in response.get_data(as_text=True)


def test_a_score_reports_code_is_not_a_ticket(client: CheckingClient, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    statement = Statement("S", number_of(candidate), 1, seat_of(candidate).ticket.issued_at.date(), "N-100")

    page = client.get(f"{DESK}find", query_string={"q": signer().sign(statement)}, follow_redirects=True)

    assert "這不是准考證的條碼" in page.get_data(as_text=True)


@pytest.mark.requirement("R179", "R182")
def test_a_room_is_checked_in_row_by_row(client: CheckingClient, at: At) -> None:
    first, second = make_seated("徐玉蘭", "黃信雄")
    at(BELL)

    page = client.page(room_of(first))
    assert "09:10 以前都可以入場" in page.select_one(".answer").get_text()
    assert "學生證" not in row_of(page, first)
    client.send(f"{seat_page(first)}/check-in", {"document": "nhi_card"})
    page = client.send(f"{seat_page(second)}/check-in", {"document": "none", "no_ticket": "1"})

    assert "到考 2 人，應到 2 人" in page.select_one(".answer").get_text()
    assert "健保卡" in row_of(page, first)
    assert "拍照並簽切結書" in row_of(page, second)
    assert "補發准考證" in row_of(page, second)
    assert last_entry("examday.view_room")


@pytest.mark.requirement("R179")
def test_pupils_may_show_a_student_card(client: CheckingClient, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    candidate.education = Education.PRIMARY
    candidate.birth_on = candidate.birth_on.replace(year=2012)
    db.session.commit()
    at(BELL)

    page = client.page(room_of(candidate))
    assert "學生證或在學證明" in row_of(page, candidate)
    page = client.send(f"{seat_page(candidate)}/check-in", {"document": "student_card"})

    assert "到考" in row_of(page, candidate)


@pytest.mark.requirement("R180")
def test_who_is_late_is_told_so_and_recorded(client: CheckingClient, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(TOO_LATE)

    page = client.send(f"{seat_page(candidate)}/check-in", {"document": "national_id"})

    assert "不得入場，已登錄為放棄" in page.select_one(".notice").get_text()
    assert "逾時，視同放棄" in row_of(page, candidate)


def test_a_document_that_does_not_exist_is_asked_for_again(client: CheckingClient, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)

    page = client.send(f"{seat_page(candidate)}/check-in", {"document": "library_card"})

    assert "請選擇看過的證件" in page.select_one(".notice").get_text()
    assert queries.find_attendance(seat_of(candidate)) is None


@pytest.mark.requirement("R043")
def test_closing_asks_with_the_names_of_who_is_absent(client: CheckingClient, at: At) -> None:
    first, second = make_seated("徐玉蘭", "黃信雄")
    at(BELL)
    check_in(first)
    at(TOO_LATE)

    question = client.page(f"{room_of(first)}/close")
    assert "缺考 1 人" in question.h1.get_text()
    assert "黃信雄" in question.select_one(".confirm").get_text()
    assert "徐玉蘭" not in question.select_one(".confirm").get_text()
    page = client.send(f"{room_of(first)}/close", {})

    assert "點名結束，缺考 1 人" in page.select_one(".notice").get_text()
    assert "缺考" in row_of(page, second)


@pytest.mark.requirement("R139")
def test_a_ticket_is_issued_again_with_the_document_on_record(client: CheckingClient, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at("2023-09-02 08:59:59")

    refused = client.send(f"{seat_page(candidate)}/reissue", {}, status=422)
    paper = client.post(f"{seat_page(candidate)}/reissue", data={"shown": "passport"})

    assert "請選擇看過的身分證件" in refused.get_text()
    assert paper.data.startswith(b"%PDF")
    assert last_entry("ticket.reissue").details["document"] == "passport"

    at(BELL)
    page = client.send(f"{seat_page(candidate)}/reissue", {"shown": "passport"}, status=409)
    assert "09:00 以前辦理" in page.get_text()


@pytest.mark.requirement("R182")
def test_an_affidavit_is_printed_and_ticked_off(client: CheckingClient, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    [task] = check_in(candidate, None).tasks

    listed = client.page(f"{DESK}tasks")
    assert "今天要辦完" in listed.select_one("table").get_text()
    assert client.get(f"{seat_page(candidate)}/affidavit.pdf").data.startswith(b"%PDF")
    client.send(f"{DESK}tasks/{task.public_id}/done", {})

    assert "沒有待補辦的手續" in client.page(f"{DESK}tasks").get_text()


@pytest.mark.requirement("R182")
def test_the_day_after_an_open_task_is_shown_as_zero(client: CheckingClient, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    check_in(candidate, None)

    at("2023-09-03 00:00:00")
    page = client.page(f"{DESK}tasks?round={NATIONAL_1}")

    assert "逾期未辦，以零分計算" in page.select_one("table").get_text()


def test_a_correction_asks_for_a_reason(client: CheckingClient, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(TOO_LATE)
    fields = {"state": "present", "document": "national_id"}

    refused = client.send(f"{seat_page(candidate)}/attendance", fields, status=422)
    page = client.send(f"{seat_page(candidate)}/attendance", {**fields, "reason": "漏點"})

    assert "請寫下為什麼更正" in refused.select_one(".error-summary").get_text()
    assert "點名已更正" in page.get_text()
    assert last_entry("examday.attendance").details["reason"] == "漏點"


@pytest.mark.requirement("R184", "R185", "R186", "R187", "R188")
@pytest.mark.parametrize(
    ("code", "cost"),
    [
        ("D11", "扣 1 分"),
        ("D12", "不扣分"),
        ("D31", "扣 5 分"),
        ("M1", "扣 3 分"),
        ("N1L", "聽力扣 5 分"),
        ("N2S", "口語不予計分"),
        ("Z3", "以零分計算"),
        ("Z4", "以零分計算"),
    ],
)
def test_an_incident_is_typed_against_a_seat(client: CheckingClient, at: At, code: str, cost: str) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)

    page = client.send(f"{seat_page(candidate)}/incidents", {"what": code, "text": ""})

    assert cost in page.select_one(".history").get_text()


@pytest.mark.requirement("R189")
def test_the_committees_decision_is_recorded(client: CheckingClient, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    no_words = client.send(f"{seat_page(candidate)}/incidents", {"what": "committee", "text": ""}, status=422)
    client.send(f"{seat_page(candidate)}/incidents", {"what": "committee", "text": "傳遞紙條"})
    [report] = queries.list_incidents_of(candidate.id)
    path = f"{DESK}incidents/{report.public_id}/decide"

    wrong = client.send(path, {"outcome": "points", "points": "200", "decision": "第 5 次會議"}, status=422)
    page = client.send(path, {"outcome": "points", "points": "5", "decision": "第 5 次會議"})

    assert "請寫下發生什麼事" in no_words.get_text()
    assert "請填 0 到 100 的整數" in wrong.select_one(".error-summary").get_text()
    assert "扣 5 分" in page.select_one("table").get_text()
    assert "第 5 次會議" in page.select_one("table").get_text()


@pytest.mark.requirement("R175")
def test_a_resit_is_arranged_at_the_desk(client: CheckingClient, at: At, mailbox: Mailbox) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    report = record(candidate, IncidentKind.MACHINE)
    at(AFTER_SESSION)
    path = f"{DESK}incidents/{report.public_id}/resit"

    form = client.page(path)
    assert "10:00 進場" in form.select_one("select, .choices").get_text()
    wrong = client.send(path, {"place": "at", "day": "112/9/9", "hour": "下午"}, status=422)
    page = client.send(path, {"place": "at", "day": "112/9/9", "hour": "14:00"})

    assert "進場時間請寫成 14:00" in wrong.select_one(".error-summary").get_text()
    assert "已安排補考" in page.select_one("table").get_text()
    assert "112 年 9 月 9 日" in mailbox.last().text


@pytest.mark.requirement("R175")
def test_the_right_to_sit_is_kept_until_next_year_at_the_desk(client: CheckingClient, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    report = record(candidate, IncidentKind.MACHINE)

    page = client.send(f"{DESK}incidents/{report.public_id}/resit", {"place": "next_year"})

    assert "保留到下一年度" in page.select_one("table").get_text()


def test_an_incident_is_taken_back_with_a_reason(client: CheckingClient, at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    report = record(candidate, code="M1")
    path = f"{DESK}incidents/{report.public_id}/withdraw"

    assert "請寫下為什麼撤銷" in client.send(path, {"reason": ""}, status=422).get_text()
    assert "已撤銷" in client.send(path, {"reason": "看錯座號"}).select_one("table").get_text()


@pytest.mark.requirement("R137")
def test_a_reported_error_is_answered_at_the_desk(
    client: CheckingClient, at: At, sign_in: Callable[[Account], None], staff: Account
) -> None:
    [candidate] = make_seated("徐玉蘭")
    at("2023-08-11 09:00")
    sign_in(account_of(candidate))
    client.send(f"/registrations/{candidate.public_id}/ticket-report", {"item": "seat", "text": "地址印錯了"})
    sign_in(staff)
    report = queries.find_ticket_report(candidate.id)
    assert report is not None

    listed = client.page(f"{DESK}reports")
    assert "徐○蘭" in listed.select_one("table").get_text()
    path = f"{DESK}reports/{report.public_id}"
    assert "地址印錯了" in client.page(path).get_text()
    no_word = client.send(path, {"state": "declined", "reply": ""}, status=422)
    page = client.send(path, {"state": "fixed", "reply": ""})

    assert "請說明為什麼不更改" in no_word.get_text()
    assert "這件回報結案" in page.get_text()
    assert seat_of(candidate).ticket.version == 2


@pytest.mark.requirement("R142")
def test_identity_data_are_corrected_at_the_site_with_the_document_on_record(
    client: CheckingClient, at: At
) -> None:
    [candidate] = make_seated("徐玉蘭")
    at("2023-09-02 08:30")
    path = f"/admin/amendments/{candidate.public_id}"
    fields = {"nationality": "same", "cause": "mistake", "reason": "核對證件", "chinese_name": "徐玉藍"}

    refused = client.send(path, {**fields, "seen": "none"}, status=422)
    client.send(path, {**fields, "seen": "national_id"})

    assert "認證當天要核對證件才能更正" in refused.find(id="seen-error").get_text()
    assert last_entry("registration.amend").details["seen"] == "national_id"
    assert seat_of(candidate).ticket.version == 2


@pytest.mark.requirement("R177")
@pytest.mark.parametrize(("now", "late"), [("2023-09-12 23:59:59", False), ("2023-09-13 00:00:00", True)])
def test_a_notice_about_something_during_the_test_is_due_within_ten_days(
    client: CheckingClient, at: At, now: str, late: bool
) -> None:
    at(now)
    notice = {
        "cause": "postponed",
        "area": "*",
        "reason": "地震，測驗中斷",
        "event_on": "112/9/2",
        "new_test_on": "112/9/23",
        "new_place": "上午 9 時起，各考區原試場",
    }

    page = client.send(f"/admin/postponements/{NATIONAL_1}", notice)
    confirm = page.select_one(".confirm").get_text()

    assert "112 年 9 月 12 日" in confirm
    assert ("已過，會記錄為逾期公告" in confirm) is late


@pytest.mark.parametrize("page", ["room", "tasks", "incidents", "desk"])
def test_the_number_of_queries_does_not_grow(
    client: CheckingClient, at: At, count_queries: Callable[[], Any], page: str
) -> None:
    people = make_seated("徐玉蘭", "黃信雄", "鍾美珍", "彭秀英")
    paths = {
        "room": room_of(people[0]),
        "tasks": f"{DESK}tasks",
        "incidents": f"{DESK}incidents",
        "desk": DESK,
    }
    at(BELL)
    check_in(people[0], None, has_ticket=False)
    record(people[0], code="M1")
    client.page(paths[page])
    with count_queries() as few:
        client.page(paths[page])
    for each in people[1:]:
        check_in(each, None, has_ticket=False)
        record(each, code="D11")

    with count_queries() as many:
        client.page(paths[page])

    assert len(many) == len(few)


def test_an_applicant_has_no_business_here(
    client: CheckingClient, at: At, sign_in: Callable[[Account], None]
) -> None:
    [candidate] = make_seated("徐玉蘭")
    sign_in(account_of(candidate))

    client.page(DESK, status=403)
    client.page(seat_page(candidate), status=403)
