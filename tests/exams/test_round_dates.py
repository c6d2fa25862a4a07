"""Which dates of a round can be moved, and to where (R009); the first national round of 112."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.exams.queries import list_rounds
from app.exams.round_dates import DATE_FIELDS, broken_orders, find_refusals

DATES = {
    "registration_opens_on": date(2023, 4, 10),
    "registration_closes_on": date(2023, 6, 9),
    "materials_from": date(2023, 5, 5),
    "ticket_from": date(2023, 8, 11),
    "ticket_correction_until": date(2023, 8, 18),
    "test_on": date(2023, 9, 2),
    "refund_apply_by": date(2023, 9, 30),
    "question_dispute_by": date(2023, 9, 30),
    "refund_pay_by": date(2023, 10, 31),
    "score_from": date(2023, 11, 17),
    "recheck_from": date(2023, 11, 18),
    "recheck_until": date(2023, 11, 28),
    "certificate_from": date(2023, 12, 8),
    "certificate_chase_after": date(2023, 12, 22),
}
MAY_1 = date(2023, 5, 1)


@pytest.mark.requirement("R009")
@pytest.mark.parametrize(
    ("today", "moves", "refused"),
    [
        (MAY_1, {"registration_closes_on": date(2023, 6, 16)}, []),
        (MAY_1, {"registration_closes_on": date(2023, 9, 1)}, []),
        (MAY_1, {"registration_closes_on": date(2023, 9, 2)}, ["registration_closes_on"]),
        (MAY_1, {"registration_opens_on": date(2023, 5, 8)}, ["registration_opens_on"]),  # it is open
        (date(2023, 4, 9), {"registration_opens_on": date(2023, 4, 17)}, []),
        (MAY_1, {"test_on": date(2023, 9, 23)}, []),
        (MAY_1, {"test_on": date(2023, 10, 1)}, ["test_on", "test_on"]),  # after the refund deadlines
        (MAY_1, {"test_on": date(2023, 8, 10)}, ["test_on", "test_on"]),  # before tickets are out
        (MAY_1, {"score_from": date(2023, 11, 18)}, []),
        (MAY_1, {"score_from": date(2023, 11, 19)}, ["score_from"]),
        (
            MAY_1,
            {
                "score_from": date(2023, 11, 24),
                "recheck_from": date(2023, 11, 25),
                "recheck_until": date(2023, 12, 5),
            },
            [],
        ),
        (date(2023, 6, 10), {"registration_closes_on": date(2023, 6, 10)}, []),  # put off after it passed
        (date(2023, 6, 10), {"registration_closes_on": date(2023, 6, 8)}, ["registration_closes_on"]),
        (MAY_1, {"materials_from": date(2023, 4, 30)}, ["materials_from"]),
        (MAY_1, {}, []),
    ],
)
def test_a_date_moves_when_it_lies_ahead_and_the_order_holds(
    today: date, moves: dict[str, date], refused: list[str]
) -> None:
    found = find_refusals(DATES, DATES | moves, today=today)

    assert [name for name, _message in found] == refused


def test_all_printed_rounds_are_in_order(app: Flask) -> None:
    for each in list_rounds():
        assert broken_orders({field.name: getattr(each, field.name) for field in DATE_FIELDS}) == [], (
            each.code
        )
