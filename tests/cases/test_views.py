"""The public's pages: applying with and without an account, the receipt, progress, one's own cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
import segno
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from pypdf import PdfReader

from app.accounts.captcha import answer_to
from app.accounts.models import Account
from app.cases import services
from app.cases.forms import NO_SUCH_CASE
from app.cases.models import Case
from app.cases.services import Result
from app.core.actors import SYSTEM
from app.core.db import db
from app.core.ids import new_public_id
from app.tickets.services import assign_round
from tests.client import CheckingClient
from tests.factories.accounts import make_account
from tests.factories.cases import REPORT, make_application, make_case, make_underway
from tests.factories.seating import load_example_venues, make_approved
from tests.mailbox import Mailbox

SignIn = Callable[[Account], None]
At = Callable[[str], None]
BULLYING = "/cases/new/workplace_bullying"


def written(kind_key: str = "workplace_bullying", **changes: str) -> dict[str, str]:
    return {**make_application(kind_key).content, "form_token": new_public_id(), **changes}


def only_case() -> Case:
    db.session.expire_all()
    return db.session.scalars(sa.select(Case)).one()


def errors_of(page) -> list[str]:
    return [link.get_text(strip=True) for link in page.select(".error-summary li")]


# ---- applying ----


@pytest.mark.requirement("W021")
@pytest.mark.parametrize(
    ("moment", "open_kinds"),
    [
        ("2023-01-02 09:00", {"appeal", "complaint", "personal_data", "workplace_bullying"}),
        (
            "2023-01-20 09:00",
            {"appeal", "complaint", "personal_data", "workplace_bullying", "question_dispute"},
        ),
        (
            "2023-11-20 09:00",
            {"appeal", "complaint", "personal_data", "workplace_bullying", "question_dispute", "recheck"},
        ),
    ],
)
def test_the_page_of_kinds_says_which_are_open_today(
    moment: str, open_kinds: set[str], client: CheckingClient, at: At
) -> None:
    at(moment)

    page = client.page("/cases/new")

    assert {link["href"].rpartition("/")[2] for link in page.select(".case-kinds a")} == open_kinds


@pytest.mark.requirement("W001", "P012", "S015")
def test_a_guest_reports_and_gets_number_and_code(client: CheckingClient, mailbox: Mailbox) -> None:
    page = client.send(BULLYING, written())

    case = only_case()
    assert case.account_id is None
    assert page.select_one("output").get_text() == case.number
    leads_to = segno.make_qr(f"http://localhost/cases/lookup?number={case.number}", error="m")
    drawn = BeautifulSoup(leads_to.svg_inline(scale=4, border=2, omitsize=True), "html5lib")
    assert page.select_one(".receipt-code svg path")["d"] == drawn.select_one("path")["d"]
    assert "m***@e***.tw" in page.get_text()
    assert "洪美玲" not in page.get_text()
    assert mailbox.last().to == "meiling@example.tw"


def test_the_same_form_sent_again_shows_the_same_receipt(client: CheckingClient) -> None:
    fields = written()

    first, second = (client.send(BULLYING, fields).select_one("output") for _ in range(2))

    assert first == second


@pytest.mark.requirement("W006", "W007", "W008", "W009")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"agency": ""}, "請填寫服務機關（單位）"),
        ({"post": " "}, "請填寫職稱"),
        ({"name": ""}, "請填寫姓名"),
        ({"standing": ""}, "請選擇身分別"),
        ({"standing": "astronaut"}, "請選擇身分別"),
        ({"standing": "other"}, "選「其他」時請寫出說明"),
        ({"phone": "09123456789"}, "手機號碼應為 09 開頭的 10 碼，您填了 11 碼"),
        ({"email": "nobody"}, "電子信箱寫法不對，請填像 name@example.com 這樣的完整信箱"),
        ({"statement": ""}, "請寫出申訴的事實及理由"),
        ({"statement": "客" * 1001}, "最多 1000 個字，您寫了 1001 個字，請精簡後再送出"),
        ({"form_token": "x"}, "這份表單不完整，請重新開啟頁面再填一次"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(
    changes: dict[str, str], sentence: str, client: CheckingClient
) -> None:
    page = client.send(BULLYING, written(**changes), status=422)

    assert errors_of(page) == [sentence]
    assert page.select_one("textarea").get_text().strip() == changes.get("statement", REPORT["statement"])
    assert db.session.scalar(sa.select(sa.func.count(Case.id))) == 0


@pytest.mark.requirement("W007")
def test_a_standing_of_its_own_is_kept_with_its_words(client: CheckingClient) -> None:
    client.send(BULLYING, written(standing="other", standing_other="實習生"))

    assert only_case().content["standing_other"] == "實習生"


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "'; DROP TABLE cases;--", "{{ 7*7 }}", "\u202e反"]
)
def test_hostile_words_are_only_words(hostile: str, client: CheckingClient, sign_in: SignIn) -> None:
    account = make_account()
    sign_in(account)
    client.send("/cases/new/complaint", written("complaint", statement=f"問題：{hostile}"))

    page = client.page(f"/cases/mine/{only_case().public_id}")

    assert page.select("main script") == []
    assert hostile.replace("\u202e", "") in page.get_text()


def test_a_kind_that_does_not_exist_is_not_found(client: CheckingClient) -> None:
    client.page("/cases/new/lottery", status=404)


def test_while_no_round_is_open_the_page_says_so(client: CheckingClient) -> None:
    page = client.page("/cases/new/recheck")

    assert "目前沒有受理中的梯次" in page.get_text()
    assert page.select("main form") == []


def test_an_appeal_that_is_late_is_refused_beside_the_form(client: CheckingClient) -> None:
    page = client.send("/cases/new/appeal", written("appeal", event_on="112/4/20"), status=422)

    assert "逾期不予受理" in errors_of(page)[0]


@pytest.mark.requirement("R160")
def test_all_seven_facts_of_an_appeal_are_asked_at_once(client: CheckingClient) -> None:
    empty = dict.fromkeys(make_application("appeal").content, "")

    page = client.send("/cases/new/appeal", {**empty, "form_token": new_public_id()}, status=422)

    assert len(errors_of(page)) == len(empty)


@pytest.mark.requirement("W005")
def test_who_is_signed_in_finds_the_form_filled_in_and_no_captcha(
    client: CheckingClient, sign_in: SignIn, at: At
) -> None:
    load_example_venues()
    account = make_account()
    registration = make_approved(account)
    assign_round("nat-112-01", "苗栗", actor=SYSTEM)
    at("2023-11-20 09:00")
    sign_in(account)

    page = client.page(f"/cases/new/recheck?registration={registration.public_id}")

    assert page.find(id="name")["value"] == "徐玉蘭"
    assert page.find(id="identity")["value"] == registration.id_number
    assert page.find(id="ticket")["value"]
    assert page.find(id="captcha") is None


def test_another_accounts_registration_fills_nothing_in(
    client: CheckingClient, sign_in: SignIn, at: At
) -> None:
    registration = make_approved(make_account())
    at("2023-11-20 09:00")
    sign_in(make_account())

    client.page(f"/cases/new/recheck?registration={registration.public_id}", status=404)


# ---- the progress query ----


@pytest.mark.requirement("W014", "W015")
def test_progress_shows_masked_mail_time_and_state_and_nothing_else(client: CheckingClient) -> None:
    case = make_case()

    page = client.send("/cases/lookup", {"number": case.number})

    rows = [row.get_text(strip=True) for row in page.select("dl dd") if row.find_parent("main")]
    assert rows == [case.number, "m***@e***.tw", "112 年 5 月 1 日（一）09:00", "已收件，等候分派"]
    for secret in ("洪美玲", "霸凌", "辱罵", "meiling"):
        assert secret not in page.get_text()


@pytest.mark.requirement("S022")
def test_progress_follows_the_case(client: CheckingClient) -> None:
    case = make_case()
    services.assign_case(case.public_id, "personnel", actor=SYSTEM)

    page = client.send("/cases/lookup", {"number": f" {case.number[:7]}-{case.number[7:]} "})

    assert "已轉交權責單位" in page.get_text()


@pytest.fixture
def captcha(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(app.extensions["settings"], captcha="image")
    monkeypatch.setitem(app.extensions, "settings", settings)


def challenge_on(page) -> str:
    return str(page.find("input", attrs={"name": "captcha-challenge"})["value"])


@pytest.mark.requirement("W011", "W014")
@pytest.mark.usefixtures("captcha")
def test_a_wrong_captcha_and_an_unknown_number_are_answered_alike(client: CheckingClient) -> None:
    known, unknown = make_case().number, "11305010099"

    def ask(number: str, *, rightly: bool) -> list[str]:
        challenge = challenge_on(client.page("/cases/lookup"))
        digits = answer_to(challenge) if rightly else "no"
        fields = {"number": number, "captcha": digits, "captcha-challenge": challenge}
        return errors_of(
            client.send("/cases/lookup", fields, status=200 if rightly and number == known else 422)
        )

    assert ask(known, rightly=True) == []
    assert ask(unknown, rightly=True) == [str(NO_SUCH_CASE)]
    assert ask(known, rightly=False) == [str(NO_SUCH_CASE)]
    assert ask(unknown, rightly=False) == [str(NO_SUCH_CASE)]


@pytest.mark.requirement("W005", "W011")
@pytest.mark.usefixtures("captcha")
def test_a_guest_answers_a_captcha_and_who_is_signed_in_does_not(
    client: CheckingClient, sign_in: SignIn
) -> None:
    challenge = challenge_on(client.page(BULLYING))
    refused = client.send(
        BULLYING, {**written(), "captcha-challenge": challenge, "captcha": "no"}, status=422
    )
    again = challenge_on(refused)
    client.send(BULLYING, {**written(), "captcha-challenge": again, "captcha": answer_to(again)})

    sign_in(make_account())
    assert client.page(BULLYING).find("input", attrs={"name": "captcha-challenge"}) is None


@pytest.mark.parametrize("typed", ["", "abc", "１２３", "' OR 1=1", "9" * 400])
def test_what_is_no_number_is_refused_with_a_sentence(typed: str, client: CheckingClient) -> None:
    page = client.send("/cases/lookup", {"number": typed}, status=422)

    assert len(errors_of(page)) == 1


# ---- one's own cases ----


def test_an_account_sees_its_own_cases_only(client: CheckingClient, sign_in: SignIn) -> None:
    mine, theirs = make_account(), make_account()
    own = make_case("complaint", account_id=mine.id)
    other = make_case("complaint", account_id=theirs.id)
    sign_in(mine)

    page = client.page("/cases/mine")

    assert own.number in page.get_text()
    assert other.number not in page.get_text()
    client.page(f"/cases/mine/{other.public_id}", status=404)
    client.page(f"/cases/mine/{other.public_id}/answer.pdf", status=404)


@pytest.mark.requirement("R158", "S028")
def test_the_answer_is_read_on_the_own_page_and_in_the_letter(
    client: CheckingClient, sign_in: SignIn, at: At
) -> None:
    at("2023-11-20 09:00")
    account = make_account()
    case = make_underway("recheck", account_id=account.id)
    sign_in(account)
    client.page(f"/cases/mine/{case.public_id}/answer.pdf", status=404)
    at("2023-12-08 10:00")
    services.report_result(
        case.public_id, Result("upheld", reply="經核對各部分分數與加總均無誤。"), actor=SYSTEM
    )

    page = client.page(f"/cases/mine/{case.public_id}")
    response = client.get(f"/cases/mine/{case.public_id}/answer.pdf")

    assert "經核對各部分分數與加總均無誤。" in page.get_text()
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.data)).pages)
    for part in ("成績複查處理結果通知", case.number, "徐玉蘭", "成績無誤", "訴願法", "113 年 1 月 7 日"):
        assert part in text, part


def test_who_is_signed_in_is_led_to_the_own_cases(client: CheckingClient, sign_in: SignIn) -> None:
    assert client.page("/cases/new").select("main a[href='/cases/mine']") == []
    sign_in(make_account())
    assert client.page("/cases/new").select("main a[href='/cases/mine']")


def test_a_visitor_is_asked_to_sign_in_for_their_cases(client: CheckingClient) -> None:
    assert client.get("/cases/mine").status_code == 303


def test_the_status_page_offers_the_recheck_and_then_shows_it(
    client: CheckingClient, sign_in: SignIn, at: At
) -> None:
    load_example_venues()
    account = make_account()
    registration = make_approved(account)
    assign_round("nat-112-01", "苗栗", actor=SYSTEM)
    sign_in(account)
    address = f"/registrations/{registration.public_id}"

    at("2023-11-17 23:59")
    assert "申請成績複查" not in client.page(address).get_text()
    at("2023-11-18 00:00")
    assert "申請成績複查" in client.page(address).get_text()
    client.send(
        f"/cases/new/recheck?registration={registration.public_id}",
        written("recheck", identity=registration.id_number),
    )
    assert only_case().registration_id == registration.id
    assert "已轉交權責單位" in client.page(address).get_text()


@pytest.mark.requirement("W009", "W010")
def test_the_form_of_a_report_counts_as_one_types_and_promises_confidence(client: CheckingClient) -> None:
    page = client.page(BULLYING)

    statement = page.select_one("textarea#statement")
    assert (statement["data-counter"], statement["maxlength"]) == ("true", "1000")
    for asked in ("服務機關、單位、職稱", "時間、地點", "人、事、物"):
        assert asked in page.select_one("#statement-hint").get_text()
    promise = page.select_one("main .notice").get_text()
    assert "保密處理並追蹤後續進度" in promise
    assert "請明確填寫各欄，才能轉交權責單位" in promise
