"""The tour's stops on the exam day: an error on a ticket before it, then the desk at the site."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.guide import Tour, follow

ROUND = "nat-112-01"
MORNING, BELL, TOO_LATE = (f"2023-09-02T{hour}+08:00" for hour in ("08:00:00", "09:00:00", "09:10:01"))
DESK = f"/admin/exam-day/?round={ROUND}"


def candidate_reports(tour: Tour, candidate: Page, status_url: str) -> None:
    """Report an error on the ticket while that can be done."""
    tour.visit(candidate, f"{status_url}/ticket-report", "ticket-report")
    follow(candidate.get_by_role("button", name="送出回報"))
    tour.show(candidate, "ticket-report-errors")
    candidate.get_by_role("radio").last.check()
    candidate.get_by_label("怎麼有誤").fill("准考證上的試區地址少了樓層，應為 3 樓。")
    follow(candidate.get_by_role("button", name="送出回報"))
    tour.visit(candidate, f"{status_url}/ticket-report", "ticket-reported")


def office_answers(tour: Tour, office: Page) -> None:
    tour.visit(office, "/admin/exam-day/reports", "staff-reports")
    follow(office.get_by_role("table").get_by_role("link").first)
    tour.show(office, "staff-report")
    office.get_by_label("准考證沒有錯，不更改").check()
    office.get_by_label("給考生的說明").fill("試區在 1 樓，准考證上的地址沒有錯。")
    follow(office.get_by_role("button", name="回覆並結案"))
    tour.show(office, "staff-reports-none")


def site_is_open(tour: Tour, office: Page) -> None:
    """Check people in, put incidents on record, decide and withdraw them.

    All of the room are checked in in the end: nobody's absence is to come into the score sheet by itself.
    """
    tour.portal.set_clock(MORNING)
    tour.visit(office, DESK, "staff-exam-day-before")
    tour.visit(office, f"/admin/exam-day/incidents?round={ROUND}", "staff-incidents-none")
    tour.visit(office, f"/admin/exam-day/tasks?round={ROUND}", "staff-tasks-none")
    tour.portal.set_clock(BELL)
    office.goto(DESK)
    follow(office.get_by_role("table").get_by_role("link").first)
    room = office.url
    _check_in(office)
    tour.visit(office, room, "staff-exam-room")
    _record_incidents(tour, office, room)
    tour.visit(office, f"/admin/exam-day/tasks?round={ROUND}", "staff-tasks")
    tour.visit(office, DESK, "staff-exam-day")
    tour.visit(office, "/admin/amendments/?at=site", "staff-amendments-on-site")
    tour.portal.set_clock(TOO_LATE)
    tour.visit(office, room, "staff-exam-room-late")
    tour.visit(office, f"{room}/close", "staff-exam-room-close")
    tour.portal.set_clock(BELL)
    _check_in_rest(office, room)


def _check_in(office: Page) -> None:
    """Check in the first three: with all papers, without a ticket, without a document."""
    for number, button in ((0, "國民身分證"), (1, "健保卡"), (2, "沒帶證件，先入座")):
        row = office.locator(".seat-row").nth(number)
        if number == 1:
            row.get_by_label("沒帶准考證").check()
        if number == 2:
            row.get_by_text("其他證件，或沒帶證件").click()
        row.get_by_role("button", name=button).click()
        office.locator(f"#{row.get_attribute('id')}.seat-present").wait_for()


def _check_in_rest(office: Page, room: str) -> None:
    office.goto(room)
    office.evaluate(
        """async () => {
            for (const form of document.querySelectorAll(".seat-row:not(.seat-present) [data-check-in]")) {
                const body = new FormData(form);
                body.set("document", "national_id");
                await fetch(form.action, { method: "POST", body, redirect: "manual" });
            }
        }"""
    )


def _record_incidents(tour: Tour, office: Page, room: str) -> None:
    """Put on record what the committee has to decide, and a machine that was none."""
    for number, name, what in (
        (0, "committee", "提認證委員會審議"),
        (1, "machine", "設備故障"),
    ):
        office.goto(room)
        follow(office.locator(".seat-row").nth(number).get_by_role("link").first)
        office.get_by_text("登錄試場事件").click()
        office.get_by_label("發生什麼事").select_option(_option(office, what))
        office.get_by_label("經過").fill("9 時 20 分，考生舉手反映。")
        follow(office.get_by_role("button", name="登錄", exact=True))
        tour.show(office, f"staff-seat-{name}")
    office.goto(f"/admin/exam-day/incidents?round={ROUND}")
    tour.show(office, "staff-incidents")
    follow(office.get_by_role("link", name="登錄決議"))
    tour.show(office, "staff-incident-decide")
    office.get_by_role("radio").first.check()
    office.get_by_label("扣幾分").fill("2")
    office.get_by_label("會議與理由").fill("認證委員會第 5 次會議，情節輕微。")
    follow(office.get_by_role("button", name="登錄決議"))
    follow(office.get_by_role("link", name="安排補考"))
    tour.show(office, "staff-incident-resit")
    office.goto(f"/admin/exam-day/incidents?round={ROUND}")
    machine = office.get_by_role("row").filter(has=office.get_by_role("link", name="安排補考"))
    follow(machine.get_by_role("link", name="撤銷"))
    tour.show(office, "staff-incident-withdraw")
    office.get_by_label("撤銷的理由").fill("重新開機後正常，考生完成測驗。")
    follow(office.locator("main form").get_by_role("button"))
    tour.show(office, "staff-incidents-decided")


def _option(office: Page, words: str) -> str:
    """Return the value of the choice that says these words."""
    option = office.get_by_label("發生什麼事").locator("option").filter(has_text=words).first
    return option.get_attribute("value") or ""
