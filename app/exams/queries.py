"""Reads of the exam year for pages and services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.choices import OfferingOrigin, Track
from app.exams.models import ExamYear, Offering, PlaceHold, Round
from app.exams.words import exam_wording, name_wording


def find_current_year() -> ExamYear | None:
    """Return the newest year loaded, or None on an empty portal."""
    return db.session.scalars(sa.select(ExamYear).order_by(ExamYear.roc_year.desc()).limit(1)).one_or_none()


def site_facts() -> dict[str, Any]:
    """Return what stands on every page (R001-R003): names, address and phones of the current year."""
    year = find_current_year()
    if year is None:
        return {"exam_title": Message("客語能力認證"), "phones": []}
    contacts = year.facts["contacts"]
    return {
        "exam_title": exam_wording(year.title),
        "roc_year": year.roc_year,
        "organiser": name_wording(year.facts["organiser"]["name"]),
        "implementer": name_wording(year.facts["implementer"]["name"]),
        "office": name_wording(year.facts["implementer"]["office"]),
        "address": name_wording(contacts["address"]),
        # The toll-free number stands in the file's list of phones as well.
        "phones": [phone for phone in contacts["phones"] if phone != contacts["toll_free"]],
        "toll_free": contacts["toll_free"],
        "fax": contacts["fax"],
        "mailbox": name_wording(contacts["mailbox"]),
        "registration_site": contacts["registration_site"],
    }


def list_rounds(track: Track | None = None) -> list[Round]:
    """Return the current year's rounds in the brochure's order, with their offerings."""
    newest = sa.select(sa.func.max(ExamYear.roc_year)).scalar_subquery()
    query = (
        sa.select(Round)
        .join(ExamYear)
        .where(ExamYear.roc_year == newest)
        .options(selectinload(Round.offerings), joinedload(Round.exam_year))
        .order_by(Round.position)
    )
    if track is not None:
        query = query.where(Round.track == track)
    return list(db.session.scalars(query))


def list_open_rounds(track: Track, today: date) -> list[Round]:
    """Return the rounds of a track whose registration period contains the day."""
    return [
        each
        for each in list_rounds(track)
        if each.registration_opens_on <= today <= each.registration_closes_on
    ]


def get_round(code: str) -> Round:
    """Return a round with its offerings by its code, e.g. ``nat-112-01``; raises NotFound."""
    query = (
        sa.select(Round)
        .where(Round.code == code)
        .options(selectinload(Round.offerings), joinedload(Round.exam_year))
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(Message("沒有這個梯次，請從梯次列表重新選擇"))
    return found


def get_offering(round_id: int, area: str, *, account_id: int | None = None) -> Offering:
    """Return the offering of an area in a round; raises NotFound.

    :param account_id: whose own additional sessions count as well; None: what is open to all
    """
    choosable = Offering.origin == OfferingOrigin.REGULAR
    if account_id is not None:
        choosable = sa.or_(choosable, Offering.reserved_for == account_id)
    query = sa.select(Offering).where(Offering.round_id == round_id, Offering.area == area, choosable)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(Message("這個梯次沒有%(area)s考區，請重新選擇", {"area": area}), field="area")
    return found


def list_full_areas(rounds: Iterable[Round], now: datetime, *, account_id: int | None = None) -> set[str]:
    """Return the areas that have no place left in any of these rounds, among those the account may choose."""
    offerings = [offering for each in rounds for offering in each.offerings_for(account_id)]
    left = places_left(offerings, now)
    free = {offering.area for offering in offerings if (places := left[offering.id]) is None or places > 0}
    return {offering.area for offering in offerings} - free


def places_left(offerings: Iterable[Offering], now: datetime) -> dict[int, int | None]:
    """Return the free places per offering id; None where the office has set no limit.

    Holds that have run out by `now` no longer count, whether or not anything has cleaned them up.
    """
    capacity = {offering.id: offering.capacity for offering in offerings}
    running = sa.or_(PlaceHold.until_at.is_(None), PlaceHold.until_at > now)
    sums = db.session.execute(
        sa.select(PlaceHold.offering_id, sa.func.sum(PlaceHold.places))
        .where(PlaceHold.offering_id.in_(capacity), running)
        .group_by(PlaceHold.offering_id)
    )
    taken = dict(sums.all())
    return {
        identifier: None if limit is None else limit - taken.get(identifier, 0)
        for identifier, limit in capacity.items()
    }
