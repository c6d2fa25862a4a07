"""What the verbs on an open group begin with: lock it, see whether it may be changed, keep its places."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core import clock
from app.exams.places import release_places, take_places
from app.exams.rules import check_registration_open
from app.groups import queries, rules
from app.groups.models import Group


def get_open_group(session: Session, public_id: str, account_id: int | None) -> Group:
    """Return a leader's group, locked, when it can still be changed.

    :param account_id: None: the office acts on the leader's behalf
    :raises NotFound: when the account has no such group
    :raises Refused: when it is submitted, cancelled or lapsed, or registration has closed
    """
    group = queries.get_group_for_update(session, public_id, account_id)
    check_open(group)
    return group


def check_open(group: Group) -> None:
    """Raise Refused unless the group can still be changed (R063, R067, R225)."""
    now = clock.now()
    rules.check_can_change(group.state, queries.find_lapse_of(group, now)).raise_if_refused()
    exam_round = group.exam_round
    check_registration_open(
        exam_round.registration_opens_on, exam_round.registration_closes_on, clock.taipei_day(now)
    ).raise_if_refused()


def hold_at_least(group: Group, places: int, *, exactly: bool = False) -> None:
    """Let the places that a multi group holds grow with it; a group that holds none is left alone.

    :param exactly: also give back what is held beyond
    :raises OfferingFull: when the area has fewer places left, and nothing has changed
    """
    if group.hold is None or group.hold.places == places or (group.hold.places > places and not exactly):
        return
    until_at = group.hold.until_at
    release_places(group.hold)
    group.hold = take_places(group.offering_id, places, until_at=until_at)
