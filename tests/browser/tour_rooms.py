"""The tour's stops at the staff's desks for what is published, for their own accounts, and for oversight."""

from __future__ import annotations

from playwright.sync_api import Page

from app.accounts.totp import code_of, step_at
from app.core import clock
from tests.browser.guide import Tour, follow
from tests.browser.people import sign_in, wait_for_mail
from tests.factories.documents import PDF

NEWCOMER, NEW_PASSWORD = "newcomer@hakka-exam.tw", "persimmon-on-the-roof-112"


def office_publishes(tour: Tour, office: Page) -> None:
    """Announce something, put up a file, move a round's dates."""
    _announce(tour, office)
    _put_up_file(tour, office)
    _move_dates(tour, office)


def administrator_manages(tour: Tour) -> None:
    """Invite somebody, who comes in and sets up the second factor; look at the log."""
    door = tour.new_page()
    account = tour.portal.account("admin")
    door.goto("/admin/login")
    door.get_by_label("電子信箱").fill(account["email"])
    door.get_by_label("密碼").fill(account["password"])
    follow(door.locator("main form").get_by_role("button"))
    tour.show(door, "staff-second-factor")
    door.context.close()
    admin = tour.new_page()
    sign_in(admin, account)
    tour.visit(admin, "/account", "staff-account")
    _invite(tour, admin)
    tour.visit(admin, "/admin/audit/", "staff-audit")
    tour.visit(admin, "/admin/audit/?until=112/4/1", "staff-audit-none")
    tour.visit(admin, "/admin/audit/?since=tomorrow", "staff-audit-errors")
    tour.visit(admin, "/admin/results/", "staff-missing-permission")
    admin.context.close()


def scores_told_by_phone(tour: Tour, office: Page) -> None:
    tour.visit(office, "/admin/phone-scores/", "staff-phone-scores")
    office.get_by_label("認證梯次").select_option("全國認證第一梯次")
    office.get_by_label("准考證號碼").fill("112101020001")
    office.get_by_label("身分證統一編號後四碼").fill("0000")
    office.get_by_label("報名時留的電話").fill("0912-345-678")
    follow(office.get_by_role("button", name="比對並查詢"))
    tour.show(office, "staff-phone-scores-unknown")
    office.get_by_label("准考證號碼").fill("")
    office.get_by_label("姓名").fill("黃𠊎堃")
    office.get_by_label("出生日期").fill("78/5/20")
    office.get_by_label("身分證統一編號後四碼").fill("8812")
    follow(office.get_by_role("button", name="比對並查詢"))
    tour.show(office, "staff-phone-scores-told")


def people_are_asked(tour: Tour, candidate: Page, occasion: str) -> None:
    """Answer one of the two surveys."""
    tour.visit(candidate, f"/satisfaction/{occasion}", f"survey-{occasion}")
    candidate.get_by_label("順利", exact=True).check()
    candidate.get_by_label("想告訴我們的話").fill("繳費後馬上就能在網頁上看到，很放心。")
    follow(candidate.get_by_role("button", name="送出"))
    tour.visit(candidate, f"/satisfaction/{occasion}", f"survey-{occasion}-answered")


def _announce(tour: Tour, office: Page) -> None:
    tour.visit(office, "/admin/news/", "staff-news-empty")
    tour.visit(office, "/admin/news/new", "staff-news-form")
    follow(office.get_by_role("button", name="儲存草稿"))
    tour.show(office, "staff-news-form-errors")
    office.get_by_label("報名", exact=True).check()
    office.get_by_label("標題", exact=True).fill("報名系統維護")
    office.get_by_label("內容", exact=True).fill(
        "5 月 20 日（六）0 時至 6 時進行系統維護，期間無法報名與繳費。\n\n已報名的資料不受影響。"
    )
    office.get_by_label("英文標題").fill("Maintenance of the registration site")
    office.get_by_label("英文內容").fill("No registrations or payments on 20 May 2023 from 0:00 to 6:00.")
    follow(office.get_by_role("button", name="儲存草稿"))
    tour.show(office, "staff-news-draft")
    address = office.url
    tour.visit(office, f"{address}/edit", "staff-news-edit")
    tour.visit(office, f"{address}/publish", "staff-news-publish")
    follow(office.locator("main form").get_by_role("button"))
    tour.visit(office, address, "staff-news-published")
    tour.visit(office, f"{address}/end", "staff-news-end")
    tour.visit(office, "/admin/news/", "staff-news")


def _put_up_file(tour: Tour, office: Page) -> None:
    tour.visit(office, "/admin/documents/", "staff-documents-empty")
    tour.visit(office, "/admin/documents/new", "staff-document-new")
    office.get_by_label("填寫範例").check()
    office.get_by_label("名稱", exact=True).fill("112 年度團體報名範例")
    office.get_by_label("檔案").set_input_files(
        {"name": "範例.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    follow(office.get_by_role("button", name="發布"))
    tour.show(office, "staff-documents")
    follow(office.get_by_role("link", name="112 年度團體報名範例").first)
    tour.show(office, "staff-document")
    tour.visit(office, f"{office.url}/withdraw", "staff-document-withdraw")


def _move_dates(tour: Tour, office: Page) -> None:
    tour.visit(office, "/admin/dates/", "staff-dates-unmoved")
    tour.visit(office, "/admin/dates/multi-112-11", "staff-dates-form")
    office.get_by_label("合格證書開始寄發").fill("113/2/20")
    office.get_by_label("原因", exact=True).fill("配合春節連假，委員會決議延後")
    follow(office.get_by_role("button", name="下一步：確認"))
    tour.show(office, "staff-dates-confirm")
    follow(office.locator("main form").get_by_role("button").first)
    tour.visit(office, "/admin/dates/", "staff-dates")


def _invite(tour: Tour, admin: Page) -> None:
    tour.visit(admin, "/admin/staff/", "staff-accounts")
    tour.visit(admin, "/admin/staff/invite", "staff-invite")
    follow(admin.get_by_role("button", name="寄出邀請"))
    tour.show(admin, "staff-invite-errors")
    admin.get_by_label("電子信箱").fill(NEWCOMER)
    admin.get_by_label("案件承辦人員").first.check()
    admin.get_by_label("人事室").check()
    admin.get_by_label("備註").fill("112 年度人事室窗口")
    follow(admin.get_by_role("button", name="寄出邀請"))
    tour.show(admin, "staff-invited")
    address = admin.url
    tour.visit(admin, f"{address}/disable", "staff-disable")
    _come_in(tour)
    tour.visit(admin, address, "staff-member")


def _come_in(tour: Tour) -> None:
    """Open the invitation, set a password and the second factor."""
    newcomer = tour.new_page()
    tour.visit(newcomer, wait_for_mail(tour.portal, NEWCOMER)["links"][0], "staff-invitation")
    newcomer.get_by_label("新密碼", exact=True).fill(NEW_PASSWORD)
    newcomer.get_by_label("新密碼確認").fill(NEW_PASSWORD)
    follow(newcomer.get_by_role("button", name="設定密碼"))
    tour.show(newcomer, "staff-second-factor-set-up")
    secret = newcomer.locator("[data-copy]").first.get_attribute("data-copy") or ""
    newcomer.get_by_label("驗證碼").fill(code_of(secret, step_at(clock.system_now())))
    follow(newcomer.get_by_role("button", name="完成設定"))
    tour.show(newcomer, "staff-recovery-codes")
    tour.visit(newcomer, "/admin/invitation/spent", "staff-invitation-spent")
    newcomer.context.close()
