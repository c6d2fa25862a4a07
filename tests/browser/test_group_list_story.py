"""A leader finds pupils among many, and begins next round's group with this round's people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app.core.spreadsheets import read_workbook
from app.groups.sheets.template_layout import MEMBERS_SHEET
from tests.browser.conftest import DESKTOP, PHONE, Portal
from tests.browser.people import SAMPLES, create_group, import_sheet, sign_up

EMAIL = "teacher.lai@example.tw"


def _look(page: Page) -> None:
    page.wait_for_load_state()
    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.requirement("R214", "R223", "R248", "R253")
def test_a_leader_finds_pupils_and_copies_them(new_page: Any, fresh_portal: Portal, tmp_path: Path) -> None:
    fresh_portal.set_clock("2023-05-01T09:00:00+08:00")
    page = new_page()
    main, rows = page.locator("main"), page.locator("#members tbody tr:visible")
    sign_up(page, fresh_portal, EMAIL, kind="團體報名")
    create_group(page)
    group_url = page.url
    page.goto(f"{group_url}/import")
    import_sheet(page, SAMPLES / "group_38_pupils.xlsx")

    page.goto(group_url)
    search = page.get_by_role("searchbox", name="尋找考生")
    search.press_sequentially("𠊎")
    expect(rows).to_have_count(1)
    expect(main).to_contain_text("找到 1 位")
    search.fill("尤瑪達陸")
    expect(rows).to_have_count(1)
    search.press("Enter")
    page.wait_for_url("**q=**")
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="看全部").click()
    page.get_by_role("link", name="需繳費 1").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("廖承翰")
    _look(page)

    with page.expect_download() as download:
        page.get_by_role("link", name="LibreOffice（.ods）", exact=True).click()
    file = tmp_path / "members.ods"
    download.value.save_as(file)
    sheet = read_workbook(file.read_bytes()).find_sheet(MEMBERS_SHEET)
    assert sheet is not None
    assert sheet.rows[1].cells[2] == "黃𠊎堃"

    page.goto(f"{group_url}/cancel")
    main.get_by_role("button").click()
    page.get_by_role("link", name="重新建立團體").click()
    _look(page)
    page.get_by_label("應考考區").select_option("苗栗")
    page.get_by_label("全國認證第二梯次").check()
    page.get_by_label("團體名稱").fill("中山國小第二梯次")
    page.get_by_role("button", name="建立團體").click()
    expect(main).to_contain_text("可以帶入 38 位")
    expect(main).to_contain_text("有 1 位曾經申請")
    _look(page)
    page.get_by_role("button", name="全部不勾").click()
    page.get_by_label("黃𠊎堃").check()
    page.get_by_label("尤瑪‧達陸").check()
    page.get_by_role("button", name="帶入勾選的考生").click()
    expect(main).to_contain_text("已帶入 2 位考生")
    expect(rows).to_have_count(2)
