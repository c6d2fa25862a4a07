"""The office and a class: two pupils are asked for papers, one goes on alone, the teacher changes."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, Portal
from tests.browser.people import (
    SAMPLES,
    create_group,
    import_sheet,
    pay_newest,
    sign_in,
    sign_up,
    wait_for_mail,
)

LEADER, NEW, PUPIL = "teacher.lin@example.tw", "teacher.peng@example.tw", "pupil@example.tw"


def new_page(browser: Browser, portal: Portal, **options: Any) -> Page:
    context = browser.new_context(viewport=DESKTOP, locale="zh-TW", base_url=portal.url, **options)
    context.set_default_timeout(20_000)
    return context.new_page()


def bring_a_class(page: Page, portal: Portal) -> str:
    """Register and pay for a class of 38, of whom one pays; return the address of the group."""
    sign_up(page, portal, LEADER, kind="團體報名")
    create_group(page)
    group_url = page.url
    page.goto(f"{group_url}/import")
    import_sheet(page, SAMPLES / "group_38_pupils.xlsx")
    page.goto(group_url)
    page.get_by_role("link", name="核對並送出").first.click()
    page.get_by_role("button", name="確認送出 38 人的報名").click()
    page.get_by_role("button", name="產生繳費條碼").click()
    page.get_by_role("button", name="取得繳費條碼").click()
    page.wait_for_url(f"{group_url}/pay")
    pay_newest(page, "到店繳費")
    return group_url


def test_the_office_looks_after_a_class(browser: Browser, fresh_portal: Portal) -> None:
    portal = fresh_portal
    portal.set_clock("2023-05-01T09:00:00+08:00")
    teacher, pupil, new, office = (new_page(browser, portal) for _ in range(4))
    group_url = bring_a_class(teacher, portal)
    sign_up(pupil, portal, PUPIL, kind="個人報名")
    sign_up(new, portal, NEW, kind="團體報名")
    sign_in(office, portal.account("staff"))
    desk_url = group_url.replace("/groups/", "/admin/groups/")
    main = office.locator("main")

    office.goto(desk_url)
    bar = office.locator("[data-pick-bar]")
    expect(bar).to_be_hidden()
    boxes = office.get_by_role("checkbox", name="選取")
    boxes.nth(0).check()
    boxes.nth(1).check()
    expect(bar).to_contain_text("通過勾選的考生 (2)")
    office.get_by_role("button", name="請勾選的考生補正").click()
    office.get_by_label("證號與證件不符").check()
    office.get_by_role("button", name="下一步").click()
    office.get_by_role("button", name="通知 2 人補正").click()
    expect(main).to_contain_text("已請 2 位考生補正")
    assert "共 2 人" in wait_for_mail(portal, LEADER, "請補正考生資料")["text"]

    plain = new_page(browser, portal, java_script_enabled=False, storage_state=office.context.storage_state())
    plain.goto(f"{desk_url}?state=pending")
    plain.get_by_role("checkbox", name="選取").first.check()
    plain.get_by_role("button", name="通過勾選的考生").click()
    plain.get_by_role("button", name="通過 1 人").click()
    expect(plain.locator("main")).to_contain_text("的 1 位考生")

    office.goto(f"{desk_url}?state=pending")
    office.get_by_label("全選下面的考生").check()
    expect(bar).to_contain_text("(35)")
    office.get_by_role("button", name="通過勾選的考生").click()
    office.get_by_role("button", name="通過 35 人").click()
    expect(main).to_contain_text("的 35 位考生")

    row = office.get_by_role("row").filter(has_text="NT$250")
    row.get_by_role("link", name="移出團體").click()
    office.get_by_label("考生帳號的電子信箱").fill("nobody@example.tw")
    office.get_by_label("書面申請").check()
    office.get_by_label("原因").fill("轉學")
    office.get_by_role("button", name="下一步").click()
    expect(main).to_contain_text("請考生先註冊")
    office.get_by_label("考生帳號的電子信箱").fill(PUPIL)
    office.get_by_role("button", name="下一步").click()
    expect(main).to_contain_text("錢留在團體的帳單上")
    office.get_by_role("button", name="移出團體").click()
    expect(main).to_contain_text("改為個人報名")
    pupil.goto("/registrations")
    pupil.locator("main").get_by_role("link", name="全國認證第一梯次").first.click()
    expect(pupil.locator("main")).to_contain_text("已由團體繳清")
    teacher.goto(group_url)
    expect(teacher.locator("main").get_by_role("row")).to_have_count(1 + 37)

    office.goto(f"{desk_url}/leader")
    office.get_by_label("新負責人帳號的電子信箱").fill(NEW)
    office.get_by_label("新負責人姓名").fill("彭秀英")
    office.get_by_label("電話").fill("0937-123-456")
    office.get_by_label("學校公文").check()
    office.get_by_label("原因").fill("導師異動")
    office.get_by_role("button", name="下一步").click()
    expect(main).to_contain_text("37 人，連同報名、帳單和繳費紀錄")
    office.get_by_role("button", name="更換負責人").click()
    expect(main).to_contain_text("新舊負責人都會收到信")
    assert teacher.goto(group_url).status == 404
    new.goto("/groups")
    expect(new.locator("main")).to_contain_text("臺北市中山區中山國小")
    assert group_url.rpartition("/")[2] in wait_for_mail(portal, NEW, "團報負責人已更換")["text"]
