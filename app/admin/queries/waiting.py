"""What waits at each desk, and how the year is going."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from app.admin.queries.arrangements import asks, is_unanswered
from app.cases.models import Case
from app.cases.queries import Sight
from app.cases.states import CaseState
from app.core.clock import end_of_day, start_of_day
from app.core.db import db
from app.exams.models import Round
from app.groups.extra_session_models import ExtraSession
from app.groups.extra_session_rules import ExtraSessionState
from app.groups.models import GroupMember
from app.mailings.queries import open_resends
from app.payments.models import RefundCase
from app.payments.refunds.states import CLAIMING, SETTLED
from app.registration.correction_models import AmendmentRequest
from app.registration.models import Registration
from app.registration.queries import is_complete
from app.registration.states import AmendmentState, FormState, ReviewState
from app.tickets.models import Seat


@dataclass(frozen=True, slots=True)
class Waiting:
    """:ivar review: complete registrations that nobody has reviewed yet
    :ivar returned: registrations sent back to the candidate
    :ivar groups: groups with at least one member among `review`
    :ivar seating: approved candidates of coming rounds without a seat
    :ivar refunds: refund cases to be looked into, decided, or sent
    :ivar cases: cases to be assigned or accepted
    :ivar amendments: identity data that the office is asked to correct
    :ivar mailings: requests to send something again
    :ivar arrangements: requests for special arrangements without an answer
    :ivar extra_sessions: additional sessions that leaders ask for
    """

    review: int
    returned: int
    groups: int
    seating: int
    refunds: int
    cases: int
    amendments: int
    mailings: int
    arrangements: int
    extra_sessions: int


@dataclass(frozen=True, slots=True)
class RoundCount:
    """One line of the dashboard; each registration is counted in every stage that it has reached."""

    exam_round: Round
    drafts: int
    submitted: int
    complete: int
    approved: int
    seated: int


def count_waiting(today: date, sight: Sight) -> Waiting:
    """Count what waits at each desk, in one query: the rail stands on every page of the staff.

    :param sight: only these cases count
    """
    members = (
        sa.select(sa.func.count(sa.distinct(GroupMember.group_id)))
        .join(GroupMember.registration)
        .outerjoin(Registration.order)
        .where(is_complete(), Registration.review_state == ReviewState.PENDING)
    )
    refunds = sa.select(sa.func.count(RefundCase.id)).where(RefundCase.state.in_(CLAIMING - SETTLED))
    pending, returned = _in_review(ReviewState.PENDING), _in_review(ReviewState.RETURNED)
    incoming = Case.state.in_([CaseState.RECEIVED, CaseState.ASSIGNED])
    cases = sa.select(sa.func.count(Case.id)).where(incoming, sight.condition())
    asked = sa.select(sa.func.count(AmendmentRequest.id)).where(AmendmentRequest.state == AmendmentState.OPEN)
    sessions = sa.select(sa.func.count(ExtraSession.id)).where(
        ExtraSession.state == ExtraSessionState.WAITING
    )
    arranged = (
        sa.select(sa.func.count(Registration.id))
        .outerjoin(Registration.arrangement)
        .where(asks(), is_unanswered())
    )
    parts = (
        pending,
        returned,
        members,
        _unseated(today),
        refunds,
        cases,
        asked,
        open_resends(),
        arranged,
        sessions,
    )
    return Waiting(*db.session.execute(sa.select(*(part.scalar_subquery() for part in parts))).one())


def count_by_round(today: date) -> list[RoundCount]:
    """Count the live registrations of the rounds that are not over or have any, in the brochure's order."""
    stages = sa.select(
        Registration.round_id,
        _sum(Registration.form_state == FormState.DRAFT),
        _sum(Registration.form_state == FormState.SUBMITTED),
        _sum(is_complete()),
        _sum(sa.and_(is_complete(), Registration.review_state == ReviewState.APPROVED)),
        sa.func.count(Seat.id),
    )
    rows = db.session.execute(
        stages.outerjoin(Registration.order)
        .outerjoin(Seat, Seat.registration_id == Registration.id)
        .where(Registration.form_state != FormState.CANCELLED)
        .group_by(Registration.round_id)
    )
    counts = {round_id: tuple(numbers) for round_id, *numbers in rows}
    rounds = db.session.scalars(
        sa.select(Round)
        .where(sa.or_(Round.registration_closes_on >= today, Round.id.in_(counts)))
        .where(sa.or_(Round.registration_opens_on <= today, Round.id.in_(counts)))
        .order_by(Round.position, Round.id)
    )
    return [RoundCount(each, *counts.get(each.id, (0, 0, 0, 0, 0))) for each in rounds]


def count_by_day(today: date, days: int) -> Sequence[tuple[date, int, int]]:
    """Return (day, individual, group members): what was submitted on the last days, the newest first."""
    wanted = [today - timedelta(days=back) for back in range(days)]
    columns = [
        _sum(sa.and_(_submitted_on(day), Registration.in_group.is_(in_group)))
        for day in wanted
        for in_group in (False, True)
    ]
    oldest = Registration.submitted_at >= start_of_day(wanted[-1])
    numbers = db.session.execute(sa.select(*columns).where(oldest)).one()
    return list(zip(wanted, numbers[::2], numbers[1::2], strict=True))


def _submitted_on(day: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        Registration.submitted_at >= start_of_day(day), Registration.submitted_at < end_of_day(day)
    )


def _in_review(state: ReviewState) -> sa.Select[tuple[int]]:
    return (
        sa.select(sa.func.count(Registration.id))
        .outerjoin(Registration.order)
        .where(is_complete(), Registration.review_state == state)
    )


def list_unseated_rounds(today: date) -> set[int]:
    """Return the ids of the coming rounds in which approved candidates wait for a seat."""
    return set(db.session.scalars(_unseated(today).with_only_columns(Registration.round_id).distinct()))


def _unseated(today: date) -> sa.Select[tuple[int]]:
    return (
        sa.select(sa.func.count(Registration.id))
        .join(Registration.exam_round)
        .outerjoin(Registration.order)
        .outerjoin(Seat, Seat.registration_id == Registration.id)
        .where(
            is_complete(),
            Registration.review_state == ReviewState.APPROVED,
            Round.test_on >= today,
            Seat.id.is_(None),
        )
    )


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
