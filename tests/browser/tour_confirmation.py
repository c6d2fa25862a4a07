"""The stops of confirmation: a leader asks the members, a family looks, confirms, reports."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from tests.browser.guide import Tour, follow
from tests.browser.people import download, scan_all


def leader_asks(tour: Tour, page: Page, group_url: str) -> None:
    """Ask the members, let two families answer, and look at what came back; the asking goes on."""
    tour.visit(page, f"{group_url}/confirmation", "confirmation-off")
    follow(page.get_by_role("button", name="開始請考生核對"))
    tour.show(page, "confirmation-on")
    with TemporaryDirectory() as folder:
        slips = page.locator(".ways").get_by_role("link", name="還沒確認的全部")
        first, second, *_ = scan_all(download(page, slips, Path(folder, "slips.pdf")))
    family_answers(tour, first, second)
    tour.visit(page, f"{group_url}/confirmation", "confirmation-answered")
    tour.visit(page, group_url, "group-asking")


def family_answers(tour: Tour, first: str, second: str) -> None:
    page = tour.new_page()
    page.goto(first)
    tour.show(page, "confirm")
    follow(page.get_by_role("button", name="資料都正確"))
    tour.show(page, "confirm-done")
    page.goto(second)
    follow(page.get_by_role("link", name="有錯誤，我要回報"))
    tour.show(page, "confirm-report")
    follow(page.get_by_role("button", name="送出回報").last)
    tour.show(page, "confirm-report-errors")
    page.get_by_label("出生日期").check()
    page.get_by_label("正確的應該是什麼").fill("早一天")
    follow(page.get_by_role("button", name="送出回報").last)
    tour.show(page, "confirm-reported")
    tour.visit(page, "/confirm/of/nothing", "confirm-closed")
    page.context.close()
