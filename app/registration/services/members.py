"""Members of a group: registrations whose place, order and submission are the group's.

The group decides who may do this, and when; it calls from inside its own transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.crypto import blind_id
from app.core.db import transaction
from app.core.ids import new_public_id
from app.core.messages import N_, Listing, Message
from app.exams.models import Offering, Round
from app.payments.fees import Fee
from app.payments.models import Order
from app.registration import queries, rules
from app.registration.candidate import CandidateData
from app.registration.models import Registration
from app.registration.services import persons
from app.registration.services.arrangements import drop_arrangement
from app.registration.services.carry_overs import use_carry_overs
from app.registration.services.endings import end_registration
from app.registration.services.persons import AlreadyRegistered, NewMember
from app.registration.services.submission import mark_submitted
from app.registration.states import CancelReason, FormState, ReviewState


def add_member(
    account_id: int, exam_round: Round, offering: Offering, candidate: CandidateData, *, actor: Actor
) -> Registration:
    """Add one member and return the draft; raises AlreadyRegistered."""
    [outcome] = add_members(account_id, exam_round, offering, [candidate], actor=actor)
    if isinstance(outcome, AlreadyRegistered):
        raise outcome
    return outcome


def add_members(
    account_id: int,
    exam_round: Round,
    offering: Offering,
    candidates: Sequence[CandidateData],
    *,
    actor: Actor,
) -> list[Registration | AlreadyRegistered]:
    """Add members and return, in the same order, each one's draft or the reason why there is none.

    As `insert_members`, for who needs the drafts at once.
    """
    with transaction() as session:
        outcomes = insert_members(account_id, exam_round, offering, candidates, actor=actor)
        ids = [outcome.id for outcome in outcomes if isinstance(outcome, NewMember)]
        drafts = queries.list_by_ids(session, ids)
    return [drafts[outcome.id] if isinstance(outcome, NewMember) else outcome for outcome in outcomes]


def insert_members(
    account_id: int,
    exam_round: Round,
    offering: Offering,
    candidates: Sequence[CandidateData],
    *,
    actor: Actor,
) -> list[NewMember | AlreadyRegistered]:
    """Add members in bulk and return, in the same order, where each one's draft is or why there is none.

    Somebody who stands twice in the list is added once. The number of queries grows with the hundreds of
    candidates, not with the candidates.
    """
    with transaction() as session:
        now = clock.now()
        blinds = [blind_id(candidate.identity.value) for candidate in candidates]
        known = persons.find_others(session, blinds, exam_round, account_id=account_id, now=now)
        refusals: dict[bytes, AlreadyRegistered] = {
            blind: persons.already_registered(other, exam_round, account_id=account_id)
            for blind, other in known.items()
        }
        absent = persons.find_absent(session, candidates, exam_round, account_id=account_id)
        refusals = absent | refusals
        same = _columns_of_all(account_id, exam_round, offering, now)
        planned: list[dict[str, Any] | AlreadyRegistered] = []
        for blind, candidate in zip(blinds, candidates, strict=True):
            if blind in refusals:
                planned.append(refusals[blind])
                continue
            public_id = new_public_id()
            planned.append(same | persons.candidate_columns(candidate, public_id) | {"public_id": public_id})
            refusals[blind] = persons.already_in_list(exam_round)
        outcomes = _insert_all(session, planned)
        for outcome in outcomes:
            _record(outcome, account_id, actor)
    return outcomes


def _columns_of_all(account_id: int, exam_round: Round, offering: Offering, now: datetime) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "round_id": exam_round.id,
        "offering_id": offering.id,
        "national_year": persons.national_year_of(exam_round),
        "in_group": True,
        "form_state": FormState.DRAFT,
        "review_state": ReviewState.PENDING,
        "created_at": now,
    }


def change_member(public_id: str, account_id: int, candidate: CandidateData, *, actor: Actor) -> Registration:
    """Change a member's data before the group is submitted (R223).

    :raises NotFound: when the account has no such registration
    :raises Refused: when it cannot be changed any more
    :raises AlreadyRegistered: when the person has a live registration that excludes this one
    """
    with transaction() as session:
        member = queries.get_registration_for_update(session, public_id, account_id)
        now = clock.now()
        _check_can_change(member, now)
        persons.check_person_free(
            session, candidate, member.exam_round, account_id=account_id, changed=member, now=now
        )
        persons.write_candidate(member, candidate)
        drop_arrangement(session, member)
        persons.write_changes(session)
        audit.record("registration.change", member, actor)
    return member


def change_members(changes: Sequence[tuple[Registration, CandidateData]], *, actor: Actor) -> None:
    """Change the data of members of a locked group before it is submitted; their ID numbers stay.

    :param changes: the members, loaded with their arrangements
    :raises Refused: when one of them cannot be changed any more
    """
    with transaction() as session:
        now = clock.now()
        for member, candidate in changes:
            _check_can_change(member, now)
            persons.write_candidate(member, candidate)
            drop_arrangement(session, member)
            audit.record("registration.change", member, actor)
        session.flush()


def remove_member(public_id: str, account_id: int, *, actor: Actor) -> Registration:
    """Take a member out before the group is submitted (R223); raises NotFound or Refused."""
    with transaction() as session:
        member = queries.get_registration_for_update(session, public_id, account_id)
        now = clock.now()
        _check_can_change(member, now)
        end_registration(member, CancelReason.REMOVED, now=now, actor=actor)
    return member


def submit_members(
    members: Sequence[Registration], *, order: Order | None, fees: Sequence[Fee], actor: Actor
) -> None:
    """Submit all members of a group at once; fees stand in the order of the members.

    :param order: the group's order, also for its members who are free: a group is one registration,
        complete when the order is paid (R227); None: all of them are free (R079)
    :raises AlreadyRegistered: when one of them has been registered elsewhere meanwhile; who it is is told,
        not where
    """
    with transaction() as session:
        now = clock.now()
        _check_submittable(session, members, now)
        use_carry_overs(members, fees, actor=actor)
        # In the order of their numbers, one by one: two groups that share persons never deadlock.
        for member, fee in sorted(zip(members, fees, strict=True), key=lambda pair: pair[0].id_blind):
            mark_submitted(member, fee, now=now)
            member.order = order
            _write_submitted(session, member)
            audit.record("registration.submit", member, actor, fee_twd=fee.amount_twd, clause=fee.clause)


def _check_submittable(session: Session, members: Sequence[Registration], now: datetime) -> None:
    blinds = [member.id_blind for member in members]
    exam_round, account_id = members[0].exam_round, members[0].account_id
    others = persons.find_others(session, blinds, exam_round, account_id=account_id, now=now, besides=members)
    taken = [member for member in members if member.id_blind in others]
    if taken:
        raise _taken([member.chinese_name for member in taken])


def _write_submitted(session: Session, member: Registration) -> None:
    name = member.chinese_name  # after a failure nothing can be read any more
    try:
        persons.write_changes(session)
    except AlreadyRegistered:
        raise _taken([name]) from None


def _taken(names: Sequence[str]) -> AlreadyRegistered:
    text = N_("系統無法自動受理%(names)s的證號，請先確認號碼；沒有填錯的話，請移除後再送出，並洽總試務中心")
    return AlreadyRegistered(Message(text, {"names": Listing(names)}), same_account=False)


def _check_can_change(member: Registration, now: datetime) -> None:
    rules.check_can_change(member.form_state, queries.find_lapse_of(member, now)).raise_if_refused()


def _insert_all(
    session: Session, planned: Sequence[dict[str, Any] | AlreadyRegistered]
) -> list[NewMember | AlreadyRegistered]:
    try:
        new = iter(persons.insert_rows(session, [each for each in planned if isinstance(each, dict)]))
    except AlreadyRegistered:
        # Another request has just taken one of them: one by one, only that one is refused.
        return [_insert_one(session, each) for each in planned]
    return [next(new) if isinstance(each, dict) else each for each in planned]


def _insert_one(
    session: Session, planned: dict[str, Any] | AlreadyRegistered
) -> NewMember | AlreadyRegistered:
    if isinstance(planned, AlreadyRegistered):
        return planned
    try:
        [member] = persons.insert_rows(session, [planned])
    except AlreadyRegistered as refusal:
        return refusal
    return member


def _record(outcome: NewMember | AlreadyRegistered, account_id: int, actor: Actor) -> None:
    if isinstance(outcome, NewMember):
        subject = (Registration.__tablename__, outcome.public_id)
        audit.record("registration.create", subject, actor, in_group=True)
    elif not outcome.same_account:
        persons.record_foreign_number(account_id, actor=actor)
