"""What the candidate and the leader see and do about a refund."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
import pytest

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.db import db
from app.payments.refunds.queries import list_cases
from app.payments.refunds.states import RefundState
from app.payments.services import record_message
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader
from tests.factories.groups import make_submitted_group, pay_group
from tests.factories.orders import make_attempt, paid_message
from tests.factories.refunds import make_notice, make_request
from tests.factories.registrations import FREE, make_candidate, make_paid, make_submitted

SignIn = Callable[[Account], None]
PAYEE = {
    "payee_name": "徐玉蘭",
    "payee_address": "366苗栗縣銅鑼鄉中正路12號",
    "payee_phone": "0912-345-678",
}


@pytest.fixture
def person(sign_in: SignIn) -> Account:
    account = make_account()
    sign_in(account)
    return account


def proof(content: bytes = b"%PDF-1.7 proof", name: str = "診斷證明.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def errors(page: object) -> list[str]:
    return [each.get_text(strip=True) for each in page.select(".error-summary li")]


def test_the_page_offers_only_what_can_be_asked_for_now(client: CheckingClient, person: Account) -> None:
    registration = make_paid(person)

    page = client.page(f"/registrations/{registration.public_id}/refund")

    [choice] = page.select("input[name=reason]")
    assert choice["value"] == "other"
    assert "退還 NT$192；須附證明文件，由主辦單位決定" in page.select_one(".choice").get_text()
    assert "112 年 9 月 30 日" in page.select_one(".answer").get_text()
    assert page.select_one("input[name=payee_name]")["value"] == "徐玉蘭"
    assert page.select_one("input[name=payee_address]")["value"] == "366 苗栗縣銅鑼鄉中正路12號"


def test_after_a_typhoon_the_full_refund_is_offered_and_asked_for(
    client: CheckingClient, person: Account
) -> None:
    registration = make_paid(person)
    make_notice()
    path = f"/registrations/{registration.public_id}/refund"
    assert "全額退還 NT$250" in client.page(path).get_text()

    page = client.send(path, {"reason": "postponed", **PAYEE})

    assert "已收到退費申請" in page.get_text()
    [case] = list_cases(registration.order)
    assert (case.amount_twd, case.payee_address) == (250, "366 苗栗縣銅鑼鄉中正路12號")
    status = client.page(f"/registrations/{registration.public_id}")
    assert "待寄申請書" in status.get_text()
    [test] = [item for item in status.select(".timeline-item") if item.h2.get_text() == "認證"]
    assert "改到 112 年 9 月 23 日（六）舉行" in test.get_text()
    assert "因颱風來襲" in client.page("/rounds/nat-112-01").get_text()


def test_mistakes_are_named_and_nothing_typed_is_lost(client: CheckingClient, person: Account) -> None:
    registration = make_paid(person)
    fields = {
        "reason": "other",
        "explanation": "開刀住院",
        "payee_name": "徐玉蘭",
        "payee_address": "中正路12號",
        "payee_phone": "12",
        "proof": proof(b"MZ not a document", "virus.pdf"),
    }

    page = client.send(f"/registrations/{registration.public_id}/refund", fields, status=422)

    assert "只收 PDF、JPG 或 PNG 檔，請轉存後再上傳" in errors(page)
    assert len(errors(page)) == 3
    assert page.select_one("textarea[name=explanation]").get_text(strip=True) == "開刀住院"
    assert page.select_one("input[name=payee_address]")["value"] == "中正路12號"
    assert list_cases(registration.order) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "請選擇退費原因"),
        ({"reason": "late"}, "請選擇退費原因"),
        ({"reason": "other", "explanation": "開刀"}, "這個原因要附證明文件，請選擇檔案"),
        ({"reason": "other", "explanation": ""}, "請簡單說明發生了什麼事，主辦單位依此決定"),
        ({"explanation": "長" * 501}, "最多 500 個字，您填了 501 個字"),
    ],
)
def test_each_mistake_has_its_sentence(
    client: CheckingClient, person: Account, changes: dict[str, str], sentence: str
) -> None:
    registration = make_paid(person)
    fields = {"reason": "other", "explanation": "開刀", **PAYEE, **changes}

    page = client.send(f"/registrations/{registration.public_id}/refund", fields, status=422)

    assert sentence in errors(page)


@pytest.mark.requirement("R004", "R110", "R111", "Q12", "Q16")
def test_the_official_form_is_filled_in(client: CheckingClient, person: Account) -> None:
    registration = make_paid(person)
    case = make_request(registration)

    answer = client.get(f"/refunds/{case.public_id}/form.pdf")

    assert answer.mimetype == "application/pdf"
    [page] = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    text = page.extract_text().replace("\n", "")
    for part in (
        "退費申請書",
        "徐玉蘭",
        "全國第一梯次",
        "多梯次第",
        "苗栗",
        "逾期繳費",
        "溢繳費用",
        "因認證延期無法參加認證",
        "因天然災害無法參加認證",
        "因其他無法歸責於考生之原因無法參加認證",
        "客語能力認證總試務中心",
        registration.id_number,
        "366 苗栗縣銅鑼鄉中正路12號",
        "0912-345-678",
        "106209",
        case.number,
    ):
        assert part in text, part


def test_an_application_can_be_taken_back(client: CheckingClient, person: Account) -> None:
    registration = make_paid(person)
    case = make_request(registration)

    page = client.send(f"/refunds/{case.public_id}/withdraw", {})

    assert "已撤回退費申請" in page.get_text()
    db.session.expire_all()
    assert list_cases(registration.order)[0].state == RefundState.WITHDRAWN


@pytest.mark.parametrize("path", ["form.pdf"])
def test_anothers_case_is_not_found(client: CheckingClient, person: Account, path: str) -> None:
    case = make_request()

    client.page(f"/refunds/{case.public_id}/{path}", status=404)
    client.send(f"/refunds/{case.public_id}/withdraw", {}, status=404)


def test_who_paid_nothing_is_told_so(client: CheckingClient, person: Account) -> None:
    free = make_submitted(person, make_candidate(birth_on=FREE))

    page = client.page(f"/registrations/{free.public_id}/refund", status=404)

    assert "沒有費用可以退" in page.get_text()


def test_who_has_not_paid_yet_is_told_so(client: CheckingClient, person: Account) -> None:
    unpaid = make_submitted(person)

    page = client.page(f"/registrations/{unpaid.public_id}/refund")

    assert "沒有繳過報名費" in page.select_one(".answer").get_text()
    assert page.select_one("input[name=reason]") is None


def test_late_money_is_on_the_status_page_without_an_application(
    client: CheckingClient, person: Account, at: Callable[[str], None]
) -> None:
    registration = make_submitted(person)
    attempt = make_attempt(registration.order)
    at("2023-05-08 00:00")
    record_message("ecpay", paid_message(attempt), address=None, actor=SYSTEM)

    page = client.page(f"/registrations/{registration.public_id}")

    assert "總試務中心辦理中，預計退還 NT$192" in page.get_text()


def test_a_leader_ticks_for_whom_it_is(client: CheckingClient, sign_in: SignIn) -> None:
    leader = make_leader()
    sign_in(leader)
    group = make_submitted_group(leader, paying=3, free=2)
    pay_group(group)
    path = f"/groups/{group.public_id}/refund"
    page = client.page(path)
    boxes = [box["value"] for box in page.select("input[name=members]")]
    assert len(boxes) == 3

    fields = {"reason": "other", "explanation": "停課", "members": boxes[:2], **PAYEE, "proof": proof()}
    page = client.send(path, fields)

    [case] = list_cases(group.order)
    assert (case.basis_twd, case.amount_twd) == (500, 442)
    assert len(page.select("input[name=members]")) == 0  # one member is left: nothing to tick
    assert "待寄申請書" in client.page(f"/groups/{group.public_id}").get_text()
    client.send(path, {**fields, "members": [], "proof": proof()}, status=200)
