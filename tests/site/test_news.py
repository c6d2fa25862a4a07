"""Announcements as the public reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from flask import Flask

from app.core.actors import SYSTEM
from app.exams.queries import get_round
from app.site.models import NewsCategory
from app.site.services import end_announcement
from tests.client import CheckingClient
from tests.factories.news import TITLE, make_draft_news, make_news


@pytest.mark.requirement("W004", "S013")
def test_the_list_shows_title_category_state_and_end(client: CheckingClient) -> None:
    make_news(last_day=date(2023, 5, 20))
    make_news(title="永久公告")

    rows = [row.get_text(" ", strip=True) for row in client.page("/news").select("tbody tr")]

    assert "永久" in rows[0]
    assert all(word in rows[1] for word in (TITLE, "其他", "公告中", "112 年 5 月 20 日"))


@pytest.mark.requirement("W004")
def test_the_front_page_shows_what_is_announced_now(
    client: CheckingClient, at: Callable[[str], None]
) -> None:
    make_news(last_day=date(2023, 5, 1))
    make_draft_news(title="還在寫")

    assert TITLE in client.page("/").main.get_text()
    assert "還在寫" not in client.page("/").main.get_text()
    at("2023-05-02 00:00")
    assert TITLE not in client.page("/").main.get_text()


@pytest.mark.requirement("R007")
def test_an_announcement_of_a_round_stands_on_its_page_only(client: CheckingClient) -> None:
    announcement = make_news(round_id=get_round("nat-112-01").id, title="苗栗考區異動")

    assert "苗栗考區異動" in client.page("/rounds/nat-112-01").main.get_text()
    assert "苗栗考區異動" not in client.page("/rounds/nat-112-02").main.get_text()
    assert "全國認證第一梯次" in client.page(f"/news/{announcement.public_id}").main.get_text()


def test_a_draft_and_what_is_still_to_come_cannot_be_read(
    client: CheckingClient, at: Callable[[str], None]
) -> None:
    draft, coming = make_draft_news(), make_news(starts_on=date(2023, 5, 3), title="後天的事")

    client.page(f"/news/{draft.public_id}", status=404)
    client.page(f"/news/{coming.public_id}", status=404)
    assert client.page("/news").find("table") is None
    assert "後天的事" not in client.get("/news.atom").text
    at("2023-05-03 00:00")
    assert "後天的事" in client.page(f"/news/{coming.public_id}").h1.get_text()


def test_what_is_over_can_still_be_read_as_over(client: CheckingClient) -> None:
    announcement = make_news()
    end_announcement(announcement.public_id, actor=SYSTEM)

    assert "已結束" in client.page(f"/news/{announcement.public_id}").main.get_text()
    assert "已結束" in client.page("/news").main.get_text()


def test_categories_are_a_filter_and_nonsense_in_the_address_is_none(client: CheckingClient) -> None:
    make_news()
    make_news(category=NewsCategory.RESULTS, title="成績公布")

    assert TITLE not in client.page("/news?category=results").main.get_text()
    assert len(client.page("/news?category=nonsense&page=x").select("tbody tr")) == 2
    assert client.page("/news?page=99999999999999999999").find("table") is None


@pytest.mark.requirement("W004")
def test_more_than_a_page_leads_to_more(client: CheckingClient, count_queries: Callable[[], object]) -> None:
    for number in range(21):
        make_news(title=f"第 {number} 則")

    with count_queries() as queries:
        first = client.page("/news")
    assert len(queries) <= 5, queries
    assert len(first.select("tbody tr")) == 20
    second = client.page(first.find("a", string="更多公告")["href"])
    assert [row.a.get_text() for row in second.select("tbody tr")] == ["第 0 則"]


def test_what_is_typed_never_becomes_markup(client: CheckingClient) -> None:
    announcement = make_news(title="<b>粗</b>", body="<script>x</script>\n\nhttps://www.hakka.gov.tw 看")

    page = client.page(f"/news/{announcement.public_id}")

    assert page.main.script is None
    assert page.h1.b is None
    assert page.select_one(".prose a")["href"] == "https://www.hakka.gov.tw"


@pytest.mark.requirement("P016")
def test_an_english_reader_gets_the_english_text_or_a_note(
    client: CheckingClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.extensions["settings"], languages="zh,en")
    monkeypatch.setitem(app.extensions, "settings", settings)
    both = make_news(title_en="Service hours", body_en="Closed on 3 August.")
    chinese = make_news()

    assert client.page(f"/news/{both.public_id}?lang=en").h1.get_text() == "Service hours"
    page = client.page(f"/news/{chinese.public_id}")
    assert page.select_one(".notice") is not None
    assert page.h1["lang"] == "zh-Hant-TW"
    assert client.page(f"/news/{both.public_id}?lang=zh").h1.get_text() == TITLE


def test_the_feed_is_well_formed_and_carries_the_text(client: CheckingClient) -> None:
    make_news(body="A & B < C")

    answer = client.get("/news.atom")

    feed = ElementTree.fromstring(answer.data)  # noqa: S314 - our own answer
    atom = "{http://www.w3.org/2005/Atom}"
    assert answer.mimetype == "application/atom+xml"
    assert [entry.findtext(f"{atom}content") for entry in feed.iter(f"{atom}entry")] == ["A & B < C"]
