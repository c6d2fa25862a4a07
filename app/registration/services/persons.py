"""One person, one registration per round: who is in the way, and what is told to whom.

The limit is per round: several multi rounds, each in another dialect, and a national one are allowed
(R035, R056).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import SYSTEM, Actor
from app.core.crypto import blind_id, column_sealer
from app.core.db import transaction, violated_constraint
from app.core.decisions import Decision
from app.core.errors import DomainError, Refused
from app.core.ids import new_public_id
from app.core.messages import N_, Message
from app.exams import queries as exams
from app.exams.choices import Track
from app.exams.models import Offering, Round
from app.exams.rules import one_round_a_year
from app.registration import queries, rules
from app.registration.candidate import CandidateData
from app.registration.models import Absence, Registration
from app.registration.services.endings import end_registration
from app.registration.states import FormState, ReviewState

_PERSON_INDEXES = {"uq_registrations_person_round", "uq_registrations_person_national"}
_DRAFT_INDEXES = {"uq_registrations_draft_round", "uq_registrations_draft_national"}


class AlreadyRegistered(DomainError):
    """The person has a registration that excludes this one (R020, R036).

    :ivar same_account: whether it is the asker's own; only then may anything be told about it
    :ivar other: the asker's own registration that is in the way; None when it is somebody else's
    """

    def __init__(self, message: Message, *, same_account: bool, other: Registration | None = None) -> None:
        super().__init__(message, field="id_number")
        self.same_account = same_account
        self.other = other


class AbsentBefore(AlreadyRegistered):
    """An absence from a multi round keeps the person out (R043); to a form it is the same kind of thing."""


@contextlib.contextmanager
def foreign_numbers_counted(account_id: int, *, actor: Actor) -> Iterator[None]:
    """Put on record when the block is refused for a number of somebody else's registration.

    Many of them are a search (security.md 7). To be opened outside the transaction, which the refusal
    undoes.
    """
    try:
        yield
    except AlreadyRegistered as refusal:
        if not refusal.same_account:
            with transaction():
                record_foreign_number(account_id, actor=actor)
        raise


def record_foreign_number(account_id: int, *, actor: Actor) -> None:
    """Put on record, in the open unit of work, that an account named somebody else's number."""
    audit.record("registration.refused_number", ("account", str(account_id)), actor)


def new_registration(
    account_id: int, exam_round: Round, offering: Offering, *, in_group: bool, now: datetime
) -> Registration:
    """Return an empty draft that is not in the session yet."""
    return Registration(
        public_id=new_public_id(),
        account_id=account_id,
        exam_round=exam_round,
        offering=offering,
        national_year=national_year_of(exam_round),
        in_group=in_group,
        form_state=FormState.DRAFT,
        review_state=ReviewState.PENDING,
        created_at=now,
    )


def national_year_of(exam_round: Round) -> int | None:
    """Return the year in which one national registration excludes another; None for a multi round."""
    return exam_round.exam_year.roc_year if one_round_a_year(exam_round.track) else None


def write_candidate(registration: Registration, candidate: CandidateData) -> None:
    """Write what is known of a candidate into a registration."""
    for column, value in candidate_columns(candidate, registration.public_id).items():
        setattr(registration, column, value)


def candidate_columns(candidate: CandidateData, public_id: str) -> dict[str, Any]:
    """Return what is known of a candidate as the columns of the registration with this public id."""
    sealed = column_sealer(Registration.__tablename__, public_id)
    return {
        "chinese_name": candidate.chinese_name,
        "english_name": candidate.english_name,
        "is_foreign": candidate.is_foreign,
        "id_kind": candidate.identity.kind,
        "id_sealed": sealed("id_sealed", candidate.identity.value),
        "id_blind": blind_id(candidate.identity.value),
        "birth_sealed": sealed("birth_sealed", candidate.birth_on.isoformat()),
        "mobile_sealed": sealed("mobile_sealed", candidate.mobile),
        "phone_sealed": sealed("phone_sealed", candidate.phone),
        "email": candidate.email,
        "zip_code": candidate.zip_code,
        "county": candidate.county,
        "district": candidate.district,
        "street_sealed": sealed("street_sealed", candidate.street),
        "emergency_name": candidate.emergency_name,
        "emergency_relation": candidate.emergency_relation,
        "emergency_phone_sealed": sealed("emergency_phone_sealed", candidate.emergency_phone),
        "dialect": candidate.dialect,
        "background": candidate.background,
        "occupation": candidate.occupation,
        "education": candidate.education,
        "ticket_by_post": candidate.ticket_by_post,
        "materials_to": candidate.materials_to,
        "ticket_to": candidate.ticket_to,
        "score_to": candidate.score_to,
        "accommodation_sealed": sealed("accommodation_sealed", candidate.accommodation),
    }


def find_others(
    session: Session,
    blinds: Sequence[bytes],
    exam_round: Round,
    *,
    account_id: int,
    now: datetime,
    besides: Collection[Registration] = (),
) -> dict[bytes, Registration]:
    """Return the registrations that keep persons out of a round, by their look-up key.

    Those that have lapsed are ended first, so that nobody is kept out by a form left lying.

    :param besides: the registrations that ask, which never exclude themselves
    """
    asking = {each.id for each in besides}
    others: dict[bytes, Registration] = {}
    for other in queries.list_live_of_persons(
        session, blinds, exam_round, national_year=national_year_of(exam_round), account_id=account_id
    ):
        if other.id not in asking and not end_if_lapsed(other, now):
            others[other.id_blind] = other
    # At once: written together with the registration that takes its place, it might be written second.
    session.flush()
    return others


def check_person_free(
    session: Session,
    candidate: CandidateData,
    exam_round: Round,
    *,
    account_id: int,
    changed: Registration | None,
    now: datetime,
) -> None:
    """Raise AlreadyRegistered when a live registration excludes this person from a round.

    :param changed: the registration that is being changed and never excludes itself; None: a new one
    """
    blind = blind_id(candidate.identity.value)
    besides = [] if changed is None else [changed]
    others = find_others(session, [blind], exam_round, account_id=account_id, now=now, besides=besides)
    if blind in others:
        raise already_registered(others[blind], exam_round, account_id=account_id)
    absent = find_absent(session, [candidate], exam_round, account_id=account_id).get(blind)
    if absent is not None:
        raise absent


def check_submittable(session: Session, registration: Registration, *, now: datetime) -> None:
    """Raise AlreadyRegistered when somebody has submitted a registration of this person meanwhile."""
    _check_free(session, registration, registration.id_blind, now=now)


def check_number_free(session: Session, registration: Registration, number: str, *, now: datetime) -> None:
    """Raise AlreadyRegistered when a registration excludes another number for this one."""
    _check_free(session, registration, blind_id(number), now=now)


def _check_free(session: Session, registration: Registration, blind: bytes, *, now: datetime) -> None:
    exam_round, account_id = registration.exam_round, registration.account_id
    others = find_others(session, [blind], exam_round, account_id=account_id, now=now, besides=[registration])
    if blind in others:
        raise already_registered(others[blind], exam_round, account_id=account_id)


def find_absent(
    session: Session, candidates: Sequence[CandidateData], exam_round: Round, *, account_id: int
) -> dict[bytes, AbsentBefore]:
    """Return the refusals of whoever was absent from a multi round too lately, by look-up key (R043-R046).

    Only whoever knows the person, by the account or by the birth date, is told of the absence.
    """
    if exam_round.track != Track.MULTI:
        return {}
    births = {blind_id(each.identity.value): each.birth_on for each in candidates}
    return find_absent_of(session, list(births), lambda _: births, exam_round, account_id=account_id)


def find_absent_of(
    session: Session,
    blinds: Sequence[bytes],
    births_of: Callable[[Collection[bytes]], Mapping[bytes, date]],
    exam_round: Round,
    *,
    account_id: int,
) -> dict[bytes, AbsentBefore]:
    """The same for persons of whom only the look-up keys are at hand.

    :param births_of: asked for the birth dates of those who have been absent from a multi round
    """
    absences: dict[bytes, list[Absence]] = {}
    for absence in queries.list_absences(session, blinds):
        absences.setdefault(absence.id_blind, []).append(absence)
    births = births_of(absences) if absences else {}
    refusals = {}
    for blind, found in absences.items():
        decision = _check_not_absent(exam_round, found)
        if not decision:
            known = any(_is_known(each.registration, account_id, births[blind]) for each in found)
            message = decision.reason if known else _registered_elsewhere().message
            refusals[blind] = AbsentBefore(message, same_account=known)
    return refusals


def _check_not_absent(exam_round: Round, absences: Sequence[Absence]) -> Decision:
    days = [absence.test_on for absence in absences]
    open_again = max(rules.free_again_from(day) for day in days)
    rounds = [each for each in exams.list_rounds(Track.MULTI) if each.test_on >= open_again]
    first_round = min(rounds, key=lambda each: each.test_on).name if rounds else None
    return rules.check_not_absent(exam_round.test_on, days, first_round=first_round)


def _is_known(absent: Registration | None, account_id: int, birth_on: date) -> bool:
    return absent is not None and (absent.account_id == account_id or absent.birth_on == birth_on)


def insert(session: Session, registrations: Sequence[Registration]) -> None:
    """Write new registrations; another request that took the same person meanwhile is AlreadyRegistered.

    On a failure nothing of these registrations stays in the session.
    """
    nested = session.begin_nested()
    try:
        session.add_all(registrations)
        session.flush()
    except IntegrityError as error:
        nested.rollback()
        raise _told(error) from None
    nested.commit()


class NewMember(NamedTuple):
    """A registration that has just been written in bulk."""

    id: int
    public_id: str


def insert_rows(session: Session, rows: Sequence[dict[str, Any]]) -> list[NewMember]:
    """Write new registrations given as columns and return them in order; AlreadyRegistered as in `insert`."""
    if not rows:
        return []
    nested = session.begin_nested()
    try:
        session.execute(sa.insert(Registration.__table__), rows)
    except IntegrityError as error:
        nested.rollback()
        raise _told(error) from None
    nested.commit()
    ids = queries.list_ids(session, [row["public_id"] for row in rows])
    return [NewMember(ids[row["public_id"]], row["public_id"]) for row in rows]


def write_changes(session: Session) -> None:
    """Write what was changed in a registration; AlreadyRegistered as in `insert`, and nothing is kept."""
    try:
        session.flush()
    except IntegrityError as error:
        raise _told(error) from None


def already_registered(other: Registration, exam_round: Round, *, account_id: int) -> AlreadyRegistered:
    """Return the refusal: plain for one's own, without any fact about somebody else's (security.md 7)."""
    if other.account_id != account_id:
        return _registered_elsewhere()
    text = _in_the_way(other, other.exam_round is exam_round, clock.today())
    message = Message(text, {"round": other.exam_round.name})
    return AlreadyRegistered(message, same_account=True, other=other)


def already_in_list(exam_round: Round) -> AlreadyRegistered:
    """Return the refusal of somebody who stands twice in one list."""
    text = N_("這位考生已在您的團體名單中（%(round)s），不必重複加入")
    return AlreadyRegistered(Message(text, {"round": exam_round.name}), same_account=True)


def _in_the_way(other: Registration, same_round: bool, today: date) -> str:
    """Return what an account is told of its own registration that is in the way, and how to get past it."""
    overdue = other.unpaid_last_day is not None and other.unpaid_last_day < today
    if other.in_group:
        return N_("這位考生已在您的團體名單中（%(round)s），不必重複加入")
    if other.form_state == FormState.DRAFT and same_round:
        return N_("您有一份還沒送出的%(round)s報名表，請打開那一份接著填，不必重填")
    if other.form_state == FormState.DRAFT:
        return N_("全國認證每人限報一梯次，您有一份還沒送出的%(round)s報名表；要改梯次，請打開那一份修改")
    if overdue:
        return N_("這位考生的%(round)s報名逾期未繳費；要重新報名，請先打開那一份，按「取消這份報名」")
    if same_round:
        return N_("這位考生已經報名%(round)s，請打開那一份，不必重填")
    return N_("全國認證每人限報一梯次，這位考生已經報名%(round)s；要改報這一梯次，請先取消那一份")


def end_if_lapsed(registration: Registration, now: datetime) -> bool:
    lapse = queries.find_lapse_of(registration, now)
    if lapse is None:
        return False
    try:
        end_registration(registration, lapse, now=now, actor=SYSTEM)
    except Refused:
        # Paid at this very moment: it counts again, and who asks must not learn why.
        return False
    return True


def _told(error: IntegrityError) -> Exception:
    """Return what a violated index means to the person; the error itself when it is none of ours."""
    violated = violated_constraint(error)
    if violated in _PERSON_INDEXES:
        return _registered_elsewhere()
    if violated in _DRAFT_INDEXES:
        text = N_("這位考生的報名表剛才已經儲存，請從列表打開那一份")
        return AlreadyRegistered(Message(text), same_account=True)
    return error


def _registered_elsewhere() -> AlreadyRegistered:
    text = N_("系統無法自動受理這個證號，請先確認號碼；沒有填錯的話，請洽總試務中心")
    return AlreadyRegistered(Message(text), same_account=False)
