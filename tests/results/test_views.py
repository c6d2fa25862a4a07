"""A result as its candidate sees it, and the leader where the switch allows it, and nobody else."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.db import db
from app.groups.models import Group
from app.groups.queries import list_members
from app.registration.models import Registration
from app.results import services
from app.tickets.services import assign_round
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader, make_staff
from tests.factories.registrations import NATIONAL_1, NATIONAL_2
from tests.factories.results import (
    ABSENT,
    AFTER_TEST,
    BASIC_ONLY,
    CERTIFIED,
    FAILS,
    PASSES,
    PUBLIC,
    enter_scores,
    make_published,
    make_seated,
    set_marks,
)
from tests.factories.seating import AREA, load_example_venues, make_approved_group

SignIn = Callable[[Account], None]
At = Callable[[str], None]
ONE_SECOND_EARLY = "2023-11-17 08:59:59"


def text_of(content: bytes, tmp_path: Path) -> str:
    file = tmp_path / "document.pdf"
    file.write_bytes(content)
    return subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True, text=True
    ).stdout


def path_of(registration: Registration, page: str) -> str:
    return f"/registrations/{registration.public_id}/{page}"


@pytest.fixture
def publish(app: Flask, sign_in: SignIn) -> Callable[..., Registration]:
    """Publish one candidate's result and sign the candidate in."""

    def publish(row: tuple[object, ...], name: str = "徐玉蘭") -> Registration:
        [registration] = make_published({name: row})
        sign_in(db.session.get_one(Account, registration.account_id))
        return registration

    return publish


@pytest.mark.requirement("R151")
@pytest.mark.parametrize("page", ["result", "score.pdf", "certificate.pdf"])
def test_one_second_before_nine_nothing_is_told(
    client: CheckingClient, publish: Callable[..., Registration], at: At, page: str
) -> None:
    registration = publish(PASSES)
    at(ONE_SECOND_EARLY)

    shown = client.page(path_of(registration, page), status=409)

    assert "成績自 112 年 11 月 17 日（五）09:00 起公布" in shown.get_text()
    assert "合格" not in shown.find("main").get_text()


@pytest.mark.requirement("R151")
def test_at_nine_the_candidate_sees_result_and_parts(
    client: CheckingClient, publish: Callable[..., Registration], at: At
) -> None:
    registration = publish(PASSES)
    at(PUBLIC)

    page = client.page(path_of(registration, "result"))

    assert "總分 80.5 分，初級合格。" in page.select_one(".answer").get_text()
    rows = [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in page.select("tbody tr")
    ]
    assert rows == [
        ["聽力", "35", "20", "10", "30"],
        ["口語", "45", "25", "15", "35.5"],
        ["閱讀", "20", "10", "5", "15"],
        ["總分", "100", "70", "40", "80.5"],
    ]


def test_the_status_page_tells_the_result_from_nine_on(
    client: CheckingClient, publish: Callable[..., Registration], at: At
) -> None:
    registration = publish(PASSES)

    at(ONE_SECOND_EARLY)
    assert "初級合格" not in client.page(path_of(registration, "")[:-1]).get_text()
    at(PUBLIC)

    page = client.page(path_of(registration, "")[:-1])
    assert page.select_one(".answer").get_text() == "成績已公布：初級合格。"
    assert [link["class"] for link in page.find_all("a", href=path_of(registration, "result"))] == [
        ["btn", "btn-primary"]
    ]


def test_a_round_that_is_not_published_is_not_shown_even_after_nine(
    client: CheckingClient, app: Flask, sign_in: SignIn, at: At
) -> None:
    [registration] = make_seated("徐玉蘭")
    set_marks()
    at(AFTER_TEST)
    enter_scores({registration: PASSES})
    sign_in(db.session.get_one(Account, registration.account_id))
    at(PUBLIC)

    assert "還在整理中" in client.page(path_of(registration, "result"), status=409).get_text()


@pytest.mark.requirement("R004", "R155", "R156", "R157", "R158")
def test_the_score_report_says_all_that_the_page_says_and_has_the_form_on_its_back(
    client: CheckingClient, publish: Callable[..., Registration], at: At, tmp_path: Path
) -> None:
    registration = publish(("到考", 30, 35.5, 15, "D11"), name="黃𠊎堃")
    at(PUBLIC)

    response = client.get(path_of(registration, "score.pdf"))

    front, back = text_of(response.data, tmp_path).rstrip("\f").split("\f")
    for word in ("黃𠊎堃", "112101060001", "初級合格", "79.5", "35.5", "扣 1 分", "112 年 11 月 28 日（二）"):
        assert word in front
    assert "成績複查申請表" in back.replace(" ", "")
    assert "掛號寄至：106209臺北師大郵局第13號信箱" in "".join(back.split())
    assert "不得要求重新評閱" in back
    assert "訴願法第七條" in back
    assert "黃𠊎堃" in back
    assert registration.id_number not in front + back
    assert response.headers["Cache-Control"] == "no-store"


def test_the_certificate_comes_on_its_day_and_names_the_higher_level(
    client: CheckingClient, publish: Callable[..., Registration], at: At, tmp_path: Path
) -> None:
    registration = publish(PASSES, name="黃𠊎堃")
    at("2023-12-07 23:59:59")
    assert "12 月 8 日" in client.page(path_of(registration, "certificate.pdf"), status=409).get_text()
    at(CERTIFIED)

    text = text_of(client.get(path_of(registration, "certificate.pdf")).data, tmp_path).replace(" ", "")

    for word in ("112年度客語能力初級認證", "合格證書", "黃𠊎堃", "112客初字第000001號", "民國112年12月8日"):
        assert word in text
    assert registration.id_number not in text


@pytest.mark.parametrize(("row", "word"), [(FAILS, "沒有達到通過標準"), (ABSENT, "沒有應試")])
def test_without_passing_there_is_a_report_but_no_certificate(
    client: CheckingClient, publish: Callable[..., Registration], at: At, row: tuple[object, ...], word: str
) -> None:
    registration = publish(row)
    at(CERTIFIED)

    assert word in client.page(path_of(registration, "result")).get_text()
    assert client.get(path_of(registration, "score.pdf")).status_code == 200
    client.page(path_of(registration, "certificate.pdf"), status=409)


def test_a_revoked_certificate_is_not_had_any_more_and_the_pages_say_why(
    client: CheckingClient, publish: Callable[..., Registration], at: At
) -> None:
    registration = publish(PASSES)
    at(CERTIFIED)
    services.revoke_certificate("112E000001", reason="冒名頂替", actor=SYSTEM)

    assert "已撤銷" in client.page(path_of(registration, "certificate.pdf"), status=409).get_text()
    page = client.page(path_of(registration, "result"))
    assert "初級合格" in page.get_text()
    assert "合格證書已撤銷" in page.get_text()


@pytest.mark.requirement("R152")
@pytest.mark.parametrize("page", ["result", "score.pdf", "certificate.pdf"])
def test_somebody_elses_result_does_not_exist(
    client: CheckingClient, publish: Callable[..., Registration], sign_in: SignIn, at: At, page: str
) -> None:
    registration = publish(PASSES)
    at(CERTIFIED)

    sign_in(make_account())
    client.page(path_of(registration, page), status=404)
    sign_in(make_staff())
    client.page(path_of(registration, page), status=403)
    visitor = client.application.test_client()
    assert visitor.get(path_of(registration, page)).location.startswith("/login")


@pytest.fixture
def group(app: Flask, sign_in: SignIn, at: At) -> Group:
    """A signed-in leader's group of four, published."""
    load_example_venues()
    leader = make_leader()
    group = make_approved_group(4, leader)
    assign_round(NATIONAL_1, AREA, actor=SYSTEM)
    set_marks()
    at(AFTER_TEST)
    enter_scores(dict.fromkeys(list_members(group)[:3], PASSES) | {list_members(group)[3]: ABSENT})
    services.publish_results(NATIONAL_1, actor=SYSTEM)
    sign_in(leader)
    at(PUBLIC)
    return group


@pytest.fixture
def switched_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(app.extensions["settings"], leader_results="on")
    monkeypatch.setitem(app.extensions, "settings", settings)


@pytest.mark.requirement("R155")
def test_leaders_see_no_results_unless_the_switch_is_on(client: CheckingClient, group: Group) -> None:
    assert "不能查詢團員的成績" in client.page(f"/groups/{group.public_id}/results", status=409).get_text()
    client.page(f"/groups/{group.public_id}/scores.pdf", status=409)
    assert "團員成績" not in client.page(f"/groups/{group.public_id}").get_text()


@pytest.mark.requirement("R155")
@pytest.mark.usefixtures("switched_on")
def test_with_the_switch_on_a_leader_sees_and_downloads_all_of_the_group(
    client: CheckingClient, group: Group, tmp_path: Path
) -> None:
    way = client.page(f"/groups/{group.public_id}").find("a", href=f"/groups/{group.public_id}/results")
    assert "btn-primary" in way["class"]

    page = client.page(f"/groups/{group.public_id}/results")
    pdf = client.get(f"/groups/{group.public_id}/scores.pdf")

    assert "4 位團員有成績，其中 3 位合格" in page.get_text()
    assert text_of(pdf.data, tmp_path).count("\f") == 8


@pytest.mark.usefixtures("switched_on")
def test_another_leader_does_not_see_the_group(client: CheckingClient, group: Group, sign_in: SignIn) -> None:
    sign_in(make_leader())

    client.page(f"/groups/{group.public_id}/results", status=404)
    client.page(f"/groups/{group.public_id}/scores.pdf", status=404)


# ---- what passing takes ----


@pytest.mark.requirement("R057", "R058")
def test_the_marks_are_public_from_the_day_of_their_announcement(
    client: CheckingClient, app: Flask, at: At
) -> None:
    set_marks()  # announced on 10 April 112
    at("2023-04-09 23:59")
    before = client.page("/pass-marks").main.get_text()
    at("2023-04-10 00:00")
    page = client.page("/pass-marks")

    rows = [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in page.select("tbody tr")
    ]
    assert "還沒有公布" in before
    assert page.h2.get_text() == "全國認證第一梯次"
    assert rows == [
        ["滿分", "35", "45", "20", "100"],
        ["初級", "20", "25", "10", "70"],
        ["基礎級", "10", "15", "5", "40"],
    ]
    assert "112 年 4 月 10 日（一）公布，依據：認證委員會第 2 次會議決議" in page.main.get_text()


def test_the_page_of_marks_asks_as_much_for_many_rounds_as_for_one(
    client: CheckingClient, app: Flask, count_queries: Callable[[], Any]
) -> None:
    set_marks()
    client.page("/pass-marks")
    with count_queries() as for_one:
        client.page("/pass-marks")
    set_marks(NATIONAL_2)
    with count_queries() as for_two:
        client.page("/pass-marks")

    assert len(for_two) == len(for_one) < 10


@pytest.mark.requirement("R059")
@pytest.mark.parametrize(
    ("row", "title"),
    [(PASSES, "112年度客語能力初級認證合格證書"), (BASIC_ONLY, "112年度客語能力基礎級認證合格證書")],
)
def test_the_certificate_is_titled_by_year_and_level(
    client: CheckingClient,
    publish: Callable[..., Registration],
    at: At,
    tmp_path: Path,
    row: tuple[object, ...],
    title: str,
) -> None:
    registration = publish(row)
    at(CERTIFIED)

    content = client.get(path_of(registration, "certificate.pdf")).data

    assert title in "".join(text_of(content, tmp_path).split())
