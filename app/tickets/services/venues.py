"""Loading venues: what the file says becomes rooms and slots, and every difference is on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from app.core import audit
from app.core.actors import Actor
from app.core.clock import TAIPEI
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.models import ExamYear, Round
from app.exams.services import Change, LoadResult
from app.tickets.models import ExamRoom, Slot, Venue
from app.tickets.venues_file import SlotTimes, VenuesFile, VenueSpec


def load_venues(plan: VenuesFile, *, actor: Actor) -> LoadResult:
    """Bring venues, rooms and slots to what the file says; loading it twice changes nothing.

    Each venue has a slot at every time of its track's plan, in each round that offers its area. A venue,
    room or slot that has left the file is kept, because people may sit there.

    :raises NotFound: when the year of the file is not loaded
    """
    result = LoadResult()
    with transaction() as session:
        rounds = _list_rounds(session, plan.roc_year)
        for spec in plan.venues:
            venue = _load_venue(session, spec, result)
            for exam_round in rounds:
                if any(offering.area == spec.area for offering in exam_round.offerings):
                    times = plan.slot_times(exam_round.track, exam_round.test_on)
                    _load_slots(session, venue, exam_round, times, result)
        for name in result.created:
            audit.record("venues.load", ("venues", name), actor)
        for change in result.changed:
            audit.record(
                "venues.change",
                ("venues", change.subject),
                actor,
                field=change.field,
                old=change.old,
                new=change.new,
            )
    return result


def _list_rounds(session: Session, roc_year: int) -> list[Round]:
    query = (
        sa.select(Round)
        .join(ExamYear)
        .where(ExamYear.roc_year == roc_year)
        .options(selectinload(Round.offerings))
        .order_by(Round.position)
    )
    rounds = list(session.scalars(query))
    if not rounds:
        raise NotFound(Message("請先載入 %(year)s 年度的簡章，再載入試區", {"year": roc_year}))
    return rounds


def _load_venue(session: Session, spec: VenueSpec, result: LoadResult) -> Venue:
    query = sa.select(Venue).where(Venue.area == spec.area, Venue.name == spec.name)
    venue = session.scalars(query.options(selectinload(Venue.rooms))).one_or_none()
    if venue is None:
        venue = Venue(area=spec.area, name=spec.name, address=spec.address, rooms=[])
        session.add(venue)
        result.created.append(spec.label)
    else:
        _apply(venue, {"address": spec.address}, spec.label, result)
    known = {room.name: room for room in venue.rooms}
    for position, room in enumerate(spec.rooms, start=1):
        values = {"position": position, "capacity": room.capacity}
        label = f"{spec.label} {room.name}"
        if room.name in known:
            _apply(known[room.name], values, label, result)
        else:
            venue.rooms.append(ExamRoom(name=room.name, **values))
            if spec.label not in result.created:
                result.created.append(label)
    session.flush()
    return venue


def _load_slots(
    session: Session, venue: Venue, exam_round: Round, times: list[SlotTimes], result: LoadResult
) -> None:
    query = sa.select(Slot).where(Slot.round_id == exam_round.id, Slot.venue_id == venue.id)
    known = {slot.number: slot for slot in session.scalars(query)}
    venue_label = f"{venue.area} {venue.name}"
    for number, slot_times in enumerate(times, start=1):
        values = {"entry_at": slot_times.entry_at, "starts_at": slot_times.starts_at}
        label = f"{venue_label} {exam_round.code} {number}"
        if number in known:
            _apply(known[number], values, label, result)
        else:
            session.add(Slot(round_id=exam_round.id, venue_id=venue.id, number=number, **values))
            if venue_label not in result.created:
                result.created.append(label)
    session.flush()


def _apply(row: Any, values: dict[str, Any], subject: str, result: LoadResult) -> None:
    for name, new in values.items():
        old = getattr(row, name)
        if old != new:
            result.changed.append(Change(subject, name, _show(old), _show(new)))
            setattr(row, name, new)


def _show(value: Any) -> str:
    return value.astimezone(TAIPEI).isoformat() if isinstance(value, datetime) else str(value)
