"""Taking places from an offering and giving them back; each call joins its caller's transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.messages import N_, Message
from app.exams import queries
from app.exams.models import Offering, PlaceHold


class OfferingFull(DomainError):
    """There are fewer places left than were asked for."""


def take_places(offering_id: int, places: int, *, until_at: datetime | None) -> PlaceHold:
    """Hold places in an offering, until an exclusive instant or, with None, for good.

    The offering's row is locked first and counted then, so that the last place goes to one only.

    :raises OfferingFull: when fewer than `places` are left
    """
    with transaction() as session:
        # A plain FOR UPDATE would deadlock with the shared lock that PostgreSQL takes on the offering
        # for the foreign key of a registration written earlier in the same transaction.
        offering = session.scalars(
            sa.select(Offering).where(Offering.id == offering_id).with_for_update(key_share=True)
        ).one()
        now = clock.now()
        left = queries.places_left([offering], now)[offering.id]
        if left is not None and left < places:
            raise _full(offering, left)
        hold = PlaceHold(offering_id=offering.id, places=places, taken_at=now, until_at=until_at)
        session.add(hold)
        session.flush()
        return hold


def check_places_left(offering: Offering, places: int) -> None:
    """Raise OfferingFull when fewer places are left; nothing is held, so that they may be gone later."""
    left = queries.places_left([offering], clock.now())[offering.id]
    if left is not None and left < places:
        raise _full(offering, left)


def hold_until(hold: PlaceHold, until_at: datetime | None) -> None:
    """Let a hold last until an exclusive instant, or for good; it must still be running."""
    with transaction():
        hold.until_at = until_at


def split_hold(hold: PlaceHold, places: int) -> PlaceHold:
    """Take places out of a hold and return them as one of its own that lasts as long.

    Not one place more is held than before, so there is always room.

    :raises ValueError: when nothing would be left of the hold
    """
    with transaction() as session:
        session.refresh(hold, with_for_update={"key_share": True})
        if not 0 < places < hold.places:
            raise ValueError("a hold is split into two that both hold something")
        hold.places -= places
        part = PlaceHold(
            offering_id=hold.offering_id, places=places, taken_at=clock.now(), until_at=hold.until_at
        )
        session.add(part)
        session.flush()
        return part


def release_places(hold: PlaceHold) -> None:
    """Give the places of a hold back at once."""
    hold_until(hold, clock.now())


def _full(offering: Offering, left: int) -> OfferingFull:
    if left <= 0:
        text = N_("%(area)s考區的名額已滿，請改選其他考區或梯次")
    else:
        text = N_("%(area)s考區只剩 %(left)s 個名額，請減少人數、改選其他考區，或電洽總試務中心 %(phone)s")
    values = {"area": offering.area, "left": left, "phone": queries.site_facts().get("toll_free", "")}
    return OfferingFull(Message(text, values), field="area")
