"""The case desk: inboxes, steps behind a question, paper applications, the archive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.cases import services
from app.cases.models import Case
from app.cases.services import Result
from app.cases.states import CaseState
from app.core.actors import Actor, ActorKind
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.ids import new_public_id
from tests.client import CheckingClient
from tests.factories.cases import make_application, make_case, make_underway
from tests.mailbox import Mailbox

At = Callable[[str], None]
DESK = "/admin/cases/"
FOUNDED = {
    "result": "decided",
    "finding": "founded",
    "measure_transfer": "y",
    "measure_transfer_text": "調離原單位",
}


@pytest.fixture(autouse=True)
def officer(staff: Account) -> Actor:
    return Actor(ActorKind.STAFF, staff.id, None, None)


def counts_of(page: Any) -> dict[str, str]:
    chips = page.select("nav[aria-label='案件'] a")
    return {chip.contents[0].strip(): chip.select_one(".count").get_text() for chip in chips}


def numbers_on(page: Any) -> list[str]:
    return [link.get_text() for link in page.select("a[data-queue-link]")]


def flash_on(page: Any) -> str:
    return str(page.select_one("main .notice").get_text(strip=True))


def reread(case: Case) -> Case:
    db.session.expire_all()
    return db.session.get_one(Case, case.id)


@pytest.mark.requirement("W023", "W025", "W026", "W027", "W031", "W037", "W038", "W041")
def test_the_manuals_walk_through(client: CheckingClient, at: At, mailbox: Mailbox) -> None:
    """W022–W041: from the report to the archive, in the manual's words and dates."""
    at("2024-12-10 15:25")
    case = make_case()
    url = f"{DESK}{case.public_id}"
    client.send(f"{url}/assign", {"unit": "personnel", "confirmed": "yes"})
    assert "轉交權責單位" in mailbox.last().subject

    waiting = client.page(DESK)
    assert numbers_on(waiting) == [case.number] == ["11312100001"]
    assert "113/12/12" in waiting.get_text()
    assert "114/01/10" in waiting.get_text()
    ask = client.page(f"{url}/accept")
    assert ask.h1.get_text() == f"確認由貴單位進行處置案件（案號：{case.number}）嗎？"
    assert flash_on(client.send(f"{url}/accept", {"confirmed": "yes"})) == "案件已確認！"

    ask = client.send(f"{url}/preliminary", {"preliminary": "told"})
    assert ask.h1.get_text() == f"確定提交案件「{case.number}」初步受理情形嗎？"
    done = client.send(f"{url}/preliminary", {"preliminary": "told", "confirmed": "yes"})
    assert flash_on(done) == "設定成功！"

    ask = client.send(f"{url}/result", FOUNDED)
    assert ask.h1.get_text() == f"確定提交案件「{case.number}」處理結果？"
    assert flash_on(client.send(f"{url}/result", {**FOUNDED, "confirmed": "yes"})) == "設定成功！"
    listed = client.page(f"{DESK}?box=open")
    assert "處置方式：職務調動，調離原單位" in listed.get_text()

    ask = client.page(f"{url}/close")
    assert ask.h1.get_text() == f"確定將申訴案件「{case.number}」結案嗎？"
    assert flash_on(client.send(f"{url}/close", {"confirmed": "yes"})) == "結案成功！"
    archive = client.page(f"{DESK}?box=closed")
    assert numbers_on(archive) == [case.number]
    assert "職場霸凌成立" in archive.get_text()


@pytest.mark.requirement("W022")
def test_the_inboxes_count_what_lies_in_them(client: CheckingClient) -> None:
    make_case()
    make_case("appeal")
    make_underway("appeal")
    make_underway("complaint")

    everything = counts_of(client.page(DESK))
    committee = counts_of(client.page(f"{DESK}?unit=committee"))

    assert everything == {"待分派案件": "1", "待接收案件": "1", "處理中案件": "2", "已結案紀錄": "0"}
    assert committee == {"待分派案件": "0", "待接收案件": "1", "處理中案件": "1", "已結案紀錄": "0"}


@pytest.mark.parametrize("query", ["?box=attic", "?unit=x", "?kind=x", "?page=999", "?page=x"])
def test_a_filter_that_is_not_known_filters_nothing(query: str, client: CheckingClient) -> None:
    make_case("appeal")

    assert len(numbers_on(client.page(DESK + query))) == 1


@pytest.mark.requirement("W024")
def test_looking_at_a_case_is_on_record_and_the_number_masked(client: CheckingClient) -> None:
    case = make_case("appeal")

    page = client.page(f"{DESK}{case.public_id}")

    assert case.content["statement"] in page.get_text()
    assert case.content["identity"] not in page.get_text()
    assert db.session.scalar(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc())) == "case.view"


def test_the_number_is_shown_for_a_reason_that_is_on_record(client: CheckingClient) -> None:
    case = make_case("appeal")
    client.send(f"{DESK}{case.public_id}/unmask", {}, status=422)

    page = client.send(f"{DESK}{case.public_id}/unmask", {"reason": "call"})

    assert case.content["identity"] in page.get_text()
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.details) == ("case.unmask", {"reason": "call"})


@pytest.mark.requirement("W032")
def test_the_result_is_offered_after_the_preliminary_report(client: CheckingClient, officer: Actor) -> None:
    case = make_case("appeal")
    services.accept_case(case.public_id, actor=officer)
    before = client.page(f"{DESK}{case.public_id}").get_text()
    services.report_preliminary(case.public_id, "told", actor=officer)
    after = client.page(f"{DESK}{case.public_id}").get_text()

    assert "回報處理結果" not in before
    assert "回報處理結果" in after


@pytest.mark.requirement("W033", "W034", "W035")
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "請選擇處理結果"),
        ({"result": "decided"}, "請選擇認定結果"),
        ({"result": "decided", "finding": "founded"}, "請至少選一項處置方式並寫出說明"),
        ({"result": "decided", "finding": "founded", "measure_transfer": "y"}, "請寫出這項處置的說明"),
        ({"result": "decided", "finding": "extended"}, "請填寫新的期限"),
        ({"result": "decided", "finding": "extended", "until_on": "112/7/1"}, "請寫出延長的理由"),
        ({"result": "outside", "reply": "覆" * 2001}, "最多 2000 個字，您寫了 2001 個字，請精簡後再送出"),
    ],
)
def test_a_result_with_something_missing_is_not_even_asked_about(
    fields: dict[str, str], sentence: str, client: CheckingClient
) -> None:
    case = make_underway()

    page = client.send(f"{DESK}{case.public_id}/result", fields, status=422)

    assert sentence in [item.get_text(strip=True) for item in page.select(".error-summary li")]
    assert reread(case).result is None


@pytest.mark.requirement("W036")
def test_an_extension_stays_open_and_shows_both_deadlines(client: CheckingClient) -> None:
    """W036: assigned on Monday 1 May, due on Thursday 1 June."""
    case = make_underway()
    fields = {"result": "decided", "finding": "extended", "until_on": "112/7/3", "reason": "需再訪談三人"}

    ask = client.send(f"{DESK}{case.public_id}/result", fields)
    client.send(f"{DESK}{case.public_id}/result", {**fields, "confirmed": "yes"})
    page = client.page(f"{DESK}?box=open")

    assert "112 年 7 月 3 日（一）" in ask.get_text()
    assert "延長調查中，原期限 112/06/01" in page.get_text()
    assert "112/07/03" in page.get_text()
    assert "回報" in [link.get_text() for link in page.select("td a")]
    assert reread(case).state == CaseState.UNDERWAY


def test_a_deadline_that_cannot_be_is_refused_with_a_sentence(client: CheckingClient) -> None:
    case = make_underway()
    fields = {
        "result": "decided",
        "finding": "extended",
        "until_on": "112/6/1",
        "reason": "等候",
        "confirmed": "yes",
    }

    page = client.send(f"{DESK}{case.public_id}/result", fields)

    assert "新的期限要在原期限" in flash_on(page)


def test_a_step_out_of_turn_is_refused_with_a_sentence(client: CheckingClient) -> None:
    case = make_case("appeal")

    page = client.send(f"{DESK}{case.public_id}/close", {"confirmed": "yes"})

    assert "目前的狀態不能這樣處理" in flash_on(page)


@pytest.mark.requirement("P014", "S001")
def test_officers_are_warned_before_and_after_a_deadline(client: CheckingClient, at: At) -> None:
    """P014: assigned on 1 May, the preliminary report is due on 3 May."""
    make_case("appeal")

    seen = []
    for day in ("2023-05-01", "2023-05-02", "2023-05-03", "2023-05-04"):
        at(f"{day} 12:00")
        seen.append(client.page(DESK).select_one("td[data-label='處理期限']").get_text())

    assert "到期" not in seen[0]
    assert "112/05/03，明天到期" in seen[1]
    assert "112/05/03，今天到期" in seen[2]
    assert "112/05/03，逾期 1 天" in seen[3]


def test_notes_are_for_officers_only(client: CheckingClient) -> None:
    case = make_case("appeal")

    page = client.send(f"{DESK}{case.public_id}/notes", {"text": "已電話聯絡，約週三回覆"})

    assert "已電話聯絡，約週三回覆" in page.get_text()
    client.send(f"{DESK}{case.public_id}/notes", {"text": " "}, status=422)


@pytest.mark.requirement("W039", "W040")
def test_a_closed_case_is_shown_without_any_button(client: CheckingClient, officer: Actor) -> None:
    case = make_underway("complaint", officer=officer)
    services.report_result(case.public_id, Result("resolved", reply="已處理。"), actor=officer)
    services.close_case(case.public_id, actor=officer)

    page = client.page(f"{DESK}{case.public_id}")

    assert page.select("main form") == []
    assert page.select(".decision-bar") == []
    assert client.get(f"{DESK}{case.public_id}/answer.pdf").mimetype == "application/pdf"


def test_there_is_no_letter_before_the_result(client: CheckingClient) -> None:
    assert client.get(f"{DESK}{make_case().public_id}/answer.pdf").status_code == 404


@pytest.mark.requirement("R005", "R156")
@pytest.mark.parametrize(
    ("postmark", "status"), [("112/11/28", 200), ("112/11/29", 422), ("", 422), ("昨天", 422)]
)
def test_paper_is_taken_in_by_its_postmark(
    postmark: str, status: int, client: CheckingClient, at: At
) -> None:
    at("2023-12-05 10:00")
    content = {**make_application("recheck").content, "email": ""}
    fields = {**content, "postmark_on": postmark, "form_token": new_public_id()}

    page = client.send(f"{DESK}paper/recheck", fields, status=status)

    assert ("已收件，案件號碼" in page.get_text()) is (status == 200)
    client.page(f"{DESK}paper")


def test_a_units_mailbox_is_set_and_refused(client: CheckingClient) -> None:
    """W019."""
    page = client.send(f"{DESK}units/service", {"service-email": "service@example.tw"})
    assert page.find(id="service-email")["value"] == "service@example.tw"

    page = client.send(f"{DESK}units/service", {"service-email": "nobody"}, status=422)
    assert "電子信箱寫法不對" in page.get_text()


def test_an_inbox_costs_the_same_however_full(client: CheckingClient, count_queries: Any) -> None:
    def cost() -> int:
        with count_queries() as queries:
            client.page(f"{DESK}?box=open")
        return len(queries)

    make_underway("appeal")
    few = cost()
    for _ in range(4):
        make_underway("appeal")

    assert cost() == few


@pytest.mark.parametrize(
    ("box", "headings"),
    [
        pytest.param(
            "waiting",
            ["案號", "通報時間", "分派時間", "處理期限", "案件內容", "操作"],
            marks=pytest.mark.requirement("W023"),
        ),
        pytest.param(
            "open",
            ["案號", "收案日期", "初步受理情形", "處理結果", "操作"],
            marks=pytest.mark.requirement("W028"),
        ),
        pytest.param(
            "closed",
            ["案號", "提報時間", "結案時間", "權責單位", "執行狀況", "操作"],
            marks=pytest.mark.requirement("W039"),
        ),
    ],
)
def test_each_inbox_has_the_manuals_columns(
    client: CheckingClient, officer: Actor, box: str, headings: list[str]
) -> None:
    make_case("appeal")
    make_underway("appeal")
    closed = make_underway("complaint", officer=officer)
    services.report_result(closed.public_id, Result("resolved", reply="已處理。"), actor=officer)
    services.close_case(closed.public_id, actor=officer)

    table = client.page(f"{DESK}?box={box}").find("table")

    assert [th.get_text(strip=True) for th in table.select("thead th, thead td")] == headings
    assert len(table.select("tbody tr")) == 1
