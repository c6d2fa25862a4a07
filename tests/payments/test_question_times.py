"""When a gateway is asked about an attempt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.payments.gateways.base import Method
from app.payments.question_times import after_silence, next_question
from tests.conftest import taipei

START = taipei("2023-05-01 09:00")
CODE_ENDS = taipei("2023-05-08 00:00")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2023-05-01 09:00", "2023-05-01 09:10"),
        ("2023-05-01 09:10", "2023-05-01 09:40"),
        ("2023-05-01 09:25", "2023-05-01 09:40"),
        ("2023-05-01 09:40", "2023-05-02 09:00"),
        ("2023-05-02 09:00", None),
    ],
)
def test_a_card_is_asked_about_after_10_and_40_minutes_and_the_next_day(now, expected):
    found = next_question(Method.CARD, started_at=START, code_expires_at=None, now=taipei(now))

    assert found == (taipei(expected) if expected else None)


@pytest.mark.parametrize(
    ("method", "now", "expected"),
    [
        (Method.ATM, "2023-05-01 09:05", "2023-05-09 00:00"),
        (Method.ATM, "2023-05-09 00:00", "2023-05-10 00:00"),
        (Method.ATM, "2023-05-10 00:00", None),
        (Method.STORE_CODE, "2023-05-01 09:05", "2023-05-09 00:00"),
        (Method.STORE_BARCODE, "2023-05-01 09:05", "2023-05-11 00:00"),
        (Method.STORE_BARCODE, "2023-05-11 00:00", "2023-05-14 00:00"),
    ],
)
def test_a_code_is_asked_about_when_its_payment_should_have_been_reported(method, now, expected):
    found = next_question(method, started_at=START, code_expires_at=CODE_ENDS, now=taipei(now))

    assert found == (taipei(expected) if expected else None)


@pytest.mark.parametrize(("times_asked", "minutes"), [(1, 2), (2, 4), (5, 32), (6, 60), (40, 60)])
def test_after_silence_the_pauses_grow_to_an_hour(times_asked, minutes):
    found = after_silence(START, times_asked=times_asked, busy=False)

    assert found - START == timedelta(minutes=minutes)


def test_a_busy_gateway_is_left_alone_for_half_an_hour():
    assert after_silence(START, times_asked=1, busy=True) - START == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2023-05-01 09:00", "2023-05-01 09:03"),
        ("2023-05-01 09:03", "2023-05-01 09:06"),
        ("2023-05-01 09:24", "2023-05-01 09:26"),
        ("2023-05-01 09:26", None),
    ],
)
def test_case_19_line_pay_is_asked_every_three_minutes_until_its_request_is_over(now, expected):
    found = next_question(Method.LINE_PAY, started_at=START, code_expires_at=None, now=taipei(now))

    assert found == (taipei(expected) if expected else None)


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2023-05-01 09:05", "2023-05-01 09:06"), ("2023-05-02 09:00", "2023-05-02 10:00")],
)
def test_case_18_asking_never_ends_while_nobody_knows(now, expected):
    found = next_question(
        Method.LINE_PAY, started_at=START, code_expires_at=None, now=taipei(now), confirming=True
    )

    assert found == taipei(expected)
