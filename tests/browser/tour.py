"""A walk over every page of the portal, for whoever wants to look at each: camera or accessibility checker.

It goes through both stories of the README on a freshly started demo, whose clock it moves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page

from tests.browser.conftest import DESKTOP, Portal
from tests.browser.people import (
    SAMPLES,
    create_group,
    fill_registration,
    import_sheet,
    pay_newest,
    seat_area,
    sign_in,
    sign_up,
)

CANDIDATE, LEADER = "sk.huang@example.tw", "teacher.lin@example.tw"
REGISTRATION, RELEASE = "2023-05-01T09:00:00+08:00", "2023-08-11T09:00:00+08:00"
JUST_BEFORE_RELEASE = "2023-08-11T08:59:59+08:00"


@dataclass(frozen=True)
class Tour:
    """Who walks where, and what is done at each page: `look` gets the page as it stands and its name."""

    browser: Browser
    portal: Portal
    look: Callable[[Page, str], None]

    def new_page(self) -> Page:
        context = self.browser.new_context(viewport=DESKTOP, locale="zh-TW", base_url=self.portal.url)
        context.set_default_timeout(15_000)
        return context.new_page()

    def visit(self, page: Page, path: str, name: str) -> None:
        page.goto(path)
        self.look(page, name)

    def walk(self) -> None:
        """Go through both stories from the registration period to the day the tickets are released."""
        self.portal.set_clock(REGISTRATION)
        visitor, candidate, leader, office = pages = [self.new_page() for _ in range(4)]
        public_pages(self, visitor)
        status_url = candidate_registers(self, candidate)
        group_url = leader_registers(self, leader)
        office_decides(self, office)
        tickets_open(self, candidate, status_url, leader, group_url)
        for page in pages:
            page.context.close()


def follow(control: Locator) -> None:
    """Click and wait until the next page is there."""
    with control.page.expect_navigation():
        control.click()


def public_pages(tour: Tour, page: Page) -> None:
    for path, name in (
        ("/", "home"),
        ("/rounds", "rounds"),
        ("/rounds/nat-112-01", "round"),
        ("/calendar", "calendar"),
        ("/help", "help"),
        ("/downloads", "downloads"),
        ("/privacy", "privacy"),
        ("/national/signup", "signup"),
        ("/national/login", "login"),
        ("/nowhere", "not-found"),
        ("/demo", "demo"),
        ("/demo/clock", "clock"),
    ):
        tour.visit(page, path, name)


def candidate_registers(tour: Tour, page: Page) -> str:
    """Register and pay; return the address of the status page."""
    sign_up(page, tour.portal, CANDIDATE, kind="個人報名")
    tour.visit(page, "/registrations", "registrations-empty")
    page.goto("/registrations/new")
    tour.look(page, "form-empty")
    follow(page.get_by_role("button", name="下一步：檢查資料"))
    tour.look(page, "form-errors")
    page.goto("/registrations/new")
    fill_registration(page)
    tour.look(page, "form")
    follow(page.get_by_role("button", name="下一步：檢查資料"))
    tour.look(page, "review")
    follow(page.get_by_role("button", name="資料無誤，送出報名"))
    tour.look(page, "pay")
    pay_url = page.url
    status_url = pay_url.removesuffix("/pay")
    tour.visit(page, status_url, "status-unpaid")
    page.goto(pay_url)
    follow(page.get_by_role("button", name="取得繳費帳號"))
    page.get_by_role("heading", name="ATM 轉帳付款").wait_for()
    tour.look(page, "gateway")
    follow(page.get_by_role("button", name="取得繳費帳號"))
    page.wait_for_url(pay_url)
    tour.look(page, "pay-issued")
    tour.visit(page, "/demo/payer", "payer")
    pay_newest(page, "轉帳繳費")
    tour.visit(page, status_url, "status-paid")
    tour.visit(page, "/registrations", "registrations")
    tour.visit(page, "/demo/mailbox", "mailbox")
    return status_url


def leader_registers(tour: Tour, page: Page) -> str:
    """Bring a class and pay for it; return the address of the group."""
    sign_up(page, tour.portal, LEADER, kind="團體報名")
    tour.visit(page, "/groups", "groups-empty")
    create_group(page)
    group_url = page.url
    tour.look(page, "group-empty")
    tour.visit(page, f"{group_url}/import", "import")
    import_sheet(page, SAMPLES / "group_38_pupils_with_mistakes.xlsx")
    tour.look(page, "import-result")
    page.goto(f"{group_url}/import")
    import_sheet(page, SAMPLES / "group_38_pupils.xlsx")
    tour.look(page, "import-result-all")
    tour.visit(page, group_url, "group")
    tour.visit(page, f"{group_url}/members/new", "member")
    page.goto(group_url)
    follow(page.get_by_role("link", name="核對並送出").first)
    tour.look(page, "submit")
    follow(page.get_by_role("button", name="確認送出 38 人的報名"))
    follow(page.get_by_role("button", name="產生繳費條碼"))
    follow(page.get_by_role("button", name="取得繳費條碼"))
    page.wait_for_url(f"{group_url}/pay")
    tour.look(page, "pay-barcode")
    pay_newest(page, "到店繳費")
    tour.visit(page, group_url, "group-paid")
    tour.visit(page, "/groups", "groups")
    return group_url


def office_decides(tour: Tour, office: Page) -> None:
    """Approve the candidate and the class, and seat both."""
    tour.visit(office, "/admin/login", "staff-login")
    sign_in(office, tour.portal.account("staff"))
    tour.visit(office, "/admin/", "staff")
    tour.visit(office, "/admin/review/", "staff-review")
    follow(office.get_by_role("link", name="黃○堃").first)
    tour.look(office, "staff-case")
    case_url = office.url
    tour.visit(office, f"{case_url}/return", "staff-return")
    office.goto(case_url)
    follow(office.get_by_role("button", name="通過", exact=True))
    tour.visit(office, "/admin/groups/", "staff-groups")
    follow(office.get_by_role("link", name="臺北市中山區中山國小").first)
    tour.look(office, "staff-group")
    follow(office.get_by_role("link", name="通過全部 38 位待審團員"))
    tour.look(office, "staff-group-approve")
    follow(office.get_by_role("button", name="通過 38 人"))
    tour.visit(office, "/admin/seating/?round=nat-112-01", "staff-seating")
    seat_area(office, "nat-112-01", "臺北")
    tour.look(office, "staff-seated")
    tour.visit(office, "/admin/payments/", "staff-payments")
    tour.visit(office, "/admin/payments/messages", "staff-messages")


def tickets_open(tour: Tour, candidate: Page, status_url: str, leader: Page, group_url: str) -> None:
    tour.portal.set_clock(JUST_BEFORE_RELEASE)
    tour.visit(candidate, f"{status_url}/ticket.pdf", "ticket-refused")
    tour.visit(candidate, status_url, "status-waiting")
    tour.portal.set_clock(RELEASE)
    tour.visit(candidate, status_url, "status")
    tour.visit(leader, group_url, "group-tickets")
