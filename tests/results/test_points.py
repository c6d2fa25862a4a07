"""Points as people write them."""

from __future__ import annotations

import pytest

from app.core.errors import InvalidValue
from app.results.points import format_points, parse_points


@pytest.mark.parametrize(
    ("text", "tenths"),
    [
        ("0", 0),
        ("70", 700),
        ("83.5", 835),
        ("83.50", 835),
        ("８３.5", 835),
        (" 28 ", 280),
        ("28分", 280),
        ("100", 1000),
    ],
)
def test_points_are_whole_tenths(text: str, tenths: int) -> None:
    assert parse_points(text) == tenths


@pytest.mark.parametrize(
    "text", ["", "-1", "1e2", "83.55", "八十", ".5", "1,5", "nan", "1000000", "#REF!", "=70"]
)
def test_what_is_no_number_of_points_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="0 到 100"):
        parse_points(text)


@pytest.mark.parametrize(("tenths", "text"), [(0, "0"), (700, "70"), (835, "83.5"), (1000, "100")])
def test_points_are_printed_without_a_needless_zero(tenths: int, text: str) -> None:
    assert format_points(tenths) == text
