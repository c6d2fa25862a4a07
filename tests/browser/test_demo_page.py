"""The demo's front door keeps the staff's codes fresh without taking the page away from its reader."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect


def test_the_codes_are_exchanged_and_the_page_stays(new_page: Any) -> None:
    page = new_page()
    page.clock.install()
    page.goto("/demo")
    codes = page.locator("[data-code]")
    shown = codes.count()
    assert shown == 3
    page.get_by_role("link", name="登入", exact=True).last.focus()
    codes.evaluate_all("codes => codes.forEach(code => code.textContent = 'stale')")

    page.clock.run_for(31_000)

    expect(codes.filter(has_text="stale")).to_have_count(0)
    assert codes.count() == shown
    assert page.evaluate("document.activeElement.textContent") == "登入"
