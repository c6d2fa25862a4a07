"""The review desk: the queue, a case, and what is decided about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.identity import mask_id
from app.exams.choices import Dialect
from app.registration.models import Registration
from app.registration.services import approve_registrations
from app.registration.states import ReviewState
from tests.client import CheckingClient
from tests.factories.registrations import (
    FREE,
    NATIONAL_2,
    make_candidate,
    make_draft,
    make_paid,
    make_submitted,
)
from tests.mailbox import Mailbox

pytestmark = pytest.mark.usefixtures("staff")
QUEUE = "/admin/review/"


def make_waiting(name: str = "徐玉蘭", **where: Any) -> Registration:
    """Return a complete registration of somebody who pays nothing."""
    return make_submitted(None, make_candidate(chinese_name=name, birth_on=FREE), **where)


def names_in(page: Any) -> list[str]:
    return [link.get_text() for link in page.select("a[data-queue-link]")]


def review_state(registration: Registration) -> ReviewState:
    db.session.expire_all()
    return db.session.get_one(Registration, registration.id).review_state


def actions_on(registration: Registration) -> list[str]:
    query = sa.select(AuditEntry.action).where(AuditEntry.subject_id == registration.public_id)
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


# ---- the queue ----


@pytest.mark.requirement("R213")
def test_the_queue_holds_complete_registrations_in_the_order_of_submission(
    client: CheckingClient, at: Callable[[str], None]
) -> None:
    at("2023-05-02 09:00")
    make_waiting("黃信雄")
    at("2023-05-01 09:00")
    make_waiting("徐玉蘭")
    make_submitted()  # not paid yet

    page = client.page(QUEUE)

    assert names_in(page) == ["徐○蘭", "黃○雄"]


@pytest.mark.requirement("S023")
def test_persons_in_the_queue_are_masked(client: CheckingClient) -> None:
    registration = make_waiting("徐玉蘭")

    text = client.get(QUEUE).get_data(as_text=True)

    assert mask_id(registration.id_number) in text
    assert registration.id_number not in text
    assert "徐玉蘭" not in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["徐○蘭", "黃○雄"]),
        ("?round=nat-112-02", ["黃○雄"]),
        ("?area=苗栗", ["徐○蘭"]),
        ("?kind=individual", ["徐○蘭", "黃○雄"]),
        ("?kind=group", []),
        ("?state=approved", ["邱○珠"]),
        ("?state=nonsense&kind=nonsense&page=99", ["徐○蘭", "黃○雄"]),
    ],
)
def test_the_address_holds_the_filter(client: CheckingClient, query: str, expected: list[str]) -> None:
    make_waiting("徐玉蘭", area="苗栗")
    make_waiting("黃信雄", area="桃園", round_code=NATIONAL_2)
    approve_one("邱美珠")

    assert names_in(client.page(QUEUE + query)) == expected


def approve_one(name: str) -> Registration:
    registration = make_waiting(name)
    approve_registrations([registration.public_id], actor=SYSTEM)
    return registration


def test_each_chip_counts_what_the_other_filters_leave(client: CheckingClient) -> None:
    make_waiting(area="苗栗")
    make_waiting(area="桃園")
    make_waiting(area="桃園", round_code=NATIONAL_2)

    page = client.page(f"{QUEUE}?area=桃園")

    chips = [chip.get_text(" ", strip=True) for chip in page.select(".chip")]
    assert "全國認證第一梯次 1" in chips
    assert "苗栗 1" in chips
    assert "桃園 2" in chips
    assert page.select_one('nav[aria-label="考區"] [aria-current]').get_text(" ", strip=True) == "桃園 2"


def test_an_empty_queue_says_how_something_gets_there(client: CheckingClient) -> None:
    page = client.page(QUEUE)

    assert "會排進這個列表" in page.select_one(".empty-state").get_text()


def test_the_number_of_queries_of_the_queue_does_not_grow(
    client: CheckingClient, count_queries: Callable[[], Any]
) -> None:
    make_paid()
    client.page(QUEUE)
    with count_queries() as few:
        client.page(QUEUE)
    for _ in range(4):
        make_paid()

    with count_queries() as many:
        client.page(QUEUE)

    assert len(many) == len(few) < 10


# ---- one case ----


def test_a_case_is_masked_and_the_look_is_on_record(client: CheckingClient, staff: Account) -> None:
    registration = make_waiting("徐玉蘭")

    text = client.get(QUEUE + registration.public_id).get_data(as_text=True)

    for hidden in ("徐玉蘭", registration.id_number, "2004", "0912345678", "yulan@", "中正路", "徐春梅"):
        assert hidden not in text
    [look] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "registration.view"))
    assert look.subject_id == registration.public_id
    assert look.actor_account_id == staff.id


@pytest.mark.requirement("P007")
def test_background_occupation_and_education_are_never_shown(client: CheckingClient) -> None:
    """P007: they must not influence a review."""
    registration = make_waiting()

    shown = client.get(QUEUE + registration.public_id).get_data(as_text=True)
    shown += unmask(client, registration).get_data(as_text=True)

    for secret in (registration.background, registration.occupation, registration.education):
        assert secret.value not in shown


def unmask(client: CheckingClient, registration: Registration, **fields: str) -> Any:
    fields = fields or {"reason": "call"}
    return client.post(f"{QUEUE}{registration.public_id}/unmask", data=fields)


def test_a_person_is_shown_in_full_for_a_reason_that_is_kept(client: CheckingClient, staff: Account) -> None:
    registration = make_waiting("徐玉蘭")

    page = unmask(client, registration, reason="other", note="公文查詢").get_data(as_text=True)

    assert "徐玉蘭" in page
    assert registration.id_number in page
    [look] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "registration.unmask"))
    assert (look.actor_account_id, look.details) == (staff.id, {"reason": "other: 公文查詢"})


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"note": ""}, "請選擇理由，查看會留下紀錄"),
        ({"reason": "other", "note": " "}, "請說明為什麼需要看完整資料"),
        ({"reason": "call", "note": "字" * 81}, "請寫在 80 個字以內"),
    ],
)
def test_without_a_reason_nobody_is_shown_in_full(
    client: CheckingClient, fields: dict[str, str], sentence: str
) -> None:
    registration = make_waiting("徐玉蘭")

    response = unmask(client, registration, **fields)

    assert response.status_code == 422
    assert sentence in response.get_data(as_text=True)
    assert registration.id_number not in response.get_data(as_text=True)
    assert "registration.unmask" not in actions_on(registration)


@pytest.mark.requirement("R253", "P008")
def test_the_review_never_sees_why_special_arrangements_are_asked_for(client: CheckingClient) -> None:
    registration = make_submitted(None, make_candidate(birth_on=FREE, accommodation="輪椅座位"))

    masked = client.get(QUEUE + registration.public_id).get_data(as_text=True)

    assert "輪椅座位" not in masked
    assert "由特殊需求的承辦人另行審核" in masked
    assert "輪椅座位" not in unmask(client, registration).get_data(as_text=True)


def test_a_case_that_is_not_complete_says_so_and_offers_no_decision(client: CheckingClient) -> None:
    registration = make_submitted()

    page = client.page(QUEUE + registration.public_id)

    assert "報名表或繳費尚未完成" in page.select_one(".notice").get_text()
    assert page.select_one(".decision-bar button") is None


def test_a_draft_can_be_looked_at_but_not_decided(client: CheckingClient) -> None:
    make_waiting()
    draft = make_draft()

    page = client.page(QUEUE + draft.public_id)

    assert page.select_one(".decision-bar button") is None
    assert "填寫中" in page.select_one(".case-columns").get_text()


def test_a_case_that_does_not_exist_is_not_found(client: CheckingClient) -> None:
    client.page(QUEUE + "a" * 22, status=404)


# ---- decisions ----


def test_approving_goes_on_to_the_next_case_of_the_same_filter(client: CheckingClient) -> None:
    first = make_waiting("徐玉蘭", area="苗栗")
    make_waiting("黃信雄", area="桃園")
    make_waiting("邱美珠", area="苗栗")

    page = client.send(f"{QUEUE}{first.public_id}/approve?area=苗栗", {})

    assert page.h1.get_text() == "邱○珠"
    assert "已通過 徐○蘭 的報名。" in page.select_one(".notice-done").get_text()
    assert review_state(first) == ReviewState.APPROVED


def test_after_the_last_case_the_queue_is_shown(client: CheckingClient) -> None:
    registration = make_waiting()

    page = client.send(f"{QUEUE}{registration.public_id}/approve", {})

    assert page.h1.get_text() == "資格審查"


def test_what_is_not_paid_cannot_be_approved(client: CheckingClient) -> None:
    registration = make_submitted()

    page = client.send(f"{QUEUE}{registration.public_id}/approve", {})

    assert "報名表或繳費尚未完成" in page.select_one(".notice-overdue").get_text()
    assert review_state(registration) == ReviewState.PENDING


def test_chosen_registrations_are_approved_after_one_more_question(client: CheckingClient) -> None:
    picked = [make_paid(), make_waiting("黃信雄")]
    left = make_waiting("邱美珠")
    fields = {"picked": [each.public_id for each in picked]}

    question = client.send(f"{QUEUE}approve", fields)

    assert question.h1.get_text() == "要通過這 2 份報名嗎？"
    assert "徐○蘭、黃○雄" in question.select_one(".summary").get_text()
    assert review_state(picked[0]) == ReviewState.PENDING

    page = client.send(f"{QUEUE}approve", fields | {"confirmed": "yes"})

    assert "已通過 2 份報名。" in page.select_one(".notice-done").get_text()
    assert [review_state(each) for each in (*picked, left)] == [
        ReviewState.APPROVED,
        ReviewState.APPROVED,
        ReviewState.PENDING,
    ]


def test_choosing_nothing_changes_nothing_and_says_what_to_do(client: CheckingClient) -> None:
    registration = make_waiting()

    page = client.send(f"{QUEUE}approve", {"confirmed": "yes"})

    assert "請先勾選" in page.select_one(".notice-attention").get_text()
    assert review_state(registration) == ReviewState.PENDING


def test_one_that_cannot_be_approved_keeps_all_of_them_back(client: CheckingClient) -> None:
    ready, unpaid = make_waiting(), make_submitted()

    page = client.send(f"{QUEUE}approve", {"picked": [ready.public_id, unpaid.public_id], "confirmed": "yes"})

    assert page.select_one(".notice-overdue") is not None
    assert review_state(ready) == ReviewState.PENDING


@pytest.mark.requirement("S003")
def test_what_is_missing_is_mailed_all_at_once(client: CheckingClient, mailbox: Mailbox) -> None:
    """S003: tell once, tell everything."""
    registration = make_waiting()
    fields = {"identity": "y", "address": "y", "other": "請補寄監護人同意書\n\n請填寫切結書"}

    client.send(f"{QUEUE}{registration.public_id}/return", fields)

    assert review_state(registration) == ReviewState.RETURNED
    text = mailbox.last().text
    for sentence in ("證號與證件不符", "通訊地址不完整", "請補寄監護人同意書", "請填寫切結書"):
        assert f"・{sentence}" in text
    assert "姓名與證件不符" not in text


def test_a_registration_is_not_returned_without_saying_what_is_missing(client: CheckingClient) -> None:
    registration = make_waiting()

    page = client.send(f"{QUEUE}{registration.public_id}/return", {"other": "  "}, status=422)

    assert "請至少勾選一項" in page.select_one(".error-summary").get_text()
    assert review_state(registration) == ReviewState.PENDING


def test_a_returned_registration_can_be_approved_but_not_returned_again(client: CheckingClient) -> None:
    registration = make_waiting()
    client.send(f"{QUEUE}{registration.public_id}/return", {"name": "y"})

    page = client.page(QUEUE + registration.public_id)

    assert page.select_one(".decision-bar button").get_text() == "通過"
    assert page.find("a", string="退回補正") is None
    client.send(f"{QUEUE}{registration.public_id}/return", {"name": "y"}, status=409)
    client.send(f"{QUEUE}{registration.public_id}/approve", {})
    assert review_state(registration) == ReviewState.APPROVED


def test_the_history_names_who_did_what(client: CheckingClient, staff: Account) -> None:
    registration = make_waiting()
    client.send(f"{QUEUE}{registration.public_id}/return", {"address": "y"})

    history = client.page(QUEUE + registration.public_id).select_one(".history").get_text()

    for part in ("建立報名", "送出報名", "退回補正", "通訊地址不完整", staff.email):
        assert part in history


def test_the_queue_beside_a_case_shows_its_neighbours(client: CheckingClient) -> None:
    names = ["徐玉蘭", "黃信雄", "邱美珠"]
    cases = [make_waiting(name) for name in names]

    page = client.page(QUEUE + cases[1].public_id)

    assert [span.get_text() for span in page.select(".queue a span")] == ["徐○蘭", "黃○雄", "邱○珠"]
    assert page.select_one(".queue [aria-current]").span.get_text() == "黃○雄"
    assert page.find("a", rel="next")["href"].endswith(cases[2].public_id)
    assert page.find("a", rel="prev")["href"].endswith(cases[0].public_id)


def test_the_dialect_and_the_area_are_told(client: CheckingClient) -> None:
    candidate = make_candidate(birth_on=FREE, dialect=Dialect.ZHAOAN)
    registration = make_submitted(None, candidate, area="雲林")

    where = client.page(QUEUE + registration.public_id).select_one(".case-where").get_text(" ", strip=True)

    assert where == "全國認證第一梯次 雲林考區 詔安腔 個人報名"
