"""Case numbers and what people type of them."""

from __future__ import annotations

from datetime import date

import pytest

from app.cases.numbers import case_number, read_case_number
from app.core.errors import InvalidValue


@pytest.mark.requirement("W012")
@pytest.mark.parametrize(
    ("day", "serial", "number"),
    [
        (date(2024, 12, 10), 21, "11312100021"),  # the manual's own (W012)
        (date(2024, 12, 9), 2, "11312090002"),
        (date(2010, 1, 5), 1, "09901050001"),
        (date(2024, 12, 10), 9999, "11312109999"),
        (date(2024, 12, 10), 10000, "113121010000"),
    ],
)
def test_a_number_is_the_minguo_day_and_its_serial(day: date, serial: int, number: str) -> None:
    assert case_number(day, serial) == number


@pytest.mark.parametrize(
    "typed", ["11312100021", " 113 1210 0021 ", "１１３１２１０００２１", "1131210-0021"]
)
def test_a_number_is_read_as_people_type_it(typed: str) -> None:
    assert len(read_case_number(typed)) == 11


@pytest.mark.parametrize("typed", ["", "1131210002", "11312100021234", "113121O0021", "abc", "' OR 1=1 --"])
def test_what_cannot_be_a_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue, match="11 碼數字"):
        read_case_number(typed)


def test_serials_start_at_one() -> None:
    with pytest.raises(ValueError, match="start at 1"):
        case_number(date(2024, 12, 10), 0)
