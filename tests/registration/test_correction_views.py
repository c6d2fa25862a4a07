"""What is put right after submission, as candidates and leaders see it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.db import db
from app.registration import queries
from app.registration.models import Registration
from app.registration.services import return_registration
from app.registration.states import AmendmentState, ReviewState
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader
from tests.factories.registrations import make_draft, make_paid
from tests.factories.seating import make_approved_group

At = Callable[[str], None]
SignIn = Callable[[Account], None]
CONTACT = {
    "mobile": "0987-654-321",
    "phone": "",
    "email": "lan@example.tw",
    "district": "苗栗縣銅鑼鄉",
    "street": "中正路34號",
}


@pytest.fixture
def account(client: CheckingClient, sign_in: SignIn) -> Account:
    account = make_account(email="yulan@example.tw")
    sign_in(account)
    return account


@pytest.fixture
def paid(account: Account) -> Registration:
    return make_paid(account)


@pytest.fixture
def returned(paid: Registration) -> Registration:
    return return_registration(paid.public_id, ["姓名與證件不符", "請補證明"], actor=SYSTEM)


def photo() -> io.BytesIO:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(drawn, "JPEG")
    return io.BytesIO(drawn.getvalue())


def where(registration: Registration, page: str = "") -> str:
    return f"/registrations/{registration.public_id}{page}"


def text(page: object) -> str:
    return page.main.get_text(" ", strip=True)


def test_the_status_page_names_what_is_missing_until_when_and_leads_there(
    client: CheckingClient, returned: Registration
) -> None:
    page = client.page(where(returned))

    assert "請在 112 年 5 月 8 日（一）23:59 前補正報名資料" in text(page)
    assert [item.get_text() for item in page.select("main .one-column li")] == ["姓名與證件不符", "請補證明"]
    assert page.select_one("main .btn-primary")["href"] == where(returned, "/correction")


def test_an_answer_with_a_photo_goes_back_to_the_review(
    client: CheckingClient, returned: Registration
) -> None:
    page = client.send(
        where(returned, "/correction"), {"answer": "姓名應為徐玉蘭", "files": [(photo(), "../../card.jpg")]}
    )

    assert "補正資料已送出" in page.get_text()
    db.session.refresh(returned)
    assert returned.review_state == ReviewState.PENDING
    assert queries.list_corrections(returned)[0].files[0].suffix == "jpg"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "請寫下說明，或上傳要補的文件"),
        ([(io.BytesIO(b"MZ program"), "card.jpg")], "只收 PDF、JPG 或 PNG"),
        ([(io.BytesIO(b"%PDF-"), f"{n}.pdf") for n in range(6)], "最多 5 個檔案"),
    ],
    ids=["nothing", "program", "six"],
)
def test_what_cannot_be_taken_is_said_on_the_same_page(
    client: CheckingClient, returned: Registration, files: list[object], sentence: str
) -> None:
    page = client.send(where(returned, "/correction"), {"answer": "", "files": files}, status=422)

    assert sentence in text(page)
    db.session.refresh(returned)
    assert returned.review_state == ReviewState.RETURNED


def test_too_late_the_page_says_that_it_is_void(
    client: CheckingClient, returned: Registration, at: At
) -> None:
    at("2023-05-09 00:00")

    assert "視同未報名" in text(client.page(where(returned)))
    assert "補正期限已過" in text(client.page(where(returned, "/correction"), status=409))


def test_without_a_notice_there_is_nothing_to_answer(client: CheckingClient, paid: Registration) -> None:
    assert "沒有需要補正" in text(client.page(where(paid, "/correction"), status=409))


@pytest.mark.requirement("R143")
def test_contact_data_are_filled_in_and_saved(client: CheckingClient, paid: Registration) -> None:
    form = client.page(where(paid, "/contact"))
    assert form.find(id="email")["value"] == "yulan@example.tw"

    page = client.send(where(paid, "/contact"), CONTACT)

    assert "聯絡方式已更新" in page.get_text()
    db.session.refresh(paid)
    assert (paid.mobile, paid.street) == ("0987654321", "中正路34號")


def test_a_wrong_phone_comes_back_with_all_that_was_typed(client: CheckingClient, paid: Registration) -> None:
    page = client.send(where(paid, "/contact"), {**CONTACT, "mobile": "12345"}, status=422)

    assert page.find(id="mobile")["value"] == "12345"
    assert page.find(id="street")["value"] == "中正路34號"


def test_a_draft_has_no_such_page(client: CheckingClient, account: Account) -> None:
    draft = make_draft(account)

    assert "直接修改報名表" in text(client.page(where(draft, "/contact"), status=409))


@pytest.mark.parametrize("page", ["/contact", "/correction", "/amendment", "/calendar.ics"])
def test_somebody_elses_registration_is_not_found(
    client: CheckingClient, account: Account, page: str
) -> None:
    assert client.get(where(make_paid(), page)).status_code == 404


def test_a_request_shows_on_the_status_page(client: CheckingClient, paid: Registration) -> None:
    page = client.send(where(paid, "/amendment"), {"cause": "mistake", "wish": "蘭誤為藍"})

    assert "更正申請處理中" in text(page)
    assert queries.find_waiting_amendment(paid).state == AmendmentState.OPEN


def test_after_the_close_the_request_is_kept_for_the_test_day(
    client: CheckingClient, paid: Registration, at: At
) -> None:
    at("2023-06-10 09:00")

    page = client.send(where(paid, "/amendment"), {"cause": "mistake", "wish": "蘭誤為藍"})

    assert "認證當天更正身分資料" in text(page)
    assert "112 年 9 月 2 日（六）" in text(page)


def test_a_request_has_to_say_what_and_why(client: CheckingClient, paid: Registration) -> None:
    page = client.send(where(paid, "/amendment"), {"wish": ""}, status=422)

    assert "請選擇哪裡錯了" in text(page)
    assert "請寫出哪一項要更正" in text(page)


def test_a_leader_changes_a_members_contact_data_and_comes_back_to_the_list(
    client: CheckingClient, sign_in: SignIn
) -> None:
    leader = make_leader()
    sign_in(leader)
    group = make_approved_group(2, leader)
    member = queries.list_registrations(leader.id)[0]
    links = [link["href"] for link in client.page(f"/groups/{group.public_id}").select(".row-links a")]
    assert where(member, "/contact") in links

    answer = client.post(where(member, "/contact"), data=CONTACT, follow_redirects=True)

    assert answer.request.path == f"/groups/{group.public_id}"
    db.session.refresh(member)
    assert member.email == "lan@example.tw"


def test_the_dates_of_a_registration_come_as_a_calendar_file(
    client: CheckingClient, paid: Registration
) -> None:
    answer = client.get(where(paid, "/calendar.ics"))

    assert answer.mimetype == "text/calendar"
    assert "DTSTART;VALUE=DATE:20230902" in answer.text
