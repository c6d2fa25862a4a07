"""Making a group, and changing its name and its leader's data while it is open."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy.orm import Session

from app.accounts.models import Account, AccountKind
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.exams import queries as exams
from app.exams.models import Round
from app.exams.places import check_places_left, take_places
from app.exams.rules import check_registration_open
from app.groups import queries, rules
from app.groups.leader import Leader
from app.groups.models import Group
from app.groups.services.carrying import carry_over
from app.groups.services.guards import get_open_group, hold_at_least
from app.groups.states import GroupKind, GroupState
from app.payments.deadlines import same_day_limit


def create_group(
    account_id: int,
    round_code: str,
    area: str,
    name: str,
    kind: GroupKind,
    leader: Leader,
    *,
    places: int | None = None,
    actor: Actor,
) -> Group:
    """Make an open group and return it; an account may have many (R214, R215).

    In a multi round it holds places until the end of the day (R218, R219); a national group may rest for
    weeks and holds none before it is submitted.

    :param places: 預定人數, for a multi round only; None: the smallest number the kind needs
    :raises NotFound: when there is no such round or area
    :raises Refused: when registration is closed, or the account is of another kind or track
    :raises OfferingFull: when the area has fewer places left, also for a national group
    """
    with transaction() as session:
        exam_round = exams.get_round(round_code)
        offering = exams.get_offering(exam_round.id, area, account_id=account_id)
        _check_may_create(session, account_id, exam_round)
        now = clock.now()
        group = Group(
            account_id=account_id,
            exam_round=exam_round,
            offering=offering,
            state=GroupState.OPEN,
            created_at=now,
        )
        _write(group, name, kind, leader)
        minimum = rules.group_minimum(kind, queries.minimums_of(group), origin=offering.origin)
        if not exam_round.same_day_submission:
            check_places_left(offering, minimum)
        else:
            group.hold = take_places(offering.id, places or minimum, until_at=same_day_limit(now))
        session.add(group)
        session.flush()
        audit.record("group.create", group, actor, round=exam_round.code, area=area, kind=kind.value)
    return group


def change_group(
    public_id: str,
    account_id: int,
    name: str,
    kind: GroupKind,
    leader: Leader,
    *,
    places: int | None = None,
    actor: Actor,
) -> Group:
    """Change an open group; round and area stand since it was made (R215).

    Members who have taken over the leader's data get the new ones (R241-R243).

    :param places: the new 預定人數 of a multi group, never fewer than its members; None: as it is
    :raises NotFound: when the account has no such group
    :raises Refused: when it cannot be changed any more
    :raises OfferingFull: when the area has fewer places left
    """
    with transaction() as session:
        group = get_open_group(session, public_id, account_id)
        before = group.leader
        _write(group, name, kind, leader)
        if before != leader:
            carry_over(group, before, leader, actor=actor)
        if places is not None and group.hold is not None:
            rules.check_places(places, member_count=queries.count_members(group)).raise_if_refused()
            hold_at_least(group, places, exactly=True)
        audit.record("group.change", group, actor)
    return group


def _check_may_create(session: Session, account_id: int, exam_round: Round) -> None:
    account = session.get_one(Account, account_id)
    rules.check_can_create(
        leader=account.kind == AccountKind.GROUP, same_track=account.track == exam_round.track
    ).raise_if_refused()
    check_registration_open(
        exam_round.registration_opens_on, exam_round.registration_closes_on, clock.today()
    ).raise_if_refused()


def _write(group: Group, name: str, kind: GroupKind, leader: Leader) -> None:
    group.name, group.kind = name, kind
    for key, value in asdict(leader).items():
        setattr(group, f"leader_{key}", value)
