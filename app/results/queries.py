"""Reads of scores, results and certificates for pages, documents and services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.core.identity import mask_name
from app.core.messages import Listing, Message
from app.examday.incidents import missing_codes
from app.examday.queries import attendance_of_round, carried_over, codes_of_round
from app.examday.queries import incidents_of as incidents_of
from app.examday.rules import attends
from app.exams.choices import Level
from app.exams.models import Round
from app.groups.models import GroupMember
from app.registration.models import Registration
from app.registration.states import FormState
from app.results.grading import Marks, Outcome
from app.results.models import Certificate, MarkScheme, PassMark, Publication, Result, Score, ScoreImport
from app.results.score_columns import ABSENT, ScoreLine
from app.tickets.models import ExamRoom, Seat, Slot, Ticket, Venue
from app.tickets.queries import SHOWN

_MOST_IN_ONE_QUERY = 500


@dataclass(frozen=True, slots=True)
class AreaScores:
    """How far one area of a round has come.

    :ivar seated: people with a ticket who have not cancelled
    :ivar entered: of these, with scores or an absence; `absent` among them
    :ivar passed: certificates to be had, once the round is published
    """

    area: str
    seated: int
    entered: int
    absent: int
    passed: int


@dataclass(frozen=True, slots=True)
class AnnouncedMarks:
    """What passing takes in a round, as the public reads it."""

    exam_round: Round
    scheme: MarkScheme
    levels: dict[Level, Marks]


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate's published result with all that a report or certificate shows.

    :ivar certificate: the one in force; None: not passed, or revoked
    """

    seat: Seat
    result: Result
    certificate: Certificate | None

    @property
    def passed(self) -> bool:
        return self.result.outcome == Outcome.PASSED


def find_scheme(round_id: int) -> MarkScheme | None:
    """Return what the parts of a round are worth, or None while its marks are not set."""
    return db.session.get(MarkScheme, round_id)


def marks_of(round_id: int) -> dict[Level, Marks]:
    """Return the pass marks of each level that has been set in a round."""
    rows = db.session.scalars(sa.select(PassMark).where(PassMark.round_id == round_id).order_by(PassMark.id))
    return {row.level: row.marks for row in rows}


def list_announced_marks(rounds: Iterable[Round], today: date) -> list[AnnouncedMarks]:
    """Return the marks of these rounds that have been announced by a day, in the rounds' order (R058)."""
    ids = [each.id for each in rounds]
    schemes = {
        scheme.round_id: scheme
        for scheme in db.session.scalars(
            sa.select(MarkScheme).where(MarkScheme.round_id.in_(ids), MarkScheme.announced_on <= today)
        )
    }
    rows = db.session.scalars(sa.select(PassMark).where(PassMark.round_id.in_(schemes)).order_by(PassMark.id))
    levels: dict[int, dict[Level, Marks]] = {}
    for row in rows:
        levels.setdefault(row.round_id, {})[row.level] = row.marks
    return [
        AnnouncedMarks(each, schemes[each.id], levels.get(each.id, {}))
        for each in rounds
        if each.id in schemes
    ]


def find_publication(round_id: int) -> Publication | None:
    """Return when a round's results were published, or None."""
    return db.session.get(Publication, round_id)


def _place_words(venue: str, room: str, slot: int, seat: int) -> str:
    values = {"venue": venue, "room": room, "slot": slot, "seat": seat}
    return str(Message("%(venue)s %(room)s 第%(slot)s場 %(seat)s號", values))


def list_score_lines(exam_round: Round, now: datetime, area: str | None = None) -> list[ScoreLine]:
    """Return the prepared rows of a score sheet, in the order of the room lists; names masked.

    What the site has put on record stands in them: who was absent, and the codes of incidents.
    """
    query = (
        sa.select(
            Registration.id,
            Ticket.number,
            Registration.chinese_name,
            Registration.dialect,
            Venue.name,
            ExamRoom.name,
            Slot.number,
            Seat.number,
        )
        .join(Ticket.seat)
        .join(Seat.registration)
        .join(Seat.slot)
        .join(Seat.room)
        .join(ExamRoom.venue)
        .where(Slot.round_id == exam_round.id, _counts())
        .order_by(Venue.area, Venue.id, Slot.number, ExamRoom.position, ExamRoom.id, Seat.number)
    )
    if area is not None:
        query = query.where(Venue.area == area)
    attendance, codes = attendance_of_round(exam_round.id), codes_of_round(exam_round.id, now)
    return [
        ScoreLine(
            number,
            mask_name(name),
            dialect.value,
            _place_words(*place),
            ABSENT if attends(attendance.get(identifier)) is False else "",
            str(Listing(codes.get(identifier, ()))),
        )
        for identifier, number, name, dialect, *place in db.session.execute(query)
    ]


def expected_codes(round_id: int, now: datetime) -> dict[str, tuple[str, ...]]:
    """Return per ticket number the codes that a score of a round has to carry (R182, R184-R189)."""
    codes = codes_of_round(round_id, now)
    query = sa.select(Ticket.number, Seat.registration_id).join(Ticket.seat).join(Seat.registration)
    rows = db.session.execute(query.where(Registration.round_id == round_id, _counts()))
    return {number: codes[identifier] for number, identifier in rows if identifier in codes}


def list_scores_without_codes(round_id: int, now: datetime) -> list[str]:
    """Return the ticket numbers whose scores lack a code that the site or the committee has put on record."""
    codes = expected_codes(round_id, now)
    query = sa.select(Ticket.number, Score.incidents).join(Ticket.seat)
    query = query.join(Score, Score.registration_id == Seat.registration_id)
    query = query.join(Score.registration).where(Registration.round_id == round_id)
    rows = db.session.execute(query.order_by(Ticket.number))
    return [number for number, written in rows if missing_codes(codes.get(number, ()), written)]


def expected_names(round_id: int) -> dict[str, str]:
    """Return the masked name per ticket number of everybody who is expected in a round."""
    query = sa.select(Ticket.number, Registration.chinese_name).select_from(Ticket)
    query = query.join(Ticket.seat).join(Seat.registration).join(Seat.slot)
    rows = db.session.execute(query.where(Slot.round_id == round_id, _counts()))
    return {number: mask_name(name) for number, name in rows}


def registrations_by_number(session: Session, numbers: Iterable[str]) -> dict[str, Registration]:
    """Return the registration per ticket number."""
    wanted, found = list(numbers), dict[str, Registration]()
    query = sa.select(Ticket.number, Registration).select_from(Ticket)
    query = query.join(Ticket.seat).join(Seat.registration).options(joinedload(Registration.exam_round))
    for start in range(0, len(wanted), _MOST_IN_ONE_QUERY):
        part = wanted[start : start + _MOST_IN_ONE_QUERY]
        found.update(dict(session.execute(query.where(Ticket.number.in_(part))).all()))
    return found


def list_scores(session: Session, round_id: int) -> Sequence[Score]:
    """Return the scores of a round, those of people who have cancelled left out, by ticket number."""
    query = (
        sa.select(Score)
        .join(Score.registration)
        .join(Seat, Seat.registration_id == Registration.id)
        .join(Seat.ticket)
        .where(Registration.round_id == round_id, _counts())
        .options(joinedload(Score.registration))
        .order_by(Ticket.number)
    )
    return session.scalars(query).all()


def list_results(session: Session, round_id: int) -> Sequence[Result]:
    """Return the results of a round as they were last published."""
    query = sa.select(Result).join(Result.registration).where(Registration.round_id == round_id)
    return session.scalars(query.order_by(Result.registration_id)).all()


def list_certificates_in_force(session: Session, round_id: int) -> Sequence[Certificate]:
    """Return the certificates of a round that have not been revoked."""
    query = sa.select(Certificate).join(Certificate.registration)
    query = query.where(Registration.round_id == round_id, Certificate.revoked_at.is_(None))
    return session.scalars(query.order_by(Certificate.number)).all()


def find_last_certificate_number(session: Session, prefix: str) -> str | None:
    """Return the highest certificate number that begins with a prefix, or None."""
    query = sa.select(sa.func.max(Certificate.number)).where(Certificate.number.startswith(prefix))
    return session.scalars(query).one()


def area_scores(exam_round: Round) -> list[AreaScores]:
    """Return how far each area of a round has come; areas without anybody are left out."""
    counted = (
        sa.select(
            Venue.area,
            sa.func.count(Seat.id),
            sa.func.count(Score.registration_id),
            sa.func.count(sa.case((Score.attended.is_(False), 1))),
            sa.func.count(sa.case((Result.outcome == Outcome.PASSED, 1))),
        )
        .select_from(Seat)
        .join(Seat.registration)
        .join(Seat.slot)
        .join(Seat.room)
        .join(ExamRoom.venue)
        .outerjoin(Score, Score.registration_id == Seat.registration_id)
        .outerjoin(Result, Result.registration_id == Seat.registration_id)
        .where(Slot.round_id == exam_round.id, _counts())
        .group_by(Venue.area)
    )
    found = {area: AreaScores(area, *counts) for area, *counts in db.session.execute(counted)}
    return [found[each.area] for each in exam_round.offerings if each.area in found]


def count_unpublished(round_id: int) -> int:
    """Count the scores that came in or changed after the results were last published."""
    query = (
        sa.select(sa.func.count(Score.registration_id))
        .join(Score.registration)
        .outerjoin(Result, Result.registration_id == Score.registration_id)
        .where(
            Registration.round_id == round_id,
            _counts(),
            sa.or_(Result.registration_id.is_(None), Score.entered_at > Result.decided_at),
        )
    )
    return db.session.scalars(query).one()


def get_score_import(public_id: str) -> ScoreImport:
    """Return what an uploaded sheet did; raises NotFound."""
    query = sa.select(ScoreImport).where(ScoreImport.public_id == public_id)
    found = db.session.scalars(query.options(joinedload(ScoreImport.exam_round))).one_or_none()
    if found is None:
        raise NotFound(Message("沒有這次匯入的紀錄，請回成績頁面重新選擇"))
    return found


def find_standing(registration: Registration) -> Standing | None:
    """Return a registration's decided result; None when there is none or it was cancelled.

    Whether it may be shown yet is `rules.check_result_open` to say.
    """
    return next(iter(_standings(Seat.registration_id == registration.id)), None)


def find_standing_by_number(number: str) -> Standing | None:
    """Return the decided result of a ticket number, or None."""
    return next(iter(_standings(Ticket.number == number)), None)


def list_group_standings(group_id: int) -> list[Standing]:
    """Return the decided results of a group's members, in the order in which they came in."""
    members = sa.select(GroupMember.registration_id).where(GroupMember.group_id == group_id)
    return _standings(Seat.registration_id.in_(members), order=Seat.registration_id)


def list_round_standings(round_id: int, area: str | None = None, *, passed: bool = False) -> list[Standing]:
    """Return the decided results of a round or of one of its areas, by ticket number.

    :param passed: only of those who have passed
    """
    conditions: list[sa.ColumnElement[bool]] = [Slot.round_id == round_id]
    if area is not None:
        conditions.append(Venue.area == area)
    if passed:
        conditions.append(Result.outcome == Outcome.PASSED)
    return _standings(*conditions)


def find_certificate(number: str) -> Certificate | None:
    """Return a certificate by its number, revoked ones too, or None."""
    query = sa.select(Certificate).where(Certificate.number == number)
    return db.session.scalars(
        query.options(joinedload(Certificate.registration).joinedload(Registration.exam_round))
    ).one_or_none()


def has_certificate_in_force(registration_id: int) -> bool:
    """Return whether a candidate holds a certificate that has not been revoked."""
    query = sa.select(
        sa.exists().where(Certificate.registration_id == registration_id, Certificate.revoked_at.is_(None))
    )
    return db.session.scalars(query).one()


def _standings(
    *conditions: sa.ColumnElement[bool], order: sa.SQLColumnExpression[object] | None = None
) -> list[Standing]:
    query = (
        sa.select(Seat, Result, Certificate)
        .select_from(Seat)
        .join(Seat.ticket)
        .join(Seat.slot)
        .join(Seat.room)
        .join(ExamRoom.venue)
        .join(Seat.registration)
        .join(Result, Result.registration_id == Seat.registration_id)
        .outerjoin(
            Certificate,
            sa.and_(Certificate.registration_id == Seat.registration_id, Certificate.revoked_at.is_(None)),
        )
        .where(_counts(), *conditions)
        .options(*SHOWN)
        .order_by(Ticket.number if order is None else order)
    )
    return [Standing(*row) for row in db.session.execute(query)]


def _counts() -> sa.ColumnElement[bool]:
    """Who has cancelled has no result, nor has who keeps the right to sit until next year (R175)."""
    return sa.and_(Registration.form_state != FormState.CANCELLED, ~carried_over())
