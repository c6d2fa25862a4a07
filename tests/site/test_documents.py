"""The downloads page and what it hands out."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from odf.opendocument import load
from odf.teletype import extractText

from app.core.actors import SYSTEM
from app.groups.sheets.columns import COLUMNS
from app.site.services import withdraw_document
from tests.client import CheckingClient
from tests.factories.documents import PDF, make_document


def rows(client: CheckingClient) -> dict[str, str]:
    """Return the text of each row by the title of its file and its format."""
    found = {}
    for row in client.page("/downloads").select("tbody tr"):
        name = row.th.get_text(" ", strip=True)
        found[name] = row.get_text(" ", strip=True)
    return found


@pytest.mark.requirement("R008", "S013")
def test_the_page_lists_format_size_and_day(client: CheckingClient) -> None:
    make_document()

    row = rows(client)["112 年度簡章 PDF"]

    assert "1 KB" in row
    assert "111 年 12 月 15 日" in row


@pytest.mark.requirement("R008")
@pytest.mark.parametrize(("now", "status"), [("2022-12-14 23:59:59", 404), ("2022-12-15 00:00", 200)])
def test_the_brochure_can_be_downloaded_from_its_day_on(
    client: CheckingClient, at: Callable[[str], None], now: str, status: int
) -> None:
    document = make_document()
    at(now)

    assert client.get(f"/downloads/files/{document.public_id}").status_code == status
    assert client.get("/downloads/brochure-summary.pdf").status_code == status
    links = client.page("/downloads").select("tbody a")
    assert bool(links) == (status == 200)


def test_a_file_is_saved_and_never_shown_in_the_page(client: CheckingClient) -> None:
    answer = client.get(f"/downloads/files/{make_document().public_id}")

    assert answer.data == PDF
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_withdrawn_file_is_gone(client: CheckingClient) -> None:
    document = make_document()
    withdraw_document(document.public_id, actor=SYSTEM)

    client.page(f"/downloads/files/{document.public_id}", status=404)
    assert "112 年度簡章 PDF" not in rows(client)


@pytest.mark.requirement("R217", "S012", "S013")
def test_the_portals_own_forms_are_listed_blank_and_filled_in(client: CheckingClient) -> None:
    names = set(rows(client))

    assert names == {
        "簡章重點 PDF",
        "退費申請書 PDF",
        "成績複查申請表 PDF",
        "考生資料收集表 PDF",
        "考生資料收集表 ODT",
        "考生資料收集表（填寫範例） PDF",
        "考生資料收集表（填寫範例） ODT",
    }


def test_every_file_on_the_page_can_be_fetched(client: CheckingClient) -> None:
    for link in client.page("/downloads").select("tbody a"):
        answer = client.get(link["href"])
        assert answer.status_code == 200, link["href"]
        assert answer.data.startswith(b"%PDF-" if link["href"].endswith("pdf") else b"PK"), link["href"]


@pytest.mark.requirement("R217")
def test_the_collection_form_asks_for_every_column_of_the_sheet(client: CheckingClient) -> None:
    blank = extractText(load(io.BytesIO(client.get("/downloads/collection-form.odt").data)).text)
    sample = extractText(load(io.BytesIO(client.get("/downloads/collection-form-sample.odt").data)).text)

    for column in COLUMNS:
        assert column.label in blank
        assert column.example in sample
    assert "■" not in blank
    assert "■ 四縣" in sample
    assert "個資" not in blank  # said in words that a pupil's parents understand
    assert "您可以查詢、更正或要求停止使用" in blank


def test_an_unknown_form_is_not_found(client: CheckingClient) -> None:
    client.page("/downloads/no-such-form.pdf", status=404)
    client.page("/downloads/refund-form.odt", status=404)
    client.page("/downloads/files/no-such-file", status=404)


def test_the_page_asks_little_however_many_files_there_are(
    client: CheckingClient, count_queries: Callable[[], object]
) -> None:
    for number in range(12):
        make_document(title=f"教材 {number}", opens_on=date(2023, 1, 1))

    with count_queries() as queries:
        client.page("/downloads")

    assert len(queries) <= 7, queries


def test_a_page_without_a_year_says_that_nothing_is_there_yet(
    client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.site.document_pages.list_rounds", list)

    assert "公布後會放在這裡" in client.page("/downloads").main.get_text()
