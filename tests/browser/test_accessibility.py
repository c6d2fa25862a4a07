"""Axe finds nothing wrong on any page of any audience, by day on a desk and by night on a phone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESKTOP, PHONE, running_demo
from tests.browser.guide import Tour
from tests.browser.routes import missed_pages
from tests.browser.tour import walk
from tests.conftest import make_app, make_settings
from tests.databases import TestDatabases

# Only what is wrong is gathered and handed over: listing what is right takes as long as finding out.
_RUN = """axe.run({resultTypes: ["violations"]}).then(({violations}) => ({violations}))"""


@dataclass
class Inspector:
    """Looks at each page of the walk and notes what is wrong with it.

    :ivar addresses: of all pages that were looked at
    """

    found: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def look(self, page: Page, name: str) -> None:
        self.addresses.append(page.url)
        page.evaluate(AXE_SCRIPT)
        for viewport, scheme in ((PHONE, "dark"), (DESKTOP, "light")):
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self.found.append(f"{name}: wider than {viewport['width']} px")
            results = AxeResults(page.evaluate(_RUN))
            if results.violations_count:
                self.found.append(f"{name} ({viewport['width']} px, {scheme}): {results.generate_report()}")


@pytest.fixture(scope="module")
def inspected(
    browser: Browser, databases: TestDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Inspector:
    """Who has walked through the year, once for all tests here."""
    inspector = Inspector()
    instance = tmp_path_factory.mktemp("walk")
    with running_demo(databases, "walk", instance, LEADER_RESULTS="on") as portal:
        walk(Tour(browser, portal, inspector.look))
    return inspector


@pytest.mark.requirement("S011")
def test_no_page_has_an_accessibility_violation(inspected: Inspector) -> None:
    assert not inspected.found, "\n\n".join(inspected.found)


@pytest.mark.requirement("S011")
def test_no_page_was_left_out(inspected: Inspector, tmp_path: Path) -> None:
    settings = make_settings(tmp_path, "sqlite://")
    # In a thread of its own: in this one Playwright's event loop runs.
    with ThreadPoolExecutor(1) as thread:
        missed = thread.submit(lambda: missed_pages(make_app(settings), inspected.addresses)).result()

    assert missed == set()
