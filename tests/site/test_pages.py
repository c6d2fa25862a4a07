"""The public pages: what a visitor reads on a given day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from app.core.db import transaction
from app.exams.queries import get_round
from tests.client import CheckingClient
from tests.factories.registrations import make_draft

PUBLIC = [
    "/",
    "/rounds",
    "/rounds/nat-112-01",
    "/rounds/multi-112-08",
    "/calendar",
    "/downloads",
    "/help",
    "/privacy",
]


@pytest.mark.requirement("R001", "R003")
@pytest.mark.parametrize("path", PUBLIC)
def test_every_public_page_opens_with_the_office_in_its_foot(client: CheckingClient, path: str) -> None:
    page = client.page(path)

    foot = page.footer.get_text()
    assert "客家委員會" in foot
    assert "國立臺灣師範大學" in foot
    assert "(02) 7749-8207" in foot
    assert "0809-090-040" in foot
    assert "(02) 2601-1730" in foot
    assert "106 臺北市和平東路一段 162 號" in foot


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_asks_the_database_less_than_ten_times(
    client: CheckingClient, count_queries: Callable[[], object], path: str
) -> None:
    with count_queries() as queries:
        client.page(path)

    assert len(queries) < 10, queries


def test_the_front_page_says_what_is_open_and_until_when(client: CheckingClient) -> None:
    text = client.page("/").main.get_text()

    assert "全國認證第一梯次、全國認證第二梯次開放報名，到 112 年 6 月 9 日（五）23:59 截止" in text.replace(
        "\n", ""
    )
    assert "多梯次認證(七)" in text
    assert "多梯次認證(八)也開放中" in text


def test_the_front_page_says_when_the_next_registration_begins(
    client: CheckingClient, at: Callable[[str], None]
) -> None:
    at("2023-04-09 23:59:59")

    assert "全國認證第一梯次從 112 年 4 月 10 日（一）開始報名" in client.page("/").main.get_text()


def test_the_next_days_begin_today_and_name_the_end_of_what_is_running(
    client: CheckingClient, at: Callable[[str], None]
) -> None:
    at("2023-06-09 09:00")

    days = [row.get_text(" ", strip=True) for row in client.page("/").select(".date-list > *")]

    assert "112 年 6 月 9 日（五）" in days[0]
    assert any("全國認證第一梯次 報名截止" in day for day in days)
    assert not any("5 月" in day for day in days)


def test_the_round_list_shows_all_thirteen_with_their_dates(client: CheckingClient) -> None:
    page = client.page("/rounds")

    text = page.main.get_text()
    assert len(page.main.select("tbody tr")) == 13
    assert "112 年 9 月 2 日（六）" in text
    assert "多梯次認證(十一)" in text


def test_rounds_that_are_open_come_first_and_closed_ones_show_no_places(client: CheckingClient) -> None:
    rows = [
        row.get_text(" ", strip=True)
        for row in client.page("/rounds").select("#multi tbody tr, [id=multi] ~ * tbody tr")
    ]

    assert "多梯次認證(七)" in rows[0]
    assert "多梯次認證(八)" in rows[1]
    assert "600" in rows[0]
    assert "多梯次認證(六)" in rows[-1]
    assert "600" not in rows[-1]


def test_a_round_that_is_not_open_says_so_instead_of_offering_registration(client: CheckingClient) -> None:
    page = client.page("/rounds/multi-112-11")

    assert "尚未開始報名，112 年 9 月 1 日（五）00:00 起開放" in page.main.get_text()
    assert page.main.find("a", href=lambda href: href and "/registrations/new" in href) is None


def test_an_open_round_offers_registration_and_shows_who_pays(client: CheckingClient) -> None:
    page = client.page("/rounds/nat-112-01")

    text = page.main.get_text()
    assert page.main.find("a", href="/registrations/new?round=nat-112-01") is not None
    assert "93 年 9 月 1 日" in text
    assert "NT$250" in text


def test_an_unknown_round_is_a_page_that_helps(client: CheckingClient) -> None:
    page = client.page("/rounds/nat-199-01", status=404)

    assert "從梯次列表重新選擇" in page.get_text()


def test_an_unknown_address_is_a_page_with_a_reference_number(client: CheckingClient) -> None:
    page = client.page("/no-such-page", status=404)

    assert "0809-090-040" in page.get_text()


def test_every_answer_carries_the_protective_headers(client: CheckingClient) -> None:
    headers = client.get("/").headers

    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_the_process_says_that_it_is_alive(client: CheckingClient) -> None:
    assert client.get("/healthz").data == b"ok"


@pytest.mark.requirement("R038", "Q10", "S017")
def test_a_round_in_the_list_tells_area_site_dates_and_the_places_that_are_left(
    client: CheckingClient,
) -> None:
    def row() -> str:
        link = client.page("/rounds").find("a", string="多梯次認證(七)")
        return " ".join(link.find_parent("tr").get_text(" ", strip=True).split())

    before = row()
    make_draft(round_code="multi-112-07", area="屏東")
    with transaction():
        get_round("multi-112-07").offerings[0].site = "國立屏東大學"
    after = row()

    for told in ("屏東", "112 年 7 月 22 日（六）", "112/04/01", "112/05/31"):
        assert told in before
    assert (before.split()[-1], after.split()[-1]) == ("600", "599")
    assert "國立屏東大學" not in before
    assert "國立屏東大學" in after
    assert "國立屏東大學" in client.page("/rounds/multi-112-07").main.get_text()


@pytest.mark.requirement("R081", "R097", "R260", "S019")
@pytest.mark.parametrize(
    ("code", "methods"),
    [
        ("nat-112-01", ["便利商店條碼", "便利商店代碼", "ATM 或銀行轉帳", "信用卡", "LINE Pay"]),
        ("multi-112-07", ["ATM 或銀行轉帳", "信用卡", "LINE Pay"]),
    ],
)
def test_a_round_tells_how_it_is_paid(client: CheckingClient, code: str, methods: list[str]) -> None:
    page = client.page(f"/rounds/{code}")

    section = page.find("h2", string="繳費方式").find_parent("section")
    assert [term.get_text() for term in section.select("dt")] == methods
    assert "VISA、MasterCard、JCB" in section.get_text()


@pytest.mark.requirement("S020")
def test_the_front_page_leads_to_every_service(client: CheckingClient) -> None:
    links = {link["href"] for link in client.page("/").select("a[href]")}

    assert links >= {
        "/national/signup",
        "/national/login",
        "/multi/signup",
        "/multi/login",
        "/calendar",
        "/downloads",
        "/help",
        "/cases/new",
        "/verify-document",
        "/privacy",
    }


@pytest.mark.requirement("P005", "S023")
def test_no_page_lets_a_third_party_see_who_reads_it(client: CheckingClient) -> None:
    for path in PUBLIC:
        answer = client.get(path)
        page = BeautifulSoup(answer.get_data(as_text=True), "html5lib")
        loaded = [
            tag.get("src") or tag.get("href")
            for tag in page.select("script[src], img[src], link[href]:not([rel=alternate])")
        ]
        assert [address for address in loaded if not address.startswith("/")] == [], path
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.requirement("R049", "R051", "R052")
def test_a_round_tells_the_parts_of_the_exam_and_their_minutes(client: CheckingClient) -> None:
    page = client.page("/rounds/nat-112-01")
    exam = get_round("nat-112-01").exam_year.facts["exam"]

    told = {
        term.get_text(): term.find_next("dd").get_text()
        for term in page.find("h2", string="級別與題型").find_parent("section").select("dt")
    }
    assert told["聽力"] == "10 分鐘：單句理解、對話理解。看圖或聽音檔三選一，用滑鼠作答"
    assert told["閱讀"] == "5 分鐘：閱讀理解。三選一，用滑鼠作答"
    minutes = [part["minutes"] for part in exam["parts"]]
    assert (minutes, sum(minutes)) == ([10, 15, 5], exam["test_minutes"])


@pytest.mark.requirement("P001", "P004")
def test_the_privacy_page_tells_purpose_and_cookies_and_there_are_no_others(client: CheckingClient) -> None:
    text = client.page("/privacy").main.get_text()
    client.get("/?text=large&lang=zh")
    for path in PUBLIC:
        client.get(path)

    assert "您的資料只用來辦理這次認證，不作其他用途" in text
    assert "本網站只設定下列運作必需的 Cookie" in text
    assert {cookie.key for cookie in client._cookies.values()} == {"sid"}
