"""Reads of registrations for pages and services."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import Account
from app.core.clock import start_of_day, taipei_day
from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.choices import Track
from app.exams.models import Offering, Round
from app.payments.models import Order
from app.payments.queries import applied_twd
from app.registration import rules
from app.registration.correction_models import AmendmentRequest, Correction
from app.registration.models import Absence, CarryOver, Registration
from app.registration.states import AmendmentState, CancelReason, FormState, ReviewState

# All that a list or a status page shows of a registration, in a number of queries that does not grow.
SHOWN: tuple[ORMOption, ...] = (
    joinedload(Registration.exam_round),
    joinedload(Registration.offering),
    joinedload(Registration.order).options(selectinload(Order.receipts)),
)
_MOST_IN_ONE_QUERY = 500


def get_registration(public_id: str, account_id: int) -> Registration:
    """Return an account's registration by its public id; raises NotFound, also when it is another's."""
    query = sa.select(Registration).where(
        Registration.public_id == public_id, Registration.account_id == account_id
    )
    return _found(db.session.scalars(query.options(*SHOWN)).one_or_none())


def get_registration_for_update(session: Session, public_id: str, account_id: int) -> Registration:
    """Return an account's registration, locked and read anew; raises NotFound."""
    query = sa.select(Registration).where(
        Registration.public_id == public_id, Registration.account_id == account_id
    )
    return _found(session.scalars(_locked(query)).one_or_none())


def list_registrations(account_id: int) -> Sequence[Registration]:
    """Return an account's registrations for its list page, the newest first."""
    query = sa.select(Registration).where(Registration.account_id == account_id)
    return db.session.scalars(query.options(*SHOWN).order_by(Registration.id.desc())).all()


def list_for_update(session: Session, public_ids: Collection[str]) -> Sequence[Registration]:
    """Return registrations locked in the order of their ids, so that two batches never deadlock."""
    query = sa.select(Registration).where(Registration.public_id.in_(public_ids)).order_by(Registration.id)
    receipts = selectinload(Registration.order).selectinload(Order.receipts)
    return session.scalars(_locked(query).options(receipts)).all()


def list_ids(session: Session, public_ids: Sequence[str]) -> dict[str, int]:
    """Return the ids of registrations by their public ids."""
    found: dict[str, int] = {}
    query = sa.select(Registration.public_id, Registration.id)
    for start in range(0, len(public_ids), _MOST_IN_ONE_QUERY):
        part = public_ids[start : start + _MOST_IN_ONE_QUERY]
        found.update(session.execute(query.where(Registration.public_id.in_(part))).all())
    return found


def list_by_ids(session: Session, ids: Sequence[int]) -> dict[int, Registration]:
    """Return registrations by their ids."""
    found: dict[int, Registration] = {}
    for start in range(0, len(ids), _MOST_IN_ONE_QUERY):
        query = sa.select(Registration).where(Registration.id.in_(ids[start : start + _MOST_IN_ONE_QUERY]))
        found |= {each.id: each for each in session.scalars(query)}
    return found


def list_by_order(session: Session, order_id: int) -> Sequence[Registration]:
    """Return the registrations that an order pays for."""
    query = sa.select(Registration).where(Registration.order_id == order_id).order_by(Registration.id)
    return session.scalars(query).all()


def list_live_of_persons(
    session: Session,
    blinds: Sequence[bytes],
    exam_round: Round,
    *,
    national_year: int | None,
    account_id: int,
) -> Sequence[Registration]:
    """Return the registrations that keep persons out of a round: those of the round itself and, for a
    national round, those of the other round of the year (R020, R036).

    They are what anybody has submitted, and the account's own drafts: somebody else's draft, which may
    hold any number, keeps nobody out.

    :param blinds: look-up keys of the persons' ID numbers
    """
    same = Registration.round_id == exam_round.id
    if national_year is not None:
        same = sa.or_(same, Registration.national_year == national_year)
    own_draft = sa.and_(Registration.form_state == FormState.DRAFT, Registration.account_id == account_id)
    counts = sa.or_(Registration.form_state == FormState.SUBMITTED, own_draft)
    query = sa.select(Registration).where(counts, same).options(*SHOWN)
    found: list[Registration] = []
    for start in range(0, len(blinds), _MOST_IN_ONE_QUERY):
        part = blinds[start : start + _MOST_IN_ONE_QUERY]
        found += session.scalars(query.where(Registration.id_blind.in_(part)).order_by(Registration.id))
    return found


def list_lapse_candidates(now: datetime, *, limit: int = 200) -> list[tuple[str, int]]:
    """Return (public id, account id) of individual registrations that may have lapsed by now, oldest first.

    The rule decides; this only keeps it from being asked about everything.
    """
    today = taipei_day(now)
    draft = sa.and_(
        Registration.form_state == FormState.DRAFT,
        sa.or_(
            sa.and_(Round.track == Track.MULTI, Registration.created_at < start_of_day(today)),
            Round.registration_closes_on < today,
        ),
    )
    unpaid = sa.and_(
        Registration.form_state == FormState.SUBMITTED,
        Order.last_day < today,
        applied_twd() < Order.amount_twd,
    )
    query = (
        sa.select(Registration.public_id, Registration.account_id)
        .join(Registration.exam_round)
        .outerjoin(Registration.order)
        .where(Registration.in_group.is_(False), sa.or_(draft, unpaid))
    )
    rows = db.session.execute(query.order_by(Registration.id).limit(limit))
    return [(public_id, account_id) for public_id, account_id in rows]


def list_mail_addresses(round_id: int, area: str | None) -> dict[str, str | None]:
    """Return the addresses of the submitted candidates of a round, each with its account's language.

    :param area: None: all areas
    """
    query = (
        sa.select(Registration.email, sa.func.max(Account.language))
        .join(Account, Account.id == Registration.account_id)
        .where(Registration.round_id == round_id, Registration.form_state == FormState.SUBMITTED)
    )
    if area is not None:
        query = query.join(Registration.offering).where(Offering.area == area)
    return dict(db.session.execute(query.group_by(Registration.email).order_by(Registration.email)).all())


def count_submitted(round_id: int) -> int:
    """Count the submitted candidates of a round."""
    query = sa.select(sa.func.count(Registration.id)).where(
        Registration.round_id == round_id, Registration.form_state == FormState.SUBMITTED
    )
    return db.session.scalars(query).one()


def find_lapse_of(registration: Registration, now: datetime) -> CancelReason | None:
    """Return why a registration no longer counts although it is not cancelled yet, or None."""
    correction = find_open_correction(registration)
    return rules.find_lapse(
        form_state=registration.form_state,
        same_day_submission=registration.exam_round.same_day_submission,
        created_at=registration.created_at,
        closes_on=registration.exam_round.registration_closes_on,
        unpaid_last_day=registration.unpaid_last_day,
        correction_last_day=correction.last_day if correction else None,
        now=now,
    )


def find_open_correction(registration: Registration) -> Correction | None:
    """Return what a review has asked for and the candidate has not answered, or None."""
    if registration.review_state != ReviewState.RETURNED:
        return None
    query = sa.select(Correction).where(
        Correction.registration_id == registration.id, Correction.answered_at.is_(None)
    )
    return db.session.scalars(query.order_by(Correction.id.desc()).limit(1)).one_or_none()


def list_corrections(registration: Registration) -> Sequence[Correction]:
    """Return all that reviews have asked for, with the answers, the newest first."""
    query = sa.select(Correction).where(Correction.registration_id == registration.id)
    return db.session.scalars(
        query.options(selectinload(Correction.files)).order_by(Correction.id.desc())
    ).all()


def list_uncorrected(today: date, *, limit: int = 200) -> list[tuple[str, int]]:
    """Return (public id, account id) of registrations whose correction was not made in time, oldest first."""
    query = (
        sa.select(Registration.public_id, Registration.account_id)
        .join(Correction, Correction.registration_id == Registration.id)
        .where(
            Registration.form_state == FormState.SUBMITTED,
            Registration.review_state == ReviewState.RETURNED,
            Correction.answered_at.is_(None),
            Correction.last_day < today,
        )
    )
    rows = db.session.execute(query.order_by(Correction.id).limit(limit))
    return [(public_id, account_id) for public_id, account_id in rows]


def find_waiting_amendment(registration: Registration) -> AmendmentRequest | None:
    """Return the request to correct identity data that is not decided yet, or None."""
    query = sa.select(AmendmentRequest).where(
        AmendmentRequest.registration_id == registration.id,
        AmendmentRequest.state.in_((AmendmentState.OPEN, AmendmentState.ON_SITE)),
    )
    return db.session.scalars(query.order_by(AmendmentRequest.id.desc()).limit(1)).one_or_none()


def list_amendments(registration: Registration) -> Sequence[AmendmentRequest]:
    """Return the requests to correct identity data, decided or not, the newest first."""
    query = sa.select(AmendmentRequest).where(AmendmentRequest.registration_id == registration.id)
    return db.session.scalars(query.order_by(AmendmentRequest.id.desc())).all()


def list_absences(session: Session, blinds: Sequence[bytes]) -> Sequence[Absence]:
    """Return the absences of persons from multi rounds, the oldest first (R043).

    :param blinds: look-up keys of the persons' ID numbers
    """
    found: list[Absence] = []
    query = sa.select(Absence).where(Absence.track == Track.MULTI).options(joinedload(Absence.registration))
    for start in range(0, len(blinds), _MOST_IN_ONE_QUERY):
        part = blinds[start : start + _MOST_IN_ONE_QUERY]
        found += session.scalars(
            query.where(Absence.id_blind.in_(part)).order_by(Absence.test_on, Absence.id)
        )
    return found


def move_absences(session: Session, registration: Registration) -> None:
    """Let the absences of a registration follow its corrected ID number."""
    session.execute(
        sa.update(Absence)
        .where(Absence.registration_id == registration.id)
        .values(id_blind=registration.id_blind)
    )


def find_carry_over_of(registration_id: int) -> CarryOver | None:
    """Return the right to sit next year that a registration has given, or None (R175)."""
    query = sa.select(CarryOver).where(CarryOver.registration_id == registration_id)
    return db.session.scalars(query).one_or_none()


def list_carry_overs(
    registrations: Sequence[Registration], *, for_update: bool = False
) -> dict[int, CarryOver]:
    """Return per registration id the right to sit, kept from last year, that it uses or can use.

    :param for_update: lock them until the transaction ends, so that none is used twice
    """
    query = (
        sa.select(CarryOver)
        .options(
            joinedload(CarryOver.registration).joinedload(Registration.exam_round),
            joinedload(CarryOver.used_by),
        )
        .order_by(CarryOver.id)
    )
    if for_update:
        query = query.with_for_update(of=CarryOver).execution_options(populate_existing=True)
    free: dict[tuple[bytes, Track, int], CarryOver] = {}
    used: dict[int, CarryOver] = {}
    for start in range(0, len(registrations), _MOST_IN_ONE_QUERY):
        part = registrations[start : start + _MOST_IN_ONE_QUERY]
        mine = sa.or_(
            CarryOver.id_blind.in_([each.id_blind for each in part]),
            CarryOver.used_by_id.in_([each.id for each in part]),
        )
        for found in db.session.scalars(query.where(mine)):
            if found.used_by is None or found.used_by.form_state == FormState.CANCELLED:
                free.setdefault((found.id_blind, found.track, found.roc_year), found)
            else:
                used[found.used_by.id] = found
    known = {each.id: used.get(each.id) or free.get(_right_of(each)) for each in registrations}
    return {identifier: found for identifier, found in known.items() if found is not None}


def _right_of(registration: Registration) -> tuple[bytes, Track, int]:
    exam_round = registration.exam_round
    return registration.id_blind, exam_round.track, exam_round.exam_year.roc_year


def move_carry_overs(session: Session, registration: Registration) -> None:
    """Let the right to sit next year follow a corrected ID number."""
    session.execute(
        sa.update(CarryOver)
        .where(CarryOver.registration_id == registration.id)
        .values(id_blind=registration.id_blind)
    )


def is_complete() -> sa.ColumnElement[bool]:
    """Return the condition of R212, form and payment done, for a query that outer-joins the order."""
    return sa.and_(
        Registration.form_state == FormState.SUBMITTED,
        sa.or_(Registration.order_id.is_(None), applied_twd() >= Order.amount_twd),
    )


def _locked(query: sa.Select[tuple[Registration]]) -> sa.Select[tuple[Registration]]:
    # As in exams.places: foreign keys to the row may be checked while it is locked.
    return query.with_for_update(key_share=True).execution_options(populate_existing=True)


def _found(registration: Registration | None) -> Registration:
    if registration is None:
        raise NotFound(Message("沒有這份報名，請從「我的報名」重新選擇"))
    return registration
