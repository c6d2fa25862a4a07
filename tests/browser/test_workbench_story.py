"""A secretary mends a sheet on the page: by mouse, by keyboard, without script, and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from scripts.make_samples import FACTS, filled_template, national_id, pupil
from tests.browser.conftest import DESKTOP, PHONE, Portal
from tests.browser.people import create_group, read_sheet, sign_up, take_in

# Row 2 is right; the others have one mistake each, of the kinds that schools make.
MISTAKES = {
    3: {"birth_on": "100/13/5"},
    4: {"dialect": "四县"},
    5: {"phone_mobile": "0912-34"},
}


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    # Numbers of their own: other stories register the pupils of the sample at the same portal.
    rows = [
        pupil(number, f"陳小{name}")
        | {"id_number": national_id("K", 1, 5_000_000 + number)}
        | MISTAKES.get(number + 2, {})
        for number, name in enumerate("甲乙丙丁")
    ]
    file = tmp_path / "三年甲班.xlsx"
    file.write_bytes(filled_template(FACTS, rows))
    return file


def enter(page: Page, portal: Portal, email: str, sheet: Path) -> str:
    """Sign up as a leader, create a group, have the sheet read; return the group's address."""
    portal.set_clock("2023-05-01T09:00:00+08:00")
    sign_up(page, portal, email, kind="團體報名")
    create_group(page)
    group_url = page.url
    page.goto(f"{group_url}/import")
    read_sheet(page, sheet)
    expect(page.locator("#sheet-head")).to_contain_text("1 位可以加入名單，3 列還要修正")
    return group_url


def cell(page: Page, number: int, key: str) -> Locator:
    return page.locator(f'#row-{number} td[data-key="{key}"]')


@pytest.mark.requirement("R231", "R232")
def test_by_mouse(new_page: Any, portal: Portal, sheet: Path) -> None:
    page = new_page()
    group_url = enter(page, portal, "mouse.lin@example.tw", sheet)
    other_rows = page.locator("#row-5").element_handle()

    page.locator("#row-4").get_by_role("button", name="改成 四縣").click()
    expect(page.locator("#row-4")).to_contain_text("可加入")
    cell(page, 3, "birth_on").click()
    page.keyboard.type("100/3/5")
    page.keyboard.press("Enter")
    expect(page.locator("#row-3")).to_contain_text("可加入")
    expect(page.locator("#sheet-head")).to_contain_text("3 位可以加入名單，1 列還要修正")
    assert other_rows.evaluate("row => row.isConnected"), "the other rows are left alone"

    page.get_by_role("button", name="復原").click()
    expect(cell(page, 3, "birth_on")).to_contain_text("100/13/5")
    cell(page, 3, "birth_on").click()
    page.keyboard.type("100/3/5")
    page.keyboard.press("Enter")
    expect(page.locator("#row-3")).to_contain_text("可加入")
    take_in(page)
    expect(page.locator("main")).to_contain_text("已加入 3 位，還有 1 列要修正")

    page.locator("#row-5").get_by_role("button", name="不要匯入這一列").click()
    page.goto(group_url)
    expect(page.locator("#members tbody tr")).to_have_count(3)


def test_by_keyboard(new_page: Any, portal: Portal, sheet: Path) -> None:
    page = new_page()
    enter(page, portal, "keys.lin@example.tw", sheet)

    cell(page, 3, "birth_on").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type("100/3/5")
    page.keyboard.press("Enter")
    expect(page.locator("#row-3")).to_contain_text("可加入")
    expect(cell(page, 4, "birth_on")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#sheet-head button").first).to_be_focused()

    cell(page, 5, "phone_mobile").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(cell(page, 5, "phone_mobile")).to_be_focused()
    page.keyboard.type("0912-345-678")
    page.keyboard.press("Tab")
    expect(page.locator("#row-5")).to_contain_text("可加入")
    expect(page.locator("[data-sheet-status]")).to_have_text("這一格可以了")

    page.keyboard.press("Control+z")
    expect(cell(page, 5, "phone_mobile")).to_contain_text("0912-34")


def test_without_script(browser: Browser, new_page: Any, portal: Portal, sheet: Path) -> None:
    signed_in = new_page()
    group_url = enter(signed_in, portal, "noscript.lin@example.tw", sheet)
    context = browser.new_context(
        java_script_enabled=False,
        base_url=portal.url,
        viewport=DESKTOP,
        locale="zh-TW",
        storage_state=signed_in.context.storage_state(),
    )
    page = context.new_page()
    page.goto(signed_in.url)

    page.locator("#row-4").get_by_role("button", name="改成 四縣").click()
    page.locator("#row-3").get_by_role("link", name="修改整列").click()
    page.get_by_label("出生日期").fill("100/14/5")
    page.get_by_role("button", name="儲存").first.click()
    expect(page.get_by_label("出生日期")).to_have_value("100/14/5")
    page.get_by_label("出生日期").fill("100/3/5")
    page.get_by_role("button", name="儲存").first.click()
    expect(page.get_by_label("聯絡電話（手機）")).to_have_value("0912-34")
    page.get_by_role("button", name="不要匯入這一列").click()
    take_in(page)

    page.goto(group_url)
    expect(page.locator("#members tbody tr")).to_have_count(3)
    context.close()


def test_on_a_phone(new_page: Any, portal: Portal, sheet: Path) -> None:
    page = new_page(PHONE)
    enter(page, portal, "phone.lin@example.tw", sheet)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    expect(page.locator("#row-3")).to_contain_text("月份要在 1 到 12 之間")

    page.locator("#row-3").get_by_role("link", name="修改整列").click()
    page.get_by_label("出生日期").fill("100/3/5")
    page.get_by_role("button", name="儲存").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("第 4 列")
