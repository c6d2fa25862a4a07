"""What people do in the browser, in their words, so that a story reads as one."""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Portal

PASSWORD = "blossom-on-the-hill"


def sign_up(page: Page, portal: Portal, email: str, kind: str) -> None:
    """Sign up on the national track, open the mailed link in the demo mailbox, choose the kind."""
    page.goto("/")
    page.get_by_role("link", name="報名全國認證").click()
    page.get_by_label("電子信箱").fill(email)
    page.get_by_label("密碼", exact=True).fill(PASSWORD)
    page.get_by_label("密碼確認").fill(PASSWORD)
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("請到信箱開啟認證信")
    link = wait_for_mail(portal, email)["links"][0]
    page.goto("/demo/mailbox")
    page.get_by_role("link", name=link).click()
    page.get_by_label("密碼").fill(PASSWORD)
    page.locator("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("選擇報名類型")
    page.get_by_role("button", name=kind).click()


def wait_for_mail(portal: Portal, email: str, subject: str = "") -> dict[str, Any]:
    """Return the newest mail to an address whose subject contains the words; the worker brings it soon."""
    for _ in range(100):
        mails = [mail for mail in portal.mails_to(email) if subject in mail["subject"]]
        if mails:
            return mails[0]
        time.sleep(0.1)
    raise AssertionError(f"no mail «{subject}» to {email}")


def sign_in(page: Page, account: dict[str, str]) -> None:
    page.goto(account["login_path"])
    page.get_by_label("電子信箱").or_(page.get_by_label("帳號")).first.fill(account["email"])
    page.get_by_label("密碼").fill(account["password"])
    page.locator("main form").get_by_role("button").first.click()
    expect(page).not_to_have_url(re.compile("/login"))


def pay_newest(page: Page, button: str) -> None:
    """Play the payer: pay what was asked for last, on the demo's payer page."""
    page.goto("/demo/payer")
    page.get_by_role("button", name=button, exact=True).first.click()
    expect(page.locator("main")).to_contain_text("已付款")


def seat_area(office: Page, round_code: str, area: str) -> None:
    """Let the staff's seating desk seat one area of a round."""
    office.goto(f"/admin/seating/?round={round_code}")
    office.get_by_role("row").filter(has_text=area).get_by_role("link", name="排座位").click()
    office.locator("main form").get_by_role("button").first.click()
