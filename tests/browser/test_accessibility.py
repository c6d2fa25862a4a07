"""Axe finds nothing wrong on any page of any audience, by day on a desk and by night on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESKTOP, PHONE, Portal
from tests.browser.guide import Tour
from tests.browser.tour import walk


@pytest.mark.requirement("S011")
def test_no_page_has_an_accessibility_violation(browser: Browser, fresh_portal: Portal) -> None:
    axe = Axe()
    found: list[str] = []

    def look(page: Page, name: str) -> None:
        for viewport, scheme in ((PHONE, "dark"), (DESKTOP, "light")):
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{name}: wider than {viewport['width']} px")
            results = axe.run(page)
            if results.violations_count:
                found.append(f"{name} ({viewport['width']} px, {scheme}): {results.generate_report()}")

    walk(Tour(browser, fresh_portal, look))

    assert not found, "\n\n".join(found)
