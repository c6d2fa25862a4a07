"""Loading venues: rows once, differences on record, nothing ever taken away."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import NotFound
from app.exams.choices import Track
from app.exams.models import Round
from app.tickets.models import ExamRoom, Slot, Venue
from app.tickets.services import load_venues
from app.tickets.venues_file import VenuesFile

ROOMS = ({"name": "第 01 試場", "capacity": 40}, {"name": "第 02 試場", "capacity": 20})


def plan(
    *,
    rooms: tuple[dict[str, Any], ...] = ROOMS,
    area: str = "苗栗",
    entry_times: tuple[str, ...] = ("09:00", "10:00"),
    roc_year: int = 112,
) -> VenuesFile:
    day = {"entry_times": entry_times, "minutes_from_entry_to_start": 10}
    venue = {"area": area, "name": "示範試區", "address": "苗栗縣示範路 7 號", "rooms": rooms}
    return VenuesFile.model_validate(
        {"roc_year": roc_year, "slots": {"national": day, "multi": day}, "venues": [venue]}
    )


def count(model: type) -> int:
    return db.session.scalars(sa.select(sa.func.count()).select_from(model)).one()


def test_a_venue_has_its_slots_in_every_round_that_offers_its_area(app: Flask) -> None:
    result = load_venues(plan(), actor=SYSTEM)

    codes = db.session.scalars(sa.select(Round.code).join(Slot).distinct().order_by(Round.code)).all()
    assert result.created == ["苗栗 示範試區"]
    assert codes == ["multi-112-08", "nat-112-01", "nat-112-02"]
    assert (count(Venue), count(ExamRoom), count(Slot)) == (1, 2, 6)


def test_loading_twice_changes_nothing(app: Flask) -> None:
    load_venues(plan(), actor=SYSTEM)
    entries = count(AuditEntry)

    result = load_venues(plan(), actor=SYSTEM)

    assert (result.created, result.changed) == ([], [])
    assert (count(Venue), count(ExamRoom), count(Slot), count(AuditEntry)) == (1, 2, 6, entries)


def test_a_changed_room_and_a_new_one_are_told_and_on_record(app: Flask) -> None:
    load_venues(plan(), actor=SYSTEM)
    larger = ({"name": "第 01 試場", "capacity": 45}, ROOMS[1], {"name": "第 03 試場", "capacity": 30})

    result = load_venues(plan(rooms=larger), actor=SYSTEM)

    [change] = result.changed
    assert (change.subject, change.field, change.old, change.new) == (
        "苗栗 示範試區 第 01 試場",
        "capacity",
        "40",
        "45",
    )
    assert result.created == ["苗栗 示範試區 第 03 試場"]
    audited = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "venues.change")).one()
    assert audited.details == {"field": "capacity", "old": "40", "new": "45"}


def test_a_moved_slot_is_told_in_taipei_time(app: Flask) -> None:
    load_venues(plan(), actor=SYSTEM)

    result = load_venues(plan(entry_times=("09:00", "10:30")), actor=SYSTEM)

    first = result.changed[0]
    assert (first.subject, first.field) == ("苗栗 示範試區 nat-112-01 2", "entry_at")
    assert (first.old, first.new) == ("2023-09-02T10:00:00+08:00", "2023-09-02T10:30:00+08:00")


def test_a_room_or_slot_that_left_the_file_is_kept(app: Flask) -> None:
    load_venues(plan(), actor=SYSTEM)

    load_venues(plan(rooms=ROOMS[:1], entry_times=("09:00",)), actor=SYSTEM)

    assert (count(ExamRoom), count(Slot)) == (2, 6)


def test_venues_of_a_year_without_a_brochure_are_refused(app: Flask) -> None:
    with pytest.raises(NotFound, match="113 年度的簡章"):
        load_venues(plan(roc_year=113), actor=SYSTEM)


def test_the_first_slot_of_a_round_begins_on_its_test_day(app: Flask) -> None:
    load_venues(plan(), actor=SYSTEM)

    slot = db.session.scalars(
        sa.select(Slot).join(Round).where(Round.track == Track.NATIONAL, Round.number == 1, Slot.number == 1)
    ).one()
    assert slot.entry_at.isoformat() == "2023-09-02T01:00:00+00:00"
    assert slot.starts_at.isoformat() == "2023-09-02T01:10:00+00:00"
