"""A typhoon: the office postpones the round, a candidate asks for the full refund and gets the form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdf
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Portal
from tests.browser.people import fill_registration, pay_newest, sign_in, sign_up, wait_for_mail

EMAIL = "taifeng@example.tw"


def test_after_a_typhoon_the_fee_is_asked_back(new_page: Any, portal: Portal, tmp_path: Path) -> None:
    portal.set_clock("2023-05-02T09:00:00+08:00")
    page = new_page(PHONE)
    main = page.locator("main")
    sign_up(page, portal, EMAIL, kind="個人報名")
    page.goto("/registrations/new")
    fill_registration(page)
    page.get_by_label("身分證統一編號").fill("A131231232")
    page.get_by_label("中文姓名").fill("徐風來")
    page.get_by_role("button", name="下一步：檢查資料").click()
    page.get_by_role("button", name="資料無誤，送出報名").click()
    status_url = page.url.removesuffix("/pay")
    page.get_by_role("button", name="取得繳費帳號").click()
    page.get_by_role("button", name="取得繳費帳號").click()
    page.wait_for_url(f"{status_url}/pay")
    pay_newest(page, "轉帳繳費")

    portal.set_clock("2023-09-01T09:00:00+08:00")
    office = new_page()
    sign_in(office, portal.account("staff"))
    office.goto("/admin/postponements/nat-112-01")
    office.get_by_label("認證延期，另定日期").check()
    office.get_by_label("考區").select_option("全部考區")
    office.get_by_label("公告內容").fill("因海葵颱風來襲，認證延期")
    office.get_by_label("新的認證日期").fill("112/9/23")
    office.get_by_label("新的時間與地點").fill("上午 9 時起，各考區原試場")
    office.get_by_role("button", name="下一步：確認").click()
    expect(office.locator("main")).to_contain_text("發布後不能收回")
    office.get_by_role("button", name="發布並通知考生").click()
    expect(office.locator("main")).to_contain_text("因海葵颱風來襲")

    assert "申請全額退費" in wait_for_mail(portal, EMAIL, "認證公告")["text"]
    page.goto(status_url)
    expect(main).to_contain_text("改到 112 年 9 月 23 日（六）舉行")
    page.get_by_role("link", name="退費", exact=True).click()
    page.get_by_label("因認證延期無法參加認證").check()
    expect(main).to_contain_text("全額退還 NT$250")
    page.get_by_role("button", name="送出退費申請").click()
    expect(main).to_contain_text("112 年 9 月 30 日（六）前掛號寄出")
    with page.expect_download() as download:
        page.get_by_role("link", name="下載退費申請書").click()
    download.value.save_as(tmp_path / "form.pdf")
    text = pypdf.PdfReader(tmp_path / "form.pdf").pages[0].extract_text()
    assert "徐風來" in text

    office.goto("/admin/refunds/")
    expect(office.locator("main")).to_contain_text("因認證延期無法參加認證")
    assert "退費申請" in wait_for_mail(portal, EMAIL, "退費")["subject"]
