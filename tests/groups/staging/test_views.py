"""The workbench's pages, through the client, as a browser without script sees them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup

from app.accounts.models import Account
from app.config import ROOT
from app.core.db import db
from app.groups import queries
from app.groups.models import Group
from app.groups.services import template_facts
from app.groups.staging.models import StagedSheet
from app.groups.staging.states import SheetState
from scripts.make_samples import filled_template
from tests.client import CheckingClient
from tests.factories.accounts import make_leader
from tests.factories.groups import SAMPLES, SHEETS, make_group
from tests.factories.ids import make_national_id
from tests.groups.staging.desk import people
from tests.test_wording import CHINESE

PUPILS = SAMPLES / "group_38_pupils.xlsx"
MISTAKES = SAMPLES / "group_38_pupils_with_mistakes.xlsx"
OWN_SHEET = "班級,姓名,生日,身分證字號,電話,腔調\n三甲,黃小明,100/9/2,{number},0912345678,四縣\n"


@pytest.fixture
def leader(sign_in: Callable[[Account], None]) -> Account:
    account = make_leader()
    sign_in(account)
    return account


def upload(
    client: CheckingClient, group: Group, content: bytes, name: str = "a.xlsx", **more: Any
) -> BeautifulSoup:
    return client.send(f"/groups/{group.public_id}/import", {"sheet": (BytesIO(content), name)}, **more)


def own_sheet() -> bytes:
    return OWN_SHEET.format(number=make_national_id()).encode()


def address(group: Group) -> str:
    [sheet] = [sheet for sheet in db.session.query(StagedSheet) if sheet.group_id == group.id]
    return f"/groups/{group.public_id}/sheets/{sheet.public_id}"


def said(page: BeautifulSoup, selector: str = "main") -> str:
    return " ".join(page.select_one(selector).get_text(" ", strip=True).split())


@pytest.mark.requirement("R231")
def test_the_workbench_names_every_wrong_cell_and_counts(client: CheckingClient, leader: Account) -> None:
    page = upload(client, make_group(leader), MISTAKES.read_bytes())

    assert "33 位可以加入名單，4 列還要修正" in said(page, ".answer")
    assert queries.count_members(db.session.query(Group).one()) == 0, "an upload is a dry run"
    remarks = [said(BeautifulSoup(str(each), "html.parser"), "li") for each in page.select(".remark-wrong")]
    assert len(remarks) == 4
    assert any(each.startswith("出生日期") and "月份要在 1 到 12 之間" in each for each in remarks)
    assert len(page.select("td.cell-wrong")) == 4


@pytest.mark.requirement("S006")
def test_the_workbench_speaks_english_of_a_sheet_in_chinese(client: CheckingClient, leader: Account) -> None:
    client.get("/?lang=en")

    page = upload(client, make_group(leader), MISTAKES.read_bytes())

    assert "33 candidates can be added; 4 rows still need correcting" in said(page, ".answer")
    remarks = {said(BeautifulSoup(str(each), "html.parser"), "li") for each in page.select(".remark-wrong")}
    assert "Dialect Please fill in: Dialect" in remarks
    assert not [each for each in remarks if CHINESE.search(each)]


def test_what_the_template_brings_along_is_no_list_that_was_left_unread(
    client: CheckingClient, leader: Account
) -> None:
    page = upload(client, make_group(leader), MISTAKES.read_bytes())

    assert "填寫說明" not in said(page)


@pytest.mark.requirement("R231", "R232", "R233")
def test_good_rows_go_in_and_the_corrected_file_adds_the_rest(
    client: CheckingClient, leader: Account
) -> None:
    group = make_group(leader)
    upload(client, group, MISTAKES.read_bytes())

    page = client.send(f"{address(group)}/commit", {})

    assert "已把 33 位考生加入名單" in said(page)
    assert "已加入 33 位，還有 4 列要修正" in said(page, ".answer")
    client.send(f"{address(group)}/discard", {})
    page = upload(client, group, PUPILS.read_bytes())
    assert "5 位可以加入名單" in said(page, ".answer")
    assert "已在名單 33" in said(page, ".chips")


@pytest.mark.requirement("R230", "R232")
def test_the_same_sheet_sent_twice_adds_nobody_twice(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)
    for _press in range(2):
        upload(client, group, PUPILS.read_bytes())

    for _press in range(2):
        client.post(f"{address(group)}/commit")

    assert queries.count_members(group) == 38


def test_a_row_is_mended_by_its_form_and_the_next_one_follows(
    client: CheckingClient, leader: Account
) -> None:
    group = make_group(leader)
    upload(client, group, MISTAKES.read_bytes())
    path = f"{address(group)}/rows/9"

    page = client.page(path)
    assert page.find(id="cell-birth_on")["value"] == "100/13/5"
    assert page.find(id="cell-birth_on")["aria-invalid"] == "true"
    version = page.find("input", {"name": "version"})["value"]
    fields = {"version": version, "whole": "1", "then": "next"}
    wrong = client.send(path, {**fields, "cell-birth_on": "100/14/5"})
    assert wrong.find(id="cell-birth_on")["value"] == "100/14/5"
    version = wrong.find("input", {"name": "version"})["value"]
    page = client.send(path, {**fields, "version": version, "cell-birth_on": "100/3/5"})

    assert "第 14 列" in said(page, "h1")
    assert "還有 3 列要修正" in said(page)


def test_what_another_tab_changed_is_not_overwritten(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)
    upload(client, group, MISTAKES.read_bytes())
    path = f"{address(group)}/rows/9"
    client.send(path, {"version": "1", "cell-birth_on": "100/3/5"})

    page = client.send(path, {"version": "1", "whole": "1", "cell-birth_on": "100/4/5"}, status=409)

    assert "別的視窗改過" in said(page)
    assert page.find(id="cell-birth_on")["value"] == "100/3/5"


def test_the_script_gets_the_parts_that_changed(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)
    upload(client, group, MISTAKES.read_bytes())

    answer = client.post(
        f"{address(group)}/rows/9",
        data={"version": "1", "cell-birth_on": "100/3/5"},
        headers={"Accept": "application/json"},
    )

    assert set(answer.json) == {"rows", "head", "message"}
    assert list(answer.json["rows"]) == ["9"]
    assert "可加入" in answer.json["rows"]["9"]
    assert "34 位可以加入名單" in answer.json["head"]


def test_the_last_act_is_undone(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)
    upload(client, group, MISTAKES.read_bytes())
    client.send(f"{address(group)}/rows/9", {"version": "1", "cell-birth_on": "100/3/5"})

    page = client.send(f"{address(group)}/undo", {})

    assert "4 列還要修正" in said(page, ".answer")


@pytest.mark.requirement("R228")
def test_a_schools_own_sheet_is_matched_and_remembered(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)
    page = upload(client, group, own_sheet(), "名單.csv")

    assert "請確認每一欄是什麼" in said(page, "h1")
    chosen = {
        select["name"]: (select.find("option", selected=True) or {"value": ""})["value"]
        for select in page.select("main select")
    }
    assert chosen["column-1"] == "chinese_name"
    assert chosen["column-3"] == "id_number"
    twice = client.send(address(group), {**chosen, "column-0": "chinese_name"}, status=422)
    assert "有兩欄都選了" in said(twice, ".error-summary")
    page = client.send(address(group), {**chosen, "column-0": "accommodation"})
    assert "黃小明" in said(page, "[data-sheet]")

    page = upload(client, make_group(leader), own_sheet(), "名單.csv")
    told = page.find(id="column-0").find("option", selected=True)["value"]
    assert told == "accommodation", "what was confirmed once is proposed the next time"


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (ROOT / "Makefile", "找不到"),
        (SHEETS / "empty.xlsx", "沒有考生"),
        (SHEETS / "last_years_template.xlsx", "111 年度"),
    ],
    ids=lambda value: getattr(value, "stem", ""),
)
def test_a_file_that_cannot_be_used_is_refused_beside_the_control(
    client: CheckingClient, leader: Account, path: Any, sentence: str
) -> None:
    page = upload(client, make_group(leader), path.read_bytes(), status=422)

    assert sentence in said(page, "#sheet-error")


def test_importing_nothing_asks_for_a_file(client: CheckingClient, leader: Account) -> None:
    page = client.send(f"/groups/{make_group(leader).public_id}/import", {}, status=422)

    assert "請先選擇填好的檔案" in said(page, "#sheet-error")


def test_a_file_name_is_shown_as_text(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)

    upload(client, group, PUPILS.read_bytes(), "<b>名單</b>" + "長" * 130 + ".xlsx")

    assert client.page(f"/groups/{group.public_id}").find("b") is None


def test_nobody_else_sees_a_sheet(client: CheckingClient, leader: Account, sign_in: Any) -> None:
    group = make_group(leader)
    upload(client, group, MISTAKES.read_bytes())
    path = address(group)
    sign_in(make_leader())

    for each in (path, f"{path}/rows/9", f"{path}/rest.xlsx", f"{path}/progress", f"{path}/discard"):
        assert client.get(each).status_code == 404
    for each in (f"{path}/commit", f"{path}/undo", f"{path}/answers", f"{path}/update"):
        assert client.post(each).status_code == 404


def test_a_sheet_is_thrown_away_after_a_question(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)
    upload(client, group, MISTAKES.read_bytes())
    path = address(group)

    assert "不能復原" in said(client.page(f"{path}/discard"))
    client.send(f"{path}/discard", {})

    assert db.session.query(StagedSheet).one().state is SheetState.DISCARDED
    assert "這個檔案已經處理完了" in said(client.page(path), "h1")


def test_the_page_asks_as_much_for_many_rows_as_for_few(
    client: CheckingClient, leader: Account, count_queries: Any
) -> None:
    group = make_group(leader)
    upload(client, group, MISTAKES.read_bytes())

    with count_queries() as few:
        client.page(f"{address(group)}?show=fix")
    with count_queries() as many:
        client.page(f"{address(group)}?show=all")

    assert len(many) <= len(few)
    assert len(few) < 25


@pytest.mark.requirement("R231")
def test_what_the_file_lacks_is_chosen_once_for_all_rows(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)
    rows = people(2, background="")
    upload(client, group, filled_template(template_facts(group), rows))
    page = client.page(address(group))
    assert "考生身分還沒填 2 格" in said(page, ".reasons")

    untold = {"reason": "missing", "blank": "background", "text": ""}
    assert "請先選一項" in said(client.send(f"{address(group)}/answers", untold))
    page = client.send(f"{address(group)}/answers", {**untold, "text": "其他"})

    assert "2 位可以加入名單" in said(page)


@pytest.mark.requirement("R224")
def test_before_submission_the_leader_is_told_who_has_not_gone_in(
    client: CheckingClient, leader: Account
) -> None:
    group = make_group(leader)
    rows = people(5)
    rows[4]["dialect"] = "四县"
    upload(client, group, filled_template(template_facts(group), rows), "三甲.xlsx")
    client.send(f"{address(group)}/commit", {})

    page = client.page(f"/groups/{group.public_id}/submit")

    assert "有檔案還沒處理完" in said(page)
    assert "三甲.xlsx 1 列待修正" in said(page)
    client.send(f"{address(group)}/rows/6", {"out": "1"})
    assert "有檔案還沒處理完" not in said(client.page(f"/groups/{group.public_id}/submit"))


@pytest.mark.requirement("R228")
def test_who_named_a_column_wrongly_is_asked_again(client: CheckingClient, leader: Account) -> None:
    group, content = make_group(leader), own_sheet()
    page = upload(client, group, content, "名單.csv")
    chosen = {
        select["name"]: (select.find("option", selected=True) or {"value": ""})["value"]
        for select in page.select("main select")
    }
    page = client.send(address(group), {**chosen, "column-0": "chinese_name", "column-1": "accommodation"})
    assert "欄位對照錯了" in said(page)

    client.send(f"{address(group)}/discard", {})
    page = upload(client, group, content, "名單.csv")

    assert page.find(id="column-1").find("option", selected=True)["value"] == "chinese_name"
