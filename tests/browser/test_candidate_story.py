"""A 34-year-old registers for the first national round, pays by bank transfer, and gets her ticket."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Portal
from tests.browser.people import fill_registration, pay_newest, seat_area, sign_in, sign_up, wait_for_mail

EMAIL = "sk.huang@example.tw"


def test_a_candidate_registers_pays_and_downloads_the_ticket(
    new_page: Any, portal: Portal, tmp_path: Path
) -> None:
    portal.set_clock("2023-05-01T09:00:00+08:00")
    page = new_page(PHONE)
    sign_up(page, portal, EMAIL, kind="個人報名")

    page.goto("/registrations/new")
    fill_registration(page)
    page.get_by_role("button", name="下一步：檢查資料").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("檢查並送出")
    main = page.locator("main")
    expect(main).to_contain_text("NT$250")
    expect(main).to_contain_text("出生日期在民國 93 年 9 月 1 日（含）以前")
    expect(main).to_contain_text("112 年 5 月 7 日（日）")
    page.get_by_role("button", name="資料無誤，送出報名").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("繳費")
    status_url = page.url.removesuffix("/pay")
    expect(main).to_contain_text("還有 6 天")
    page.get_by_text("期限怎麼算").click()
    expect(main).to_contain_text("是第 1 天，第 7 天就是最後一天")
    page.get_by_role("button", name="取得繳費帳號").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ATM 轉帳付款")
    page.get_by_role("button", name="取得繳費帳號").click()
    page.wait_for_url(f"{status_url}/pay")
    expect(main).to_contain_text("銀行代碼")

    pay_newest(page, "轉帳繳費")
    page.goto(status_url)
    expect(main).to_contain_text("已繳費，資料審核中")
    assert "NT$250" in wait_for_mail(portal, EMAIL, "收到")["text"]

    office = new_page()
    sign_in(office, portal.account("staff"))
    office.goto("/admin/review/")
    office.get_by_role("link", name="黃○堃").first.click()
    office.get_by_role("button", name="通過", exact=True).click()
    seat_area(office, "nat-112-01", "臺北")
    page.goto(status_url)
    expect(main).to_contain_text("尚未開放下載")

    ticket_url = f"{status_url}/ticket.pdf"
    portal.set_clock("2023-08-11T08:59:59+08:00")
    page.goto(ticket_url)
    expect(main).to_contain_text("准考證自 112 年 8 月 11 日（五）09:00 起開放下載")

    portal.set_clock("2023-08-11T09:00:00+08:00")
    page.goto(status_url)
    with page.expect_download() as download:
        page.get_by_role("link", name="下載").first.click()
    file = tmp_path / "ticket.pdf"
    download.value.save_as(file)
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    for item in ("黃𠊎堃", "四縣", "臺北", "全國認證第一梯次"):
        assert item in text, item
    stranger = requests.get(ticket_url, timeout=10)
    assert b"%PDF" not in stranger.content
