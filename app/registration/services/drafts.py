"""Filling in the form: a draft is made or changed as often as one likes before it is submitted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import Account, AccountKind
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.exams import queries as exams
from app.exams.models import Offering, Round
from app.exams.places import check_places_left, release_places, take_places
from app.exams.rules import check_registration_open
from app.payments.deadlines import same_day_limit
from app.registration import queries, rules
from app.registration.candidate import CandidateData
from app.registration.models import Registration
from app.registration.services import persons
from app.registration.services.arrangements import drop_arrangement


def save_draft(
    account_id: int,
    round_code: str,
    area: str,
    candidate: CandidateData,
    *,
    actor: Actor,
    public_id: str | None = None,
) -> Registration:
    """Make a draft, or change the one named, and return it (R206, R207).

    In a multi round the draft holds a place until the end of the day on which it was made (R064); a
    national draft may rest for weeks and holds none (R065).

    :param public_id: the draft to change; None: a new one
    :raises NotFound: when there is no such round, area or draft of this account
    :raises Refused: when registration is closed, the account is of another kind or track, or the draft
        cannot be changed any more
    :raises AlreadyRegistered: when the person has a live registration that excludes this one
    :raises OfferingFull: when the area has no place left
    """
    with persons.foreign_numbers_counted(account_id, actor=actor), transaction() as session:
        exam_round = exams.get_round(round_code)
        offering = exams.get_offering(exam_round.id, area)
        now = clock.now()
        _check_may_register(session, account_id, exam_round, now)
        if public_id is None:
            return _make(session, account_id, exam_round, offering, candidate, now=now, actor=actor)
        registration = queries.get_registration_for_update(session, public_id, account_id)
        return _change(session, registration, exam_round, offering, candidate, now=now, actor=actor)


def _check_may_register(session: Session, account_id: int, exam_round: Round, now: datetime) -> None:
    account = session.get_one(Account, account_id)
    rules.check_can_register(
        individual=account.kind == AccountKind.INDIVIDUAL, same_track=account.track == exam_round.track
    ).raise_if_refused()
    check_registration_open(
        exam_round.registration_opens_on, exam_round.registration_closes_on, clock.taipei_day(now)
    ).raise_if_refused()


def _make(
    session: Session,
    account_id: int,
    exam_round: Round,
    offering: Offering,
    candidate: CandidateData,
    *,
    now: datetime,
    actor: Actor,
) -> Registration:
    persons.check_person_free(session, candidate, exam_round, account_id=account_id, changed=None, now=now)
    registration = persons.new_registration(account_id, exam_round, offering, in_group=False, now=now)
    persons.write_candidate(registration, candidate)
    if exam_round.same_day_submission:
        registration.hold = take_places(offering.id, 1, until_at=same_day_limit(now))
    else:
        check_places_left(offering, 1)
    persons.insert(session, [registration])
    audit.record("registration.create", registration, actor, round=exam_round.code, area=offering.area)
    return registration


def _change(
    session: Session,
    registration: Registration,
    exam_round: Round,
    offering: Offering,
    candidate: CandidateData,
    *,
    now: datetime,
    actor: Actor,
) -> Registration:
    rules.check_can_change(
        registration.form_state, queries.find_lapse_of(registration, now)
    ).raise_if_refused()
    persons.check_person_free(
        session, candidate, exam_round, account_id=registration.account_id, changed=registration, now=now
    )
    if registration.hold is not None and registration.offering_id != offering.id:
        release_places(registration.hold)
        registration.hold = take_places(offering.id, 1, until_at=same_day_limit(registration.created_at))
    elif registration.hold is None:
        check_places_left(offering, 1)
    registration.exam_round, registration.offering = exam_round, offering
    persons.write_candidate(registration, candidate)
    drop_arrangement(session, registration)
    persons.write_changes(session)
    audit.record("registration.change", registration, actor, round=exam_round.code, area=offering.area)
    return registration
