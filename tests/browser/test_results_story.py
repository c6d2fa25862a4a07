"""From the score sheet to the certificate: a round is marked, published, verified and asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Portal
from tests.browser.people import (
    SAMPLES,
    approve,
    create_group,
    download,
    fill_registration,
    import_sheet,
    pay_by_transfer,
    pay_newest,
    scan,
    seat_area,
    sign_in,
    sign_up,
    submit_registration,
    text_of,
)
from tests.browser.tour_results import fill_scores, set_marks

ROUND = "nat-112-01"
DESK = f"/admin/results/?round={ROUND}"


def register(page: Page, portal: Portal) -> str:
    """Register 黃𠊎堃 and pay; return the address of the status page."""
    sign_up(page, portal, "sk.huang@example.tw", kind="個人報名")
    page.goto("/registrations/new")
    fill_registration(page)
    status_url = submit_registration(page)
    pay_by_transfer(page, status_url)
    return status_url


def bring_class(page: Page, portal: Portal) -> str:
    """Register 38 pupils and pay for the one who is not free; return the address of the group."""
    sign_up(page, portal, "teacher.lin@example.tw", kind="團體報名")
    page.goto("/groups")
    create_group(page)
    group_url = page.url
    page.goto(f"{group_url}/import")
    import_sheet(page, SAMPLES / "group_38_pupils.xlsx")
    page.goto(f"{group_url}/submit")
    page.get_by_role("button", name="確認送出 38 人的報名").click()
    page.get_by_role("button", name="產生繳費條碼").click()
    page.get_by_role("button", name="取得繳費條碼").click()
    page.wait_for_url(f"{group_url}/pay")
    pay_newest(page, "到店繳費")
    return group_url


def seat_all(office: Page) -> None:
    approve(office, "黃○堃")
    office.goto("/admin/groups/")
    office.get_by_role("link", name="臺北市中山區中山國小").first.click()
    office.get_by_role("link", name="通過全部 38 位待審團員").click()
    office.get_by_role("button", name="通過 38 人").click()
    seat_area(office, ROUND, "臺北")


@pytest.mark.requirement("R057", "R058", "R151", "R152", "R155", "R156")
def test_results_from_the_sheet_to_the_recheck(new_page: Any, fresh_portal: Portal, tmp_path: Path) -> None:
    fresh_portal.set_clock("2023-05-01T09:00:00+08:00")
    candidate, leader, office = new_page(PHONE), new_page(), new_page()
    status_url, group_url = register(candidate, fresh_portal), bring_class(leader, fresh_portal)
    sign_in(office, fresh_portal.account("staff"))
    seat_all(office)

    fresh_portal.set_clock("2023-10-20T10:00:00+08:00")
    desk = office.locator("main")
    office.goto(DESK)
    sheet = download(office, desk.get_by_role("link", name="下載成績表"), tmp_path / "scores.xlsx")
    fill_scores(sheet)
    office.goto(f"/admin/results/{ROUND}/publish")
    expect(desk).to_contain_text("還不能公布：還沒有設定基礎級、初級的通過標準")
    office.goto(DESK)
    office.get_by_role("link", name="設定通過標準").click()
    set_marks(office)
    expect(desk).to_contain_text("通過標準已設定")
    office.goto(DESK)
    office.get_by_role("link", name="匯入成績").first.click()
    office.get_by_label("成績表").set_input_files(sheet)
    office.get_by_role("button", name="匯入成績").click()
    expect(desk).to_contain_text("新登錄 39 人")
    office.goto(DESK)
    office.get_by_role("link", name="公布成績").click()
    expect(desk).to_contain_text("要公布這個梯次的成績嗎？")
    office.get_by_role("button", name="公布成績").click()
    expect(desk).to_contain_text("成績已公布：新增 39 筆")

    main = candidate.locator("main")
    fresh_portal.set_clock("2023-11-17T08:59:59+08:00")
    candidate.goto(f"{status_url}/score.pdf")
    expect(main).to_contain_text("112 年 11 月 17 日（五）09:00")
    candidate.goto(status_url)
    expect(main).not_to_contain_text("初級合格")
    fresh_portal.set_clock("2023-11-17T09:00:00+08:00")
    candidate.goto(status_url)
    candidate.get_by_role("link", name="看成績").click()
    expect(main).to_contain_text("總分 80.5 分，初級合格")
    report = download(candidate, main.get_by_role("link", name="下載成績單"), tmp_path / "report.pdf")
    assert "黃𠊎堃" in text_of(report)
    anyone = new_page(PHONE)
    open_scanned(anyone, report)
    expect_only(anyone, shows=("黃○堃", "80.5", "初級合格"), hides=("A258188812", "黃𠊎堃"))

    leader.goto(group_url)
    leader.get_by_role("link", name="團員成績").first.click()
    expect(leader.locator("main")).to_contain_text("38 位團員有成績")

    fresh_portal.set_clock("2023-11-20T09:00:00+08:00")
    candidate.goto(status_url)
    candidate.get_by_role("link", name="申請成績複查").click()
    candidate.get_by_label("口語測驗").check()
    candidate.get_by_role("button", name="送出").click()
    expect(main).to_contain_text("已收到您的案件")
    office.goto("/admin/cases/?box=waiting")
    expect(desk.get_by_role("row").filter(has_text="成績複查")).to_have_count(1)
    candidate.goto(status_url)
    expect(main.get_by_role("link", name="查看複查進度")).to_be_visible()

    fresh_portal.set_clock("2023-12-08T00:00:00+08:00")
    candidate.goto(status_url)
    link = main.get_by_role("link", name="下載合格證書")
    open_scanned(anyone, download(candidate, link, tmp_path / "certificate.pdf"))
    expect_only(anyone, shows=("黃○堃", "初級", "證書號碼"), hides=("A258188812", "80.5"))


def open_scanned(anyone: Page, file: Path) -> None:
    """Open the address that the code on a document holds, as somebody who is not signed in would."""
    anyone.goto(scan(file))


def expect_only(anyone: Page, *, shows: tuple[str, ...], hides: tuple[str, ...]) -> None:
    """Fail unless the document is valid, and the page says what is to be compared and no more."""
    main = anyone.locator("main")
    expect(main).to_contain_text("有效")
    for item in shows:
        expect(main).to_contain_text(item)
    for item in hides:
        expect(main).not_to_contain_text(item)
