"""Twelve digits: year, track, round, area, serial."""

from __future__ import annotations

import pytest

from app.tickets.ticket_numbers import area_number, number_prefix, serial_of, ticket_number

REGIONS = {"北部": ["基隆", "臺北", "宜蘭"], "中部": ["苗栗"]}


@pytest.mark.parametrize(
    ("roc_year", "is_multi", "round_number", "area", "serial", "number"),
    [
        (112, False, 1, 2, 1, "112101020001"),
        (112, False, 2, 16, 9999, "112102169999"),
        (112, True, 11, 15, 320, "112211150320"),
        (99, True, 1, 1, 1, "099201010001"),
    ],
)
def test_a_number_tells_year_track_round_and_area(
    roc_year: int, is_multi: bool, round_number: int, area: int, serial: int, number: str
) -> None:
    prefix = number_prefix(roc_year=roc_year, is_multi=is_multi, round_number=round_number, area_number=area)

    assert ticket_number(prefix, serial) == number
    assert serial_of(number) == serial


@pytest.mark.parametrize("serial", [0, 10_000])
def test_a_serial_has_four_digits(serial: int) -> None:
    with pytest.raises(ValueError, match="no ticket number"):
        ticket_number("11210102", serial)


@pytest.mark.parametrize(("area", "number"), [("基隆", 1), ("宜蘭", 3), ("苗栗", 4)])
def test_areas_count_through_the_regions(area: str, number: int) -> None:
    assert area_number(REGIONS, area) == number


def test_an_area_that_the_brochure_does_not_list_has_no_number() -> None:
    with pytest.raises(ValueError, match="澎湖"):
        area_number(REGIONS, "澎湖")


@pytest.mark.requirement("R039", "R040")
@pytest.mark.parametrize(("area", "number"), [("臺北", 2), ("竹東", 5), ("中山國小", 6)])
def test_areas_opened_for_a_group_are_numbered_after_the_brochures(area, number):
    listed = {"北部": ["基隆", "臺北"], "中部": ["苗栗", "臺中"]}

    assert area_number(listed, area, more_areas=["苗栗", "竹東", "中山國小"]) == number
