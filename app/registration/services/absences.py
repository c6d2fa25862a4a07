"""Absences: results record them, and whoever was absent from a multi round waits a year (R043)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from app.core import audit, clock
from app.core.actors import Actor
from app.core.crypto import blind_id
from app.core.db import transaction
from app.exams.choices import Track
from app.registration.models import Absence, Registration


def record_absence(registration: Registration, *, actor: Actor) -> None:
    """Record that a candidate did not come to the test; recording it twice changes nothing."""
    with transaction() as session:
        exam_round = registration.exam_round
        key = {
            "id_blind": registration.id_blind,
            "track": exam_round.track,
            "test_on": exam_round.test_on,
        }
        if session.scalars(sa.select(Absence).filter_by(**key)).one_or_none() is None:
            session.add(Absence(**key, registration=registration, recorded_at=clock.now()))
            audit.record("absence.record", registration, actor)


def withdraw_absence(registration: Registration, *, actor: Actor) -> None:
    """Take back an absence that was recorded by mistake; without one it changes nothing."""
    with transaction() as session:
        found = session.scalars(sa.select(Absence).filter_by(registration_id=registration.id)).one_or_none()
        if found is not None:
            session.delete(found)
            audit.record("absence.withdraw", registration, actor)


def bring_in_absences(absences: Mapping[str, date], *, actor: Actor) -> int:
    """Take in absences from multi rounds of years without the portal and return how many are new.

    :param absences: test date by normalised ID number
    """
    added = 0
    with transaction() as session:
        for number, test_on in absences.items():
            key = {"id_blind": blind_id(number), "track": Track.MULTI, "test_on": test_on}
            if session.scalars(sa.select(Absence).filter_by(**key)).one_or_none() is None:
                session.add(Absence(**key, recorded_at=clock.now()))
                added += 1
        audit.record("absence.bring_in", ("absences", "list"), actor, added=added)
    return added
