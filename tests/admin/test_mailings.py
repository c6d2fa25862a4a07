"""The mailings desk: batches from who waits to the post office, and what comes back."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.mailings import queries, services
from app.mailings.kinds import MailingKind
from app.mailings.models import MailingBatch, MailingResend
from app.mailings.states import ResendCause, ResendState
from tests.client import CheckingClient
from tests.factories.mailings import (
    FIRST_NUMBER,
    MATERIALS_DAY,
    make_batch,
    make_mailed_group,
    make_person,
    make_posted,
)
from tests.factories.registrations import NATIONAL_1
from tests.factories.results import PASSES, make_published
from tests.factories.seating import AREA

At = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("staff")
DESK = f"/admin/mailings/?round={NATIONAL_1}"
NEW = f"/admin/mailings/{NATIONAL_1}/materials/new"


def path_of(batch: MailingBatch, page: str = "") -> str:
    return f"/admin/mailings/batches/{batch.public_id}{page}"


def only_batch() -> MailingBatch:
    return db.session.scalars(sa.select(MailingBatch)).one()


def actions() -> list[str]:
    query = sa.select(AuditEntry.action).where(AuditEntry.action.startswith("mailing."))
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def test_the_desk_counts_who_waits_and_leads_to_a_batch(client: CheckingClient) -> None:
    make_person()
    make_person(area="臺北")

    page = client.page(DESK)
    assert "有 2 份郵件還沒排進批次" in page.main.get_text()
    form = client.page(page.find("a", href=NEW)["href"])
    assert "苗栗（1 份）" in form.main.get_text()
    batch = client.send(NEW, {"area": AREA})

    assert "1 件，共 1 份" in batch.main.get_text()
    assert only_batch().area == AREA
    assert "有 1 份郵件還沒排進批次" in client.page(DESK).main.get_text()


def test_before_anybody_waits_there_is_nothing_to_make(client: CheckingClient) -> None:
    assert "沒有要排進批次的郵件" in client.page(DESK).main.get_text()
    assert "沒有等候寄發的考生" in client.page(NEW).get_text()
    assert client.get(f"/admin/mailings/{NATIONAL_1}/parcels/new").status_code == 404


def test_an_area_has_to_be_chosen(client: CheckingClient) -> None:
    make_person()

    page = client.send(NEW, {}, status=422)

    assert "請選擇考區" in page.main.get_text()


def test_a_batch_shows_its_parcels_masked_and_the_look_is_on_record(client: CheckingClient) -> None:
    make_person(chinese_name="徐玉蘭")

    page = client.page(path_of(make_batch()))

    assert "徐○蘭" in page.main.get_text()
    assert "徐玉蘭" not in page.main.get_text()
    assert "中正路" not in page.main.get_text()
    assert "mailing.view_batch" in actions()


def test_labels_and_lists_are_handed_out_on_record(client: CheckingClient) -> None:
    make_person(chinese_name="黃𠊎堃")
    batch = make_batch()

    labels, paper, sheet = (
        client.get(path_of(batch, page)) for page in ("/labels.pdf", "/list.pdf", "/list.xlsx")
    )

    assert labels.data.startswith(b"%PDF-")
    assert paper.data.startswith(b"%PDF-")
    assert load_workbook(io.BytesIO(sheet.data)).active["F2"].value == "黃𠊎堃"
    assert all(
        each.headers["Content-Disposition"].startswith("attachment") for each in (labels, paper, sheet)
    )
    assert actions().count("mailing.take_out") == 3


@pytest.mark.requirement("R014")
def test_a_batch_is_marked_as_posted_from_the_first_day_on(client: CheckingClient, at: At) -> None:
    make_person()
    batch = make_batch()
    assert client.page(path_of(batch)).find("a", string="登錄寄出") is None

    early = client.send(path_of(batch, "/post"), {"posted_on": "112/5/4"}, status=422)
    assert "自 112 年 5 月 5 日（五）起寄發" in early.find(id="posted_on-error").get_text()
    ahead = client.send(path_of(batch, "/post"), {"posted_on": "112/5/5"}, status=422)
    assert "不能在今天以後" in ahead.find(id="posted_on-error").get_text()

    at(MATERIALS_DAY)
    assert "這一批已經送到郵局了嗎" in client.page(path_of(batch, "/post")).h1.get_text()
    assert only_batch().posted_on is None
    after = client.send(path_of(batch, "/post"), {"posted_on": "112/5/5"})
    assert "已於 112 年 5 月 5 日（五）寄出" in after.main.get_text()
    assert client.post(path_of(batch, "/post"), data={"posted_on": "112/5/5"}).status_code == 409


@pytest.mark.requirement("R171")
def test_certificates_need_the_first_registered_number(client: CheckingClient, at: At) -> None:
    make_published({"徐玉蘭": PASSES, "彭秀英": PASSES})
    batch = make_batch(MailingKind.CERTIFICATE)
    at("2023-12-08 17:00")

    missing = client.send(path_of(batch, "/post"), {"posted_on": "112/12/8"}, status=422)
    assert "請填第一件的掛號號碼" in missing.find(id="first_number-error").get_text()
    wrong = {"posted_on": "112/12/8", "first_number": "12"}
    assert "6 碼或 14 碼" in client.send(path_of(batch, "/post"), wrong, status=422).main.get_text()
    short = {"posted_on": "112/12/8", "first_number": "999999"}
    assert "不夠 2 件" in client.send(path_of(batch, "/post"), short, status=422).main.get_text()

    page = client.send(path_of(batch, "/post"), {"posted_on": "112/12/8", "first_number": FIRST_NUMBER})
    assert FIRST_NUMBER in page.main.get_text()
    assert "00123510001217" in page.main.get_text()


def test_what_must_be_taken_out_is_said_before_posting(client: CheckingClient, at: At) -> None:
    registration = make_person()
    make_person()
    batch = make_batch()
    code = next(
        each.code for each in queries.list_parcels(batch) if each.items[0].registration_id == registration.id
    )
    db.session.execute(
        sa.text("UPDATE registrations SET form_state = 'cancelled' WHERE id = :id"), {"id": registration.id}
    )
    at(MATERIALS_DAY)

    assert f"請先抽出：標籤 {code}" in client.page(path_of(batch)).main.get_text()
    assert code in client.page(path_of(batch, "/post")).main.get_text()


def test_a_batch_is_dissolved_after_a_question(client: CheckingClient) -> None:
    make_person()
    batch = make_batch()

    assert "要拆掉第" in client.page(path_of(batch, "/dissolve")).h1.get_text()
    assert only_batch().id == batch.id
    page = client.send(path_of(batch, "/dissolve"), {})

    assert "重新等候寄發" in page.get_text()
    assert "有 1 份郵件還沒排進批次" in page.get_text()


def test_an_envelope_that_came_back_is_found_by_its_label_and_marked(client: CheckingClient, at: At) -> None:
    make_person(chinese_name="徐玉蘭")
    [parcel] = make_posted()
    at("2023-05-25 09:00")

    page = client.page(f"/admin/mailings/find?number={parcel.code}")
    assert "366 苗栗縣銅鑼鄉中正路12號" in page.main.get_text()
    address = page.find("a", string="登錄退回")["href"]
    wrong = client.send(address, {"returned_on": "112/5/4"}, status=422)
    assert "請照信封上的批註選擇退回原因" in wrong.main.get_text()
    too_early = client.send(address, {"returned_on": "112/5/4", "reason": "unclaimed"}, status=422)
    assert "退回日期要在寄出日" in too_early.main.get_text()

    after = client.send(address, {"returned_on": "112/5/20", "reason": "unclaimed"})

    assert "招領逾期" in after.main.get_text()
    assert "mailing.view_parcel" in actions()
    assert "退回 1 件" in client.page(DESK).main.get_text()


@pytest.mark.parametrize("number", ["", "99-1", "abc", "00123410001217", "9" * 40 + "-1"])
def test_a_number_that_is_on_no_envelope_is_said(client: CheckingClient, number: str) -> None:
    make_person()

    assert "沒有標籤編號或掛號號碼是" in client.page(f"/admin/mailings/find?number={number}").get_text()


def test_a_registered_number_is_corrected(client: CheckingClient, at: At) -> None:
    make_published({"徐玉蘭": PASSES})
    [parcel] = make_posted(MailingKind.CERTIFICATE)
    at("2023-12-09 09:00")

    bad = client.send(f"/admin/mailings/parcels/{parcel.public_id}/number", {"number": "1"}, status=422)
    assert "6 碼或 14 碼" in bad.main.get_text()
    client.send(f"/admin/mailings/parcels/{parcel.public_id}/number", {"number": "654321"})

    assert client.page("/admin/mailings/find?number=654321").h1.get_text().startswith("郵件")


@pytest.mark.requirement("R174")
def test_a_request_from_the_phone_is_billed_paid_and_sent_again(client: CheckingClient, at: At) -> None:
    make_person()
    [parcel] = make_posted()
    at("2023-05-25 09:00")

    page = client.send(f"/admin/mailings/parcels/{parcel.public_id}/resend", {"cause": "moved"})
    assert "搬家，沒有來得及更新地址」，依簡章由申請人負擔郵資" in page.main.get_text()
    resend = db.session.scalars(sa.select(MailingResend)).one()
    address = f"/admin/mailings/resends/{resend.public_id}"
    no_amount = client.send(address, {"outcome": "bill"}, status=422)
    assert "請填郵資" in no_amount.find(id="postage-error").get_text()
    bad = client.send(address, {"outcome": "bill", "postage": "12.5"}, status=422)
    assert "整數元" in bad.find(id="postage-error").get_text()

    client.send(address, {"outcome": "bill", "postage": "44"})
    assert "NT$44" in client.page("/admin/mailings/resends").main.get_text()
    client.send(address, {"outcome": "receive"})

    db.session.refresh(resend)
    assert (resend.state, resend.postage_twd) == (ResendState.READY, 44)
    assert "有 1 份郵件還沒排進批次" in client.page(DESK).main.get_text()
    assert client.send(address, {"outcome": "receive"}, status=422).h1


@pytest.mark.requirement("R174")
def test_waiving_and_refusing_need_a_word(client: CheckingClient, at: At) -> None:
    make_person()
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    resend = services.ask_resend(parcel.public_id, ResendCause.OFFICE, actor=SYSTEM)
    address = f"/admin/mailings/resends/{resend.public_id}"

    assert "屬實就免付郵資" in client.page(address).main.get_text()
    for outcome in ("waive", "refuse"):
        page = client.send(address, {"outcome": outcome}, status=422)
        assert "請寫出理由" in page.find(id="note-error").get_text()
    client.send(address, {"outcome": "waive", "note": "標籤貼錯"})

    db.session.refresh(resend)
    assert (resend.state, resend.note) == (ResendState.READY, "標籤貼錯")


def test_open_requests_stand_beside_the_desk(client: CheckingClient, at: At) -> None:
    make_person()
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    services.ask_resend(parcel.public_id, ResendCause.OFFICE, actor=SYSTEM)

    page = client.page(DESK)

    rail = next(link for link in page.select(".rail a") if link.get_text().startswith("郵寄"))
    assert rail.select_one(".count").get_text() == "1"
    assert "另有 1 件重寄申請待處理" in page.main.get_text()


@pytest.mark.parametrize("path", [DESK, "/admin/mailings/resends"])
def test_the_lists_cost_the_same_however_long(
    client: CheckingClient, count_queries: Callable[[], Any], at: At, path: str
) -> None:
    def grow() -> None:
        make_person()
        make_mailed_group(4)
        for parcel in make_posted():
            services.ask_resend(parcel.public_id, ResendCause.OFFICE, actor=SYSTEM)
        db.session.expire_all()

    def cost() -> int:
        client.page(path)
        with count_queries() as asked:
            client.page(path)
        return len(asked)

    at("2023-05-25 09:00")
    grow()
    few = cost()
    grow()

    assert cost() == few


def test_a_batch_costs_the_same_however_long(
    client: CheckingClient, count_queries: Callable[[], Any]
) -> None:
    make_person()
    small = make_batch()
    for _ in range(3):
        make_person()
    make_mailed_group(4)
    large = make_batch()

    def cost(batch: MailingBatch) -> int:
        client.page(path_of(batch))
        with count_queries() as asked:
            client.page(path_of(batch))
        return len(asked)

    assert cost(small) == cost(large)


def test_a_candidate_has_no_business_at_the_desk(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    registration = make_person()
    sign_in(db.session.get_one(Account, registration.account_id))

    for path in (DESK, NEW, "/admin/mailings/resends", "/admin/mailings/find?number=1"):
        assert client.get(path).status_code == 403
