"""Counts that can be published without telling of anybody (S017)."""

from __future__ import annotations

import pytest

from app.registration.open_statistics import publishable


@pytest.mark.requirement("S017")
@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"四縣": 100, "海陸": 40}, ""),
        ({"四縣": 5, "海陸": 40}, ""),
        ({"四縣": 4}, "四縣"),
        ({"四縣": 100, "海陸": 40, "大埔": 4}, "大埔 海陸"),  # one alone follows from the sum
        ({"四縣": 100, "海陸": 4, "大埔": 4}, "大埔 海陸"),
        ({"四縣": 100, "海陸": 9, "大埔": 1, "饒平": 2}, "大埔 海陸 饒平"),  # three together are too few
        ({"四縣": 100, "海陸": 0, "大埔": 4, "饒平": 6}, "大埔 饒平"),  # nobody is nobody
        ({}, ""),
    ],
)
def test_small_counts_are_hidden_so_that_the_sum_does_not_give_them_away(
    counts: dict[str, int], hidden: str
) -> None:
    shown = publishable(counts)

    assert sorted(key for key, count in shown.items() if count is None) == sorted(hidden.split())
    assert {key: count for key, count in shown.items() if count is not None}.items() <= counts.items()
