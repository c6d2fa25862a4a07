"""The three bars of a store bill, the recorded one of the real gateway first."""

from datetime import date

import pytest

from app.payments.gateways import barcode
from tests.payments.vectors import vectors

CASES = [
    pytest.param(entry["input"], entry["expected"], id=entry["id"])
    for entry in vectors("cvs_three_segment_barcode")
]


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_third_bar_carries_the_check_characters(given, expected):
    third = barcode.third_segment(
        given["segment1"], given["segment2"], given["segment3_prefix"], int(given["amount9"])
    )

    assert third == expected["segment3"]
    assert third[4:6] == expected["check"]


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_valid_bars_are_recognised_and_a_changed_digit_is_not(given, expected):
    first, second, third = given["segment1"], given["segment2"], expected["segment3"]
    other_amount = third[:-1] + str((int(third[-1]) + 1) % 10)

    assert barcode.is_valid((first, second, third))
    assert not barcode.is_valid((first, second, other_amount))
    assert not barcode.is_valid((second, first, third))


@pytest.mark.parametrize(
    ("last_day", "segment"),
    [
        (date(2022, 5, 3), "1105036EA"),  # as recorded from the stage gateway
        (date(2023, 5, 7), "1205076EA"),
        (date(2011, 12, 31), "0012316EA"),  # ROC 100: only its last two digits
    ],
)
def test_first_bar_begins_with_the_deadline_in_the_roc_calendar(last_day, segment):
    assert barcode.first_segment(last_day, "6EA") == segment


@pytest.mark.parametrize(
    ("first", "second", "prefix", "amount_twd"),
    [
        ("110503", "3453011539919569", "0426", 250),
        ("1105036EA", "345301153991956", "0426", 250),
        ("1105036EA", "3453011539919569", "4/26", 250),
        ("1105036EA", "3453011539919569", "0426", 1_000_000_000),
        ("1105036EA", "３４５３011539919569", "0426", 250),
    ],
)
def test_bars_of_another_form_are_an_error(first, second, prefix, amount_twd):
    with pytest.raises(ValueError, match="not a bar"):
        barcode.third_segment(first, second, prefix, amount_twd)
