"""A teacher brings 38 pupils in one sheet: 37 are free, one pays; they sit together; 38 tickets."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from app.core.spreadsheets import read_workbook
from tests.browser.conftest import Portal
from tests.browser.people import SAMPLES, create_group, import_sheet, pay_newest, seat_area, sign_in, sign_up

EMAIL = "teacher.lin@example.tw"


def _fits_in_english(page: Page) -> None:
    """See that the longer words leave the page and its tables as wide as they are to be; go on in Chinese."""
    address = page.url
    page.goto(f"{address}?lang=en")
    for inner, outer in (("html", "html"), (".data-table", ".table-frame")):
        widths = page.evaluate(
            """([inner, outer]) => [document.querySelector(inner).scrollWidth,
                                    document.querySelector(outer).clientWidth]""",
            [inner, outer],
        )
        assert widths[0] <= widths[1], (inner, widths)
    page.goto(f"{address}?lang=zh")


def test_a_class_registers_from_one_sheet(new_page: Any, portal: Portal, tmp_path: Path) -> None:
    portal.set_clock("2023-05-01T09:00:00+08:00")
    page = new_page()
    main = page.locator("main")
    sign_up(page, portal, EMAIL, kind="團體報名")
    create_group(page)
    group_url = page.url

    with page.expect_download() as download:
        page.get_by_role("link", name="下載匯入範例").first.click()
    template = tmp_path / "template.xlsx"
    download.value.save_as(template)
    assert read_workbook(template.read_bytes()).sheets

    page.goto(f"{group_url}/import")
    import_sheet(page, SAMPLES / "group_38_pupils_with_mistakes.xlsx")
    expect(main).to_contain_text("4 列要修正")
    expect(main.locator(".remark").filter(has_text="出生日期")).to_contain_text("月份要在 1 到 12 之間")

    page.goto(f"{group_url}/import")
    import_sheet(page, SAMPLES / "group_38_pupils.xlsx")
    page.goto(group_url)
    expect(main.get_by_role("row")).to_have_count(1 + 38)

    page.get_by_role("link", name="核對並送出").first.click()
    expect(main).to_contain_text("需繳費 1 人、免繳費 37 人")
    expect(main).to_contain_text("NT$250")
    page.get_by_role("button", name="確認送出 38 人的報名").click()

    page.get_by_role("button", name="產生繳費條碼").click()
    page.get_by_role("button", name="取得繳費條碼").click()
    page.wait_for_url(f"{group_url}/pay")
    expect(main.locator("svg").first).to_be_visible()
    pay_newest(page, "到店繳費")
    page.goto(group_url)
    expect(main).to_contain_text("已繳費，資料審核中")
    _fits_in_english(page)

    office = new_page()
    sign_in(office, portal.account("staff"))
    office.goto("/admin/groups/")
    office.get_by_role("link", name="臺北市中山區中山國小").first.click()
    office.get_by_role("link", name="通過全部 38 位待審團員").click()
    office.get_by_role("button", name="通過 38 人").click()
    seat_area(office, "nat-112-01", "臺北")

    portal.set_clock("2023-08-11T09:00:00+08:00")
    page.goto(group_url)
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("link", name="下載").filter(has_text="准考證").first.click()
    file = tmp_path / "tickets.pdf"
    download.value.save_as(file)
    assert len(PdfReader(file).pages) == 38
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "黃𠊎堃" in text
