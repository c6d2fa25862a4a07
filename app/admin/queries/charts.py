"""The live registrations of the newest year, counted for charts; one grouped query each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.admin.chart_svg import Bar
from app.core.db import db
from app.exams.choices import Dialect, Track
from app.exams.models import ExamYear, Offering, Round
from app.registration.models import Registration
from app.registration.states import FormState

MOST_DAYS = 31


class taipei_date(FunctionElement[date]):
    """The Taipei day of an instant, in SQL."""

    type = sa.Date()
    inherit_cache = True


@compiles(taipei_date, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    # SQLite knows no time zones; Taiwan has had no summer time since 1979.
    return f"date({compiler.process(element.clauses, **options)}, '+8 hours')"


@compiles(taipei_date, "postgresql")
def _in_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AT TIME ZONE 'Asia/Taipei' AS date)"


def by_day(track: Track | None) -> Sequence[Bar[date]]:
    """Count by the day of submission: the last month in which something came in, quiet days included."""
    found = _count(taipei_date(Registration.submitted_at), track)
    if not found:
        return []
    last = max(found)
    first = max(min(*found, last - timedelta(days=6)), last - timedelta(days=MOST_DAYS - 1))
    return _bars(found, (first + timedelta(days=after) for after in range((last - first).days + 1)))


def by_round(track: Track | None) -> Sequence[Bar[str]]:
    """Count by round, in the brochure's order; rounds without any are left out."""
    found = _count(Round.name, track, order=Round.position)
    return _bars(found, found)


def by_area(track: Track | None) -> Sequence[Bar[str]]:
    """Count by area, the largest first; areas without any are left out."""
    found = _count(Offering.area, track)
    return sorted(_bars(found, found), key=lambda bar: (-bar.total, bar.key))


def by_dialect(track: Track | None) -> Sequence[Bar[Dialect]]:
    """Count by dialect, all of them as soon as there is any registration."""
    found = _count(Registration.dialect, track)
    return _bars(found, Dialect) if found else []


BY: dict[str, Callable[[Track | None], Sequence[Bar[Any]]]] = {
    "days": by_day,
    "rounds": by_round,
    "areas": by_area,
    "dialects": by_dialect,
}


def _count(key: Any, track: Track | None, *, order: Any = None) -> dict[Any, dict[bool, int]]:
    """Return per key how many there are, by whether they came in a group."""
    year = sa.select(ExamYear.id).order_by(ExamYear.roc_year.desc()).limit(1).scalar_subquery()
    columns = [key, Registration.in_group] + ([] if order is None else [order])
    query = (
        sa.select(key, Registration.in_group, sa.func.count(Registration.id))
        .join(Registration.exam_round)
        .join(Registration.offering)
        .where(Registration.form_state == FormState.SUBMITTED, Round.exam_year_id == year)
        .group_by(*columns)
        .order_by(key if order is None else order)
    )
    if track is not None:
        query = query.where(Round.track == track)
    found: dict[Any, dict[bool, int]] = {}
    for value, in_group, number in db.session.execute(query):
        found.setdefault(value, {})[in_group] = number
    return found


def _bars(found: dict[Any, dict[bool, int]], keys: Iterable[Any]) -> list[Bar[Any]]:
    counts = [(key, found.get(key, {})) for key in keys]
    return [Bar(key, each.get(False, 0), each.get(True, 0)) for key, each in counts]
