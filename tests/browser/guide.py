"""Who leads a walk over the portal's pages: opens them, and shows each to whoever wants to look at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from playwright.sync_api import Browser, Locator, Page

from tests.browser.conftest import DESKTOP, Portal


@dataclass(frozen=True)
class Tour:
    """Where the walk goes, and what is done at each page: `look` gets the page as it stands and its name.

    :ivar language: zh, or en: then each page that has an address is looked at in English, beside the walk,
        which goes on in Chinese; the answer to a form that was filled in wrongly has no address of its own
    """

    browser: Browser
    portal: Portal
    look: Callable[[Page, str], None]
    language: str = "zh"

    def new_page(self) -> Page:
        context = self.browser.new_context(viewport=DESKTOP, locale="zh-TW", base_url=self.portal.url)
        context.set_default_timeout(30_000)
        return context.new_page()

    def show(self, page: Page, name: str) -> None:
        """Show a page as it stands, once it is all there."""
        page.wait_for_load_state()
        if self.language == "zh" or not page.url.startswith(self.portal.url):
            self.look(page, name)
            return
        beside = page.context.new_page()
        beside.goto(_with(page.url, lang=self.language))
        self.look(beside, name)
        beside.goto("/privacy?lang=zh")
        beside.close()

    def visit(self, page: Page, path: str, name: str) -> None:
        page.goto(path)
        self.show(page, name)


def follow(control: Locator) -> None:
    """Click and wait until the next page is there."""
    with control.page.expect_navigation():
        control.click()


def _with(address: str, **more: str) -> str:
    parts = urlsplit(address)
    query = "&".join(each for each in (parts.query, urlencode(more)) if each)
    return urlunsplit(parts._replace(query=query, fragment=""))
