"""The results desk: marks, sheets, publication, and what goes out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.audit import AuditEntry
from app.core.db import db
from app.core.spreadsheets import read_workbook
from app.examday.states import IncidentKind
from app.results.models import Certificate, PassMark, Publication, Result
from tests.client import CheckingClient
from tests.factories.examday import BELL, check_in, record
from tests.factories.registrations import NATIONAL_1
from tests.factories.results import (
    ABSENT,
    AFTER_TEST,
    BASIC_ONLY,
    FAILS,
    PASSES,
    PUBLIC,
    enter_scores,
    filled_sheet,
    make_published,
    make_seated,
    number_of,
    set_marks,
)

At = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("staff")
DESK = f"/admin/results/?round={NATIONAL_1}"
ROUND = f"/admin/results/{NATIONAL_1}"
MULTI_4 = "multi-112-04"
MARKS = {
    "full-listening": "35",
    "full-speaking": "45",
    "full-reading": "20",
    "elementary-listening": "20",
    "elementary-speaking": "25",
    "elementary-reading": "10",
    "elementary-total": "70",
    "basic-listening": "10",
    "basic-speaking": "15",
    "basic-reading": "5",
    "basic-total": "40",
    "announced_on": "112/4/10",
    "source": "認證委員會第 2 次會議決議",
}


def upload(content: bytes, name: str = "成績.xlsx") -> dict[str, Any]:
    return {"sheet": (io.BytesIO(content), name)}


def errors_of(page: Any) -> list[str]:
    return [error.get_text(strip=True) for error in page.select(".field-error")]


def actions() -> list[str]:
    query = sa.select(AuditEntry.action).where(AuditEntry.action.startswith("results."))
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def test_without_marks_the_desk_says_what_is_missing_and_nothing_can_be_published(
    client: CheckingClient, at: At
) -> None:
    make_seated("徐玉蘭")
    at(AFTER_TEST)

    page = client.page(DESK)
    refused = client.page(f"{ROUND}/publish")

    assert "還沒有設定基礎級、初級的通過標準" in page.select_one(".answer").get_text()
    assert "還不能公布：還沒有設定" in refused.get_text()
    client.send(f"{ROUND}/publish", {}, status=409)
    assert db.session.scalars(sa.select(Publication)).all() == []


def test_the_form_of_marks_begins_with_what_the_brochure_prints(client: CheckingClient) -> None:
    page = client.page(f"{ROUND}/marks")

    assert page.find(id="elementary-total")["value"] == "70"
    assert page.find(id="basic-total").get("value", "") == ""


@pytest.mark.requirement("R058")
def test_marks_are_set(client: CheckingClient) -> None:
    page = client.send(f"{ROUND}/marks", MARKS)

    assert "通過標準已設定" in page.get_text()
    rows = db.session.scalars(sa.select(PassMark).order_by(PassMark.total))
    assert [(row.level, row.marks.total) for row in rows] == [("basic", 400), ("elementary", 700)]
    assert "results.set_marks" in actions()


def test_a_multi_round_is_not_asked_for_a_level_it_does_not_have(client: CheckingClient) -> None:
    page = client.page(f"/admin/results/{MULTI_4}/marks")

    assert page.find(id="elementary-total")
    assert page.find(id="basic-total") is None


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"full-reading": "21"}, "full-reading", "合計要是 100 分"),
        ({"full-reading": ""}, "full-reading", "請填閱讀滿分"),
        ({"elementary-total": "七十"}, "elementary-total", "0 到 100"),
        ({"elementary-total": "101"}, "elementary-total", "0 到 100 分之間"),
        ({"elementary-total": "0"}, "elementary-total", "0 到 100 分之間"),
        ({"basic-listening": "36"}, "basic-listening", "不能超過這一科的滿分 35 分"),
        ({"announced_on": "四月"}, "announced_on", "看不懂日期"),
        ({"source": " "}, "source", "請填由誰決定"),
        ({"source": "決" * 201}, "source", "200 個字以內"),
    ],
)
def test_a_wrong_mark_comes_back_with_a_sentence_and_nothing_lost(
    client: CheckingClient, change: dict[str, str], field: str, sentence: str
) -> None:
    page = client.send(f"{ROUND}/marks", MARKS | change, status=422)

    assert sentence in page.find(id=f"{field}-error").get_text()
    assert page.find(id="full-speaking")["value"] == "45"
    assert db.session.scalars(sa.select(PassMark)).all() == []


def test_the_sheet_that_is_downloaded_is_the_sheet_that_is_imported(client: CheckingClient, at: At) -> None:
    first, second = make_seated("徐玉蘭", "黃𠊎堃")
    set_marks()
    at(AFTER_TEST)

    sheet = read_workbook(client.get(f"{ROUND}/scores.xlsx").data).find_sheet("成績")
    content = filled_sheet({number_of(first): PASSES, number_of(second): ABSENT})
    page = client.send(f"{ROUND}/import", upload(content))

    assert [row.cells[:3] for row in sheet.rows[1:]] == [
        (number_of(first), "徐○蘭", "四縣"),
        (number_of(second), "黃○堃", "四縣"),
    ]
    assert "新登錄 2 人" in page.select_one(".answer").get_text()
    assert "results.take_out" in actions()


def test_wrong_cells_are_named_and_the_other_rows_count(client: CheckingClient, at: At) -> None:
    people = make_seated("徐玉蘭", "黃𠊎堃", "彭秀英", "鍾美珍", "劉貴雄")
    set_marks()
    at(AFTER_TEST)
    rows = [
        ("到考", 36, "", "三", "D9"),
        ("缺考", 30, "", "", ""),
        ("請假", 30, 30, 15, ""),
        PASSES,
        ("", "", "", "", ""),
    ]

    content = filled_sheet({number_of(each): row for each, row in zip(people, rows, strict=True)})
    page = client.send(f"{ROUND}/import", upload(content))

    found = [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in page.select("tbody tr")
    ]
    assert [(row[0], row[2], row[3]) for row in found] == [
        ("第 2 列", "聽力", "36"),
        ("第 2 列", "口語", "（空白）"),
        ("第 2 列", "閱讀", "三"),
        ("第 2 列", "違規代碼", "D9"),
        ("第 3 列", "聽力", "30"),
        ("第 4 列", "出缺席", "請假"),
    ]
    assert "滿分是 35 分" in found[0][4]
    assert "新登錄 1 人" in page.select_one(".answer").get_text()
    assert "未填 1 人" in page.select_one(".answer").get_text()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "空"), (b"%PDF-1.7", "不是"), (b"<html>", "網頁格式"), (b"PK\x03\x04junk", "損壞")],
)
def test_a_file_that_is_no_score_sheet_is_refused_with_a_sentence(
    client: CheckingClient, content: bytes, sentence: str
) -> None:
    make_seated("徐玉蘭")
    set_marks()

    page = client.send(f"{ROUND}/import", upload(content), status=422)

    assert sentence in errors_of(page)[0]


def test_without_a_file_the_page_asks_for_one(client: CheckingClient) -> None:
    assert "請先選擇" in errors_of(client.send(f"{ROUND}/import", {}, status=422))[0]


def test_publishing_asks_once_more_and_shows_what_it_comes_to(client: CheckingClient, at: At) -> None:
    first, second = make_seated("徐玉蘭", "黃𠊎堃")
    set_marks()
    at(AFTER_TEST)
    enter_scores({first: PASSES, second: BASIC_ONLY})

    question = client.page(f"{ROUND}/publish")
    assert question.h1.get_text() == "要公布這個梯次的成績嗎？"
    assert "初級合格" in question.get_text()
    assert db.session.scalars(sa.select(Result)).all() == []

    page = client.send(f"{ROUND}/publish", {})

    assert "成績已公布：新增 2 筆，更正 0 筆。" in page.get_text()
    assert "的成績已備妥" in page.select_one(".answer").get_text()
    assert actions()[-1] == "results.publish"


def test_a_score_changed_after_publication_waits_to_be_published(client: CheckingClient, at: At) -> None:
    [candidate] = make_published({"徐玉蘭": FAILS})
    at("2023-11-20 10:00")
    enter_scores({candidate: PASSES})

    assert "有 1 筆成績在公布後更動" in client.page(DESK).select_one(".answer").get_text()
    assert "公布更正的成績" in client.page(DESK).get_text()
    page = client.send(f"{ROUND}/publish", {})

    assert "更正 1 筆" in page.get_text()


@pytest.mark.requirement("R152", "P005")
@pytest.mark.parametrize("file_format", ["xlsx", "ods", "csv"])
def test_the_list_for_the_council_names_who_passed_and_nobody_in_full(
    client: CheckingClient, at: At, file_format: str
) -> None:
    make_published({"徐玉蘭": PASSES, "黃𠊎堃": BASIC_ONLY, "彭秀英": FAILS})
    at(PUBLIC)

    response = client.get(f"{ROUND}/passes.{file_format}")

    if file_format == "csv":
        rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    else:
        rows = [list(row.cells) for row in read_workbook(response.data).sheets[0].rows]
    assert rows == [
        ["准考證號碼", "姓名", "合格級別", "腔調", "考區"],
        ["112101060001", "徐○蘭", "初級", "四縣", "苗栗"],
        ["112101060002", "黃○堃", "基礎級", "四縣", "苗栗"],
    ]


@pytest.mark.requirement("R153")
def test_documents_of_an_area_come_in_one_file_and_the_taking_is_on_record(
    client: CheckingClient, at: At
) -> None:
    make_published({"徐玉蘭": PASSES, "彭秀英": FAILS})
    at(PUBLIC)

    reports = client.get(f"{ROUND}/reports.pdf?area=苗栗")
    certificates = client.get(f"{ROUND}/certificates.pdf?area=苗栗")

    assert reports.mimetype == certificates.mimetype == "application/pdf"
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "results.take_out")).all()
    assert [(each.details["document"], each.details["people"]) for each in entries] == [
        ("reports", 2),
        ("certificates", 1),
    ]
    assert "請先公布成績" in client.page(f"{ROUND}/reports.pdf?area=桃園").get_text()


def test_who_asks_by_phone_is_found_by_number_and_the_look_is_on_record(
    client: CheckingClient, at: At
) -> None:
    [candidate] = make_published({"徐玉蘭": PASSES})
    at(PUBLIC)

    page = client.page(f"/admin/results/find?number={number_of(candidate)}")
    nobody = client.page("/admin/results/find?number=999")

    assert "初級合格" in page.get_text()
    assert candidate.id_number not in page.get_text()
    assert "沒有准考證號碼 999 的成績" in nobody.get_text()
    looks = sa.select(AuditEntry).where(AuditEntry.action == "registration.view")
    assert db.session.scalars(looks).one().subject_id == candidate.public_id


def test_a_certificate_is_revoked_with_a_reason(client: CheckingClient, at: At) -> None:
    make_published({"徐玉蘭": PASSES})
    at("2023-12-10 10:00")
    path = "/admin/results/certificates/112E000001/revoke"

    assert "撤銷的理由" in errors_of(client.send(path, {"reason": " "}, status=422))[0]
    page = client.send(path, {"reason": "冒名頂替"})

    assert "證書已撤銷" in page.get_text()
    assert db.session.scalars(sa.select(Certificate)).one().revoke_reason == "冒名頂替"
    client.page("/admin/results/certificates/112E999999/revoke", status=404)


@pytest.mark.parametrize(
    "path", ["nat-999-01/marks", "nat-999-01/import", "nat-112-01/passes.exe", "imports/nothing", "x/publish"]
)
def test_what_does_not_exist_is_not_found(client: CheckingClient, path: str) -> None:
    client.page(f"/admin/results/{path}", status=404)


@pytest.mark.requirement("R182", "R189")
def test_the_desk_says_whose_scores_lack_a_code_and_what_the_committee_has_to_decide(
    client: CheckingClient, at: At
) -> None:
    first, second = make_seated("徐玉蘭", "黃信雄")
    set_marks()
    at(BELL)
    check_in(second)
    record(second, IncidentKind.COMMITTEE)
    at(AFTER_TEST)
    enter_scores({first: PASSES, second: PASSES})
    at(BELL)
    record(first, code="D11")
    at(AFTER_TEST)

    page = client.page(DESK)

    [missing, undecided] = [each.get_text() for each in page.select("main .notice")]
    assert number_of(first) in missing
    assert number_of(second) not in missing
    assert "有 1 件試場事件等認證委員會決議" in undecided
