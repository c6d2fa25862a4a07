"""The tour's stops at what everybody can read, and at what is shown when something goes wrong."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.guide import Tour, follow

TOO_LARGE = 7 * 1024 * 1024


def information_pages(tour: Tour, page: Page) -> None:
    """Look at the year's pages before the office has added anything."""
    for path, name in (
        ("/about", "about"),
        ("/compare", "compare"),
        ("/sitemap", "sitemap"),
        ("/news", "news-empty"),
        ("/search", "search"),
        ("/search?q=准考證", "search-hits"),
        ("/search?q=Klingon", "search-none"),
        ("/open-data", "open-data"),
        ("/satisfaction", "satisfaction-few"),
        ("/pass-marks", "pass-marks-none"),
        ("/fees", "fees"),
    ):
        tour.visit(page, path, name)
    page.get_by_label("出生日期").fill("93/9/2")
    follow(page.get_by_role("button", name="試算"))
    tour.show(page, "fees-worked-out")


def what_the_office_published(tour: Tour, page: Page) -> None:
    """Look at the announcements and the file that the desks have added by now."""
    tour.visit(page, "/", "home-with-news")
    tour.visit(page, "/news", "news")
    follow(page.locator("main").get_by_role("link", name="報名系統維護").first)
    tour.show(page, "announcement")
    tour.visit(page, "/downloads", "downloads-with-file")


def forms_refused(tour: Tour, page: Page) -> None:
    """Send a form that has grown stale."""
    page.goto("/fees")
    page.get_by_label("出生日期").fill("93/9/2")
    page.locator("main [name=csrf_token]").evaluate("field => { field.value = 'stale'; }")
    follow(page.get_by_role("button", name="試算"))
    tour.show(page, "stale-form")


def file_too_large(tour: Tour, page: Page) -> None:
    """Send a file into the open import form that no server should read."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "class.xlsx")
        file.write_bytes(bytes(TOO_LARGE))
        page.get_by_label("填好的檔案").first.set_input_files(file)
        follow(page.get_by_role("button", name="讀取檔案").first)
    tour.show(page, "too-large")


def asked_too_often(tour: Tour, page: Page) -> None:
    """Look for cases until the portal says that this was once too often, whichever of its workers answers."""
    page.goto("/cases/lookup")
    page.evaluate(
        """async () => {
            const body = new FormData(document.querySelector("main form"));
            for (let refused = 0, tries = 0; refused < 10 && tries < 150; tries++) {
                const answer = await fetch("/cases/lookup", { method: "POST", body });
                refused = answer.status === 429 ? refused + 1 : 0;
            }
        }"""
    )
    follow(page.get_by_role("button", name="查詢"))
    tour.show(page, "too-often")
