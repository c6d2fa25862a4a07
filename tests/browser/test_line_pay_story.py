"""The multi track paid by LINE Pay: given up once, then agreed to."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from scripts.make_samples import national_id
from tests.browser.conftest import PHONE, Portal
from tests.browser.people import fill_person, sign_up, submit_registration, wait_for_mail

ROUND, EMAIL = "multi-112-08", "multi.line@example.tw"


def go_to_line_pay(page: Page) -> None:
    page.get_by_role("button", name="前往 LINE Pay").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("LINE Pay 付款")


@pytest.mark.requirement("R084", "R092", "R096")
def test_a_candidate_pays_by_line_pay(new_page: Any, portal: Portal) -> None:
    portal.set_clock("2023-05-10T10:00:00+08:00")
    page = new_page(PHONE)
    main = page.locator("main")
    sign_up(page, portal, EMAIL, kind="個人報名", track="multi")
    page.goto(f"/rounds/{ROUND}")
    page.get_by_role("link", name="報名這個梯次").click()
    fill_person(page)
    page.get_by_label("身分證統一編號").fill(national_id("A", 2, 7_654_321))
    status_url = submit_registration(page)
    expect(main).to_contain_text("用手機時會開啟 LINE Pay；用電腦時請登入 LINE 或掃描 QR code")

    go_to_line_pay(page)
    page.get_by_role("button", name="取消").click()
    page.wait_for_url(f"{status_url}/pay?*")
    expect(main).to_contain_text("LINE Pay 付款還沒完成")

    go_to_line_pay(page)
    page.get_by_role("button", name="同意付款", exact=True).click()
    page.wait_for_url(f"{status_url}/pay")
    expect(page.get_by_role("heading", level=1)).to_have_text("繳費完成")
    page.goto(status_url)
    expect(main).to_contain_text("已繳費，資料審核中")
    assert "NT$250" in wait_for_mail(portal, EMAIL, "收到")["text"]
