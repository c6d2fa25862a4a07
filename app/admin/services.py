"""Looking at people: what the staff see of a person is on record before it is shown (P001, security 8)."""

from __future__ import annotations

from app.accounts.throttle import Throttle
from app.admin.queries import groups, reviews
from app.core import audit
from app.core.actors import Actor
from app.core.db import transaction
from app.exams.models import Round
from app.groups.models import Group
from app.registration.models import Registration
from app.tickets.queries import RoomList, list_room_lists

UNMASKINGS = Throttle("unmask", "60 per hour")


def look_at_registration(public_id: str, *, actor: Actor) -> Registration:
    """Return a registration to be shown masked, and put the look on record; raises NotFound."""
    with transaction():
        registration = reviews.get_case(public_id)
        audit.record("registration.view", registration, actor)
    return registration


def unmask_registration(public_id: str, *, reason: str, actor: Actor) -> Registration:
    """Return a registration to be shown in full, and put the look and its reason on record.

    :param reason: why it has to be seen, in words of the trade and never the person's own data
    :raises NotFound: when there is no such registration
    :raises TooManyAttempts: after 60 in an hour by the same member of staff
    """
    UNMASKINGS.count(str(actor.account_id))
    with transaction():
        registration = reviews.get_case(public_id)
        audit.record("registration.unmask", registration, actor, reason=reason)
    return registration


def look_at_group(public_id: str, *, actor: Actor) -> Group:
    """Return a group to be shown with its members masked, and put the look on record; raises NotFound."""
    with transaction():
        group = groups.get_group(public_id)
        audit.record("group.view", group, actor)
    return group


def look_at_room_lists(exam_round: Round, area: str, *, actor: Actor) -> list[RoomList]:
    """Return the room lists of an area, which show names, and put the look on record."""
    with transaction():
        audit.record("seating.view_rooms", exam_round, actor, area=area)
        return list_room_lists(exam_round.id, area)
