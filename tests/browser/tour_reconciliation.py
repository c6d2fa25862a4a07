"""The tour's stops at the reconciliation desk."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.guide import Tour, follow
from tests.factories.reconciliation import bank_file, bank_line

DESK = "/admin/reconciliation/"


def office_reconciles(tour: Tour, office: Page) -> None:
    """Fetch ECPay's file, read one of the bank's, look at what does not agree, and decide about the money."""
    tour.visit(office, DESK, "staff-reconciliation-empty")
    tour.visit(office, f"{DESK}files/new", "staff-reconciliation-new")
    follow(office.get_by_role("button", name="上傳並核對"))
    tour.show(office, "staff-reconciliation-new-errors")
    for label in ("開始日期", "結束日期"):
        office.get_by_label(label).fill("112/5/1")
    follow(office.get_by_role("button", name="下載並核對"))
    tour.show(office, "staff-reconciliation-file")
    office.goto(f"{DESK}files/new")
    office.get_by_label("台新銀行 銷帳檔").check()
    content = bank_file(
        bank_line("95678212700018", sequence=1, at="2023-05-01 08:10", comment="報名費"),
        bank_line("95678212700026", sequence=2, at="2023-05-01 08:20"),
        bank_line("95678212700034", sequence=3, at="2023-05-01 08:30", sign="-", entry="D"),
    )
    office.get_by_label("檔案", exact=True).set_input_files(
        {"name": "20230501.txt", "mimeType": "text/plain", "buffer": content}
    )
    follow(office.get_by_role("button", name="上傳並核對"))
    tour.show(office, "staff-reconciliation-bank-file")
    tour.visit(office, f"{DESK}files", "staff-reconciliation-files")
    tour.visit(office, DESK, "staff-reconciliation")
    follow(office.get_by_role("table").get_by_role("link").first)
    tour.show(office, "staff-reconciliation-finding")
    follow(office.get_by_role("button", name="由我承辦"))
    follow(office.get_by_role("button", name="結案"))
    tour.show(office, "staff-reconciliation-finding-errors")
    tour.visit(office, f"{DESK}suspense", "staff-suspense")
    follow(office.get_by_role("table").get_by_role("link").first)
    tour.show(office, "staff-suspense-one")
    suspense_url = office.url
    follow(office.get_by_role("button", name="歸到這筆訂單"))
    tour.show(office, "staff-suspense-errors")
    office.goto(suspense_url)
    office.get_by_label("退回的說明").fill("匯款人來電要求退回，5 月 2 日匯回原帳戶。")
    follow(office.get_by_role("button", name="記下要退回"))
    tour.show(office, "staff-suspense-returning")
    tour.visit(office, f"{DESK}totals", "staff-reconciliation-totals")
