"""Filters as chips."""

from __future__ import annotations

import pytest

from app.admin.chips import chip_row, tally
from app.admin.paging import Page

LABELS = [("苗栗", "苗栗"), ("桃園", "桃園"), ("臺北", "臺北")]


def url_of(value: str | None) -> str:
    return f"?area={value}" if value else "?"


def test_chips_stand_in_the_order_of_the_labels_with_their_counts() -> None:
    row = chip_row({"桃園": 2, "苗栗": 1}, LABELS, None, url_of, every="全部")

    assert row == [
        ("全部", "?", 3, True),
        ("苗栗", "?area=苗栗", 1, False),
        ("桃園", "?area=桃園", 2, False),
    ]


def test_the_chosen_chip_stays_even_when_it_counts_nothing() -> None:
    row = chip_row({}, LABELS, "臺北", url_of)

    assert row == [("臺北", "?area=臺北", 0, True)]


def test_sums_are_kept_in_the_order_of_first_sight() -> None:
    assert list(tally([("b", 1), ("a", 2), ("b", 3)]).items()) == [("b", 4), ("a", 2)]


@pytest.mark.parametrize(
    ("total", "asked", "number", "last"),
    [(0, 1, 1, 1), (50, 2, 1, 1), (51, 2, 2, 2), (51, 9, 2, 2), (51, 0, 1, 2), (51, -3, 1, 2)],
)
def test_a_page_that_does_not_exist_is_the_nearest_one(
    total: int, asked: int, number: int, last: int
) -> None:
    page = Page.of(total, asked=asked)

    assert (page.number, page.last) == (number, last)
    assert page.offset == (number - 1) * 50
