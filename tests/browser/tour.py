"""A walk over every page of the portal, for whoever wants to look at each: camera or accessibility checker.

It goes through one exam year on a freshly started demo, whose clock it moves: registration on both
tracks, a group, the desks, a postponed round and a refund, tickets, results, a re-check. A new page is
shown where its story comes by; the stops of each audience lie in modules of their own.
"""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser import (
    tour_accounts,
    tour_cases,
    tour_confirmation,
    tour_examday,
    tour_groups,
    tour_mailings,
    tour_methods,
    tour_multi,
    tour_public,
    tour_reconciliation,
    tour_requests,
    tour_results,
    tour_rooms,
    tour_workbench,
)
from tests.browser.guide import Tour, follow
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
CLOSED = "2023-06-10T00:00:00+08:00"


def walk(tour: Tour) -> None:
    """Go through the year from the registration period to the certificates."""
    tour.portal.set_clock(REGISTRATION)
    visitor, candidate, leader, multi, office = pages = [tour.new_page() for _ in range(5)]
    public_pages(tour, visitor)
    tour_public.information_pages(tour, visitor)
    tour_public.forms_refused(tour, visitor)
    tour_accounts.visitor_pages(tour, visitor)
    status_url = candidate_registers(tour, candidate)
    tour_accounts.own_pages(tour, candidate)
    tour_rooms.people_are_asked(tour, candidate, "registration")
    group_url = leader_registers(tour, leader)
    open_group_url = tour_workbench.leader_mends(tour, leader)
    multi_url = tour_multi.candidate_registers(tour, multi)
    principal = tour_requests.leader_asks_for_session(tour)
    case_number = tour_cases.guest_reports(tour, visitor)

    sign_in_office(tour, office)
    tour_workbench.office_mends(tour, office, open_group_url)
    tour_requests.office_answers(tour, office)
    tour_requests.candidate_reads_answer(tour, multi, multi_url)
    tour_requests.leader_reads_answer(tour, principal)
    tour_rooms.office_publishes(tour, office)
    tour_public.what_the_office_published(tour, visitor)
    tour_rooms.administrator_manages(tour)
    office_returns(tour, office, candidate, status_url)
    office_decides(tour, office)
    tour_cases.office_handles(tour, office, case_number)
    tour.portal.set_clock(CLOSED)
    tour.visit(candidate, "/registrations/new", "closed")
    tour_mailings.office_posts(tour, office)
    tour_mailings.candidate_asks_again(tour, candidate, status_url)
    tour_mailings.office_decides(tour, office)
    tour_mailings.leader_follows(tour, leader, group_url)
    tickets_open(tour, candidate, status_url, leader, group_url)
    tour_examday.candidate_reports(tour, candidate, status_url)
    tour_examday.office_answers(tour, office)
    tour_multi.round_is_postponed(tour, office, multi, multi_url)
    tour_examday.site_is_open(tour, office)
    tour_results.office_publishes(tour, office)
    tour_results.candidate_reads(tour, candidate, status_url)
    tour_results.leader_reads(tour, leader, group_url)
    tour_rooms.scores_told_by_phone(tour, office)
    tour_rooms.people_are_asked(tour, candidate, "results")
    tour.visit(office, "/admin/satisfaction/", "staff-satisfaction")
    tour_cases.candidate_asks_for_recheck(tour, candidate, status_url)
    tour_results.certificates_are_out(tour, candidate, status_url, office)
    tour_mailings.certificates_go_registered(tour, office)
    tour_public.asked_too_often(tour, visitor)
    for page in pages:
        page.context.close()


def public_pages(tour: Tour, page: Page) -> None:
    for path, name in (
        ("/", "home"),
        ("/rounds", "rounds"),
        ("/rounds/nat-112-01", "round"),
        ("/rounds/multi-112-08", "round-multi"),
        ("/calendar", "calendar"),
        ("/help", "help"),
        ("/downloads", "downloads"),
        ("/privacy", "privacy"),
        ("/verify-document", "verify-document"),
        ("/verify-document?d=X", "verify-document-unknown"),
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
    tour.show(page, "form-empty")
    follow(page.get_by_role("button", name="下一步：檢查資料"))
    tour.show(page, "form-errors")
    page.goto("/registrations/new")
    fill_registration(page)
    tour.show(page, "form")
    follow(page.get_by_role("button", name="下一步：檢查資料"))
    tour.show(page, "review")
    tour.visit(page, page.url.removesuffix("/review"), "status-draft")
    page.goto(f"{page.url}/review")
    follow(page.get_by_role("button", name="資料無誤，送出報名"))
    tour.show(page, "pay")
    pay_url = page.url
    status_url = pay_url.removesuffix("/pay")
    tour.visit(page, status_url, "status-unpaid")
    tour.visit(page, f"{status_url}/cancel", "cancel")
    page.goto(pay_url)
    follow(page.get_by_role("button", name="取得繳費帳號"))
    page.get_by_role("heading", name="ATM 轉帳付款").wait_for()
    tour.show(page, "gateway")
    follow(page.get_by_role("button", name="取得繳費帳號"))
    page.wait_for_url(pay_url)
    tour.show(page, "pay-issued")
    tour_methods.candidate_takes_code(tour, page)
    tour.visit(page, "/demo/payer", "payer")
    pay_newest(page, "轉帳繳費")
    tour.visit(page, status_url, "status-paid")
    tour.visit(page, "/registrations", "registrations")
    tour.visit(page, f"{status_url}/refund", "refund-none")
    tour.visit(page, f"{status_url}/contact", "contact")
    tour.visit(page, f"{status_url}/amendment", "amendment")
    page.get_by_label("報名時填錯了").check()
    page.get_by_label("要更正的內容").fill("英文姓名應為 HUANG, NGAI-KHUN。")
    follow(page.get_by_role("button", name="送出更正申請"))
    tour.visit(page, f"{status_url}/amendment", "amendment-asked")
    tour.visit(page, "/admin/", "forbidden")
    tour.visit(page, "/groups/new", "wrong-kind")
    tour.visit(page, "/demo/mailbox", "mailbox")
    return status_url


def leader_registers(tour: Tour, page: Page) -> str:
    """Bring a class and pay for it; return the address of the group."""
    sign_up(page, tour.portal, LEADER, kind="團體報名")
    tour.visit(page, "/groups", "groups-empty")
    tour.visit(page, "/groups/new", "group-form")
    page.goto("/groups")
    create_group(page)
    group_url = page.url
    tour.show(page, "group-empty")
    tour.visit(page, f"{group_url}/edit", "group-edit")
    tour.visit(page, f"{group_url}/import", "import")
    tour_public.file_too_large(tour, page)
    page.goto(f"{group_url}/import")
    import_sheet(page, SAMPLES / "group_38_pupils_with_mistakes.xlsx")
    tour.show(page, "import-result")
    page.goto(f"{group_url}/import")
    import_sheet(page, SAMPLES / "group_38_pupils.xlsx")
    tour.show(page, "import-result-all")
    tour.visit(page, group_url, "group")
    tour_confirmation.leader_asks(tour, page, group_url)
    tour.visit(page, f"{group_url}/members/new", "member")
    page.goto(group_url)
    follow(page.get_by_role("table").get_by_role("link", name="修改").first)
    tour.show(page, "member-edit")
    page.goto(group_url)
    members = page.get_by_role("table").get_by_role("row")
    follow(members.get_by_role("link", name="移除").first)
    tour.show(page, "member-remove")
    tour.visit(page, f"{group_url}/cancel", "group-cancel")
    page.goto(group_url)
    follow(page.get_by_role("link", name="核對並送出").first)
    tour.show(page, "submit")
    follow(page.get_by_role("button", name="確認送出 38 人的報名"))
    tour.show(page, "group-pay")
    follow(page.get_by_role("button", name="產生繳費條碼"))
    tour.show(page, "gateway-store")
    follow(page.get_by_role("button", name="取得繳費條碼"))
    page.wait_for_url(f"{group_url}/pay")
    tour.show(page, "pay-barcode")
    pay_newest(page, "到店繳費")
    tour.visit(page, group_url, "group-paid")
    tour.visit(page, "/groups", "groups")
    tour.visit(page, f"{group_url}/refund", "group-refund-none")
    return group_url


def sign_in_office(tour: Tour, office: Page) -> None:
    tour.visit(office, "/admin/login", "staff-login")
    sign_in(office, tour.portal.account("staff"))
    tour.visit(office, "/admin/", "staff")


def office_returns(tour: Tour, office: Page, candidate: Page, status_url: str) -> None:
    """Send a registration back, let the candidate correct it, and look at what else was asked."""
    tour.visit(office, "/admin/review/", "staff-review")
    follow(office.get_by_role("link", name="黃○堃").first)
    tour.show(office, "staff-case")
    tour.visit(office, f"{office.url.partition('?')[0]}/return", "staff-return")
    office.get_by_label("證號與證件不符，請提供身分證件正反面影本").check()
    follow(office.get_by_role("button", name="退回並寄信"))
    tour.visit(office, "/admin/review/?state=returned", "staff-review-returned")
    tour.visit(candidate, status_url, "status-returned")
    tour.visit(candidate, f"{status_url}/correction", "correction")
    candidate.get_by_label("說明").fill("證號已核對，身分證影本另以傳真送達。")
    follow(candidate.get_by_role("button", name="送出補正資料"))
    tour.visit(candidate, status_url, "status-corrected")
    tour.visit(office, "/admin/amendments/", "staff-amendments")
    follow(office.get_by_role("link", name="黃○堃").first)
    tour.show(office, "staff-amendment")


def office_decides(tour: Tour, office: Page) -> None:
    """Approve the candidate and the class, and seat both."""
    office.goto("/admin/review/")
    follow(office.get_by_role("link", name="黃○堃").first)
    follow(office.get_by_role("button", name="通過", exact=True))
    tour.visit(office, "/admin/groups/", "staff-groups")
    follow(office.get_by_role("link", name="臺北市中山區中山國小").first)
    tour.show(office, "staff-group")
    tour_groups.office_handles(tour, office)
    follow(office.get_by_role("link", name="通過全部 38 位待審團員"))
    tour.show(office, "staff-group-approve")
    follow(office.get_by_role("button", name="通過 38 人"))
    tour.visit(office, "/admin/seating/?round=nat-112-01", "staff-seating")
    follow(office.get_by_role("row").filter(has_text="臺北").get_by_role("link", name="排座位"))
    tour.show(office, "staff-seating-assign")
    seat_area(office, "nat-112-01", "臺北")
    tour.show(office, "staff-seated")
    tour.visit(office, "/admin/seating/nat-112-01/臺北", "staff-rooms")
    tour.visit(office, "/admin/payments/", "staff-payments")
    follow(office.get_by_role("table").get_by_role("link").first)
    tour.show(office, "staff-order")
    follow(office.get_by_role("link", name="登錄書面退費申請"))
    tour.show(office, "staff-refund-paper")
    tour.visit(office, "/admin/payments/messages", "staff-messages")
    tour_methods.office_closes(tour, office)
    tour_methods.office_opens(office)
    tour.visit(office, "/admin/payments/books", "staff-books")
    office.get_by_label("從哪一天").fill("112/13/1")
    follow(office.get_by_role("button", name="下載"))
    tour.show(office, "staff-books-refused")
    tour_reconciliation.office_reconciles(tour, office)


def tickets_open(tour: Tour, candidate: Page, status_url: str, leader: Page, group_url: str) -> None:
    tour.portal.set_clock(JUST_BEFORE_RELEASE)
    tour.visit(candidate, f"{status_url}/ticket.pdf", "ticket-refused")
    tour.visit(candidate, status_url, "status-waiting")
    tour.portal.set_clock(RELEASE)
    tour.visit(candidate, status_url, "status")
    tour.visit(leader, group_url, "group-tickets")
