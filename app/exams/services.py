"""Loading a year: what the file says becomes rows, and every difference is on record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import audit
from app.core.actors import Actor
from app.core.db import transaction
from app.exams.brochure import LEVELS, PAYMENT_METHODS, Brochure, RoundSpec
from app.exams.choices import OfferingOrigin, Track
from app.exams.date_changes import list_date_changes
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
    """:ivar kept: dates that the file has as they were before the committee moved them; they stay moved"""

    created: list[str] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    kept: list[Change] = field(default_factory=list)


def load_brochure(brochure: Brochure, facts: dict[str, Any], *, actor: Actor) -> LoadResult:
    """Bring the year's rows to what the brochure says; loading it twice changes nothing.

    Dates may be moved by the committee (R009): each date that the file moves is one entry in the audit
    log, and one that was moved at the desk stays moved. A round or area that has left the file is kept,
    because people may be registered there.
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
        moved_away = _moved_away(exam_round.id)
        for name in [name for name in moved_away if show(values[name]) in moved_away[name]]:
            printed, stands = show(values.pop(name)), show(getattr(exam_round, name))
            if printed != stands:
                result.kept.append(Change(spec.code, name, printed, stands))
        _apply(exam_round, values, spec.code, result)
    session.flush()
    return exam_round


def _moved_away(round_id: int) -> dict[str, set[str]]:
    """Return the values that dates of a round had before they were moved at the desk.

    The file that still prints one of them is older than the move and must not undo it; a date that the
    file did not have before is news and goes in.
    """
    before: dict[str, set[str]] = {}
    for change in list_date_changes(round_id):
        before.setdefault(change.field, set()).add(change.old)
    return before


def _round_values(brochure: Brochure, spec: RoundSpec) -> dict[str, Any]:
    return {
        "track": Track(spec.kind),
        "number": spec.number,
        "name": spec.name,
        "levels": [LEVELS[level] for level in spec.levels],
        **spec.dates,
        "ticket_opens_at": spec.ticket.download_from_at,
        "score_opens_at": spec.score.query_from_at,
        "fee_twd": brochure.fee.amount,
        "free_up_to_age": brochure.fee.free_up_to_age,
        "fee_reference_on": _reference_day(spec.free_born_from, brochure.fee.free_up_to_age),
        "payment_days": spec.payment_days,
        "payment_methods": [each for word in spec.payment_methods for each in PAYMENT_METHODS[word]],
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
            shown = ("", "") if isinstance(new, dict) else (show(old), show(new))
            result.changed.append(Change(subject, name, *shown))
            setattr(row, name, new)


def show(value: Any) -> str:
    """Return a value of a round as it is kept in logs: dates in ISO 8601, instants in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
