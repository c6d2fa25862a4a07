"""Loading a year: what the file says becomes rows, and every difference is on record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import audit
from app.core.actors import Actor
from app.core.db import transaction
from app.exams.brochure import LEVELS, PAYMENT_METHODS, Brochure, RoundSpec
from app.exams.choices import OfferingOrigin, Track
from app.exams.models import ExamYear, Offering, Round


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs from what was loaded before; values as they are shown."""

    subject: str
    field: str
    old: str
    new: str


@dataclass(slots=True)
class LoadResult:
    created: list[str] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)


def load_brochure(brochure: Brochure, facts: dict[str, Any], *, actor: Actor) -> LoadResult:
    """Bring the year's rows to what the brochure says; loading it twice changes nothing.

    Dates may be moved by the committee (R009): each moved date is one entry in the audit log. A round
    or area that has left the file is kept, because people may be registered there.
    """
    result = LoadResult()
    with transaction() as session:
        year = _load_year(session, brochure, facts, result)
        for position, spec in enumerate(brochure.rounds, start=1):
            exam_round = _load_round(session, year, brochure, spec, position, result)
            _load_offerings(session, exam_round, brochure.capacity_of(spec), spec, result)
        for code in result.created:
            audit.record("exams.load", ("exams", code), actor)
        for change in result.changed:
            audit.record(
                "exams.change",
                ("exams", change.subject),
                actor,
                field=change.field,
                old=change.old,
                new=change.new,
            )
    return result


def _load_year(session: Session, brochure: Brochure, facts: dict[str, Any], result: LoadResult) -> ExamYear:
    document = brochure.document
    values = {"title": document.title, "published_from": document.published_from, "facts": facts}
    year = session.scalars(sa.select(ExamYear).where(ExamYear.roc_year == document.roc_year)).one_or_none()
    if year is None:
        year = ExamYear(roc_year=document.roc_year, **values)
        session.add(year)
        result.created.append(f"year-{document.roc_year}")
    else:
        _apply(year, values, f"year-{document.roc_year}", result)
    session.flush()
    return year


def _load_round(
    session: Session, year: ExamYear, brochure: Brochure, spec: RoundSpec, position: int, result: LoadResult
) -> Round:
    values = _round_values(brochure, spec) | {"position": position}
    exam_round = session.scalars(sa.select(Round).where(Round.code == spec.code)).one_or_none()
    if exam_round is None:
        exam_round = Round(code=spec.code, exam_year_id=year.id, **values)
        session.add(exam_round)
        result.created.append(spec.code)
    else:
        _apply(exam_round, values, spec.code, result)
    session.flush()
    return exam_round


def _round_values(brochure: Brochure, spec: RoundSpec) -> dict[str, Any]:
    return {
        "track": Track(spec.kind),
        "number": spec.number,
        "name": spec.name,
        "levels": [LEVELS[level] for level in spec.levels],
        "test_on": spec.test_on,
        "registration_opens_on": spec.registration.opens,
        "registration_closes_on": spec.registration.closes,
        "materials_from": spec.materials_from,
        "ticket_from": spec.ticket.first_day,
        "ticket_opens_at": spec.ticket.download_from_at,
        "ticket_correction_until": spec.ticket.correction_until,
        "score_from": spec.score.first_day,
        "score_opens_at": spec.score.query_from_at,
        "recheck_from": spec.recheck.first_day,
        "recheck_until": spec.recheck.until,
        "certificate_from": spec.certificate_from,
        "certificate_chase_after": spec.certificate_chase_after,
        "refund_apply_by": spec.refund.apply_by_postmark,
        "refund_pay_by": spec.refund.pay_by,
        "question_dispute_by": spec.question_dispute_by_postmark,
        "fee_twd": brochure.fee.amount,
        "free_up_to_age": brochure.fee.free_up_to_age,
        "fee_reference_on": _reference_day(spec.free_born_from, brochure.fee.free_up_to_age),
        "payment_days": spec.payment_days,
        "payment_methods": [PAYMENT_METHODS[method] for method in spec.payment_methods],
    }


def _reference_day(free_born_from: date, age: int) -> date:
    # The file prints the line as a birth date; who is born on it has that birthday on the reference day.
    return free_born_from.replace(year=free_born_from.year + age)


def _load_offerings(
    session: Session, exam_round: Round, capacity: int | None, spec: RoundSpec, result: LoadResult
) -> None:
    known = {
        offering.area: offering
        for offering in session.scalars(
            sa.select(Offering).where(
                Offering.round_id == exam_round.id, Offering.origin == OfferingOrigin.REGULAR
            )
        )
    }
    for position, area in enumerate(spec.areas, start=1):
        values = {"position": position, "capacity": capacity}
        if area in known:
            _apply(known[area], values, f"{spec.code} {area}", result)
        else:
            session.add(Offering(round_id=exam_round.id, area=area, origin=OfferingOrigin.REGULAR, **values))
            if spec.code not in result.created:
                result.created.append(f"{spec.code} {area}")


def _apply(row: Any, values: dict[str, Any], subject: str, result: LoadResult) -> None:
    for name, new in values.items():
        old = getattr(row, name)
        if old != new:
            # The facts are a whole document: that it changed is on record, the text is in the file.
            shown = ("", "") if isinstance(new, dict) else (_show(old), _show(new))
            result.changed.append(Change(subject, name, *shown))
            setattr(row, name, new)


def _show(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
