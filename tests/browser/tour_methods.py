"""The walk past the methods of payment: a code for the kiosk beside an account, and one that is closed."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.guide import Tour, follow


def candidate_takes_code(tour: Tour, page: Page) -> None:
    """Take a store code besides what was issued; the page is a payment page with an account on it."""
    pay_url = page.url.partition("#")[0]
    page.get_by_text("改用其他繳費方式").click()
    follow(page.get_by_role("button", name="取得繳費代碼"))
    page.get_by_role("heading", name="超商代碼繳費").wait_for()
    tour.show(page, "gateway-code")
    follow(page.get_by_role("button", name="取得繳費代碼"))
    page.wait_for_url(pay_url)
    tour.show(page, "pay-store-code")


def office_closes(tour: Tour, office: Page) -> None:
    """Close a method for a while and open it again."""
    tour.visit(office, "/admin/payments/methods", "staff-methods")
    follow(office.get_by_role("row").filter(has_text="超商代碼").get_by_role("link", name="暫停"))
    tour.show(office, "staff-method-close")
    office.get_by_label("恢復日期").fill("112/5/3")
    follow(office.get_by_role("button", name="下一步：確認"))
    tour.show(office, "staff-method-close-errors")
    office.get_by_label("給繳費人看的說明").fill("超商代碼繳費系統維護，請先用其他方式。")
    office.get_by_label("英文說明").fill("Store codes are under maintenance; please use another method.")
    office.get_by_label("恢復時間").fill("18:00")
    follow(office.get_by_role("button", name="下一步：確認"))
    tour.show(office, "staff-method-confirm")
    follow(office.get_by_role("button", name="暫停", exact=True))
    tour.show(office, "staff-methods-closed")
    follow(office.get_by_role("link", name="恢復"))
    tour.show(office, "staff-method-open")


def office_opens(office: Page) -> None:
    """Open the closed method again, from its page of confirmation."""
    follow(office.get_by_role("button", name="恢復", exact=True))
