"""The refund table of the brochure (玖), line by line."""

from __future__ import annotations

from datetime import date

import pytest

from app.payments.refunds.rules import (
    APPLICANTS_REASONS,
    RULES,
    RefundReason,
    check_can_decide,
    check_can_grant,
    check_can_request,
    month_end,
    notice_due,
    offered_reasons,
    refund_amount,
    refund_deadlines,
)
from tests.vectors import TAIWAN

DEDUCTION = 58
REASONS = {
    "late payment": RefundReason.LATE,
    "overpayment": RefundReason.OVERPAID,
    "session postponed": RefundReason.POSTPONED,
    "natural disaster": RefundReason.DISASTER,
    "other, not attributable to the candidate": RefundReason.OTHER,
}


@pytest.mark.requirement("R101", "R102", "R103", "R104", "R105")
@pytest.mark.parametrize("case", TAIWAN["refund_amount"], ids=lambda case: f"{case['reason']} {case['paid']}")
def test_amounts_are_those_of_the_reference(case: dict[str, int]) -> None:
    basis = case["paid"] - case.get("due", 0)

    found = refund_amount(REASONS[case["reason"]], basis, DEDUCTION)

    assert found.amount_twd == case["refund"]
    assert found.amount_twd + found.deduction_twd == basis


@pytest.mark.parametrize(("basis", "amount"), [(1, 0), (57, 0), (58, 0), (59, 1), (250, 192), (2500, 2442)])
def test_the_deduction_never_makes_an_amount_negative(basis: int, amount: int) -> None:
    assert refund_amount(RefundReason.OVERPAID, basis, DEDUCTION).amount_twd == amount


def test_the_amount_explains_itself() -> None:
    explanations = [
        str(refund_amount(reason, basis, DEDUCTION).explanation)
        for reason, basis in [
            (RefundReason.LATE, 250),
            (RefundReason.OVERPAID, 50),
            (RefundReason.POSTPONED, 250),
        ]
    ]

    assert explanations == [
        "NT$250 扣除郵資及行政費 NT$58，退還 NT$192",
        "NT$50 不足以支付郵資及行政費 NT$58，沒有餘額可退",
        "全額退還 NT$250",
    ]


@pytest.mark.requirement("R106", "R109")
@pytest.mark.parametrize("case", TAIWAN["month_end_deadlines"], ids=lambda case: case["session"])
def test_one_applies_by_the_end_of_the_month_and_is_paid_by_the_end_of_the_next(case: dict[str, str]) -> None:
    found = refund_deadlines(date.fromisoformat(case["date"]))

    assert found.apply_by.isoformat() == case["refund_request_and_question_dispute_postmarked_by"]
    assert found.pay_by.isoformat() == case["refund_paid_by"]


@pytest.mark.parametrize(
    ("day", "later", "end"),
    [
        (date(2023, 12, 31), 0, date(2023, 12, 31)),
        (date(2023, 12, 1), 1, date(2024, 1, 31)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
    ],
)
def test_months_end_where_the_calendar_says(day: date, later: int, end: date) -> None:
    assert month_end(day, later) == end


@pytest.mark.requirement("R109")
@pytest.mark.parametrize(
    ("postponed_to", "mass", "apply_by", "pay_by"),
    [
        (date(2023, 10, 14), None, date(2023, 10, 31), date(2023, 11, 30)),
        (date(2023, 9, 24), None, date(2023, 9, 30), date(2023, 10, 31)),
        (None, date(2023, 12, 15), date(2023, 9, 30), date(2023, 12, 15)),
        (None, date(2023, 10, 1), date(2023, 9, 30), date(2023, 10, 31)),
    ],
)
def test_a_new_test_day_and_a_mass_refund_move_the_dates_only_later(
    postponed_to: date | None, mass: date | None, apply_by: date, pay_by: date
) -> None:
    found = refund_deadlines(date(2023, 9, 2), postponed_to=postponed_to, mass_pay_by=mass)

    assert (found.apply_by, found.pay_by) == (apply_by, pay_by)


@pytest.mark.requirement("R112")
def test_the_list_of_reasons_is_closed() -> None:
    """R112: not paying, changing one's mind and absence are none of them."""
    assert [str(rule.label) for rule in RULES.values()] == [
        "逾期繳費",
        "溢繳費用",
        "因認證延期無法參加認證",
        "因天然災害無法參加認證",
        "因其他無法歸責於考生之原因無法參加認證",
    ]
    assert set(APPLICANTS_REASONS) == {RefundReason.POSTPONED, RefundReason.DISASTER, RefundReason.OTHER}


@pytest.mark.requirement("R178")
@pytest.mark.parametrize(
    ("noticed", "offered"),
    [
        (set(), [RefundReason.OTHER]),
        ({RefundReason.POSTPONED}, [RefundReason.POSTPONED, RefundReason.OTHER]),
        ({RefundReason.DISASTER}, [RefundReason.DISASTER, RefundReason.OTHER]),
    ],
)
def test_a_postponement_is_a_reason_only_after_its_notice(
    noticed: set[RefundReason], offered: list[RefundReason]
) -> None:
    assert list(offered_reasons(noticed)) == offered


@pytest.mark.parametrize(
    ("paid", "anyone_left", "judged_on", "allowed"),
    [
        (True, True, date(2023, 5, 30), True),
        (True, True, date(2023, 5, 31), True),  # round (五): last postmark Wednesday 2023-05-31
        (True, True, date(2023, 6, 1), False),
        (False, True, date(2023, 5, 30), False),
        (True, False, date(2023, 5, 30), False),
    ],
)
def test_one_can_ask_for_what_was_paid_until_the_last_postmark(
    paid: bool, anyone_left: bool, judged_on: date, allowed: bool
) -> None:
    decision = check_can_request(
        paid=paid, anyone_left=anyone_left, judged_on=judged_on, apply_by=date(2023, 5, 31)
    )

    assert decision.allowed is allowed


@pytest.mark.parametrize(
    ("reason", "has_proof", "postmarked_on", "allowed"),
    [
        (RefundReason.POSTPONED, False, date(2023, 9, 30), True),
        (RefundReason.POSTPONED, False, date(2023, 10, 1), False),
        (RefundReason.POSTPONED, False, None, False),
        (RefundReason.OTHER, True, date(2023, 9, 30), True),
        (RefundReason.OTHER, False, date(2023, 9, 30), False),
        (RefundReason.LATE, False, None, True),
        (RefundReason.OVERPAID, False, None, True),
    ],
)
def test_an_application_is_granted_with_postmark_and_proof(
    reason: RefundReason, has_proof: bool, postmarked_on: date | None, allowed: bool
) -> None:
    decision = check_can_grant(
        reason, has_proof=has_proof, postmarked_on=postmarked_on, apply_by=date(2023, 9, 30)
    )

    assert decision.allowed is allowed


def test_nobody_decides_on_an_own_proposal() -> None:
    """R108."""
    assert not check_can_decide(proposed_by=7, decides=7)
    assert check_can_decide(proposed_by=7, decides=8)


@pytest.mark.requirement("R176", "R177")
@pytest.mark.parametrize(
    ("event_on", "due"), [(None, date(2023, 9, 1)), (date(2023, 9, 2), date(2023, 9, 12))]
)
def test_a_notice_comes_the_day_before_or_ten_days_after_the_event(event_on: date | None, due: date) -> None:
    assert notice_due(test_on=date(2023, 9, 2), event_on=event_on) == due
