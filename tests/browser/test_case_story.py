"""The manual's walk-through: a guest reports and follows the case by number, an officer closes it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Portal
from tests.browser.people import sign_in, wait_for_mail

EMAIL = "report@example.tw"


def report(page: Page) -> str:
    """Report workplace bullying as a guest and return the case number."""
    page.goto("/")
    page.get_by_role("link", name="申訴與意見").click()
    page.get_by_role("link", name="填寫職場霸凌通報").click()
    page.get_by_label("服務機關(單位)").fill("行政院人事行政總處")
    page.get_by_label("職稱").fill("專員")
    page.get_by_label("姓名").fill("洪美玲")
    page.get_by_label("身分別").select_option("公務人員")
    page.get_by_label("電話").fill("039-2345678")
    page.get_by_label("電子信箱").fill(EMAIL)
    page.get_by_label("申訴事實及理由").fill("主管在會議上多次辱罵。")
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已收到您的案件")
    return page.locator("output").inner_text()


def ask_progress(page: Page, number: str, state: str) -> None:
    page.goto(f"/cases/lookup?number={number}")
    page.get_by_role("button", name="查詢").click()
    main = page.locator("main")
    expect(main).to_contain_text(f"案件處理狀態：{state}")
    expect(main).to_contain_text("r***@e***.tw")
    expect(main).not_to_contain_text("洪")


def confirm(office: Page, question: str, button: str, done: str) -> None:
    expect(office.get_by_role("heading", level=1)).to_have_text(question)
    expect(office.get_by_role("link", name="取消")).to_be_focused()
    office.get_by_role("button", name=button).click()
    expect(office.get_by_role("status")).to_contain_text(done)


def handle(office: Page, number: str) -> None:
    """Accept, report, decide and close the case as the manual shows it (chapters 4.1 to 4.2.4)."""
    row = office.get_by_role("row").filter(has_text=number)
    office.goto("/admin/cases/?box=waiting")
    expect(row).to_contain_text("113/12/12")
    expect(row).to_contain_text("114/01/10")
    row.get_by_role("link", name="申訴內容").click()
    expect(office.locator("main")).to_contain_text("主管在會議上多次辱罵。")
    office.goto("/admin/cases/?box=waiting")
    row.get_by_role("link", name="確認接收").click()
    confirm(office, f"確認由貴單位進行處置案件（案號：{number}）嗎？", "確認接收", "案件已確認！")

    office.goto("/admin/cases/?box=open")
    row.get_by_role("link", name="回報").click()
    office.get_by_label("已收受案件並向通報人說明").check()
    office.get_by_role("button", name="送出").click()
    confirm(office, f"確定提交案件「{number}」初步受理情形嗎？", "提交", "設定成功！")

    office.goto("/admin/cases/?box=open")
    row.get_by_role("link", name="回報").click()
    expect(office.get_by_label("職場霸凌成立")).to_be_hidden()
    office.get_by_label("依機關職場霸凌相關規定處理").check()
    office.get_by_label("職場霸凌成立").check()
    office.get_by_label("職務調動", exact=True).check()
    office.get_by_label("職務調動的說明").fill("調離原單位")
    office.get_by_role("button", name="送出").click()
    confirm(office, f"確定提交案件「{number}」處理結果？", "提交", "設定成功！")

    office.goto("/admin/cases/?box=open")
    row.get_by_role("link", name="進行結案").click()
    confirm(office, f"確定將申訴案件「{number}」結案嗎？", "進行結案", "結案成功！")
    office.goto("/admin/cases/?box=closed")
    expect(row).to_contain_text("職場霸凌成立")
    expect(row).to_contain_text("職務調動")


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_a_guest_reports_and_an_officer_closes_the_case(
    viewport: dict[str, int] | None, new_page: Any, portal: Portal
) -> None:
    """W005–W041, in the dates of the manual."""
    portal.set_clock("2024-12-10T15:25:00+08:00")
    page = new_page(viewport)
    number = report(page)
    assert number.startswith("1131210")
    assert number in wait_for_mail(portal, EMAIL, number)["text"]
    ask_progress(page, number, "已收件，等候分派")

    office = new_page()
    sign_in(office, portal.account("staff"))
    office.goto("/admin/cases/?box=unassigned")
    office.get_by_role("row").filter(has_text=number).get_by_role("link", name="分派").click()
    office.get_by_label("人事室").check()
    office.get_by_role("button", name="送出").click()
    confirm(office, f"確定將案件「{number}」分派給人事室嗎？", "分派案件", "分派成功！")
    assert wait_for_mail(portal, EMAIL, "已轉交權責單位")
    ask_progress(page, number, "已轉交權責單位")

    handle(office, number)
    ask_progress(page, number, "已結案")
