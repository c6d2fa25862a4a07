"""Bars as pictures: round numbers on the axis, and the theme's colours by day and by night."""

from __future__ import annotations

import re

import pytest

from app.admin.chart_svg import Bar, Words, draw_columns, draw_rows, read_tokens, ticks
from app.config import ROOT

THEME = read_tokens((ROOT / "app" / "static" / "css" / "theme.css").read_text(encoding="utf-8"))
WORDS = Words("各腔調的報名人數", "個人", "團體")


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (11, [0, 5, 10, 15]),
        (38, [0, 10, 20, 30, 40]),
        (50, [0, 10, 20, 30, 40, 50]),
        (51, [0, 20, 40, 60]),
        (4321, [0, 1000, 2000, 3000, 4000, 5000]),
    ],
)
def test_the_axis_has_few_whole_numbers_that_reach_the_top(top: int, expected: list[int]) -> None:
    assert ticks(top) == expected


def test_colours_come_from_the_theme_by_day_and_by_night() -> None:
    by_day, by_night = THEME

    assert (by_day["indigo"], by_night["indigo"]) == ("#1f4068", "#8fb4e3")
    picture = draw_rows([Bar("四縣", 3, 4)], ["四縣"], WORDS, THEME).decode()
    assert by_day["indigo"] in picture
    assert by_night["indigo"] in picture.partition("@media")[2]
    assert "var(" not in picture


def test_rows_carry_their_totals_and_stand_in_the_given_order() -> None:
    picture = draw_rows([Bar("四縣", 3, 4), Bar("海陸", 1, 0)], ["四縣", "海陸"], WORDS, THEME).decode()

    assert "四縣　7" in picture
    assert "海陸　1" in picture
    assert "<title>各腔調的報名人數</title>" in picture


def test_columns_name_every_seventh_day() -> None:
    labels = [f"5/{day}" for day in range(1, 16)]
    picture = draw_columns([Bar(label, 1, 0) for label in labels], labels, WORDS, THEME).decode()

    assert [label for label in labels if re.search(f"<text[^>]*>{label}<", picture)] == ["5/1", "5/8", "5/15"]
