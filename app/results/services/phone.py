"""Scores told by phone (R154): the caller is identified, and every attempt is on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.exams import queries as exams
from app.registration.models import Registration
from app.registration.states import FormState
from app.results import queries
from app.results.phone_rules import Answers, Known, has_answered, is_named
from app.results.rules import check_result_open
from app.tickets.models import Seat, Ticket


@dataclass(frozen=True, slots=True)
class Caller:
    """Who the caller says to be: a ticket number, or a name with a birth date."""

    ticket_number: str | None = None
    name: str | None = None
    birth_on: date | None = None


def find_result_by_phone(
    round_code: str, caller: Caller, answers: Answers, *, actor: Actor
) -> queries.Standing | None:
    """Return the published result of whoever is on the phone, and put the attempt on record.

    None alike for an unknown person, a wrong answer, and a result that is not there: the clerk learns
    no more than the caller may (security 7).

    :raises NotFound: when there is no such round
    :raises Refused: when the round's results are not published yet, or not open
    """
    with transaction() as session:
        exam_round = exams.get_round(round_code)
        check_result_open(
            published=queries.find_publication(exam_round.id) is not None,
            opens_at=exam_round.score_opens_at,
            now=clock.now(),
        ).raise_if_refused()
        found = [
            each
            for each in _list_named(session, exam_round.id, caller)
            if has_answered(_known(each), answers)
        ]
        standing = queries.find_standing(found[0]) if len(found) == 1 else None
        audit.record(
            "results.tell_by_phone",
            found[0] if standing else exam_round,
            actor,
            by="ticket" if caller.ticket_number else "name",
            told=standing is not None,
        )
    return standing


def _list_named(session: Session, round_id: int, caller: Caller) -> list[Registration]:
    query = (
        sa.select(Registration)
        .where(Registration.round_id == round_id, Registration.form_state == FormState.SUBMITTED)
        .options(joinedload(Registration.exam_round))
    )
    if caller.ticket_number:
        seated = query.join(Seat, Seat.registration_id == Registration.id).join(Ticket)
        return list(session.scalars(seated.where(Ticket.number == caller.ticket_number)))
    if not caller.name or caller.birth_on is None:
        return []
    namesakes = session.scalars(query.where(Registration.chinese_name == caller.name))
    return [each for each in namesakes if is_named(_known(each), name=caller.name, birth_on=caller.birth_on)]


def _known(registration: Registration) -> Known:
    phones = (registration.mobile, registration.phone)
    return Known(
        name=registration.chinese_name,
        birth_on=registration.birth_on,
        id_number=registration.id_number,
        phones=tuple(each for each in phones if each),
    )
