"""National and multi-session certification side by side (R254-R260), as the brochure of 112 prints it."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.exams.queries import list_rounds
from app.site.comparison import compare
from tests.client import CheckingClient


@pytest.mark.requirement("R254", "R255", "R256", "R257", "R258", "R259", "R260")
def test_the_table_says_what_the_brochure_says(client: CheckingClient) -> None:
    rows = {
        row.th.get_text(strip=True): [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
        for row in client.page("/compare").select("tbody tr")
    }

    national, multi = rows["認證日期與級別"]
    assert "112 年 9 月 2 日（六），基礎級暨初級" in national
    assert "112 年 9 月 17 日（日），基礎級暨初級" in national
    assert multi == "1 月到 8 月：初級，一個月一個梯次 10 月到 12 月：基礎級暨初級，一個月一個梯次"
    assert rows["考區"] == ["16 個縣市，各梯次相同", "每個梯次一個縣市"]
    assert rows["試區公布"] == ["與准考證一起公布"] * 2
    assert rows["一個人可以報名"] == [
        "一個梯次；另外可以報名多梯次認證",
        "不只一個梯次；也可以同時報名全國認證",
    ]
    assert rows["送出資料"] == ["112 年 4 月 10 日（一）到 112 年 6 月 9 日（五）", "選好梯次的當天"]
    assert rows["繳費期限"] == [f"送出當天算第 1 天，第 {days} 天 23:59 以前" for days in (7, 3)]
    assert rows["繳費方式"] == [
        "便利商店條碼 便利商店代碼 ATM 或銀行轉帳 信用卡 LINE Pay",
        "ATM 或銀行轉帳 信用卡 LINE Pay",
    ]


@pytest.mark.requirement("R259", "R258")
def test_the_table_follows_the_data(app: Flask) -> None:
    rounds = list_rounds()
    for each in rounds[:2]:
        each.payment_days = 5
    rounds[1].registration_closes_on = date(2023, 6, 16)

    lines = {str(line.title): [str(one) for one in line.national] for line in compare(rounds)}

    assert lines["繳費期限"] == ["送出當天算第 1 天，第 5 天 23:59 以前"]
    assert len(lines["送出資料"]) == 2
    from app.core.db import db

    db.session.rollback()


def test_a_year_without_one_of_the_tracks_can_be_compared(app: Flask) -> None:
    national = [each for each in list_rounds() if each.track == "national"]

    assert all(line.national and not line.multi for line in compare(national))
