"""Signing up and in with the demo's own OpenID provider: nothing but Python installed (R193, R198)."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Portal
from tests.browser.people import PASSWORD, wait_for_mail


def continue_with(page: Page, name: str) -> None:
    page.goto("/national/login")
    page.get_by_role("link", name=f"用 {name} 繼續").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"模擬的 {name}：您是誰？")


def fill_completion(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("完成全國認證帳號")
    page.get_by_label("密碼", exact=True).fill(PASSWORD)
    page.get_by_label("密碼確認").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="送出").click()


def test_somebody_signs_up_with_google_and_comes_back_with_one_press(new_page: Any, portal: Portal) -> None:
    portal.set_clock("2023-05-01T09:00:00+08:00")
    page = new_page(PHONE)
    continue_with(page, "Google")
    page.get_by_role("button", name="林美華").click()

    expect(page.get_by_label("電子信箱")).to_have_value("meihua.lin@example.tw")
    expect(page.get_by_label("電子信箱")).to_have_attribute("readonly", "")
    fill_completion(page)
    page.get_by_role("button", name="同意並選擇個人報名").click()
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("已連結：meihua.lin@example.tw")
    page.locator("main").get_by_role("button", name="登出", exact=True).click()

    continue_with(page, "Google")
    page.get_by_role("button", name="林美華").click()
    expect(page).to_have_url(re.compile("/registrations"))


def test_a_typed_address_at_facebook_is_verified_by_our_own_mail(new_page: Any, portal: Portal) -> None:
    page = new_page()
    continue_with(page, "Facebook")
    page.get_by_label("或輸入別的電子信箱").fill("fb.person@example.tw")
    page.get_by_role("button", name="用這個信箱登入").click()
    fill_completion(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("請到信箱開啟認證信")

    page.goto(wait_for_mail(portal, "fb.person@example.tw")["links"][0])
    page.get_by_label("密碼").fill(PASSWORD)
    page.locator("main").get_by_role("button").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("選擇報名類型")


def test_who_cancels_comes_back_to_a_plain_page(new_page: Any, portal: Portal) -> None:
    page = new_page()
    continue_with(page, "Google")
    page.get_by_role("button", name="取消").click()

    expect(page.locator("main")).to_contain_text("您在 Google 取消了登入")
