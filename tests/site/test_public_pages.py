"""The public pages, read as a visitor reads them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from tests.client import CheckingClient
from tests.factories.refunds import make_notice

PAGES = ["/", "/rounds", "/rounds/nat-112-01", "/calendar", "/downloads", "/help", "/privacy"]


@pytest.mark.parametrize("path", PAGES)
def test_every_public_page_can_skip_to_its_content(client: CheckingClient, path: str) -> None:
    page = client.page(path)

    assert page.select_one("a.skip-link")["href"] == "#main"
    assert page.select_one("main#main") is not None


def test_the_front_page_offers_one_primary_action_per_track(client: CheckingClient) -> None:
    page = client.page("/")

    assert [len(card.select(".btn-primary")) for card in page.select(".opening")] == [1, 1]


def test_the_texts_quote_the_numbers_of_the_year(client: CheckingClient) -> None:
    assert "19 歲以下免繳費，其他考生報名費 NT$250" in client.page("/").get_text()

    answers = client.page("/help").get_text()

    assert "93/09/02（含）以後出生免繳" in answers
    assert "全國認證 7 天內，多梯次認證 3 天內" in answers
    assert "扣除郵資及行政費 NT$58 後退費" in answers


@pytest.mark.requirement("S029")
def test_large_print_is_remembered_without_scripts(client: CheckingClient) -> None:
    client.page("/?text=large")

    assert client.page("/help").html["class"] == ["text-large"]


def test_a_page_of_a_track_marks_it_in_the_switch(client: CheckingClient) -> None:
    chosen = client.page("/rounds/multi-112-07").select_one(".tracks [aria-current]")

    assert chosen.get_text() == "多梯次認證"


def test_the_demo_banner_is_for_the_demo_only(client: CheckingClient) -> None:
    assert client.page("/").select_one(".demo-banner") is None


@pytest.mark.parametrize("path", ["/rounds/nat%00", "/verify-document?n=1%00", "/%00", "/registrations/%00"])
def test_an_address_that_no_database_can_hold_is_not_found(client: CheckingClient, path: str) -> None:
    client.page(path, status=404)


def test_the_calendar_folds_the_months_that_have_passed(client: CheckingClient) -> None:
    page = client.page("/calendar")

    folded = [month.get_text() for month in page.select("details.gone .month h2")]
    shown = [month.get_text() for month in page.select(".month h2") if month.get_text() not in folded]
    assert (folded[0], folded[-1]) == ("111 年 12 月", "112 年 3 月")
    assert shown[0] == "112 年 4 月"  # a registration that began in April is still open


def test_places_left_are_written_with_thousands(client: CheckingClient) -> None:
    assert "19,200" in client.page("/rounds").select_one("#national").get_text()


def test_english_is_offered_only_where_it_is_set_up(
    client: CheckingClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = client.page("/?lang=en")
    kept = client.page("/help")
    settings = replace(app.extensions["settings"], languages="zh")
    monkeypatch.setitem(app.extensions, "settings", settings)
    plain = client.page("/?lang=en")

    assert (plain.html["lang"], plain.find("a", string="English")) == ("zh-Hant-TW", None)
    assert (english.html["lang"], kept.html["lang"]) == ("en", "en")


@pytest.mark.requirement("R176")
def test_a_postponed_round_says_when_and_where_and_that_the_fee_can_be_had_back(
    client: CheckingClient,
) -> None:
    make_notice(area="臺北")

    notice = client.page("/rounds/nat-112-01").select_one(".notice").get_text(" ", strip=True)

    assert "臺北考區：因颱風來襲，認證延期" in notice
    assert "改到 112 年 9 月 23 日（六） 舉行" in notice
    assert "可以申請全額退費" in notice
