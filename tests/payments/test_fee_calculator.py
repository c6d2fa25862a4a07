"""The fee calculator (S022), by the brochure's own birth dates."""

from __future__ import annotations

import pytest

from tests.client import CheckingClient


def fees(client: CheckingClient, birth_on: str) -> dict[str, str]:
    page = client.send("/fees", {"birth_on": birth_on})
    return {row.th.get_text(strip=True): row.get_text(" ", strip=True) for row in page.select("tbody tr")}


@pytest.mark.requirement("S022", "R074", "R075", "R077")
def test_each_round_shows_its_fee_and_why(client: CheckingClient) -> None:
    pays, free = fees(client, "93/9/1"), fees(client, "2004-09-02")

    assert len(pays) == 13
    assert "NT$250" in pays["全國認證第一梯次"]
    assert "NT$250" in pays["全國認證第二梯次"]
    assert "93 年 9 月 1 日（含）以前" in pays["全國認證第一梯次"]
    assert "免繳費" in free["全國認證第二梯次"]
    # 22 July 112 minus 19 years: the round's own day decides.
    assert "免繳費" in fees(client, "93/7/22")["多梯次認證(七)"]
    assert "NT$250" in fees(client, "93/7/21")["多梯次認證(七)"]


@pytest.mark.parametrize(
    ("typed", "sentence"), [("", "請填寫出生日期"), ("x", "看不懂日期"), ("113/1/1", "今天以後")]
)
def test_what_is_no_birth_date_is_said_so(client: CheckingClient, typed: str, sentence: str) -> None:
    page = client.send("/fees", {"birth_on": typed}, status=422)

    assert sentence in page.find(id="birth_on-error").get_text()
    assert page.find("table") is None


def test_the_birth_date_never_stands_in_an_address(client: CheckingClient) -> None:
    assert client.page("/fees?birth_on=93/9/1").find("table") is None
    assert client.page("/fees").main.form["method"] == "post"
