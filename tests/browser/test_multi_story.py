"""The multi track: a place is held until midnight, then given back; the next try is sent and paid."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Portal
from tests.browser.people import fill_person, pay_by_transfer, sign_up, submit_registration

ROUND = "multi-112-08"


def places_left(anyone: Page) -> int:
    """Return the number of places that the round's page shows to everybody."""
    anyone.goto(f"/rounds/{ROUND}")
    row = anyone.get_by_role("row").filter(has_text="苗栗")
    return int(row.get_by_role("cell").last.inner_text().removesuffix("人").replace(",", ""))


def choose_round(page: Page) -> None:
    page.goto("/registrations")
    page.goto(f"/rounds/{ROUND}")
    page.get_by_role("link", name="報名這個梯次").click()
    fill_person(page)


@pytest.mark.requirement("R038", "R064", "R085", "R207")
def test_a_place_is_held_until_midnight_and_then_given_back(new_page: Any, portal: Portal) -> None:
    portal.set_clock("2023-05-10T23:50:00+08:00")
    page, anyone = new_page(PHONE), new_page()
    main = page.locator("main")
    free = places_left(anyone)
    sign_up(page, portal, "multi.huang@example.tw", kind="個人報名", track="multi")
    choose_round(page)
    page.get_by_role("button", name="下一步：檢查資料").click()
    expect(main.get_by_role("button", name="資料無誤，送出報名")).to_be_visible()
    draft_url = page.url.removesuffix("/review")
    assert places_left(anyone) == free - 1

    portal.set_clock("2023-05-10T23:59:59+08:00")
    page.goto(draft_url)
    expect(main).to_contain_text("請在今天 23:59 前檢查並送出")
    portal.set_clock("2023-05-11T00:00:00+08:00")
    page.goto(draft_url)
    expect(main).to_contain_text("沒有在選取梯次當天送出，已自動取消，名額也已釋出")
    assert places_left(anyone) == free

    choose_round(page)
    status_url = submit_registration(page)
    expect(main).to_contain_text("112 年 5 月 13 日（六）")
    expect(main.get_by_role("button", name="產生繳費條碼")).to_have_count(0)
    portal.set_clock("2023-05-12T22:00:00+08:00")
    pay_by_transfer(page, status_url)
    assert places_left(anyone) == free - 1
