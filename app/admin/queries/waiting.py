"""What waits at each desk, and how far the rounds have come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from app.admin.queries.arrangements import asks, is_unanswered
from app.cases.models import Case
from app.cases.queries import Sight
from app.cases.states import CaseState
from app.core.clock import start_of_day
from app.core.db import db
from app.exams.models import Round
from app.groups.extra_session_models import ExtraSession
from app.groups.extra_session_rules import ExtraSessionState
from app.groups.models import GroupMember
from app.mailings.queries import open_resends
from app.payments.models import Finding, GatewayMessage, Receipt, RefundCase, SuspenseDecision
from app.payments.refunds.states import CLAIMING, SETTLED
from app.payments.states import NoticeOutcome, ReceiptOutcome
from app.registration.correction_models import AmendmentRequest
from app.registration.models import Registration
from app.registration.queries import is_complete
from app.registration.states import AmendmentState, FormState, ReviewState
from app.results.models import Publication
from app.tickets.models import Seat, Slot

Counted = sa.Select[tuple[int]]


@dataclass(frozen=True, slots=True)
class Asked:
    """:ivar sight: which cases the person who asks may see"""

    today: date
    sight: Sight


Count = Callable[[Asked], Counted]
WEEK = timedelta(days=7)
UNCLEAR = (NoticeOutcome.FORGED, NoticeOutcome.FOREIGN, NoticeOutcome.UNKNOWN, NoticeOutcome.MALFORMED)


@dataclass(frozen=True, slots=True)
class RoundCount:
    """One line of the dashboard; each registration is counted in every stage that it has reached."""

    exam_round: Round
    drafts: int
    submitted: int
    complete: int
    approved: int
    seated: int


def count_all(counts: Sequence[Count], asked: Asked) -> list[int]:
    """Return what each of the queries counts, asked as one: the rail stands on every page of the staff."""
    if not counts:
        return []
    together = sa.select(*(count(asked).scalar_subquery() for count in counts))
    return list(db.session.execute(together).one())


def unreviewed(_asked: Asked) -> Counted:
    """Complete registrations that nobody has reviewed yet."""
    return _in_review(ReviewState.PENDING)


def returned(_asked: Asked) -> Counted:
    """Registrations that were sent back to the candidate."""
    return _in_review(ReviewState.RETURNED)


def groups(_asked: Asked) -> Counted:
    """Groups with at least one complete member whom nobody has reviewed yet."""
    return (
        sa.select(sa.func.count(sa.distinct(GroupMember.group_id)))
        .join(GroupMember.registration)
        .outerjoin(Registration.order)
        .where(is_complete(), Registration.review_state == ReviewState.PENDING)
    )


def unseated(asked: Asked) -> Counted:
    """Approved candidates of coming rounds without a seat."""
    return _unseated(asked.today)


def amendments(_asked: Asked) -> Counted:
    """Identity data that the office is asked to correct (R141)."""
    return sa.select(sa.func.count(AmendmentRequest.id)).where(AmendmentRequest.state == AmendmentState.OPEN)


def unpublished_rounds(asked: Asked) -> Counted:
    """Rounds that people have sat and whose results are not published."""
    sat = sa.exists().where(Slot.round_id == Round.id, Seat.slot_id == Slot.id)
    published = sa.exists().where(Publication.round_id == Round.id)
    return sa.select(sa.func.count(Round.id)).where(Round.test_on < asked.today, sat, ~published)


def unclear_notices(asked: Asked) -> Counted:
    """Notices of the last seven days that a gateway sent and that fit no order of ours."""
    return sa.select(sa.func.count(GatewayMessage.id)).where(
        GatewayMessage.outcome.in_(UNCLEAR), GatewayMessage.received_at >= start_of_day(asked.today - WEEK)
    )


def findings(_asked: Asked) -> Counted:
    """What does not agree between files and portal, and nobody has closed."""
    return sa.select(sa.func.count(Finding.id)).where(Finding.closed_at.is_(None))


def suspense(_asked: Asked) -> Counted:
    """Money of which nobody knows what it is for, and nobody has decided about."""
    decided = sa.exists().where(SuspenseDecision.receipt_id == Receipt.id)
    return sa.select(sa.func.count(Receipt.id)).where(Receipt.outcome == ReceiptOutcome.SUSPENSE, ~decided)


def refunds(_asked: Asked) -> Counted:
    """Refund cases to be looked into, decided, or sent."""
    return sa.select(sa.func.count(RefundCase.id)).where(RefundCase.state.in_(CLAIMING - SETTLED))


def cases(asked: Asked) -> Counted:
    """Cases to be assigned or accepted, of those that one may see."""
    incoming = Case.state.in_([CaseState.RECEIVED, CaseState.ASSIGNED])
    return sa.select(sa.func.count(Case.id)).where(incoming, asked.sight.condition())


def resends(_asked: Asked) -> Counted:
    """Requests to send something again (R174)."""
    return open_resends()


def arrangements(_asked: Asked) -> Counted:
    """Requests for special arrangements without an answer (R253)."""
    return (
        sa.select(sa.func.count(Registration.id))
        .outerjoin(Registration.arrangement)
        .where(asks(), is_unanswered())
    )


def extra_sessions(_asked: Asked) -> Counted:
    """Additional sessions that leaders ask for (R039)."""
    return sa.select(sa.func.count(ExtraSession.id)).where(ExtraSession.state == ExtraSessionState.WAITING)


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


def list_unseated_rounds(today: date) -> set[int]:
    """Return the ids of the coming rounds in which approved candidates wait for a seat."""
    return set(db.session.scalars(_unseated(today).with_only_columns(Registration.round_id).distinct()))


def _in_review(state: ReviewState) -> Counted:
    return (
        sa.select(sa.func.count(Registration.id))
        .outerjoin(Registration.order)
        .where(is_complete(), Registration.review_state == state)
    )


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _unseated(today: date) -> Counted:
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
