"""Reads of the exam year."""

from __future__ import annotations

from flask import Flask

from app.core.db import transaction
from app.exams.choices import OfferingOrigin
from app.exams.models import Offering
from app.exams.queries import get_offering, get_round


def test_a_session_held_for_one_group_is_not_what_an_area_offers_to_all(app: Flask) -> None:
    round_id = get_round("nat-112-01").id
    with transaction() as session:
        extra = Offering(round_id=round_id, position=0, area="苗栗", origin=OfferingOrigin.ON_CAMPUS)
        session.add(extra)

    assert get_offering(round_id, "苗栗").origin == OfferingOrigin.REGULAR
