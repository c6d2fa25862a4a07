from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.payments.fees import (
    Fee,
    FeeTotal,
    fee_for,
    total_fee,
)
from tests.vectors import TAIWAN

NATIONAL_REFERENCE = date(2023, 9, 2)  # first national test day, for both national rounds


def fee_112(birth_on: date, reference_on: date) -> Fee:
    return fee_for(birth_on, fee_reference_on=reference_on, full_fee_twd=250, free_up_to_age=19)


@pytest.mark.requirement("R074", "R075", "R077", "Q11")
@pytest.mark.parametrize(
    ("birth_on", "reference_on", "amount_twd"),
    [
        pytest.param(date(2004, 9, 1), NATIONAL_REFERENCE, 250, id="brochure: 93-09-01 pays"),
        pytest.param(date(2004, 9, 2), NATIONAL_REFERENCE, 0, id="brochure: 93-09-02 is free"),
        *(
            pytest.param(
                date.fromisoformat(case["birth"]),
                date.fromisoformat(case.get("reference_date", case["session_date"])),
                case["fee_twd"],
                id=f"{case.get('session_kind', 'leap')} {case['session_date']} born {case['birth']}",
            )
            for case in TAIWAN["fee"]["cases"] + TAIWAN["fee"]["hypothetical_leap_cases"]
        ),
    ],
)
def test_the_birth_date_decides_who_pays(birth_on, reference_on, amount_twd):
    fee = fee_112(birth_on, reference_on)

    assert fee.amount_twd == amount_twd
    assert fee.exempt is (amount_twd == 0)


@pytest.mark.requirement("Q11")
def test_the_fee_says_which_line_decided_it():
    paying = fee_112(date(2004, 9, 1), NATIONAL_REFERENCE)
    free = fee_112(date(2010, 6, 1), NATIONAL_REFERENCE)

    assert str(paying.reason) == "須繳報名費：出生日期在民國 93 年 9 月 1 日（含）以前"
    assert paying.clause == "捌、二、(三)1"
    assert str(free.reason) == "免繳報名費：出生日期在民國 93 年 9 月 2 日（含）以後"
    assert free.clause == "捌、二、(三)2"


days = st.dates(date(1920, 1, 1), date(2060, 12, 31))


@given(birth_on=days, reference_on=days, age=st.integers(0, 30))
def test_the_line_is_the_comparison_of_birthdays(birth_on, reference_on, age):
    fee = fee_for(birth_on, fee_reference_on=reference_on, full_fee_twd=250, free_up_to_age=age)

    birthday = (birth_on.year + age, birth_on.month, birth_on.day)
    assert fee.exempt is (birthday >= (reference_on.year, reference_on.month, reference_on.day))


@pytest.mark.parametrize(("full_fee_twd", "age"), [(-1, 19), (250, -1)])
def test_negative_fee_or_age_is_a_mistake_of_the_caller(full_fee_twd, age):
    with pytest.raises(ValueError, match="negative"):
        fee_for(
            date(1980, 1, 1),
            fee_reference_on=NATIONAL_REFERENCE,
            full_fee_twd=full_fee_twd,
            free_up_to_age=age,
        )


@pytest.mark.requirement("R078")
def test_a_group_pays_the_sum_of_its_paying_members():
    birth_dates = [NATIONAL_REFERENCE - timedelta(days=365 * years) for years in (10, 40, 50)]

    total = total_fee(fee_112(birth_on, NATIONAL_REFERENCE) for birth_on in birth_dates)

    assert total == FeeTotal(free_count=1, paying_count=2, amount_twd=500)


@pytest.mark.parametrize(
    ("total", "exempt"),
    [
        (FeeTotal(free_count=2, paying_count=0, amount_twd=0), True),
        (FeeTotal(free_count=1, paying_count=1, amount_twd=250), False),
        (FeeTotal(free_count=0, paying_count=0, amount_twd=0), False),
    ],
)
def test_a_group_skips_payment_only_if_it_has_members_and_all_are_free(total, exempt):
    assert total.exempt is exempt
