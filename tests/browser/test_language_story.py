"""Somebody begins in Chinese, presses English in the middle of the form, and goes on in English."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Portal
from tests.browser.people import fill_registration, sign_up

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def typed(page: Page) -> dict[str, str]:
    """Return what stands in the form, by the fields' names: they are the same in both languages."""
    form = page.locator("main form").first
    return form.evaluate(
        """form => Object.fromEntries([...new FormData(form)]
             .filter(([name]) => !["csrf_token", "form_token"].includes(name)))"""
    )


def test_the_form_is_continued_in_english_with_everything_that_was_typed(
    new_page: Any, portal: Portal
) -> None:
    portal.set_clock("2023-05-02T09:00:00+08:00")
    page = new_page(PHONE)
    sign_up(page, portal, "english.huang@example.tw", kind="個人報名")
    page.goto("/registrations/new")
    fill_registration(page)
    page.get_by_label("身分證統一編號").fill("A189124560")
    before = typed(page)
    assert before["chinese_name"] == "黃𠊎堃"

    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert typed(page) == before
    heading = page.get_by_role("heading", level=1)
    assert not CHINESE.search(heading.inner_text())
    page.locator("main form").get_by_role("button").last.click()
    page.wait_for_url(re.compile("/review$"))
    assert not CHINESE.search(heading.inner_text())
    page.locator("main form").get_by_role("button").last.click()
    page.wait_for_url(re.compile("/pay$"))
    assert not CHINESE.search(heading.inner_text())
    expect(page.locator("main")).to_contain_text("NT$250")
