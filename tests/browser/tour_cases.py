"""The tour's stops at cases: a guest's report, the officers' steps, a candidate's re-check."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.guide import Tour, follow

RECHECK = "2023-11-20T09:00:00+08:00"


def guest_reports(tour: Tour, page: Page) -> str:
    """Report something as a guest; return the number of the case."""
    tour.visit(page, "/cases/new", "cases")
    tour.visit(page, "/cases/new/recheck", "case-closed")
    tour.visit(page, "/cases/new/appeal", "case-appeal")
    tour.visit(page, "/cases/new/workplace_bullying", "case-form")
    follow(page.get_by_role("button", name="送出"))
    tour.show(page, "case-form-errors")
    page.get_by_label("服務機關(單位)").fill("行政院人事行政總處")
    page.get_by_label("職稱").fill("專員")
    page.get_by_label("姓名").fill("洪美玲")
    page.get_by_label("身分別").select_option("公務人員")
    page.get_by_label("電話").fill("039-2345678")
    page.get_by_label("電子信箱").fill("report@example.tw")
    page.get_by_label("申訴事實及理由").fill("主管在會議上多次辱罵。")
    follow(page.get_by_role("button", name="送出"))
    tour.show(page, "case-receipt")
    number = page.locator("output").inner_text()
    tour.visit(page, "/cases/lookup", "case-lookup")
    page.goto(f"/cases/lookup?number={number}")
    follow(page.get_by_role("button", name="查詢"))
    tour.show(page, "case-progress")
    return number


def office_handles(tour: Tour, office: Page, number: str) -> None:
    """Take the case from the central desk to its end, as the manual shows it."""
    row = office.get_by_role("row").filter(has_text=number)
    tour.visit(office, "/admin/cases/", "staff-cases")
    tour.visit(office, "/admin/cases/?box=unassigned", "staff-cases-unassigned")
    follow(row.get_by_role("link", name="分派"))
    tour.show(office, "staff-case-assign")
    office.get_by_label("人事室").check()
    follow(office.get_by_role("button", name="送出"))
    tour.show(office, "staff-case-assign-confirm")
    follow(office.get_by_role("button", name="分派案件"))
    tour.visit(office, "/admin/cases/?box=waiting", "staff-cases-waiting")
    follow(row.get_by_role("link", name="申訴內容"))
    tour.show(office, "staff-case-show")
    office.goto("/admin/cases/?box=waiting")
    follow(row.get_by_role("link", name="確認接收"))
    tour.show(office, "staff-case-accept")
    follow(office.get_by_role("button", name="確認接收"))
    tour.visit(office, "/admin/cases/?box=open", "staff-cases-open")
    follow(row.get_by_role("link", name="回報"))
    tour.show(office, "staff-case-preliminary")
    office.get_by_label("已收受案件並向通報人說明").check()
    follow(office.get_by_role("button", name="送出"))
    follow(office.get_by_role("button", name="提交"))
    office.goto("/admin/cases/?box=open")
    follow(row.get_by_role("link", name="回報"))
    tour.show(office, "staff-case-result")
    follow(office.get_by_role("button", name="送出"))
    tour.show(office, "staff-case-result-errors")
    office.get_by_label("依機關職場霸凌相關規定處理").check()
    office.get_by_label("職場霸凌成立").check()
    office.get_by_label("職務調動", exact=True).check()
    office.get_by_label("職務調動的說明").fill("調離原單位")
    follow(office.get_by_role("button", name="送出"))
    follow(office.get_by_role("button", name="提交"))
    office.goto("/admin/cases/?box=open")
    follow(row.get_by_role("link", name="進行結案"))
    tour.show(office, "staff-case-close")
    follow(office.get_by_role("button", name="進行結案"))
    tour.visit(office, "/admin/cases/?box=closed", "staff-cases-closed")
    tour.visit(office, "/admin/cases/paper", "staff-paper-kinds")
    tour.visit(office, "/admin/cases/paper/appeal", "staff-paper")
    tour.visit(office, "/admin/cases/units", "staff-units")


def candidate_asks_for_recheck(tour: Tour, page: Page, status_url: str) -> None:
    tour.portal.set_clock(RECHECK)
    tour.visit(page, "/cases/mine", "my-cases-empty")
    page.goto(status_url)
    follow(page.get_by_role("link", name="申請成績複查"))
    tour.show(page, "recheck")
    page.get_by_label("口語測驗").check()
    follow(page.get_by_role("button", name="送出"))
    tour.show(page, "recheck-receipt")
    tour.visit(page, "/cases/mine", "my-cases")
    page.goto(status_url)
    follow(page.get_by_role("link", name="查看複查進度"))
    tour.show(page, "my-case")
