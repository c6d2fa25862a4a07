"""A year's venues as a file: what is read, and how mistakes are named."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from app.config import ROOT
from app.core.clock import TAIPEI
from app.exams.choices import Track
from app.tickets.venues_file import VenuesInvalid, read_venues

VENUE = {
    "area": "臺北",
    "name": "示範試區",
    "address": "臺北市示範路 1 號",
    "rooms": [{"name": "第 01 試場", "capacity": 40}],
}
DAY = {"entry_times": ["09:00", "10:00"], "minutes_from_entry_to_start": 10}
FILE: dict[str, Any] = {"roc_year": 112, "slots": {"national": DAY, "multi": DAY}, "venues": [VENUE]}


def mistakes_of(**changes: Any) -> str:
    with pytest.raises(VenuesInvalid) as invalid:
        read_venues(json.dumps(FILE | changes))
    return "\n".join(invalid.value.mistakes)


def test_slots_are_instants_of_the_test_day_in_taipei() -> None:
    first, second = read_venues(json.dumps(FILE)).slot_times(Track.NATIONAL, date(2023, 9, 2))

    assert first.entry_at.astimezone(TAIPEI).isoformat() == "2023-09-02T09:00:00+08:00"
    assert first.starts_at.astimezone(TAIPEI).isoformat() == "2023-09-02T09:10:00+08:00"
    assert second.entry_at.astimezone(TAIPEI).isoformat() == "2023-09-02T10:00:00+08:00"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"venues": []}, "venues: "),
        ({"venues": [VENUE | {"rooms": []}]}, "venues.0.rooms: "),
        (
            {"venues": [VENUE | {"rooms": [{"name": "A", "capacity": 0}]}]},
            "venues.0.rooms.0.capacity: Input should be greater than or equal to 1 (the file says 0)",
        ),
        ({"venues": [VENUE | {"rooms": VENUE["rooms"] * 2}]}, "room 第 01 試場 stands in the file twice"),
        ({"venues": [VENUE, VENUE]}, "venue 臺北 示範試區 stands in the file twice"),
        ({"slots": {"national": DAY}}, "slots say nothing about multi"),
        (
            {"slots": {"national": DAY, "multi": DAY | {"entry_times": ["10:00", "10:00"]}}},
            "follow one another",
        ),
        ({"roc_year": 2023}, "roc_year: Input should be less than or equal to 200 (the file says 2023)"),
    ],
)
def test_a_mistake_is_named_by_its_place(changes: dict[str, Any], says: str) -> None:
    assert says in mistakes_of(**changes)


def test_a_file_that_is_not_json_is_told_by_line_and_column() -> None:
    with pytest.raises(VenuesInvalid, match="line 2, column 1: not JSON"):
        read_venues("{\n")


def test_the_example_venues_of_112_stand_in_every_area_and_say_that_they_are_examples() -> None:
    brochure = json.loads((ROOT / "data" / "brochure_112.json").read_text(encoding="utf-8"))
    areas = {area for region in brochure["areas_by_region"].values() for area in region}

    venues = read_venues((ROOT / "data" / "venues_112.json").read_text(encoding="utf-8")).venues

    assert {venue.area for venue in venues} == areas
    assert sum(venue.area == "臺北" for venue in venues) == 2
    assert all("示範" in venue.name and "示範" in venue.address for venue in venues)
    assert all({room.capacity for room in venue.rooms} == {40, 20} for venue in venues)
