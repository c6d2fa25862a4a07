"""The refunds desk: postmark, proposal, another person's decision, money order; and the notices."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.payments.models import RefundCase
from app.payments.refunds.queries import list_cases
from app.payments.refunds.services import Payee
from app.payments.services import record_message
from tests.client import CheckingClient
from tests.factories.accounts import make_staff
from tests.factories.orders import make_attempt, paid_message
from tests.factories.refunds import make_request
from tests.factories.registrations import NATIONAL_1, make_paid, make_submitted
from tests.mailbox import Mailbox

DESK = "/admin/refunds/"
PAYEE = {
    "payee_name": "徐玉蘭",
    "payee_address": "366苗栗縣銅鑼鄉中正路12號",
    "payee_phone": "0912-345-678",
}


@pytest.fixture
def somebody_else(staff: Account, sign_in: Callable[[Account], None]) -> Callable[[], None]:
    """Let another member of staff take the desk."""
    return lambda: sign_in(make_staff(email="finance@example.tw"))


def grant(client: CheckingClient, case: RefundCase, somebody_else: Callable[[], None]) -> None:
    path = f"{DESK}{case.public_id}"
    client.send(f"{path}/application", {**PAYEE, "postmarked_on": "112/5/1", "paper_proof": "y"})
    client.send(f"{path}/propose", {"outcome": "grant", "note": "文件齊全"})
    somebody_else()
    client.send(f"{path}/decide", {"outcome": "grant"})


def test_a_case_goes_from_the_envelope_to_the_money_order(
    client: CheckingClient, somebody_else: Callable[[], None], mailbox: Mailbox
) -> None:
    case = make_request()
    path = f"{DESK}{case.public_id}"
    assert case.number in client.page(DESK).get_text()
    assert "申請書還沒寄到" in client.page(path).select_one(".answer").get_text()

    grant(client, case, somebody_else)
    page = client.send(f"{path}/pay", {"money_order_number": "ａ123 4567", "paid_on": "112/5/1"})

    assert "匯票 A1234567 已在 112 年 5 月 1 日（一）寄出。" in page.select_one(".answer").get_text()
    assert [mail.subject.partition("：")[0] for mail in mailbox.all()[-2:]] == [
        "退費已核准",
        "退費匯票已寄出",
    ]
    actions = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.action.like("refund.%")).order_by(AuditEntry.id)
    ).all()
    changes = [action for action in actions if action not in ("refund.view", "refund.tell")]
    assert changes == [
        "refund.request",
        "refund.record_application",
        "refund.propose",
        "refund.grant",
        "refund.pay",
    ]


@pytest.mark.requirement("R108")
def test_nobody_decides_on_an_own_proposal(client: CheckingClient, staff: Account) -> None:
    case = make_request()
    path = f"{DESK}{case.public_id}"
    client.send(f"{path}/propose", {"outcome": "refuse", "note": "證明不足"})

    page = client.page(path)
    answer = client.send(f"{path}/decide", {"outcome": "grant"}, status=422)

    assert "請由另一位同仁核定" in page.get_text()
    assert page.select_one("input[name=outcome]") is None
    assert "等候核定" in answer.select_one(".answer").get_text()
    assert list_cases(case.order)[0].decided_at is None


def test_granting_without_a_postmark_is_refused_with_the_reason(
    client: CheckingClient, staff: Account
) -> None:
    case = make_request()

    page = client.send(f"{DESK}{case.public_id}/propose", {"outcome": "grant"}, status=422)

    assert "請先登錄退費申請書的郵戳日期" in page.select_one(".error-summary").get_text()


@pytest.mark.parametrize(
    ("action", "fields", "sentence"),
    [
        ("application", {**PAYEE, "postmarked_on": "昨天"}, None),
        ("application", {**PAYEE, "postmarked_on": "112/5/2"}, "郵戳日期不能晚於今天"),
        ("application", {**PAYEE, "payee_name": ""}, "請填寫受款人姓名"),
        ("propose", {"outcome": "refuse", "note": " "}, "請寫明原因"),
        ("propose", {}, "請選擇結果"),
        ("pay", {"money_order_number": "=1+1", "paid_on": "112/5/1"}, "匯票號碼只有英文字母和數字"),
    ],
)
def test_each_mistake_has_its_sentence(
    client: CheckingClient, staff: Account, action: str, fields: dict[str, str], sentence: str | None
) -> None:
    case = make_request()

    answer = client.post(f"{DESK}{case.public_id}/{action}", data=fields)

    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    # The form of a state that the case is not in is not shown, nor are its mistakes.
    assert action == "pay" or (sentence or "has-error") in page


def test_late_money_waits_at_the_desk_and_beside_its_name(
    client: CheckingClient, staff: Account, at: Callable[[str], None]
) -> None:
    registration = make_submitted()
    attempt = make_attempt(registration.order)
    at("2023-05-08 00:00")
    record_message("ecpay", paid_message(attempt), address=None, actor=SYSTEM)

    page = client.page(DESK)

    [row] = page.select("tbody tr")
    assert "逾期繳費" in row.get_text()
    assert "不用申請" in row.get_text()
    assert page.select_one(f'.rail a[href="{DESK}"] .count').get_text() == "1"


def test_the_list_of_money_orders_is_text_and_never_a_formula(
    client: CheckingClient, somebody_else: Callable[[], None]
) -> None:
    case = make_request(payee=Payee("=HYPERLINK(1)", "366 苗栗縣銅鑼鄉中正路12號", "0912345678"))
    path = f"{DESK}{case.public_id}"
    client.send(f"{path}/propose", {"outcome": "refuse", "note": "x"})
    grant_it(case)

    book = load_workbook(io.BytesIO(client.get(f"{DESK}list.xlsx").data))
    [page] = pypdf.PdfReader(io.BytesIO(client.get(f"{DESK}list.pdf").data)).pages

    row = [cell.value for cell in book.active[2]]
    assert row[:5] == [case.number, "=HYPERLINK(1)", "366 苗栗縣銅鑼鄉中正路12號", "0912-345-678", 192]
    assert book.active["B2"].data_type != "f"
    assert "共 1 件，合計 NT$192" in page.extract_text()


def grant_it(case: RefundCase) -> None:
    db.session.execute(
        sa.update(RefundCase).where(RefundCase.id == case.id).values(state="granted", proposed_by_id=None)
    )
    db.session.commit()


def test_a_proof_is_handed_out_as_a_file_and_the_look_is_on_record(
    client: CheckingClient, staff: Account
) -> None:
    case = make_request()

    answer = client.get(f"{DESK}{case.public_id}/proof")

    assert answer.data == b"%PDF-1.7 a proof"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    look = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "refund.view")).one()
    assert (look.subject_id, look.actor_account_id) == (case.public_id, staff.id)


def test_an_application_on_paper_is_entered_from_the_order(
    client: CheckingClient, staff: Account, at: Callable[[str], None]
) -> None:
    registration = make_paid()
    order = client.page(f"/admin/payments/orders/{registration.order.public_id}")
    [link] = [each["href"] for each in order.select("a") if "登錄書面退費申請" in each.get_text()]
    at("2023-10-04 09:00")

    late = client.send(link, {"reason": "other", **PAYEE, "postmarked_on": "112/10/1"}, status=422)
    client.send(link, {"reason": "other", **PAYEE, "postmarked_on": "112/9/30"})

    assert "現在已經不受理" in late.select_one(".error-summary").get_text()
    [case] = list_cases(registration.order)
    assert case.postmarked_on == date(2023, 9, 30)


NOTICE = {
    "cause": "postponed",
    "area": "*",
    "reason": "因颱風來襲，認證延期",
    "new_test_on": "112/9/23",
    "new_place": "上午 9 時起，各考區原試場",
}


@pytest.mark.requirement("R176", "R178")
def test_a_notice_is_shown_once_more_before_it_goes_to_everybody(
    client: CheckingClient, staff: Account, mailbox: Mailbox
) -> None:
    make_paid()
    path = f"/admin/postponements/{NATIONAL_1}"
    before = len(mailbox.all())

    page = client.send(path, NOTICE)
    assert "112 年 9 月 1 日" in page.get_text()
    facts = {
        row.dt.get_text(strip=True): row.dd.get_text(strip=True) for row in page.select(".confirm dl > div")
    }
    assert facts["種類"] == "認證延期"
    assert facts["內容"] == NOTICE["reason"]
    assert facts["新的認證日期"] == "112 年 9 月 23 日（六）"
    assert len(mailbox.all()) == before
    fields = {each["name"]: each["value"] for each in page.select(".confirm input[type=hidden]")}
    client.send(path, fields)

    letter = mailbox.last()
    assert letter.to == "yulan@example.tw"
    assert "改到 112 年 9 月 23 日（六）舉行" in letter.text
    assert "因颱風來襲" in client.page("/admin/postponements/").get_text()


@pytest.mark.requirement("R176")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"new_test_on": ""}, "延期公告要寫明改到哪一天"),
        ({"new_place": ""}, "請填寫新的時間與地點"),
        ({"new_test_on": "112/9/2"}, "新的認證日期要在原定日期之後"),
        ({"event_on": "112/9/1"}, "認證當天或之後發生的事才填這一欄"),
        ({"reason": ""}, "請寫明發生了什麼事"),
        ({"area": "月球"}, "請選擇考區"),
    ],
)
def test_a_notice_says_what_it_has_to(
    client: CheckingClient, staff: Account, changes: dict[str, Any], sentence: str
) -> None:
    page = client.send(f"/admin/postponements/{NATIONAL_1}", {**NOTICE, **changes}, status=422)

    assert sentence in page.select_one(".error-summary").get_text()
