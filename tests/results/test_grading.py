"""From points to passed or not: both sides of every mark (R057-R061, R190)."""

from __future__ import annotations

import pytest

from app.examday.incidents import list_incidents, read_incidents
from app.exams.choices import Level
from app.results.grading import Grade, Marks, Outcome, PartPoints, grade

DEVICES = (
    {"state": "已關機", "on_seat_or_body": 1, "at_designated_place": 0},
    {"state": "未關機未發出聲響", "on_seat_or_body": 3, "at_designated_place": 1},
    {"state": "發出響鈴/振動/鬧鈴聲", "on_seat_or_body": 5, "at_designated_place": 3},
)
INCIDENTS = list_incidents(DEVICES)
ELEMENTARY = Marks(PartPoints(200, 250, 100), 700)
BASIC = Marks(PartPoints(100, 150, 50), 400)
NATIONAL = {Level.BASIC: BASIC, Level.ELEMENTARY: ELEMENTARY}
MULTI = {Level.ELEMENTARY: ELEMENTARY}


def grade_of(listening: int, speaking: int, reading: int, codes: str = "", marks=NATIONAL) -> Grade:
    return grade(PartPoints(listening, speaking, reading), read_incidents(codes, INCIDENTS), marks)


@pytest.mark.requirement("R057")
@pytest.mark.parametrize(
    ("listening", "speaking", "reading", "level"),
    [
        (300, 280, 120, Level.ELEMENTARY),  # 70 exactly, every part reached
        (300, 279, 120, Level.BASIC),  # 69.9
        (200, 400, 100, Level.ELEMENTARY),  # two parts exactly at their threshold
        (199, 401, 100, Level.BASIC),  # 70, but listening is one tenth short
        (400, 249, 100, Level.BASIC),  # 74.9, but speaking is one tenth short
        (350, 350, 99, Level.BASIC),  # 79.9, but reading is one tenth short
        (150, 200, 50, Level.BASIC),  # 40 exactly
        (150, 199, 50, None),  # 39.9
        (99, 400, 100, None),  # 59.9, but listening reaches no level
        (0, 0, 0, None),
    ],
)
def test_every_part_at_its_threshold_and_the_total_at_its_own(
    listening: int, speaking: int, reading: int, level: Level | None
) -> None:
    grade = grade_of(listening, speaking, reading)

    assert grade.level == level
    assert grade.outcome == (Outcome.PASSED if level else Outcome.NOT_PASSED)
    assert grade.total == listening + speaking + reading


@pytest.mark.requirement("R061")
def test_a_round_without_the_basic_level_knows_only_the_higher_one() -> None:
    assert grade_of(300, 280, 120, marks=MULTI).level == Level.ELEMENTARY
    assert grade_of(300, 279, 120, marks=MULTI).outcome == Outcome.NOT_PASSED


@pytest.mark.requirement("R190", "R184", "R185", "R186", "R187", "R188", "R189")
@pytest.mark.parametrize(
    ("codes", "total", "level"),
    [
        ("D11", 690, Level.BASIC),  # R190: 70 less 1 is 69
        ("D12", 700, Level.ELEMENTARY),  # switched off at the designated place costs nothing
        ("D21", 670, Level.BASIC),
        ("D22", 690, Level.BASIC),
        ("D31", 650, Level.BASIC),
        ("D32", 670, Level.BASIC),
        ("M1", 670, Level.BASIC),
        ("D31、M1", 620, Level.BASIC),
        ("D11 D11", 680, Level.BASIC),  # it happened twice
        ("N1L", 650, Level.BASIC),
        ("N2S", 420, None),  # speaking does not count, and no level does without it
        ("C2", 680, Level.BASIC),
        ("C0", 700, Level.ELEMENTARY),
        ("Z1", 0, None),
        ("Z2", 0, None),
        ("Z3", 0, None),
        ("Z4", 0, None),
        ("CZ", 0, None),
        ("C100", 0, None),
    ],
)
def test_deductions_come_off_before_the_decision(codes: str, total: int, level: Level | None) -> None:
    grade = grade_of(300, 280, 120, codes)

    assert (grade.total, grade.level) == (total, level)


@pytest.mark.requirement("R190")
def test_no_part_and_no_total_falls_below_zero() -> None:
    part, whole = grade_of(30, 20, 10, "N1L"), grade_of(30, 20, 10, "C50")

    assert (part.parts, part.total) == (PartPoints(0, 20, 10), 30)
    assert (whole.deducted, whole.total) == (60, 0)


def test_notes_take_points_from_their_part_and_may_cost_its_threshold() -> None:
    grade = grade_of(240, 460, 300, "N1L")

    assert grade.parts == PartPoints(190, 460, 300)
    assert (grade.total, grade.level) == (950, Level.BASIC)
