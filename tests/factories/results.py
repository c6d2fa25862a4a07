"""A round that has been held: candidates with seats, marks that are set, filled-in score sheets."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date

from openpyxl import load_workbook

from app.core import clock
from app.core.actors import SYSTEM
from app.exams.choices import Level
from app.exams.queries import get_round
from app.registration.models import Registration
from app.results import queries, services
from app.results.grading import Marks, PartPoints
from app.results.models import ScoreImport
from app.results.score_columns import HEADINGS, SCORES_SHEET
from app.results.score_template import build_score_sheet
from app.results.services import MarkPlan
from app.tickets.queries import find_valid_seat
from app.tickets.services import assign_round
from tests.conftest import taipei
from tests.factories.registrations import NATIONAL_1
from tests.factories.seating import AREA, load_example_venues, make_approved

AFTER_TEST, PUBLIC, CERTIFIED = "2023-10-20 10:00", "2023-11-17 09:00:00", "2023-12-08 00:00:00"
FULL = PartPoints(350, 450, 200)
ELEMENTARY = Marks(PartPoints(200, 250, 100), 700)
BASIC = Marks(PartPoints(100, 150, 50), 400)
PLAN = MarkPlan(
    FULL, {Level.BASIC: BASIC, Level.ELEMENTARY: ELEMENTARY}, date(2023, 4, 10), "認證委員會第 2 次會議決議"
)

# What stands in a row of the sheet: attendance, three parts, incidents.
PASSES = ("到考", 30, 35.5, 15, "")  # 80.5: 初級
BASIC_ONLY = ("到考", 20, 25, 12, "")  # 57: 基礎級
FAILS = ("到考", 10, 10, 5, "")
ABSENT = ("缺考", "", "", "", "")


def make_seated(*names: str, area: str = AREA, round_code: str = NATIONAL_1) -> list[Registration]:
    """Return candidates of a round, seated, in the order of their tickets."""
    load_example_venues()
    people = [make_approved(name=name, area=area, round_code=round_code) for name in names]
    assign_round(round_code, area, actor=SYSTEM)
    return people


def number_of(registration: Registration) -> str:
    seat = find_valid_seat(registration)
    assert seat is not None
    return seat.ticket.number


def set_marks(round_code: str = NATIONAL_1, plan: MarkPlan = PLAN) -> None:
    services.set_marks(round_code, plan, actor=SYSTEM)


def filled_sheet(rows: Mapping[str, Iterable[object]], *, round_code: str = NATIONAL_1) -> bytes:
    """Return the round's score sheet with rows filled in by ticket number: the last five columns each."""
    exam_round = get_round(round_code)
    content = build_score_sheet(
        round_code, queries.list_score_lines(exam_round, clock.now()), queries.incidents_of(exam_round)
    )
    workbook = load_workbook(io.BytesIO(content))
    sheet = workbook[SCORES_SHEET]
    first = list(HEADINGS).index("attendance") + 1
    for row in range(2, sheet.max_row + 1):
        for position, value in enumerate(rows.get(sheet.cell(row, 1).value, ()), start=first):
            sheet.cell(row, position).value = None if value == "" else value
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def enter_scores(
    rows: Mapping[Registration, Iterable[object]], *, round_code: str = NATIONAL_1
) -> ScoreImport:
    """Import scores for some candidates."""
    content = filled_sheet({number_of(each): row for each, row in rows.items()}, round_code=round_code)
    return services.import_scores(round_code, "成績.xlsx", content, actor=SYSTEM)


def make_published(
    rows: Mapping[str, Iterable[object]], *, round_code: str = NATIONAL_1, area: str = AREA
) -> list[Registration]:
    """Return candidates by name whose results have been published ahead of the announcement day."""
    people = make_seated(*rows, round_code=round_code, area=area)
    set_marks(round_code)
    with clock.fixed(taipei(AFTER_TEST)):
        enter_scores(dict(zip(people, rows.values(), strict=True)), round_code=round_code)
        services.publish_results(round_code, actor=SYSTEM)
    return people
