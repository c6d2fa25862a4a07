"""The stops of the workbench: a leader mends a sheet of their own making, the office does it for them."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.guide import Tour, follow
from tests.browser.people import SAMPLES, create_group, read_sheet

NAME = "銅鑼客語讀書會"
_HEADINGS = "班級,姓名,生日,身分證字號,手機,腔調"
_ROWS = ("三甲,黃小明,93/13/2,B231127031,0912-345-678,四县", "三甲,鍾小美,100/9/2,,02-2345,海陸")
OWN_SHEET = {
    "name": "三年甲班.csv",
    "mimeType": "text/csv",
    "buffer": "\n".join((_HEADINGS, *_ROWS)).encode(),
}


def leader_mends(tour: Tour, page: Page) -> str:
    """Make another group, look at what can be done with sheets, and leave one open; return its address."""
    page.goto("/groups")
    create_group(page, NAME)
    group_url = page.url
    tour.visit(page, f"{group_url}/copy", "copy-sources")
    follow(page.locator("main a[href*='/copy/']").first)
    tour.show(page, "copy-check")
    page.goto(f"{group_url}/import")
    page.get_by_label("填好的檔案").first.set_input_files(OWN_SHEET)
    follow(page.get_by_role("button", name="讀取檔案").first)
    tour.show(page, "workbench-matching")
    follow(page.get_by_role("button", name="照這樣匯入"))
    _look_at_sheet(tour, page, "workbench")
    return group_url


def office_mends(tour: Tour, office: Page, group_url: str) -> None:
    """Do the same for the leader, on record."""
    desk = group_url.replace("/groups/", "/admin/groups/")
    tour.visit(office, f"{desk}/for-leader/enter", "staff-for-leader-enter")
    office.get_by_label("團報負責人來電").check()
    office.get_by_label("原因").fill("負責人不會用電腦")
    follow(office.locator("main form").get_by_role("button").last)
    tour.show(office, "staff-for-leader")
    tour.visit(office, f"{desk}/import", "staff-import")
    read_sheet(office, SAMPLES / "group_38_pupils_with_mistakes.xlsx")
    _look_at_sheet(tour, office, "staff-workbench")


def _look_at_sheet(tour: Tour, page: Page, name: str) -> None:
    sheet_url = page.url.partition("?")[0]
    tour.show(page, name)
    tour.visit(page, f"{sheet_url}?show=all", f"{name}-all")
    follow(page.locator(".sheet .row-number a").first)
    tour.show(page, f"{name}-row")
    tour.visit(page, f"{sheet_url}/discard", f"{name}-discard")
