from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from app.accounts.models import Account, Realm
from app.core.actors import SYSTEM
from app.core.db import transaction
from app.exams.choices import OfferingOrigin
from app.exams.models import Offering
from app.exams.queries import get_round
from app.registration import queries
from app.registration.services import approve_registrations
from app.registration.states import FormState
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader
from tests.factories.groups import make_group
from tests.factories.ids import make_national_id
from tests.factories.refunds import make_notice
from tests.factories.registrations import (
    FREE,
    NATIONAL_1,
    NATIONAL_2,
    make_candidate,
    make_draft,
    make_paid,
    make_submitted,
)
from tests.registration.test_forms import TYPED

At = Callable[[str], None]
MULTI = "multi-112-08"


@pytest.fixture
def account(client: CheckingClient, sign_in: Callable[[Account], None]) -> Account:
    """A candidate of the national track who is signed in."""
    account = make_account(email="yulan@example.tw")
    sign_in(account)
    return account


@pytest.fixture
def multi_account(client: CheckingClient, sign_in: Callable[[Account], None]) -> Account:
    account = make_account(realm=Realm.MULTI)
    sign_in(account)
    return account


def typed(**changes: str) -> dict[str, str]:
    return {**TYPED, "id_number": make_national_id(), **changes}


def heading(page: BeautifulSoup) -> str:
    return page.h1.get_text(strip=True)


def answer(page: BeautifulSoup) -> str:
    return page.select_one(".answer").get_text(" ", strip=True)


def problem_beside(page: BeautifulSoup, field_id: str) -> str:
    return page.find(id=f"{field_id}-error").get_text(strip=True)


def timeline(page: BeautifulSoup) -> dict[str, str]:
    items = page.select(".timeline-item")
    return {item.h2.get_text(strip=True): item.select_one(".status").get_text(strip=True) for item in items}


def test_the_list_asks_visitors_to_sign_in(client: CheckingClient) -> None:
    response = client.get("/registrations")

    assert response.status_code == 303
    assert "/login" in response.location


def test_a_leader_is_sent_away(client: CheckingClient, sign_in: Callable[[Account], None]) -> None:
    sign_in(make_leader())

    client.page("/registrations/new", status=403)


def test_an_empty_list_says_how_to_begin(client: CheckingClient, account: Account) -> None:
    page = client.page("/registrations")

    assert page.select_one(".empty-state a")["href"] == "/registrations/new"


@pytest.mark.requirement("R206", "R208", "S022")
def test_from_the_form_to_the_payment_page(client: CheckingClient, account: Account) -> None:
    form = client.page("/registrations/new")
    assert form.find(id="email")["value"] == "yulan@example.tw"

    review = client.send("/registrations/new", typed(birth_on="74/8/15"))

    assert heading(review) == "檢查並送出"
    assert "NT$250" in review.select_one(".fee-card").get_text()
    assert "112 年 5 月 7 日（日）23:59" in review.select_one(".fee-card").get_text()
    assert "1985-08-15 = 民國 74 年 8 月 15 日" in review.get_text()
    [registration] = queries.list_registrations(account.id)
    pay = client.send(f"/registrations/{registration.public_id}/submit", {})
    assert heading(pay) == "繳費"
    assert "報名資料已送出" in pay.get_text()


@pytest.mark.requirement("R079", "R208", "S021")
def test_who_is_free_is_done_after_two_pages(client: CheckingClient, account: Account) -> None:
    review = client.send("/registrations/new", typed(birth_on="93/9/2"))
    assert "免繳費" in review.select_one(".fee-card").get_text()
    [registration] = queries.list_registrations(account.id)

    page = client.send(f"/registrations/{registration.public_id}/submit", {})

    assert "報名完成，免繳報名費" in page.get_text()
    assert timeline(page)["報名表"] == "完成"
    assert timeline(page)["繳費"] == "免繳費"


def test_after_a_mistake_everything_typed_comes_back(client: CheckingClient, account: Account) -> None:
    page = client.send("/registrations/new", typed(id_number="A200000004", dialect="詔安"), status=422)

    assert page.select_one(".error-summary a")["href"] == "#id_number"
    assert "最後一碼" in problem_beside(page, "id_number")
    assert page.find(id="id_number")["value"] == "A200000004"
    assert page.find("input", {"name": "dialect", "checked": True})["value"] == "詔安"
    assert page.select_one("#district option[selected]")["value"] == "苗栗縣銅鑼鄉"
    assert page.find(id="street")["value"] == "中正路12號"


def test_a_duplicate_is_told_beside_the_number(client: CheckingClient, account: Account) -> None:
    number = make_national_id()
    draft = make_draft(account, make_candidate(id_number=number))

    page = client.send("/registrations/new", typed(id_number=number), status=422)

    assert "還沒送出的全國認證第一梯次報名表" in problem_beside(page, "id_number")
    link = page.find("a", string="打開徐玉蘭的全國認證第一梯次報名")
    assert link["href"] == f"/registrations/{draft.public_id}"


def test_the_round_asked_for_is_chosen_beforehand(client: CheckingClient, account: Account) -> None:
    page = client.page("/registrations/new?round=nat-112-02")

    assert page.find("input", {"name": "exam_round", "checked": True})["value"] == "nat-112-02"


def test_when_registration_is_closed_the_form_says_so(
    client: CheckingClient, account: Account, at: At
) -> None:
    at("2023-06-10 00:00")

    assert "截止" in client.page("/registrations/new", status=409).get_text()


@pytest.mark.requirement("R207")
def test_a_multi_candidate_chooses_the_round_first(client: CheckingClient, multi_account: Account) -> None:
    response = client.get("/registrations/new")

    assert response.location == "/rounds#multi"


@pytest.mark.requirement("R207", "R209")
def test_a_multi_draft_holds_its_place_and_says_until_when(
    client: CheckingClient, multi_account: Account
) -> None:
    page = client.page(f"/registrations/new?round={MULTI}")
    assert page.find("input", {"name": "exam_round"}) is None

    review = client.send(f"/registrations/new?round={MULTI}", typed(exam_round="", area=""))

    assert "今天 23:59 前" in answer(review)
    [registration] = queries.list_registrations(multi_account.id)
    assert registration.hold is not None


def test_a_round_of_the_other_track_is_refused(client: CheckingClient, account: Account) -> None:
    assert "分開建立" in client.page(f"/registrations/new?round={MULTI}", status=409).get_text()


@pytest.mark.requirement("R067", "R069", "R208")
def test_a_draft_is_changed_until_it_is_submitted(client: CheckingClient, account: Account) -> None:
    draft = make_draft(account)
    page = client.page(f"/registrations/{draft.public_id}/edit")
    assert page.find(id="birth_on")["value"] == "74/08/15"

    review = client.send(
        f"/registrations/{draft.public_id}/edit", typed(id_number=draft.id_number, chinese_name="徐玉梅")
    )

    assert "徐玉梅" in review.get_text()
    client.send(f"/registrations/{draft.public_id}/submit", {})
    client.page(f"/registrations/{draft.public_id}/edit", status=409)
    client.send(f"/registrations/{draft.public_id}/edit", typed(), status=409)


def test_the_review_of_a_submitted_registration_leads_to_its_status(
    client: CheckingClient, account: Account
) -> None:
    submitted = make_submitted(account)

    assert "待繳費" in client.page(f"/registrations/{submitted.public_id}/review").get_text()


def test_the_status_page_hides_the_number(client: CheckingClient, account: Account) -> None:
    registration = make_submitted(account)

    page = client.page(f"/registrations/{registration.public_id}").get_text()

    assert registration.id_number not in page
    assert f"{registration.id_number[0]}******{registration.id_number[-3:]}" in page


def test_the_ticket_is_linked_from_its_hour_on(client: CheckingClient, account: Account, at: At) -> None:
    registration = make_paid(account)
    approve_registrations([registration.public_id], actor=SYSTEM)
    at("2023-08-11 08:59:59")
    early = client.page(f"/registrations/{registration.public_id}")
    at("2023-08-11 09:00")
    open_now = client.page(f"/registrations/{registration.public_id}")

    assert "112 年 8 月 11 日（五）09:00 起開放下載" in early.get_text()
    assert early.find("a", string="下載准考證") is None
    assert open_now.find("a", string="下載准考證") is not None


def test_a_lapsed_draft_offers_to_begin_again(client: CheckingClient, multi_account: Account, at: At) -> None:
    draft = make_draft(multi_account, round_code=MULTI)
    at("2023-05-02 00:00")

    page = client.page(f"/registrations/{draft.public_id}")

    assert "當天送出" in answer(page)
    assert page.find("a", string="重新報名")["href"] == f"/registrations/new?round={MULTI}"
    assert timeline(page) == {}
    client.page(f"/registrations/{draft.public_id}/review", status=409)


def test_withdrawing_asks_first(client: CheckingClient, account: Account) -> None:
    registration = make_submitted(account)
    question = client.page(f"/registrations/{registration.public_id}/cancel")
    assert heading(question) == "要取消這份報名嗎？"
    assert registration.form_state == FormState.SUBMITTED

    page = client.send(f"/registrations/{registration.public_id}/cancel", {})

    assert "您取消了這份報名" in answer(page)


def test_a_paid_registration_shows_no_way_to_withdraw(client: CheckingClient, account: Account) -> None:
    registration = make_paid(account)

    page = client.page(f"/registrations/{registration.public_id}")

    assert page.find("a", string="取消這份報名") is None
    client.page(f"/registrations/{registration.public_id}/cancel", status=409)


def test_who_owes_nothing_has_no_payment_page(client: CheckingClient, account: Account) -> None:
    registration = make_submitted(account, make_candidate(birth_on=FREE))

    assert heading(client.page(f"/registrations/{registration.public_id}/pay")).startswith("徐玉蘭")


@pytest.mark.parametrize("page", ["", "/edit", "/review", "/pay", "/cancel"])
def test_somebody_elses_pages_do_not_exist(client: CheckingClient, account: Account, page: str) -> None:
    other = make_submitted()

    client.page(f"/registrations/{other.public_id}{page}", status=404)


def test_somebody_elses_registration_cannot_be_sent(client: CheckingClient, account: Account) -> None:
    other = make_draft()

    client.send(f"/registrations/{other.public_id}/submit", {}, status=404)
    client.send(f"/registrations/{other.public_id}/cancel", {}, status=404)


@pytest.mark.requirement("R194", "R210")
def test_what_waits_for_the_candidate_stands_first(client: CheckingClient, account: Account) -> None:
    make_submitted(account, make_candidate(chinese_name="林春生"))
    make_submitted(account, make_candidate(chinese_name="鍾曉琪", birth_on=FREE))

    page = client.page("/registrations")

    assert answer(page) == "有 1 份報名等您處理。"
    assert [card.h2.get_text(strip=True)[:3] for card in page.select(".registration")] == ["林春生", "鍾曉琪"]
    assert page.find("a", class_="btn-primary").get_text(strip=True).startswith("去繳費")


def test_the_list_asks_as_many_questions_for_twelve_as_for_two(
    client: CheckingClient, account: Account, count_queries: Callable[[], Any]
) -> None:
    def count() -> int:
        with count_queries() as queries_sent:
            client.page("/registrations")
        return len(queries_sent)

    for _ in range(2):
        make_paid(account)
    few = count()
    for _ in range(10):
        make_paid(account)

    assert count() == few


def test_an_area_that_the_round_does_not_offer_is_told_beside_it_and_nothing_typed_is_lost(
    client: CheckingClient, account: Account
) -> None:
    with transaction() as session:
        second = get_round(NATIONAL_2)
        session.add(Offering(round_id=second.id, position=99, area="金門", origin=OfferingOrigin.REGULAR))

    page = client.send("/registrations/new", typed(exam_round=NATIONAL_1, area="金門"), status=422)

    assert "沒有金門考區" in problem_beside(page, "area")
    assert page.find(id="chinese_name")["value"] == TYPED["chinese_name"]


# ---- what was typed is never lost ----


def test_when_registration_closes_meanwhile_everything_typed_comes_back(
    client: CheckingClient, account: Account, at: At
) -> None:
    draft = make_draft(account)
    at("2023-06-10 00:00")

    new = client.send("/registrations/new", typed(street="中山路99號"), status=409)
    edit = client.send(f"/registrations/{draft.public_id}/edit", typed(street="中山路99號"), status=409)

    for page in (new, edit):
        assert page.find(id="street")["value"] == "中山路99號"
        assert "截止" in page.select_one(".error-summary").get_text()


def test_a_multi_draft_sent_after_midnight_comes_back(
    client: CheckingClient, multi_account: Account, at: At
) -> None:
    draft = make_draft(multi_account, round_code=MULTI)
    at("2023-05-02 00:00")

    page = client.send(f"/registrations/{draft.public_id}/edit", typed(street="中山路99號"), status=409)

    assert page.find(id="street")["value"] == "中山路99號"
    assert "當天送出" in page.select_one(".error-summary").get_text()


def test_who_was_signed_out_while_typing_gets_it_back_to_send_again(
    client: CheckingClient, app: Flask
) -> None:
    own = {"Origin": "http://localhost"}

    response = client.post("/registrations/new?round=nat-112-02", data=typed(), headers=own)

    page = BeautifulSoup(response.get_data(as_text=True), "html5lib")
    assert (response.status_code, response.headers["Cache-Control"]) == (400, "no-store")
    assert "登出或登入逾時" in answer(page)
    assert page.find("a", href="/login", target="_blank") is not None
    again = page.find("form", action="/registrations/new?round=nat-112-02")
    assert again.find("input", {"name": "street"})["value"] == TYPED["street"]


def test_a_form_with_a_stale_token_is_offered_again_but_not_to_another_site(
    client: CheckingClient, account: Account, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    def street(origin: str) -> Any:
        response = client.post("/registrations/new", data=typed(), headers={"Origin": origin})
        assert response.status_code == 400
        return BeautifulSoup(response.get_data(as_text=True), "html5lib").find("input", {"name": "street"})

    assert street("http://localhost")["value"] == TYPED["street"]
    assert street("https://evil.example") is None
    assert street("http://localhost.evil.example") is None


# ---- full areas ----


def set_capacity(area: str, places: int) -> None:
    with transaction() as session:
        session.execute(sa.update(Offering).where(Offering.area == area).values(capacity=places))


def test_a_full_area_is_marked_and_cannot_be_chosen(client: CheckingClient, account: Account) -> None:
    set_capacity("苗栗", 0)

    page = client.page("/registrations/new")
    refused = client.send("/registrations/new", typed(area="苗栗"), status=422)

    [option] = page.select('#area option[value="苗栗"]')
    assert option.get_text() == "苗栗（額滿）"
    assert option.has_attr("disabled")
    assert not page.select_one('#area option[value="臺北"]').has_attr("disabled")
    assert "名額已滿" in problem_beside(refused, "area")


def test_ones_own_held_place_does_not_make_the_area_full(
    client: CheckingClient, multi_account: Account
) -> None:
    set_capacity("苗栗", 1)
    draft = make_draft(multi_account, round_code=MULTI)

    assert "額滿" not in client.page(f"/registrations/{draft.public_id}/edit").get_text()


def test_a_submission_into_a_full_area_says_how_to_go_back(client: CheckingClient, account: Account) -> None:
    draft = make_draft(account)
    set_capacity("苗栗", 0)

    page = client.send(f"/registrations/{draft.public_id}/submit", {}, status=409)

    assert "名額已滿" in page.select_one(".notice-overdue").get_text()
    assert page.find("a", string="返回修改")["href"] == f"/registrations/{draft.public_id}/edit"


# ---- too late to pay ----


def test_who_is_too_late_to_pay_is_led_to_a_new_registration(
    client: CheckingClient, account: Account, at: At
) -> None:
    candidate = make_candidate()
    overdue = make_submitted(account, candidate)  # payable to 7 May
    at("2023-05-08 00:00")
    cancel = f"/registrations/{overdue.public_id}/cancel"
    assert "都處理好了" not in answer(client.page("/registrations"))
    assert (
        client.page(f"/registrations/{overdue.public_id}").find("a", string="取消這份報名")["href"] == cancel
    )
    assert (
        client.page(f"/registrations/{overdue.public_id}/pay").find("a", string="取消這筆報名")["href"]
        == cancel
    )

    page = client.send(cancel, {})

    assert page.find("a", string="重新報名") is not None
    assert make_draft(account, candidate).form_state == FormState.DRAFT


def test_too_late_to_pay_and_to_register_is_said_plainly(
    client: CheckingClient, account: Account, at: At
) -> None:
    at("2023-06-09 12:00")
    overdue = make_submitted(account)  # payable to 15 June
    at("2023-06-16 00:00")

    page = client.page(f"/registrations/{overdue.public_id}/pay")

    assert "報名已在 112 年 6 月 9 日（五）截止，不能重新報名" in page.get_text()
    assert page.find("a", string="取消這筆報名") is None


def test_a_refusal_shows_the_way_to_the_own_list(client: CheckingClient, account: Account, at: At) -> None:
    at("2023-06-10 00:00")

    page = client.page("/registrations/new", status=409)

    assert "今年的報名已經全部截止" in page.get_text()
    assert page.select_one(".error-page").find("a", string="我的報名")["href"] == "/registrations"


@pytest.mark.requirement("R207", "R210")
def test_one_account_registers_several_people_for_one_round(app: object) -> None:
    account = make_account(realm=Realm.MULTI)

    for _person in range(2):
        make_draft(account, round_code="multi-112-07", area="屏東")

    assert len(queries.list_registrations(account.id)) == 2


@pytest.mark.requirement("R207")
def test_one_account_registers_one_person_for_several_multi_rounds(app: object) -> None:
    account, candidate = make_account(realm=Realm.MULTI), make_candidate()

    for code, area in (("multi-112-07", "屏東"), ("multi-112-08", "苗栗")):
        make_draft(account, candidate, round_code=code, area=area)

    assert {each.round_id for each in queries.list_registrations(account.id)} == {
        get_round("multi-112-07").id,
        get_round("multi-112-08").id,
    }


# ---- what the pages lead to ----


@pytest.mark.requirement("R053")
def test_one_area_is_chosen_from_the_sixteen_in_the_brochures_order(
    client: CheckingClient, account: Account
) -> None:
    select = client.page("/registrations/new").select_one("select#area")

    areas = "基隆 臺北 宜蘭 桃園 新竹 苗栗 臺中 彰化 南投 雲林 嘉義 臺南 高雄 屏東 花蓮 臺東"
    assert not select.has_attr("multiple")
    assert [option["value"] for option in select.select("option") if option["value"]] == areas.split()


@pytest.mark.requirement("R211")
def test_the_status_page_leads_to_calendar_and_materials(client: CheckingClient, account: Account) -> None:
    registration = make_paid(account)

    page = client.page(f"/registrations/{registration.public_id}")

    calendar = page.find("a", string="將重要期程加入 Google 行事曆")["href"]
    assert calendar.startswith("https://calendar.google.com/")
    assert "20230902" in calendar
    assert page.find("a", string="教材下載")["href"] == "/downloads"


@pytest.mark.requirement("R236", "R237")
def test_the_form_helps_with_the_spelling_of_a_name_and_the_two_calendars(
    client: CheckingClient, account: Account
) -> None:
    page = client.page("/registrations/new")

    assert "西元年 = 民國年 + 1911" in page.select_one("#birth_on-hint").get_text()
    assert page.select_one("#birth_on")["data-both-calendars"] == "true"
    assert page.find("a", href=lambda href: href and href.startswith("https://www.boca.gov.tw/"))


@pytest.mark.requirement("R201")
def test_each_page_of_the_way_marks_the_step_one_is_at(
    client: CheckingClient, account: Account, sign_in: Callable[[Account], None]
) -> None:
    draft, unpaid = make_draft(account), make_submitted(account)
    free = make_submitted(account, make_candidate(birth_on=FREE))
    leader = make_leader()
    group = make_group(leader)

    def steps(*paths: str) -> list[str]:
        summaries = [client.page(path).select_one(".steps-fold summary").get_text() for path in paths]
        return [" ".join(summary.split()) for summary in summaries]

    assert steps(
        "/registrations/new",
        f"/registrations/{draft.public_id}/edit",
        f"/registrations/{draft.public_id}/review",
        f"/registrations/{unpaid.public_id}/pay",
        f"/registrations/{free.public_id}",
    ) == [
        "第 3 步，共 4 步：填寫考生資料",
        "第 3 步，共 4 步：填寫考生資料",
        "第 4 步，共 4 步：確認與繳費",
        "第 4 步，共 4 步：確認與繳費",
        "4 步都完成了",
    ]
    sign_in(leader)
    assert steps("/groups/new", f"/groups/{group.public_id}/members/new") == [
        "第 3 步，共 5 步：建立與管理團體",
        "第 4 步，共 5 步：填寫考生資料",
    ]
    client.post("/logout")
    assert steps("/national/signup", "/national/login") == ["第 1 步，共 4 步：建立帳號"] * 2


@pytest.mark.requirement("R176")
def test_a_postponement_stands_on_top_of_the_status_page_until_there_is_a_score(
    client: CheckingClient, account: Account, at: At
) -> None:
    registration = make_paid(account)
    make_notice()

    notice = client.page(f"/registrations/{registration.public_id}").select_one(".notice")
    assert "因颱風來襲，認證延期" in notice.get_text()
    assert "改到 112 年 9 月 23 日（六）舉行" in notice.get_text()

    at("2023-11-17 09:00")
    assert client.page(f"/registrations/{registration.public_id}").select_one(".notice") is None
