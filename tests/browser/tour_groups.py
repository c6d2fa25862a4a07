"""The stops of the office at a group's page: many asked at once, a member who leaves, another leader."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.guide import Tour, follow

# The demo's own accounts: one for individuals, one for groups.
CANDIDATE, LEADER = "candidate@demo.tw", "leader@demo.tw"


def office_handles(tour: Tour, office: Page) -> None:
    """Look at what can be done in a group that is open at its page, do none of it, and come back to it."""
    group_url = office.url
    office.locator("[name=sought]").fill("黃")
    office.locator("[name=sought]").press("Enter")
    office.wait_for_url("**/search")
    tour.show(office, "staff-group-found")
    office.goto(group_url)
    office.get_by_role("checkbox", name="選取").first.check()
    tour.show(office, "staff-group-chosen")
    follow(office.get_by_role("button", name="請勾選的考生補正"))
    tour.show(office, "staff-group-return")
    office.get_by_label("證號與證件不符").check()
    follow(office.get_by_role("button", name="下一步"))
    tour.show(office, "staff-group-return-confirm")
    office.goto(group_url)
    follow(office.get_by_role("link", name="移出團體").first)
    tour.show(office, "staff-group-move")
    office.get_by_label("考生帳號的電子信箱").fill(CANDIDATE)
    office.get_by_label("書面申請").check()
    office.get_by_label("原因").fill("轉學")
    follow(office.get_by_role("button", name="下一步"))
    tour.show(office, "staff-group-move-confirm")
    tour.visit(office, f"{group_url}/leader", "staff-group-leader")
    office.get_by_label("新負責人帳號的電子信箱").fill(LEADER)
    office.get_by_label("新負責人姓名").fill("彭秀英")
    office.get_by_label("電話").fill("0937-123-456")
    office.get_by_label("學校公文").check()
    office.get_by_label("原因").fill("導師異動")
    follow(office.get_by_role("button", name="下一步"))
    tour.show(office, "staff-group-leader-confirm")
    office.goto(group_url)
