"""The tour's stops on the multi track: the place that is held, and the round that a typhoon postpones."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import tour_requests
from tests.browser.guide import Tour, follow
from tests.browser.people import fill_person, sign_in, sign_up

MULTI, ROUND = "multi.huang@example.tw", "multi-112-08"
TYPHOON = "2023-08-17T10:00:00+08:00"


def candidate_registers(tour: Tour, page: Page) -> str:
    """Take a place in a multi round and pay for it; return the address of the status page."""
    sign_up(page, tour.portal, MULTI, kind="個人報名", track="multi")
    tour.visit(page, "/account/logins/google", "account-link")
    tour.visit(page, "/registrations", "multi-registrations-empty")
    page.goto(f"/rounds/{ROUND}")
    follow(page.get_by_role("link", name="報名這個梯次"))
    tour.show(page, "multi-form")
    fill_person(page)
    tour_requests.candidate_describes_needs(tour, page)
    tour.show(page, "multi-review")
    edit_url = page.url.removesuffix("/review")
    tour.visit(page, edit_url, "multi-status-draft")
    tour.visit(page, f"{edit_url}/edit", "multi-edit")
    page.goto(f"{edit_url}/review")
    follow(page.get_by_role("button", name="資料無誤，送出報名"))
    tour.show(page, "multi-pay")
    status_url = page.url.removesuffix("/pay")
    _pay_by_line_pay(tour, page, status_url)
    tour.visit(page, status_url, "multi-status-paid")
    return status_url


def _pay_by_line_pay(tour: Tour, page: Page, status_url: str) -> None:
    """Agree at LINE Pay, and come back in a browser that has never been at the portal."""
    page.get_by_role("button", name="前往 LINE Pay").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("LINE Pay 付款")
    follow(page.get_by_role("button", name="同意付款，但關閉瀏覽器"))
    at_line_pay = page.url
    tour.visit(page, f"{status_url}/pay", "multi-pay-line-pay")
    stranger = tour.new_page()
    stranger.goto(at_line_pay)
    follow(stranger.get_by_role("link", name="回到報名網站"))
    tour.show(stranger, "payment-result")
    stranger.context.close()


def round_is_postponed(tour: Tour, office: Page, candidate: Page, status_url: str) -> None:
    """Postpone the round, let the candidate ask for the fee, and pay it back."""
    tour.portal.set_clock(TYPHOON)
    tour.visit(office, "/admin/postponements/", "staff-postponements")
    tour.visit(office, f"/admin/postponements/{ROUND}", "staff-postponement")
    office.get_by_label("認證延期，另定日期").check()
    office.get_by_label("全部考區").check()
    office.get_by_label("公告內容").fill("因颱風來襲，認證延期")
    office.get_by_label("新的認證日期").fill("112/9/9")
    office.get_by_label("新的時間與地點").fill("上午 9 時起，原試場")
    follow(office.get_by_role("button", name="下一步：確認"))
    tour.show(office, "staff-postponement-confirm")
    follow(office.get_by_role("button", name="發布並通知考生"))
    tour.show(office, "staff-postponements-published")
    tour.visit(candidate, f"/rounds/{ROUND}", "round-postponed")
    tour.visit(candidate, status_url, "multi-status-postponed")
    tour.visit(candidate, f"{status_url}/refund", "refund")
    candidate.get_by_label("因認證延期無法參加認證").check()
    follow(candidate.get_by_role("button", name="送出退費申請"))
    tour.visit(candidate, f"{status_url}/refund", "refund-asked")
    _refund(tour, office)
    tour.visit(candidate, f"{status_url}/refund", "refund-granted")


def _refund(tour: Tour, office: Page) -> None:
    tour.visit(office, "/admin/refunds/", "staff-refunds")
    follow(office.get_by_role("table").get_by_role("link").first)
    tour.show(office, "staff-refund")
    office.get_by_label("郵戳日期").fill("112/8/17")
    follow(office.get_by_role("button", name="儲存"))
    office.get_by_label("准予退費").check()
    follow(office.get_by_role("button", name="送請核定"))
    tour.show(office, "staff-refund-proposed")
    case_url = office.url
    approver = tour.new_page()
    sign_in(approver, tour.portal.account("approver"))
    tour.visit(approver, case_url, "staff-refund-decide")
    approver.get_by_label("准予退費").check()
    follow(approver.get_by_role("button", name="核定"))
    tour.show(approver, "staff-refund-granted")
    approver.context.close()
