"""Places in an offering: the last one goes to one only, and what has run out comes back by the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import db, transaction
from app.exams import places, queries
from app.exams.models import Offering, PlaceHold


def limited_offering(capacity: int) -> Offering:
    with transaction():
        offering = queries.get_offering(queries.get_round("multi-112-07").id, "屏東")
        offering.capacity = capacity
    return offering


def left(offering: Offering, now: datetime | None = None) -> int | None:
    return queries.places_left([offering], now or clock.now())[offering.id]


def test_taking_places_lowers_what_is_left(app: Flask) -> None:
    offering = limited_offering(5)

    places.take_places(offering.id, 3, until_at=None)

    assert left(offering) == 2


def test_more_than_is_left_is_refused_with_the_number(app: Flask) -> None:
    offering = limited_offering(2)

    with pytest.raises(places.OfferingFull, match="只剩 2 個名額"):
        places.take_places(offering.id, 3, until_at=None)
    assert left(offering) == 2


def test_a_full_offering_says_what_to_do(app: Flask) -> None:
    offering = limited_offering(0)

    with pytest.raises(places.OfferingFull, match="名額已滿，請改選其他考區"):
        places.take_places(offering.id, 1, until_at=None)


def test_a_hold_gives_its_place_back_at_its_end_and_not_before(app: Flask) -> None:
    offering = limited_offering(1)
    midnight = clock.end_of_day(clock.today())
    places.take_places(offering.id, 1, until_at=midnight)

    assert left(offering, midnight - timedelta(microseconds=1)) == 0
    assert left(offering, midnight) == 1


def test_a_kept_place_never_runs_out(app: Flask, at: Callable[[str], None]) -> None:
    offering = limited_offering(1)
    hold = places.take_places(offering.id, 1, until_at=clock.now() + timedelta(days=1))

    places.hold_until(hold, None)

    at("2024-05-01 09:00")
    assert left(offering) == 0


def test_a_released_place_is_free_at_once(app: Flask) -> None:
    offering = limited_offering(1)
    hold = places.take_places(offering.id, 1, until_at=None)

    places.release_places(hold)

    assert left(offering) == 1


def test_an_offering_without_a_limit_is_never_full(app: Flask) -> None:
    offering = limited_offering(1)
    with transaction():
        offering.capacity = None

    places.take_places(offering.id, 10_000, until_at=None)

    assert left(offering) is None


def test_many_at_once_get_exactly_the_places_there_are(live_app: Flask) -> None:
    with live_app.app_context():
        offering_id = limited_offering(5).id
    start, taken, refused = threading.Barrier(12), [], []

    def take() -> None:
        start.wait()
        with live_app.app_context():
            try:
                taken.append(places.take_places(offering_id, 1, until_at=None).id)
            except places.OfferingFull:
                refused.append(1)

    threads = [threading.Thread(target=take) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with live_app.app_context():
        held = db.session.scalar(sa.select(sa.func.sum(PlaceHold.places)))
    assert (len(taken), len(refused), held) == (5, 7, 5)
