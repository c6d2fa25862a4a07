"""Numbers of registered letters."""

from __future__ import annotations

import pytest

from app.core.errors import InvalidValue
from app.mailings.registered_numbers import count_up, read_registered_number


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("001234", "001234"),
        ("００１２３４", "001234"),
        ("001234 100012 17", "00123410001217"),
        ("001234-100012-17", "00123410001217"),
    ],
)
def test_a_number_is_read_as_it_stands_on_the_receipt(typed: str, read: str) -> None:
    assert read_registered_number(typed) == read


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "0012341000121", "001234100012170", "RR1234"])
def test_anything_else_is_asked_for_again(typed: str) -> None:
    with pytest.raises(InvalidValue, match="6 碼或 14 碼"):
        read_registered_number(typed)


def test_the_leading_digits_count_and_the_rest_stays() -> None:
    assert count_up("00009910001217", 3) == ["00009910001217", "00010010001217", "00010110001217"]
    assert count_up("001234", 1) == ["001234"]


def test_numbers_that_do_not_last_are_refused() -> None:
    assert count_up("999998", 2) == ["999998", "999999"]
    with pytest.raises(InvalidValue, match="不夠 3 件"):
        count_up("999998", 3)
