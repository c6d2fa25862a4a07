"""The reconciliation desk: lists, owners and closing actions, files, suspense, totals."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.accounts.models import Account
from app.accounts.roles import Role
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import GatewayError
from app.payments.gateways.base import GatewayBusy
from app.payments.gateways.ecpay import EcpayGateway
from app.payments.models import Finding, Receipt, ReconciliationFile
from app.payments.reconciliation import services
from app.payments.reconciliation.sources import FileSource
from app.payments.reconciliation.states import ClosingAction, FindingKind
from app.payments.services import record_message
from tests.client import CheckingClient
from tests.conftest import taipei
from tests.factories.accounts import make_staff
from tests.factories.orders import make_attempt, make_order, paid_message
from tests.factories.reconciliation import (
    bank_file,
    bank_line,
    paid_row,
    take,
    take_trades,
    trade_file,
    trade_row,
)

DESK = "/admin/reconciliation/"
PERIOD = services.Period(taipei("2023-05-01").date(), taipei("2023-05-03").date())


@pytest.fixture(autouse=True)
def on_the_fourth(staff: Account, at: Callable[[str], None]) -> None:
    """Orders are made on the first; the desk works on the fourth."""
    at("2023-05-01 09:00")


def reported(theirs: str) -> Any:
    """Return an attempt whose payment on the third ECPay has told us of."""
    attempt = make_attempt(make_order())
    body = paid_message(attempt, at=taipei("2023-05-03 10:00"), TradeNo=theirs)
    record_message("ecpay", body, address=None, actor=SYSTEM)
    return attempt


def one_of_each() -> None:
    """Make a finding of each kind."""
    differs, back = reported("2305031000000001"), reported("2305031000000002")
    reported("2305031000000003")
    take_trades(
        paid_row(differs, "2305031000000001", amount=200),
        paid_row(back, "2305031000000002"),
        paid_row(back, "2305031000000002", amount=-250, fee=0, paid_at="2023-05-03 11:00"),
        trade_row("NOTOURS", theirs="2305031000000004"),
        period=PERIOD,
    )


def finding_of(kind: FindingKind) -> Finding:
    return db.session.scalars(sa.select(Finding).where(Finding.kind == kind)).one()


def upload(client: CheckingClient, content: bytes, **fields: str) -> Any:
    data = {"source": "ecpay_trades", "file": (io.BytesIO(content), "對帳.csv"), **fields}
    return client.post(f"{DESK}files/new", data=data, content_type="multipart/form-data")


@pytest.mark.requirement("R095")
@pytest.mark.parametrize("kind", list(FindingKind))
def test_case_29_each_list_shows_its_findings_and_who_looks_after_them(
    client: CheckingClient, staff: Account, at: Callable, kind: FindingKind
) -> None:
    at("2023-05-04 09:00")
    one_of_each()

    page = client.page(f"{DESK}?kind={kind.value}")

    [link] = page.select("a[data-queue-link]")
    assert "還沒有人" in page.select_one("tbody").get_text()
    found = client.page(link["href"])
    assert "還沒有人承辦。" in found.get_text()
    client.post(f"{link['href']}/own")
    assert staff.email in client.page(f"{DESK}?kind={kind.value}").select_one("tbody").get_text()


def test_a_finding_is_closed_with_what_was_done_and_why(
    client: CheckingClient, staff: Account, at: Callable
) -> None:
    at("2023-05-04 09:00")
    one_of_each()
    path = f"{DESK}findings/{finding_of(FindingKind.EXTERNAL_REFUND).public_id}"

    refused = client.post(f"{path}/close", data={"note": ""})
    assert refused.status_code == 422
    assert "請選擇怎麼結案" in refused.text
    assert "請寫明查到了什麼" in refused.text
    too_long = client.post(f"{path}/close", data={"action": "explained", "note": "字" * 301})
    assert "最多 300 個字" in too_long.text
    client.post(f"{path}/close", data={"action": "explained", "note": "=爭議款，已同意退"})

    page = client.page(path)
    assert "=爭議款，已同意退" in page.get_text()
    assert staff.email in page.get_text()
    assert not client.page(f"{DESK}?kind=external_refund").select("a[data-queue-link]")
    assert client.page(f"{DESK}?kind=external_refund&closed=yes").select("a[data-queue-link]")
    assert finding_of(FindingKind.EXTERNAL_REFUND).closing_action == ClosingAction.EXPLAINED
    again = client.post(f"{path}/close", data={"action": "borne", "note": "再一次"})
    assert again.status_code == 409


def test_a_list_is_taken_out_as_a_sheet_in_which_nothing_is_a_formula(
    client: CheckingClient, at: Callable
) -> None:
    at("2023-05-04 09:00")
    one_of_each()
    path = f"{DESK}findings/{finding_of(FindingKind.AMOUNT_DIFFERS).public_id}"
    client.post(f"{path}/close", data={"action": "borne", "note": "=1+1"})

    answer = client.get(f"{DESK}findings.xlsx?kind=amount_differs&closed=yes")

    heading, row = load_workbook(io.BytesIO(answer.data)).active.iter_rows()
    cells = {name.value: cell for name, cell in zip(heading, row, strict=True)}
    assert (cells["檔案金額"].value, cells["本站金額"].value) == (200, 250)
    assert (cells["說明"].value, cells["說明"].data_type) == ("=1+1", "s")
    assert cells["結案方式"].value == "差額由試務中心承擔"
    for kind in FindingKind:
        assert client.get(f"{DESK}findings.xlsx?kind={kind.value}").status_code == 200


def test_looking_at_what_a_bank_wrote_about_a_payer_is_on_record(
    client: CheckingClient, at: Callable
) -> None:
    at("2023-05-04 09:00")
    take(FileSource.TAISHIN, bank_file(bank_line("95678305072509")))
    finding = finding_of(FindingKind.NOT_IN_PORTAL)

    page = client.page(f"{DESK}findings/{finding.public_id}")

    assert "9567830507250900" in page.get_text()
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "reconciliation.view")).one()
    assert entry.subject_id == finding.public_id


def test_a_file_is_uploaded_and_its_page_says_what_became_of_it(
    client: CheckingClient, staff: Account, at: Callable
) -> None:
    attempt = reported("2305031000000001")
    lost = make_attempt(make_order())
    at("2023-05-04 09:00")
    content = trade_file([paid_row(attempt, "2305031000000001"), paid_row(lost, "2305031000000002")])

    answer = upload(client, content)

    page = client.page(answer.location)
    counts = {row.th.get_text(strip=True): row.td.get_text(strip=True) for row in page.select("tbody tr")}
    assert counts == {"本站已有，相符": "1", "本站沒收到通知，已由檔案入帳": "1"}
    assert staff.email in page.get_text()
    assert upload(client, content).location == answer.location
    assert len(client.page(f"{DESK}files").select("a[data-queue-link]")) == 1
    progress = client.get(f"{answer.location}/progress").json
    assert progress == {"reading": False, "done": 2, "total": 2}


@pytest.mark.parametrize(
    ("content", "fields", "sentence"),
    [
        (b"", {}, "檔案是空的"),
        (b"<html>no</html>", {}, "這是一個網頁"),
        (trade_file([trade_row("A")]), {"source": ""}, "請選擇檔案種類"),
        (trade_file([trade_row("A")]), {"source": "taishin"}, "長度不對"),
        (trade_file([trade_row("A")]), {"begins_on": "112/5/1"}, "請一起填"),
        (trade_file([trade_row("A")]), {"begins_on": "112/5/1", "ends_on": "五月"}, "日期"),
        (trade_file([trade_row("A")]), {"begins_on": "112/5/3", "ends_on": "112/5/1"}, "不能晚於結束日期"),
        (trade_file([trade_row("A")]), {"begins_on": "112/5/1", "ends_on": "112/6/1"}, "不能晚於今天"),
        (trade_file([trade_row("A")]), {"begins_on": "112/5/1", "ends_on": "112/5/2"}, "不在您填的期間裡"),
    ],
)
def test_what_is_wrong_with_an_upload_stands_beside_its_field(
    client: CheckingClient, at: Callable, content: bytes, fields: dict[str, str], sentence: str
) -> None:
    at("2023-05-04 09:00")

    answer = upload(client, content, **fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(sa.select(sa.func.count(ReconciliationFile.id))) == 0


def test_an_upload_without_a_file_is_asked_for_one(client: CheckingClient) -> None:
    answer = client.post(f"{DESK}files/new", data={"source": "taishin"})

    assert answer.status_code == 422
    assert "請選擇要上傳的檔案" in answer.text


def test_a_large_file_shows_how_far_it_is(
    client: CheckingClient, at: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("2023-05-04 09:00")
    monkeypatch.setattr(services, "AT_ONCE", 1)
    monkeypatch.setattr(services, "read_file", lambda _file: None)
    content = trade_file([trade_row("A"), trade_row("B")])

    answer = upload(client, content)

    page = client.page(answer.location)
    assert page.select_one("[data-progress] progress")["max"] == "2"
    assert client.get(f"{answer.location}/progress").json == {"reading": True, "done": 0, "total": 2}
    assert "讀取中" in client.page(f"{DESK}files").get_text()


def test_a_file_is_fetched_from_ecpay_for_yesterday_unless_another_day_is_asked_for(
    client: CheckingClient, at: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = reported("2305031000000001")
    at("2023-05-04 09:00")
    asked = []

    def download(_self: EcpayGateway, begin: Any, end: Any, **more: Any) -> bytes:
        asked.append((begin, end, more["date_type"]))
        return trade_file([paid_row(attempt, "2305031000000001")])

    monkeypatch.setattr(EcpayGateway, "download_trades", download)
    form = client.page(f"{DESK}files/new").select_one("form[action$=fetch]")
    fields = {each["name"]: each["value"] for each in form.select("input[value]")}
    assert fields["fetch-begins_on"] == fields["fetch-ends_on"] == "112/05/03"

    answer = client.post(f"{DESK}files/fetch", data=fields)

    assert asked == [(PERIOD.ends_on, PERIOD.ends_on, "2")]
    assert "本站已有，相符" in client.page(answer.location).get_text()


@pytest.mark.parametrize(
    ("error", "sentence"), [(GatewayBusy("busy"), "一分鐘只給一個檔"), (GatewayError("no"), "請稍後再試")]
)
def test_a_gateway_that_gives_no_file_is_told_in_a_sentence(
    client: CheckingClient, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    def download(*_: Any, **__: Any) -> bytes:
        raise error

    monkeypatch.setattr(EcpayGateway, "download_trades", download)

    answer = client.post(
        f"{DESK}files/fetch", data={"fetch-begins_on": "112/4/30", "fetch-ends_on": "112/4/30"}
    )

    assert answer.status_code == 409
    assert sentence in answer.text


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "sentence"),
    [("", "", "請填寫開始日期"), ("112/4/30", "112/4/1", "不能晚於"), ("112/5/1", "112/9/9", "不能晚於今天")],
)
def test_a_period_that_is_none_fetches_nothing(
    client: CheckingClient, begins_on: str, ends_on: str, sentence: str
) -> None:
    answer = client.post(f"{DESK}files/fetch", data={"fetch-begins_on": begins_on, "fetch-ends_on": ends_on})

    assert answer.status_code == 422
    assert sentence in answer.text


def test_suspense_is_matched_to_one_of_the_likely_orders(client: CheckingClient, at: Callable) -> None:
    order, paid = make_order(), reported("2305031000000009").order
    make_attempt(order)
    at("2023-05-04 09:00")
    take_trades(trade_row("NOTOURS", theirs="2305031000000004"))
    [link] = client.page(f"{DESK}suspense").select("a[data-queue-link]")

    page = client.page(link["href"])
    [likely] = [each["href"] for each in page.select("a") if each.get_text().startswith("填入這筆")]
    assert order.public_id in likely
    assert paid.public_id not in page.decode()
    filled = client.page(likely).select_one("input[name=order]")["value"]
    refused = client.post(f"{link['href']}/match", data={"order": "XYZ", "reason": ""})
    assert refused.status_code == 422
    assert "找不到這筆訂單" in refused.text
    assert "XYZ" in refused.text
    client.post(f"{link['href']}/match", data={"order": filled, "reason": "考生提出轉帳明細"})

    assert order.is_paid
    done = client.page(link["href"])
    assert "已歸到訂單" in done.select_one(".answer").get_text()
    assert "考生提出轉帳明細" in done.get_text()
    assert not done.select("main form")
    assert not client.page(f"{DESK}suspense").select("a[data-queue-link]")


def test_suspense_can_go_back_to_the_sender_and_stands_in_a_list_of_its_own(
    client: CheckingClient, at: Callable
) -> None:
    at("2023-05-04 09:00")
    take_trades(trade_row("NOTOURS"))
    receipt = db.session.scalars(sa.select(Receipt)).one()
    path = f"{DESK}suspense/{receipt.id}"

    assert client.post(f"{path}/return", data={"back-reason": ""}).status_code == 422
    client.post(f"{path}/return", data={"back-reason": "匯款人要求退回"})

    assert "匯款人要求退回" in client.page(f"{DESK}suspense?returning=yes").get_text()
    assert not client.page(f"{DESK}suspense").select("a[data-queue-link]")
    client.page(f"{DESK}suspense/999", status=404)


def test_the_day_end_totals_set_portal_and_files_side_by_side(client: CheckingClient, at: Callable) -> None:
    at("2023-05-04 09:00")
    one_of_each()

    page = client.page(f"{DESK}totals")

    headings = [each.get_text(strip=True) for each in page.select("thead th")]
    [row] = [
        dict(zip(headings, [cell.get_text(strip=True) for cell in row.select("th, td")], strict=True))
        for row in page.select("tbody tr")
    ]
    assert (row["日期"], row["金流"]) == ("112/05/03", "綠界ATM 轉帳")
    assert (row["本站收款"], row["檔案收款"]) == ("NT$1,000", "NT$700")
    assert (row["檔案手續費"], row["檔案退款"], row["本站退款"]) == ("NT$30", "NT$250", "–")
    assert row["相符"] == "不符"
    assert not client.page(f"{DESK}totals?until=112/4/1").select("tbody tr")
    client.page(f"{DESK}totals?until=昨天")


@pytest.mark.parametrize("path", ["", "files", "suspense", "totals"])
def test_the_number_of_queries_of_the_lists_does_not_grow(
    client: CheckingClient, count_queries: Callable[[], Any], at: Callable, path: str
) -> None:
    at("2023-05-04 09:00")
    take_trades(trade_row("NOTOURS"))
    client.page(DESK + path)
    with count_queries() as few:
        client.page(DESK + path)
    for _ in range(3):
        take_trades(trade_row("NOTOURS"))

    with count_queries() as many:
        client.page(DESK + path)

    assert len(many) == len(few) < 12


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.FINANCE_APPROVER])
def test_only_who_reconciles_may_enter(
    client: CheckingClient, sign_in: Callable[[Account], None], role: Role
) -> None:
    sign_in(make_staff([(role, "")]))

    for path in ("", "files", "files/new", "suspense", "totals", "findings.xlsx"):
        assert client.get(DESK + path).status_code == 403
