"""The pages that stand for long: questions, search, about, privacy, map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from app.core.db import Base
from app.exams.queries import find_current_year
from app.site.privacy import PERSONAL_DATA, cookies
from tests.client import CheckingClient
from tests.factories.accounts import PASSWORD, make_account
from tests.factories.documents import make_document
from tests.factories.news import make_news

PAGES = [
    "/news",
    "/compare",
    "/about",
    "/search",
    "/search?q=繳費",
    "/sitemap",
    "/open-data",
    "/fees",
    "/satisfaction",
]


@pytest.mark.requirement("S007", "S029")
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_everybodys_and_asks_little(
    client: CheckingClient, count_queries: Callable[[], object], path: str
) -> None:
    with count_queries() as queries:
        page = client.page(path)

    assert len(queries) < 10, queries
    assert page.select_one("main#main h1") is not None


@pytest.mark.requirement("R049", "R050", "R051", "R052", "R047")
def test_the_page_of_a_round_shows_the_form_of_the_exam(client: CheckingClient) -> None:
    text = client.page("/rounds/nat-112-01").main.get_text(" ", strip=True)

    assert "10 分鐘：單句理解、對話理解。看圖或聽音檔三選一，用滑鼠作答" in text
    assert "15 分鐘：複誦、看圖表達、口語表達。用報名的腔調對麥克風錄音" in text
    assert "5 分鐘：閱讀理解。三選一，用滑鼠作答" in text
    assert "測驗 30 分鐘，連同進場、檢測設備與問卷約 40 分鐘" in text


@pytest.mark.requirement("R052")
def test_the_parts_take_as_long_as_the_whole(app: Flask) -> None:
    exam = find_current_year().facts["exam"]

    assert sum(part["minutes"] for part in exam["parts"]) == exam["test_minutes"] == 30


@pytest.mark.requirement("S005", "R173")
def test_every_topic_names_who_answers(client: CheckingClient) -> None:
    page = client.page("/help")

    units = {section["id"]: section.get_text() for section in page.select("section[id]")}
    assert len(units) == 5
    assert all("承辦單位" in text for text in units.values())
    assert "0809-090-040" in units["payment"]
    assert "客家委員會" in units["certificate"]
    assert "客語能力認證考試規費收費標準" in units["certificate"]


def test_no_place_in_an_answer_is_left_unfilled(client: CheckingClient) -> None:
    assert "%(" not in client.page("/help").get_text()


@pytest.mark.requirement("S008")
def test_search_finds_in_questions_news_files_and_rounds(client: CheckingClient) -> None:
    make_news(title="苗栗考區停電", body="改期")
    make_document(title="苗栗教材")

    page = client.page("/search?q=苗栗")

    kinds = [chip.get_text(" ", strip=True) for chip in page.select(".chips a")]
    assert kinds == ["全部 5", "最新消息 1", "下載 1", "梯次 3"]
    only = client.page("/search?q=苗栗&kind=news").select(".hits li")
    assert [hit.a.get_text() for hit in only] == ["苗栗考區停電"]


@pytest.mark.requirement("S008")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("LINE Pay", True),
        ("ｌｉｎｅ　ｐａｙ", True),  # full-width, as Chinese keyboards type
        ("退費 郵政匯票", True),
        ("退費 火星", False),
        ("%", True),  # the announcement below has one
        ("100%_x", False),
        ("'; DROP TABLE announcements; --", False),
        ("x" * 500, False),
    ],
)
def test_every_word_must_be_there_and_wildcards_are_letters(
    client: CheckingClient, query: str, found: bool
) -> None:
    make_news(title="名額已滿 100%", body="abc")

    page = client.get("/search", query_string={"q": query})

    assert page.status_code == 200
    assert ('class="hits"' in page.text) == found


def test_drafts_and_what_is_typed_are_not_given_away(client: CheckingClient) -> None:
    page = client.page("/search?q=<script>alert(1)</script>")

    assert page.main.script is None
    assert "找不到" in page.main.get_text()
    assert page.main.find("a", href="/sitemap") is not None


@pytest.mark.requirement("R006", "S014")
def test_about_names_the_law_and_the_ways_to_ask(client: CheckingClient) -> None:
    text = client.page("/about").main.get_text()

    assert "客家委員會推行客語能力認證作業要點" in text
    assert all(word in text for word in ("0809-090-040", "(02) 7749-8207", "(02) 2601-1730", "和平東路"))
    assert client.page("/about").main.find("a", href="/cases/new") is not None


@pytest.mark.requirement("P001")
def test_every_table_about_people_stands_in_the_privacy_notice(app: Flask) -> None:
    listed = {table for kind in PERSONAL_DATA for table in kind.tables}
    about_people = {
        table.name
        for table in Base.metadata.tables.values()
        if any(
            column.name in ("account_id", "registration_id", "id_blind") or column.name.endswith("_sealed")
            for column in table.columns
        )
    }

    assert about_people - listed == set(), "add the table to app/site/privacy.py, with purpose and time"
    assert listed - set(Base.metadata.tables) == set()


@pytest.mark.requirement("P002", "P003")
def test_the_notice_has_its_version_and_leads_to_ones_own_data(client: CheckingClient) -> None:
    page = client.page("/privacy")

    assert "第 112-2 版" in page.main.get_text()
    assert page.main.find("a", href="/account/data") is not None
    client.page(page.main.find("a", href="/cases/new/personal_data")["href"])
    assert "綠界" in page.main.get_text()


def test_processors_are_those_of_this_portal(
    client: CheckingClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Google" not in client.page("/privacy").main.get_text()

    settings = replace(app.extensions["settings"], google_client_id="portal", google_client_secret="x")
    monkeypatch.setitem(app.extensions, "settings", settings)
    assert "Google" in client.page("/privacy").main.get_text()


@pytest.mark.requirement("P004")
def test_no_cookie_is_set_that_the_notice_does_not_name(client: CheckingClient, app: Flask) -> None:
    account = make_account()
    for path in ("/", "/?lang=zh", "/?text=large", "/fees", "/national/login", "/privacy"):
        client.get(path)
    client.post("/national/login", data={"email": account.email, "password": PASSWORD})
    client.get("/registrations")

    assert {cookie.key for cookie in client._cookies.values()} == {cookie.name for cookie in cookies()}


@pytest.mark.requirement("P004")
@pytest.mark.parametrize("path", ["/", "/privacy", "/help", "/national/login"])
def test_no_page_loads_anything_from_elsewhere(client: CheckingClient, path: str) -> None:
    page = client.page(path)

    sources = [each["src"] for each in page.select("[src]")]
    sources += [each["href"] for each in page.select("link[href]:not([rel=alternate])")]
    assert all(source.startswith("/") for source in sources), sources


@pytest.mark.requirement("S009")
def test_every_link_of_the_map_leads_somewhere(client: CheckingClient) -> None:
    for link in client.page("/sitemap").main.select("a[href^='/']"):
        assert client.get(link["href"], follow_redirects=True).status_code == 200, link["href"]
