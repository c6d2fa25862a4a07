"""The tour's stops at what goes by post: a batch of materials, a parcel that comes back, and goes again."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.guide import Tour, follow

ROUND = "nat-112-01"
DESK = f"/admin/mailings/?round={ROUND}"


def office_posts(tour: Tour, office: Page) -> None:
    """Make a batch of the materials, post it, and take back what could not be delivered."""
    tour.visit(office, DESK, "staff-mailings-empty")
    tour.visit(office, f"/admin/mailings/{ROUND}/materials/new", "staff-mailing-make")
    office.get_by_label("全部考區").check()
    follow(office.get_by_role("button", name="製作這一批"))
    tour.show(office, "staff-mailing")
    batch = office.url
    tour.visit(office, f"{batch}/dissolve", "staff-mailing-dissolve")
    tour.visit(office, f"{batch}/post", "staff-mailing-post")
    follow(office.locator("main form").get_by_role("button"))
    tour.show(office, "staff-mailing-posted")
    follow(office.get_by_role("row").filter(has_text="黃○堃").get_by_role("link").first)
    tour.show(office, "staff-parcel")
    tour.visit(office, f"{office.url}/return", "staff-parcel-return")
    office.get_by_label("退回原因").get_by_role("radio").or_(office.get_by_role("radio")).first.check()
    follow(office.get_by_role("button", name="登錄退回"))
    tour.show(office, "staff-parcel-returned")
    tour.visit(office, "/admin/mailings/resends", "staff-resends-none")


def candidate_asks_again(tour: Tour, candidate: Page, status_url: str) -> None:
    tour.visit(candidate, status_url, "status-post-returned")
    follow(candidate.get_by_role("link", name="申請重寄").first)
    tour.show(candidate, "resend")
    follow(candidate.get_by_role("button", name="送出重寄申請"))
    tour.show(candidate, "resend-errors")
    candidate.get_by_role("radio").first.check()
    follow(candidate.get_by_role("button", name="送出重寄申請"))


def office_decides(tour: Tour, office: Page) -> None:
    """Bill the postage."""
    tour.visit(office, "/admin/mailings/resends", "staff-resends")
    follow(office.get_by_role("table").get_by_role("link").first)
    tour.show(office, "staff-resend")
    office.get_by_label("請申請人付郵資").check()
    office.get_by_label("郵資（元）").fill("65")
    follow(office.get_by_role("button", name="確定並通知"))
    follow(office.get_by_role("table").get_by_role("link").first)
    tour.show(office, "staff-resend-billed")
    tour.visit(office, DESK, "staff-mailings")


def leader_follows(tour: Tour, leader: Page, group_url: str) -> None:
    tour.visit(leader, f"{group_url}/mailings", "group-mailings")


def certificates_go_registered(tour: Tour, office: Page) -> None:
    office.goto(f"/admin/mailings/{ROUND}/certificate/new")
    office.get_by_label("全部考區").check()
    follow(office.get_by_role("button", name="製作這一批"))
    tour.visit(office, f"{office.url}/post", "staff-mailing-post-registered")
