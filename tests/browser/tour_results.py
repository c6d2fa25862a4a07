"""The tour's stops at results: the desk from the empty round to the publication, and those who read it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page

from tests.browser.guide import Tour, follow
from tests.browser.people import download, scan
from tests.factories.results import ABSENT, BASIC_ONLY, FAILS, PASSES

ROUND = "nat-112-01"
DESK = f"/admin/results/?round={ROUND}"
MARKING, JUST_BEFORE = "2023-10-20T10:00:00+08:00", "2023-11-17T08:59:59+08:00"
PUBLIC, CERTIFIED = "2023-11-17T09:00:00+08:00", "2023-12-08T00:00:00+08:00"


def fill_scores(sheet: Path, rows: dict[str, tuple[object, ...]] | None = None) -> None:
    """Write scores into a sheet as it was downloaded: what `rows` says of a masked name, else a pass.

    What the site has put on record stays.
    """
    workbook = load_workbook(sheet)
    scores = workbook["成績"]
    for row in range(2, scores.max_row + 1):
        values = (rows or {}).get(scores.cell(row, 2).value, PASSES)
        for column, value in enumerate(values, start=5):
            if column < 9 or value:
                scores.cell(row, column).value = None if value == "" else value
    workbook.save(sheet)


def set_marks(office: Page) -> None:
    """Fill the open form of marks and save it."""
    for label, value in {"聽力滿分": "35", "口語滿分": "45", "閱讀滿分": "20"}.items():
        office.get_by_label(label).fill(value)
    for level, values in {"初級": ("20", "25", "10", "70"), "基礎級": ("10", "15", "5", "40")}.items():
        marks = office.get_by_role("group", name=level, exact=True).get_by_role("textbox")
        for field, value in zip(marks.all(), values, strict=True):
            field.fill(value)
    office.get_by_label("公告日期").fill("112/4/10")
    office.get_by_label("依據").fill("認證委員會第 2 次會議決議")
    follow(office.get_by_role("button", name="儲存通過標準"))


def import_scores(office: Page, sheet: Path) -> None:
    office.goto(f"/admin/results/{ROUND}/import")
    office.get_by_label("填好的成績表").set_input_files(sheet)
    follow(office.get_by_role("button", name="匯入成績"))


def office_publishes(tour: Tour, office: Page) -> None:
    """Set the marks, import a sheet with a mistake and without, publish."""
    tour.portal.set_clock(MARKING)
    tour.visit(office, DESK, "staff-results-empty")
    tour.visit(office, f"/admin/results/{ROUND}/publish", "staff-results-refused")
    tour.visit(office, f"/admin/results/{ROUND}/marks", "staff-marks")
    follow(office.get_by_role("button", name="儲存通過標準"))
    tour.show(office, "staff-marks-errors")
    set_marks(office)
    tour.visit(office, f"/admin/results/{ROUND}/import", "staff-results-import")
    _prove(tour, office)
    with tempfile.TemporaryDirectory() as folder:
        office.goto(DESK)
        link = office.locator("main").get_by_role("link", name="下載成績表")
        sheet = download(office, link, Path(folder, "scores.xlsx"))
        fill_scores(sheet, {"徐○涵": ("到考", 99, 35, 15, "")})
        import_scores(office, sheet)
        tour.show(office, "staff-results-imported")
        fill_scores(sheet, {"徐○涵": BASIC_ONLY, "張○嘉": FAILS, "鄧○辰": ABSENT})
        import_scores(office, sheet)
    tour.visit(office, f"/admin/results/{ROUND}/publish", "staff-results-publish")
    follow(office.get_by_role("button", name="公布成績"))
    tour.show(office, "staff-results")


def _prove(tour: Tour, office: Page) -> None:
    """Type the password once more: five minutes after signing in, no scores are handed out without."""
    tour.visit(office, "/account/confirm", "staff-confirm")
    office.get_by_label("密碼").fill(tour.portal.account("staff")["password"])
    follow(office.get_by_role("button", name="確認"))


def candidate_reads(tour: Tour, page: Page, status_url: str) -> None:
    tour.portal.set_clock(JUST_BEFORE)
    tour.visit(page, f"{status_url}/result", "result-not-yet")
    tour.portal.set_clock(PUBLIC)
    tour.visit(page, status_url, "status-result")
    tour.visit(page, f"{status_url}/result", "result")
    with tempfile.TemporaryDirectory() as folder:
        link = page.get_by_role("link", name="下載成績單")
        report = download(page, link, Path(folder, "report.pdf"))
        tour.visit(page, scan(report), "verify-document-valid")


def leader_reads(tour: Tour, page: Page, group_url: str) -> None:
    tour.visit(page, group_url, "group-done")
    tour.visit(page, f"{group_url}/results", "group-results")


def certificates_are_out(tour: Tour, page: Page, status_url: str, office: Page) -> None:
    tour.portal.set_clock(CERTIFIED)
    tour.visit(page, f"{status_url}/result", "result-certified")
    office.goto(DESK)
    number = "112101020001"
    tour.visit(office, f"/admin/results/find?number={number}", "staff-result-find")
    tour.visit(office, "/admin/results/certificates/112E000001/revoke", "staff-certificate-revoke")
