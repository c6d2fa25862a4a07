"""The first national test day, 112-09-02: people with seats in one room, whose bell rings at 09:00."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.db import db, transaction
from app.examday import services
from app.examday.documents import IdDocument
from app.examday.models import Attendance, IncidentReport
from app.examday.states import IncidentKind
from app.exams.models import ExamYear, Offering, Round
from app.exams.queries import get_round
from app.registration.models import Registration
from app.tickets.models import Seat
from app.tickets.queries import find_valid_seat
from tests.factories.registrations import NATIONAL_1
from tests.factories.results import number_of

BELL = "2023-09-02 09:00:00"
LAST_ENTRY = "2023-09-02 09:10:00"
TOO_LATE = "2023-09-02 09:10:01"
AFTER_SESSION = "2023-09-02 09:45"
NATIONAL_113 = "nat-113-01"


def seat_of(registration: Registration) -> Seat:
    seat = find_valid_seat(registration)
    assert seat is not None
    return seat


def check_in(
    registration: Registration,
    document: IdDocument | None = IdDocument.NATIONAL_ID,
    *,
    has_ticket: bool = True,
) -> Attendance:
    return services.check_in(number_of(registration), document, has_ticket=has_ticket, actor=SYSTEM)


def close_room_of(registration: Registration) -> int:
    seat = seat_of(registration)
    return services.close_room(seat.slot_id, seat.room_id, actor=SYSTEM)


def record(
    registration: Registration, kind: IncidentKind = IncidentKind.RULE, code: str | None = None
) -> IncidentReport:
    return services.record_incident(
        number_of(registration), kind, code=code, text="測驗開始後發生", actor=SYSTEM
    )


def make_next_year() -> Round:
    """Return the first national round of 113, which is that of 112 a year later."""
    like = get_round(NATIONAL_1)
    kept = {column.key for column in sa.inspect(Round).columns} - {"id", "code", "exam_year_id"}
    values = {name: getattr(like, name) for name in kept}
    days = {name: _a_year_later(day) for name, day in values.items() if isinstance(day, date)}
    with transaction() as session:
        year = ExamYear(
            roc_year=113,
            title=like.exam_year.title.replace("112", "113"),
            published_from=date(2023, 12, 1),
            facts=like.exam_year.facts,
        )
        exam_round = Round(**{**values, **days, "code": NATIONAL_113, "exam_year": year})
        exam_round.offerings = [Offering(position=1, area="苗栗", origin=like.offerings[0].origin)]
        session.add(exam_round)
    return exam_round


def account_of(registration: Registration) -> Account:
    return db.session.get_one(Account, registration.account_id)


def _a_year_later(day: date) -> date:
    return day.replace(year=day.year + 1)
