"""Three pupils take slips home: one family confirms, one finds a mistake, the teacher mends it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Portal
from tests.browser.people import (
    add_pupil,
    create_group,
    download,
    scan_all,
    sign_up,
    text_of,
    wait_for_mail,
)
from tests.factories.ids import make_national_id

EMAIL = "teacher.peng@example.tw"
CALLED = ("黃𠊎堃", "徐玉蘭", "范姜宇軒")


def test_a_class_is_checked_at_home(new_page: Any, portal: Portal, tmp_path: Path) -> None:
    portal.set_clock("2023-05-01T09:00:00+08:00")
    teacher = new_page()
    desk = teacher.locator("main")
    sign_up(teacher, portal, EMAIL, kind="團體報名")
    create_group(teacher)
    group_url = teacher.url
    for name in CALLED:
        add_pupil(teacher, group_url, name, make_national_id())

    teacher.get_by_role("link", name="請考生或家長先核對資料").click()
    teacher.get_by_role("button", name="開始請考生核對").click()
    expect(desk).to_contain_text("考生的電子信箱都是帶入團報負責人的，請用紙本核對單")
    slips = download(teacher, desk.get_by_role("link", name="還沒確認的全部 3 份"), tmp_path / "slips.pdf")
    assert all(name in text_of(slips) for name in CALLED)
    codes = scan_all(slips)
    assert len(set(codes)) == 3

    # A mother confirms on her telephone; a scanner of links that only looks has confirmed nothing.
    mother, reader = new_page(PHONE), new_page()
    reader.goto(codes[0])
    mother.goto(codes[0])
    page = mother.locator("main")
    expect(page).to_contain_text("黃𠊎堃")
    expect(page).to_contain_text("2011-09-02 = 民國 100 年 9 月 2 日")
    expect(page).not_to_contain_text("徐玉蘭")
    assert codes[0].rsplit("/")[-1] not in mother.url
    mother.get_by_role("button", name="資料都正確").click()
    expect(page).to_contain_text("已確認，謝謝您")

    # A father finds a character wrong, and finds the words for it only at the second try.
    father = new_page(PHONE)
    form = father.locator("main")
    father.goto(codes[1])
    father.get_by_role("link", name="有錯誤，我要回報").click()
    father.get_by_role("button", name="送出回報").last.click()
    expect(form).to_contain_text("請選擇哪一項不對")
    father.get_by_label("姓名").check()
    father.get_by_label("正確的應該是什麼").fill("第二個字是「鈺」")
    father.get_by_role("button", name="送出回報").last.click()
    expect(form).to_contain_text("您回報的錯誤已送給負責人")

    mail = wait_for_mail(portal, EMAIL, "有考生回報資料錯誤")
    assert "徐玉蘭（姓名）" in mail["text"]
    assert "鈺" not in mail["text"]
    teacher.goto(group_url)
    expect(desk).to_contain_text("3 人中 1 人已確認；1 人回報有誤、1 人還沒回覆")
    expect(desk.get_by_role("row").filter(has_text="黃𠊎堃")).to_contain_text("已確認")
    teacher.get_by_role("link", name="查看核對情形").click()
    report = desk.locator("#reports").get_by_role("listitem")
    expect(report).to_contain_text("第二個字是「鈺」")
    report.get_by_role("link", name="修改這筆資料").click()
    teacher.get_by_label("中文姓名").fill("徐鈺蘭")
    teacher.locator("main form .btn-primary").click()
    expect(desk).to_contain_text("已更新 徐鈺蘭 的資料")
    teacher.get_by_role("link", name="查看核對情形").click()
    report.get_by_role("button", name="標示為已處理").click()
    expect(desk).to_contain_text("沒有待處理的回報")

    # The same slip shows the new name, and now it is right.
    father.goto(codes[1])
    expect(form).to_contain_text("徐鈺蘭")
    father.get_by_role("button", name="資料都正確").click()
    expect(form).to_contain_text("已確認，謝謝您")
    teacher.reload()
    expect(desk).to_contain_text("3 人中 2 人已確認；1 人還沒回覆")
