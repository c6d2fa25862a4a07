import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from app.accounts.models import Account, Realm
from app.core.actors import SYSTEM
from app.core.db import db
from app.core.spreadsheets import read_workbook
from app.groups import queries
from app.groups.sheets.columns import COLUMNS
from app.groups.states import GroupKind, GroupState
from app.registration.choices import MailTo
from app.registration.services import approve_registrations
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader
from tests.factories.groups import (
    LEADER,
    SAMPLES,
    SCHOOL,
    fill,
    import_pupils,
    make_group,
    make_submitted_group,
    pay_group,
)
from tests.factories.ids import make_national_id
from tests.factories.registrations import make_candidate, make_submitted

At = Callable[[str], None]
PUPILS = SAMPLES / "group_38_pupils.xlsx"
MISTAKES = SAMPLES / "group_38_pupils_with_mistakes.xlsx"
GROUP_FIELDS = {
    "exam_round": "nat-112-01",
    "area": "臺北",
    "kind": "school",
    "name": SCHOOL,
    "leader_name": "鍾美珍",
    "leader_phone": "02-2503-1234#12",
    "leader_email": "teacher@school.tw",
    "district": "臺北市中山區",
    "street": "長安東路二段15號",
}
MEMBER_FIELDS = {
    "dialect": "海陸",
    "nationality": "national",
    "chinese_name": "范姜宇軒",
    "birth_on": "100/9/2",
    "mobile": "0912-345-678",
    "email_from_leader": "y",
    "address_from_leader": "y",
    "emergency_from_leader": "y",
    "materials_to": "leader",
    "ticket": "print",
    "ticket_to": "leader",
    "score_to": "leader",
    "background": "其他",
    "occupation": "學生",
    "education": "小學(含)以下",
}


@pytest.fixture
def leader(sign_in: Callable[[Account], None]) -> Account:
    account = make_leader()
    sign_in(account)
    return account


def _text(page: BeautifulSoup, selector: str = "main") -> str:
    element = page.select_one(selector)
    assert element is not None, selector
    return " ".join(element.get_text(" ", strip=True).split())


def _rows(page: BeautifulSoup, caption: str) -> list[list[str]]:
    [table] = [t for t in page.find_all("table") if t.caption.get_text(strip=True) == caption]
    return [
        [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.find_all(["th", "td"])]
        for row in table.tbody.find_all("tr")
    ]


# ---- who may come in ----


@pytest.mark.parametrize(
    "path",
    ["", "/edit", "/import", "/template.xlsx", "/members/new", "/submit", "/pay", "/cancel"],
)
def test_somebody_elses_group_is_not_found(client: CheckingClient, leader: Account, path: str) -> None:
    other = make_group()

    assert client.get(f"/groups/{other.public_id}{path}").status_code == 404


@pytest.mark.usefixtures("app")
def test_visitors_sign_in_first_and_candidates_are_turned_away(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    assert client.get("/groups").location.startswith("/login")

    sign_in(make_account())
    assert client.get("/groups").status_code == 403


# ---- making a group ----


@pytest.mark.usefixtures("leader")
def test_an_empty_table_says_how_to_begin(client: CheckingClient) -> None:
    page = client.page("/groups")

    assert "還沒有團體" in _text(page)
    assert page.find("a", href="/groups/new", string="建立團體") is not None


def test_a_leader_makes_a_group_and_lands_on_it(client: CheckingClient, leader: Account) -> None:
    page = client.send("/groups/new", GROUP_FIELDS)

    [group] = queries.list_groups(leader.id)
    assert _text(page, "h1") == SCHOOL
    assert (group.kind, group.offering.area, group.leader) == (GroupKind.SCHOOL, "臺北", LEADER)


@pytest.mark.usefixtures("leader")
def test_after_a_mistake_everything_typed_comes_back(client: CheckingClient) -> None:
    page = client.send("/groups/new", {**GROUP_FIELDS, "leader_phone": "12", "name": ""}, status=422)

    assert "請填寫團體名稱" in _text(page, ".error-summary")
    assert page.find(id="leader_phone")["value"] == "12"
    assert page.find(id="leader_name")["value"] == "鍾美珍"
    assert page.find("input", {"name": "kind", "value": "school"}).has_attr("checked")


@pytest.mark.usefixtures("leader")
def test_after_the_close_the_form_says_so(client: CheckingClient, at: At) -> None:
    at("2023-06-10 00:00")

    assert "截止" in _text(client.page("/groups/new", status=409))


@pytest.mark.requirement("R218", "R220")
def test_a_multi_leader_names_the_places(client: CheckingClient, sign_in: Callable[[Account], None]) -> None:
    account = make_leader(realm=Realm.MULTI)
    sign_in(account)
    fields = {**GROUP_FIELDS, "exam_round": "multi-112-07", "area": "屏東"}

    page = client.send("/groups/new?round=multi-112-07", {**fields, "places": ""}, status=422)
    assert "請填寫預定人數" in _text(page, ".error-summary")
    client.send("/groups/new?round=multi-112-07", {**fields, "places": "３８"})

    [group] = queries.list_groups(account.id)
    assert group.hold is not None
    assert group.hold.places == 38
    assert _rows(client.page("/groups"), "我的團體")[0][3] == "38"


@pytest.mark.requirement("R218")
def test_a_multi_leader_chooses_the_round_first(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    sign_in(make_leader(realm=Realm.MULTI))

    assert client.get("/groups/new").location == "/rounds#multi"
    assert client.get("/groups/new?round=nat-112-01").status_code == 409


@pytest.mark.requirement("R071", "R215")
def test_a_group_is_changed_but_not_its_area(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)

    client.send(f"/groups/{group.public_id}/edit", {**GROUP_FIELDS, "name": "中山國小六年級", "area": "苗栗"})

    db.session.expire_all()
    changed = queries.get_group(group.public_id, leader.id)
    assert (changed.name, changed.offering.area) == ("中山國小六年級", "臺北")


# ---- the sheet ----


@pytest.mark.requirement("R228")
def test_the_template_is_the_groups_own(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)

    response = client.get(f"/groups/{group.public_id}/template.xlsx")

    assert response.headers["Content-Disposition"].startswith("attachment")
    mark = read_workbook(response.data).find_sheet("版本")
    assert mark is not None
    assert mark.rows[0].cells[0] == "hakka-members/1|112|nat-112-01|臺北"


# ---- members ----


@pytest.mark.requirement("R241", "R242", "R243", "R244", "Q18")
def test_a_member_who_takes_everything_over_has_the_leaders_data(
    client: CheckingClient, leader: Account
) -> None:
    group = make_group(leader)
    number = make_national_id()

    page = client.send(f"/groups/{group.public_id}/members/new", {**MEMBER_FIELDS, "id_number": number})

    [member] = queries.list_members(group)
    assert "已新增 范姜宇軒" in _text(page)
    assert (member.email, member.street, member.zip_code) == (LEADER.email, LEADER.street, "104")
    assert (member.emergency_name, member.emergency_relation) == (LEADER.name, "團報負責人")
    assert {member.materials_to, member.ticket_to, member.score_to} == {MailTo.LEADER}
    assert number not in _text(page)


@pytest.mark.requirement("R242", "R243", "R244", "Q18")
def test_a_member_with_own_data_keeps_them(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)
    own = {
        "email_from_leader": None,
        "email": "own@example.tw",
        "address_from_leader": None,
        "district": "苗栗縣銅鑼鄉",
        "street": "中正路12號",
        "score_to": "self",
    }
    fields = {k: v for k, v in {**MEMBER_FIELDS, **own}.items() if v is not None}

    client.send(f"/groups/{group.public_id}/members/new", {**fields, "id_number": make_national_id()})

    [member] = queries.list_members(group)
    assert (member.email, member.district, member.score_to) == ("own@example.tw", "銅鑼鄉", MailTo.SELF)


def test_a_member_without_own_address_is_asked_for_one(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)
    fields = {name: value for name, value in MEMBER_FIELDS.items() if name != "address_from_leader"}

    page = client.send(
        f"/groups/{group.public_id}/members/new", {**fields, "id_number": make_national_id()}, status=422
    )

    assert "請選擇縣市與鄉鎮市區" in _text(page, ".error-summary")
    assert queries.count_members(group) == 0


def test_a_person_registered_elsewhere_is_refused_on_the_number(
    client: CheckingClient, leader: Account
) -> None:
    number = make_national_id()
    make_submitted(candidate=make_candidate(id_number=number))

    page = client.send(
        f"/groups/{make_group(leader).public_id}/members/new",
        {**MEMBER_FIELDS, "id_number": number},
        status=422,
    )

    assert "洽總試務中心" in _text(page, "#id_number-error")


def test_the_form_of_a_member_shows_what_was_filled_in(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)
    import_pupils(group, PUPILS.read_bytes())
    taking, own = queries.list_members(group)[:2]

    first = client.page(f"/groups/{group.public_id}/members/{taking.public_id}/edit")
    second = client.page(f"/groups/{group.public_id}/members/{own.public_id}/edit")

    assert first.find(id="chinese_name")["value"] == "黃𠊎堃"
    assert first.find(id="address_from_leader").has_attr("checked")
    assert not second.find(id="address_from_leader").has_attr("checked")
    assert second.find("input", {"name": "materials_to", "value": "self"}).has_attr("checked")


def test_a_member_is_removed_after_a_question(client: CheckingClient, leader: Account) -> None:
    group = fill(make_group(leader), free=2)
    member = queries.list_members(group)[0]
    path = f"/groups/{group.public_id}/members/{member.public_id}/remove"

    page = client.page(path)
    assert "要從名單移除這位考生嗎" in _text(page, "h1")
    assert queries.count_members(group) == 2
    client.send(path, {})

    assert queries.count_members(group) == 1
    assert client.post(path).status_code == 404


# ---- submission, payment, status ----


@pytest.mark.requirement("R220", "R221", "R222")
def test_the_table_refuses_a_group_below_its_minimum(client: CheckingClient, leader: Account) -> None:
    group = fill(make_group(leader), free=3)

    [row] = _rows(client.page("/groups"), "我的團體")

    assert row[:5] == [SCHOOL, "全國認證第一梯次", "臺北", "3", "0"]
    assert "團體報名至少需有 4 人，還差 1 人" in row[5]
    assert "核對並送出" not in row[6]
    assert "至少需有 4 人" in _text(client.page(f"/groups/{group.public_id}/submit", status=409))


@pytest.mark.requirement("R224")
def test_before_submission_the_leader_checks_level_dialects_and_fee(
    client: CheckingClient, leader: Account
) -> None:
    group = make_group(leader)
    import_pupils(group, PUPILS.read_bytes())

    text = _text(client.page(f"/groups/{group.public_id}/submit"))

    for said in (
        "基礎級暨初級",
        SCHOOL,
        "NT$250",
        "需繳費 1 人、免繳費 37 人",
        "需繳費的考生：廖承翰",
        "112 年 5 月 7 日（日）23:59",
        "四縣 18 人、海陸 8 人、大埔 4 人、饒平 4 人、詔安 4 人",
        "寄發 1 人、自行下載列印 37 人",
        "送出後名單不能增減",
    ):
        assert said in text


@pytest.mark.requirement("R226")
def test_submitting_leads_to_the_payment_of_the_whole_group(client: CheckingClient, leader: Account) -> None:
    group = fill(make_group(leader), paying=1, free=3)

    page = client.send(f"/groups/{group.public_id}/submit", {})

    assert "NT$250" in _text(page)
    assert SCHOOL in _text(page)
    db.session.expire_all()
    assert queries.get_group(group.public_id, leader.id).state == GroupState.SUBMITTED


@pytest.mark.requirement("R079", "R227")
def test_a_free_group_skips_the_payment(client: CheckingClient, leader: Account) -> None:
    group = fill(make_group(leader), free=4)

    page = client.send(f"/groups/{group.public_id}/submit", {})

    assert "團體報名完成，全部免繳報名費" in _text(page)
    assert client.get(f"/groups/{group.public_id}/pay").location == f"/groups/{group.public_id}"
    assert "免繳費" in _text(page, ".timeline")


@pytest.mark.requirement("R067", "R069", "R225", "R221")
def test_a_submitted_group_offers_nothing_to_change(client: CheckingClient, leader: Account) -> None:
    group = make_submitted_group(leader)
    member = queries.list_members(group)[0]
    base = f"/groups/{group.public_id}"

    page = client.page(base)

    assert not [a["href"] for a in page.select("main a") if "/members/" in a["href"] or "/edit" in a["href"]]
    assert page.select_one("input[type=file]") is None
    for path in ("/edit", "/import", "/members/new", f"/members/{member.public_id}/edit"):
        assert client.get(base + path).status_code == 409
    assert client.post(f"{base}/members/{member.public_id}/remove").status_code == 409


@pytest.mark.requirement("R227")
def test_the_status_follows_payment_review_and_ticket(
    client: CheckingClient, leader: Account, at: At
) -> None:
    group = make_submitted_group(leader)
    base = f"/groups/{group.public_id}"
    assert "待繳費" in _text(client.page(base), ".group-tag")

    pay_group(group)
    assert "已繳費，資料審核中" in _text(client.page(base), ".group-tag")
    assert "待審" in _rows(client.page(base), "考生名單")[0][-2]

    approve_registrations([member.public_id for member in queries.list_members(group)], actor=SYSTEM)
    assert "報名完成" in _text(client.page(base), ".group-tag")
    assert client.page(base).find("a", href=f"{base}/tickets.pdf") is None

    at("2023-08-11 09:00")
    assert client.page(base).find("a", href=f"{base}/tickets.pdf") is not None


def test_a_group_is_withdrawn_after_a_question(client: CheckingClient, leader: Account) -> None:
    group = make_submitted_group(leader)

    assert SCHOOL in _text(client.page(f"/groups/{group.public_id}/cancel"))
    page = client.send(f"/groups/{group.public_id}/cancel", {})

    assert "已取消" in _text(page, ".group-tag")


# ---- as many queries for many as for few ----


def test_the_pages_ask_as_much_for_many_as_for_few(
    client: CheckingClient, leader: Account, count_queries: Callable[[], Any]
) -> None:
    make_submitted_group(leader)
    first = fill(make_group(leader), free=1)

    def asked(path: str) -> int:
        with count_queries() as sent:
            client.page(path)
        return len(sent)

    few = asked("/groups"), asked(f"/groups/{first.public_id}")
    fill(first, free=9)
    for _ in range(4):
        make_submitted_group(leader)
    many = asked("/groups"), asked(f"/groups/{first.public_id}")

    assert many == few
    assert max(many) < 14


# ---- what was typed is never lost ----


def test_when_registration_closes_meanwhile_the_forms_come_back_as_typed(
    client: CheckingClient, leader: Account, at: At
) -> None:
    group = fill(make_group(leader), free=1)
    [member] = queries.list_members(group)
    at("2023-06-10 00:00")

    new = client.send("/groups/new", GROUP_FIELDS | {"name": "臺北市大安國小"}, status=409)
    edit = client.send(f"/groups/{group.public_id}/edit", GROUP_FIELDS | {"name": "大安國小"}, status=409)
    add = client.send(
        f"/groups/{group.public_id}/members/new", MEMBER_FIELDS | {"chinese_name": "鍾曉琪"}, status=409
    )
    change = client.send(
        f"/groups/{group.public_id}/members/{member.public_id}/edit",
        MEMBER_FIELDS | {"chinese_name": "鍾曉琪"},
        status=409,
    )

    assert [new.find(id="name")["value"], edit.find(id="name")["value"]] == ["臺北市大安國小", "大安國小"]
    assert [page.find(id="chinese_name")["value"] for page in (add, change)] == ["鍾曉琪"] * 2
    for page in (new, edit, add, change):
        assert "截止" in _text(page, ".error-summary")
    client.page("/groups/new", status=409)


def test_a_submission_without_places_says_how_to_go_back(client: CheckingClient, leader: Account) -> None:
    group = fill(make_group(leader), free=4)
    group.offering.capacity = 3
    db.session.commit()

    page = client.send(f"/groups/{group.public_id}/submit", {}, status=409)

    assert "只剩 3 個名額" in _text(page, ".notice-overdue")
    assert page.find("a", string="返回修改")["href"] == f"/groups/{group.public_id}#members"


def test_an_overdue_group_is_told_how_to_begin_anew(client: CheckingClient, leader: Account, at: At) -> None:
    group = make_submitted_group(leader)  # payable to 7 May
    at("2023-05-08 00:00")

    page = client.page(f"/groups/{group.public_id}/pay")

    assert page.find("a", string="取消這筆報名")["href"] == f"/groups/{group.public_id}/cancel"


# ---- the multi track's own ----


@pytest.fixture
def multi_leader(sign_in: Callable[[Account], None]) -> Account:
    account = make_leader(realm=Realm.MULTI)
    sign_in(account)
    return account


MULTI_FIELDS = {**GROUP_FIELDS, "exam_round": "multi-112-07", "area": "屏東", "places": "４０"}


@pytest.mark.requirement("R218")
def test_full_width_digits_are_taken_and_it_is_said(client: CheckingClient, multi_leader: Account) -> None:
    page = client.send("/groups/new?round=multi-112-07", MULTI_FIELDS)
    assert "預定人數已改用半形數字：40 人" in page.get_text()

    [group] = queries.list_groups(multi_leader.id)
    half = client.send(f"/groups/{group.public_id}/edit", {**MULTI_FIELDS, "places": "40"})
    assert "半形數字" not in half.get_text()


@pytest.mark.requirement("R218")
def test_more_than_the_places_left_are_refused_with_the_offices_number(
    client: CheckingClient, multi_leader: Account
) -> None:
    make_group(round_code="multi-112-07", area="屏東", places=590)

    page = client.send("/groups/new?round=multi-112-07", MULTI_FIELDS, status=422)

    said = page.find(id="places-error").get_text()
    assert "只剩 10 個名額" in said
    assert "0809-090-040" in said
    assert page.find(id="places")["value"] == "４０"


@pytest.mark.requirement("R218", "R221")
def test_the_places_of_an_open_group_are_changed_both_ways(
    client: CheckingClient, multi_leader: Account
) -> None:
    group = fill(make_group(multi_leader, round_code="multi-112-07", area="屏東", places=40), free=3)
    path = f"/groups/{group.public_id}/edit"

    assert client.page("/groups").find("a", href=path) is not None
    client.send(path, {**MULTI_FIELDS, "places": "60"})
    assert _rows(client.page("/groups"), "我的團體")[0][3] == "60"
    client.send(path, {**MULTI_FIELDS, "places": "3"})
    assert _rows(client.page("/groups"), "我的團體")[0][3] == "3"
    fewer = client.send(path, {**MULTI_FIELDS, "places": "2"}, status=422)
    assert "名單中已有 3 人" in fewer.find(id="places-error").get_text()


@pytest.mark.requirement("R064", "R219")
def test_what_is_not_submitted_on_the_day_gives_its_places_back(
    client: CheckingClient, multi_leader: Account, at: At
) -> None:
    at("2023-05-01 23:50")
    group = fill(make_group(multi_leader, round_code="multi-112-07", area="屏東", places=590), free=4)

    at("2023-05-02 00:00")

    assert "沒有在選取梯次當天送出" in _text(client.page(f"/groups/{group.public_id}"))
    assert client.post(f"/groups/{group.public_id}/submit").status_code == 409
    make_group(round_code="multi-112-07", area="屏東", places=600)


@pytest.mark.requirement("R261")
def test_management_and_payment_offer_the_dates_and_the_materials(
    client: CheckingClient, leader: Account
) -> None:
    group = make_submitted_group(leader)

    for path in ("/groups", f"/groups/{group.public_id}", f"/groups/{group.public_id}/pay"):
        page = client.page(path).main
        [calendar] = [a for a in page.find_all("a") if "將重要期程加入 Google 行事曆" in a.get_text()]
        assert calendar["href"].startswith("https://calendar.google.com/")
        assert page.find("a", href="/downloads", string="認證教材下載") is not None


@pytest.mark.requirement("R228", "R229", "R230")
def test_the_import_page_hands_out_a_guide_that_names_every_column(
    client: CheckingClient, leader: Account, tmp_path: Path
) -> None:
    group = make_group(leader)

    page = client.page(f"/groups/{group.public_id}/import")
    answer = client.get(page.find("a", string="匯入說明（PDF）")["href"])

    assert "不會直接加入名單" in _text(page)
    (tmp_path / "guide.pdf").write_bytes(answer.data)
    read = ["pdftotext", "-layout", str(tmp_path / "guide.pdf"), "-"]
    said = "".join(subprocess.run(read, check=True, capture_output=True, text=True).stdout.split())
    assert all(column.label in said for column in COLUMNS)
    assert "步驟" in said


@pytest.mark.requirement("R215", "R216")
@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("exam_round", "請選擇報名梯次"),
        ("area", "請選擇應考考區"),
        ("kind", "請選擇"),
        ("name", "請填寫團體名稱"),
        ("leader_name", "請填寫"),
        ("leader_phone", "請填寫"),
        ("leader_email", "請填寫"),
        ("district", "請選擇縣市與鄉鎮市區"),
        ("street", "請填寫"),
    ],
)
def test_a_group_is_not_made_without_what_the_brochure_asks(
    client: CheckingClient, leader: Account, field: str, sentence: str
) -> None:
    page = client.send("/groups/new", {**GROUP_FIELDS, field: ""}, status=422)

    assert sentence in _text(page, f"#{field}-error")
    assert queries.list_groups(leader.id) == []
